// The errors of STS, with AWS's codes, statuses and wordings: docs/wire.md, section 6. Every sentence that an operation of
// STS answers is written in errors.cpp, but those of the policy engine, which says itself what is wrong with a document.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace deputy::sts::errors {

// What was said wrongly.
/// An ARN, or the id of an account, that is none.
Error invalid(std::string_view text);
Error invalid_access_key_id();
Error malformed_policy(std::string message);
Error policy_not_attachable(std::string_view arn);
Error neither_policy_nor_duration();
Error signing_algorithm_not_supported();
/// GetWebIdentityToken for the origin of an identity that no session carries here.
Error no_origin_identity();
Error invalid_authorization_message();

// What lasts too long.
/// Longer than the role's MaxSessionDuration.
Error longer_than_role_allows();
/// Longer than an hour, in a chain of roles.
Error longer_than_chain_allows();
/// Longer than the session that scopes itself down lasts.
Error longer_than_session_lasts();
/// A token that would outlive the session that asks for it.
Error token_outlives_session();

// Tags and source identities.
/// Tags that are none, or too many of them. Where an identity provider gave them it is its token that is invalid.
enum class TagSayer : std::uint8_t { kCaller, kProvider };
Error invalid_session_tags(TagSayer by);
Error duplicate_session_tags();
Error transitive_tag_is_inherited();
Error transitive_tag_is_missing();
Error source_identity_is_set();

// What is too large.
/// Of what may be packed into a session; `by_policies`: policies are part of it, not tags alone.
Error packed_too_large(std::int32_t percent, bool by_policies);
Error token_too_large();
Error claims_too_large();

// Refusals.
Error half_an_mfa_code();
/// A device of somebody else's, and one that does not exist.
Error mfa_device_not_of_caller();
Error wrong_mfa_code();
/// Without a reason: it tells a stranger nothing of the organization.
Error assume_root_denied(std::string_view caller, std::string_view root);
/// `operation` is one of the regional endpoints alone.
Error not_on_global_endpoint(std::string_view operation);
Error long_lived_caller();
Error too_many_scoped_policies();
Error assertion_used();
Error provider_session_ended();
Error outbound_federation_disabled();
/// A token that nobody traded in, since nobody was sent one.
Error trade_in_token_expired();

/// A member of an operation that is there, which Deputy does not implement: refused, never passed over.
Error member_not_implemented(std::string_view member, std::string_view operation);
Error internal_failure();

}  // namespace deputy::sts::errors
