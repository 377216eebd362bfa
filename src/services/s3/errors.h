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
