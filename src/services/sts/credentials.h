// What the operations that hand out temporary credentials share.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "protocol/sts/shapes.h"
#include "services/operation.h"

namespace deputy::sts {

/// Credentials, and what the answers say of the token in them.
struct Issued {
  shapes::Credentials credentials;
  std::int32_t token_size = 0;         // characters
  std::int32_t token_utilization = 0;  // percent of the longest token that is taken
  /// PackedPolicySize; nothing without session policy or tags (docs/wire.md, 6.1).
  std::optional<std::int32_t> packed_policy_size;
};

/// Seals the session; the token is no shorter than MinimumSessionTokenSize. Errors: PackedPolicyTooLarge.
Result<Issued> issue(const services::At& at, directory::Session session, std::optional<std::int32_t> least_size);

/// Into the members that all outputs with credentials have alike.
template <class Output>
void fill(Output& out, Issued&& issued) {
  out.credentials = std::move(issued.credentials);
  out.session_token_utilization = issued.token_utilization;
  out.session_token_size = issued.token_size;
}

}  // namespace deputy::sts
