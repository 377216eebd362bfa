#include "services/sts/credentials.h"

#include "authn/session_token.h"
#include "services/sts/errors.h"
#include "services/sts/packed_size.h"

namespace deputy::sts {

using directory::Session;

namespace {

bool has_policies(const Session& session) {
  return session.policy || !session.policy_arns.empty() || !session.scoped_policies.empty();
}

}  // namespace

Result<Issued> issue(const services::At& at, Session session, std::optional<std::int32_t> least_size) {
  Issued out;
  if (has_policies(session) || !session.tags.empty()) out.packed_policy_size = packed_size_percent(session);
  if (out.packed_policy_size.value_or(0) > 100) {
    return errors::packed_too_large(*out.packed_policy_size, has_policies(session));
  }
  if (!authn::SessionTokens::fits(session)) {
    return errors::token_too_large();
  }
  authn::Credentials made =
      at.tokens.issue(at.snapshot, at.entropy, std::move(session), static_cast<std::size_t>(least_size.value_or(0)));
  const std::size_t size = made.session_token.size();
  constexpr std::size_t kMost = authn::SessionTokens::kLongestToken;
  out.token_size = static_cast<std::int32_t>(size);
  out.token_utilization = static_cast<std::int32_t>((size * 100 + kMost - 1) / kMost);
  out.credentials = {.access_key_id = std::move(made.access_key_id),
                     .secret_access_key = std::move(made.secret_access_key),
                     .session_token = std::move(made.session_token),
                     .expiration = made.expires};
  return out;
}

}  // namespace deputy::sts
