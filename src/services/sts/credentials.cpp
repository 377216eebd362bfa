#include "services/sts/credentials.h"

#include "authn/session_token.h"
#include "services/sts/errors.h"
#include "services/sts/packed_size.h"

namespace deputy::sts {

using directory::Session;

std::optional<std::int32_t> packed_policy_size(const Session& session) {
  if (!session.policy && session.policy_arns.empty() && session.tags.empty() && session.scoped_policies.empty()) {
    return std::nullopt;
  }
  return packed_size_percent(session);
}

Result<Issued> issue(const services::At& at, Session session, std::optional<std::int32_t> least_size) {
  if (const auto percent = packed_policy_size(session); percent && *percent > 100) {
    const bool by_policies = session.policy || !session.policy_arns.empty() || !session.scoped_policies.empty();
    return errors::packed_too_large(*percent, by_policies);
  }
  if (!authn::SessionTokens::fits(session)) {
    return errors::token_too_large();
  }
  authn::Credentials made =
      at.tokens.issue(at.snapshot, at.entropy, std::move(session), static_cast<std::size_t>(least_size.value_or(0)));
  Issued out;
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
