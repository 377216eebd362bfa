#include "services/sts/session_token.h"

#include <algorithm>

#include "services/sts/credentials.h"
#include "services/sts/mfa.h"

namespace deputy::sts {

using directory::Session;

Result<services::Accesses> GetSessionToken::access(const services::At&, const Input&) { return services::Accesses{}; }

services::Proof GetSessionToken::prove(const services::At& at, const Input& in) {
  return prove_mfa(at, in.serial_number, in.token_code);
}

Result<services::Outcome<GetSessionToken::Output>> GetSessionToken::execute(const services::At& at, const Input& in) {
  constexpr std::int32_t kDefaultSeconds = 43200, kRootSeconds = 3600;
  const bool root = at.caller.user == nullptr;
  std::int32_t seconds = in.duration_seconds.value_or(kDefaultSeconds);
  if (root) seconds = std::min(seconds, kRootSeconds);  // cut, not refused (docs/wire.md, 6.2)

  Session session;
  session.kind = root ? Session::Kind::kRoot : Session::Kind::kUser;
  session.account = at.caller.account_id();
  session.issuer = root ? at.caller.account->account.generation : at.caller.user->id;
  if (!root) session.issuer_name = at.caller.user->name;
  session.issued = at.now;
  session.expires = at.now + std::chrono::seconds(seconds);
  session.mfa = at.caller.gave_mfa_code;  // [K-3]
  session.mfa_time = at.now;

  Output out;
  TRY(Issued issued, issue(at, std::move(session), in.minimum_session_token_size));
  fill(out, std::move(issued));
  return services::Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
