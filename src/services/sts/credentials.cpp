#include "services/sts/credentials.h"

#include "authn/session_token.h"
#include "services/sts/packed_size.h"

namespace deputy::sts {

using directory::Session;

std::optional<std::int32_t> packed_policy_size(const Session& session) {
  if (!session.policy && session.policy_arns.empty() && session.tags.empty()) return std::nullopt;
  return packed_size_percent(session);
}

Result<shapes::Credentials> issue(const services::At& at, Session session) {
  if (const auto percent = packed_policy_size(session); percent && *percent > 100) {
    const bool policies = session.policy || !session.policy_arns.empty();
    return Error(
        "PackedPolicyTooLarge", 400,
        policies
            ? "Packed policy consumes " + std::to_string(*percent) + "% of allotted space, please use smaller policy."
            : "Packed size of session tags consumes " + std::to_string(*percent) + "% of allotted space.");
  }
  if (!authn::SessionTokens::fits(session)) {
    return Error("PackedPolicyTooLarge", 400, "Serialized token too large for session");
  }
  authn::Credentials made = at.tokens.issue(at.snapshot, at.entropy, std::move(session));
  return shapes::Credentials{.access_key_id = std::move(made.access_key_id),
                             .secret_access_key = std::move(made.secret_access_key),
                             .session_token = std::move(made.session_token),
                             .expiration = made.expires};
}

}  // namespace deputy::sts
