#include "services/sts/session_token.h"

#include <algorithm>

#include "services/sts/credentials.h"

namespace deputy::sts {

using directory::Session;

Result<services::Accesses> GetSessionToken::access(const services::At&, const Input&) { return services::Accesses{}; }

Result<services::Outcome<GetSessionToken::Output>> GetSessionToken::execute(const services::At& at, const Input& in) {
  constexpr std::int32_t kDefaultSeconds = 43200, kRootSeconds = 3600;
  TRY_VOID(check_mfa(in.serial_number, in.token_code));
  const bool root = at.caller.user == nullptr;
  std::int32_t seconds = in.duration_seconds.value_or(kDefaultSeconds);
  if (root) seconds = std::min(seconds, kRootSeconds);  // cut, not refused (docs/wire.md, 6.2)

  Session session;
  session.kind = root ? Session::Kind::kRoot : Session::Kind::kUser;
  session.account = at.caller.account_id();
  if (!root) {
    session.issuer = at.caller.user->id;
    session.issuer_name = at.caller.user->name;
  }
  session.issued = at.now;
  session.expires = at.now + std::chrono::seconds(seconds);
  session.mfa = false;  // no code was given [K-3]

  Output out;
  TRY(out.credentials, issue(at, std::move(session)));
  return services::Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
