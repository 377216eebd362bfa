// The errors of S3, with AWS's codes, statuses, wordings and the members that stand beside: docs/wire.md, 7.
#pragma once

#include <string_view>

#include "base/error.h"

namespace deputy::s3::errors {

Error no_such_bucket(std::string_view bucket);
Error invalid_bucket_name(std::string_view bucket);
/// Somebody else's.
Error bucket_already_exists(std::string_view bucket);
Error bucket_already_owned_by_you(std::string_view bucket);
Error bucket_not_empty(std::string_view bucket, bool versioned);

/// x-amz-expected-bucket-owner is no account id.
Error invalid_expected_owner(std::string_view sent);
/// … or the bucket is not of that account.
Error not_of_expected_owner();

/// Where S3 says no more than that.
Error access_denied();
/// No Status.
Error illegal_versioning();
/// Deputy's own words.
Error mfa_delete_not_implemented();
Error replication_needs_versions();
Error malformed_xml();
Error missing_request_body();

// Tags; `key` and `value` as they were sent.
Error no_such_tag_set(std::string_view bucket);
Error too_many_bucket_tags();
Error too_many_object_tags();
Error tag_key_twice(std::string_view key);
Error bad_tag_key(std::string_view key);
Error bad_tag_value(std::string_view key, std::string_view value);
/// Keys that begin with "aws:", by who names them.
Error reserved_bucket_tag(std::string_view key);
Error reserved_object_tag(std::string_view key);
Error reserved_new_bucket_tag(std::string_view key);

// Configurations that were never put.
Error no_such_cors(std::string_view bucket);
Error no_such_lifecycle(std::string_view bucket);
Error no_such_website(std::string_view bucket);
Error no_such_replication(std::string_view bucket);
Error no_such_object_lock(std::string_view bucket);
/// Of those that have an id.
Error no_such_configuration(std::string_view bucket);
/// What is not built, in our own words; the argument is for the table of configurations alone.
Error abac_not_implemented(std::string_view bucket);
Error object_lock_not_implemented();

Error too_many_configurations();
/// Our own: S3 has limits of each kind and no limit of all.
Error configurations_too_large();
Error id_mismatch();
Error bad_configuration_id();
Error bad_destination();

// Encryption, logging, website, notifications, acceleration, replication.
Error key_without_kms();
Error no_logging_target(std::string_view target);
Error foreign_logging_target(std::string_view target);
Error logging_elsewhere(std::string_view region, std::string_view region_of_target);
Error redirect_with_others();
Error no_index_document();
Error bad_index_document(std::string_view suffix);
Error bad_web_protocol();
Error redirect_with_both();
Error empty_condition();
Error bad_filter_name(std::string_view name);
Error bad_notification_arn(std::string_view argument, std::string_view arn);
Error no_acceleration_with_dots();
Error replication_needs_versioning();
Error bad_replication_arn();
Error no_replica();
Error replica_not_versioned();

// Lifecycle.
Error bad_lifecycle_sizes(std::string_view sent);
Error duplicate_tag_keys();
Error not_at_midnight(std::string_view date);
Error days_not_positive(std::string_view action, int days);
Error days_negative(std::string_view action, int days);
Error too_early_for_class(std::string_view storage_class);
Error expires_before_it_moves(std::string_view filter);
Error abort_with_tags();
Error no_lifecycle_action();
Error rule_id_too_long();
Error rule_id_twice();

// CORS: what is put, and preflights by the method that they ask about.
Error bad_cors_method(std::string_view method);
Error cors_wildcards(std::string_view element, std::string_view text);
Error cors_exposes_wildcard(std::string_view header);
Error no_origin();
Error cors_without_bucket(std::string_view method);
Error cors_not_enabled(std::string_view method);
Error cors_refused(std::string_view method);

/// S3 Block Public Access refuses a list, or a policy.
Error public_acl_blocked(std::string_view caller_arn, std::string_view action, std::string_view resource);
Error public_policy_blocked(std::string_view caller_arn, std::string_view bucket_arn);

// Access control lists
Error acl_not_supported();
Error bucket_acl_with_ownership();
Error bucket_acl_with_block();
Error malformed_acl();
Error missing_acl();
Error canned_and_grants();
Error unexpected_content();
Error argument_format(std::string_view header, std::string_view sent);
Error invalid_grantee_id(std::string_view argument, std::string_view sent);
Error invalid_grantee_group(std::string_view argument, std::string_view sent);
/// Accounts are not named by email any more.
Error email_grantee();

/// x-amz-object-ownership is no word that S3 knows.
Error invalid_ownership(std::string_view sent);
Error no_ownership_controls(std::string_view bucket);
Error no_public_access_block(std::string_view bucket);
Error no_public_access_block_of_account(std::string_view account);
Error empty_public_access_block();

/// x-amz-account-id of S3 Control.
Error invalid_account_id();

// Bucket policies
Error no_bucket_policy(std::string_view bucket);
/// Who is not of the bucket's account has nothing to do with its policy, whatever he is allowed.
Error policy_of_another(std::string_view method);
Error malformed_policy(std::string_view message, std::string_view detail);
/// A policy that is no JSON, or does not begin with its brace.
Error no_policy();
/// `shown`: the principal as it was written.
Error invalid_principal(std::string_view shown);
Error policy_too_large(std::size_t most);

Error invalid_location_constraint(std::string_view constraint);
/// Of a region that is not the endpoint's; empty: there is none.
Error illegal_location_constraint(std::string_view constraint);

Error invalid_continuation_token();
Error invalid_max_keys(std::string_view sent);

/// A header that asks for what Deputy does not have.
Error header_not_implemented(std::string_view header);
/// Deputy's own words: a part of CreateBucket's body that asks for it.
Error configuration_not_implemented();

}  // namespace deputy::s3::errors
