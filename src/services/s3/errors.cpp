#include "services/s3/errors.h"

#include <string>

namespace deputy::s3::errors {
namespace {

/// About a bucket, whose name stands beside.
Error of_bucket(std::string_view code, int status, std::string_view bucket, std::string_view message) {
  return Error(std::string(code), status, std::string(message)).with("BucketName", std::string(bucket));
}

Error invalid_argument(std::string_view argument, std::string message) {
  return Error("InvalidArgument", 400, std::move(message)).with("ArgumentName", std::string(argument));
}

}  // namespace

Error no_such_bucket(std::string_view bucket) {
  return of_bucket("NoSuchBucket", 404, bucket, "The specified bucket does not exist");
}
Error invalid_bucket_name(std::string_view bucket) {
  return of_bucket("InvalidBucketName", 400, bucket, "The specified bucket is not valid.");
}
Error bucket_already_exists(std::string_view bucket) {
  return of_bucket("BucketAlreadyExists", 409, bucket,
                   "The requested bucket name is not available. The bucket namespace is shared by all users of the "
                   "system. Please select a different name and try again.");
}
Error bucket_already_owned_by_you(std::string_view bucket) {
  return of_bucket("BucketAlreadyOwnedByYou", 409, bucket,
                   "Your previous request to create the named bucket succeeded and you already own it.");
}

Error invalid_expected_owner(std::string_view sent) {
  return {"InvalidBucketOwnerAWSAccountID", 400,
          "The value of the expected bucket owner parameter must be an AWS Account ID... [" + std::string(sent) + "]"};
}
Error not_of_expected_owner() { return access_denied(); }

Error access_denied() { return {"AccessDenied", 403, "Access Denied"}; }
Error illegal_versioning() {
  return {"IllegalVersioningConfigurationException", 400, "The Versioning element must be specified"};
}
Error mfa_delete_not_implemented() { return {"NotImplemented", 501, "Deputy does not implement MFA Delete."}; }

Error invalid_location_constraint(std::string_view constraint) {
  return Error("InvalidLocationConstraint", 400, "The specified location-constraint is not valid")
      .with("LocationConstraint", std::string(constraint));
}
Error illegal_location_constraint(std::string_view constraint) {
  return {"IllegalLocationConstraintException", 400,
          "The " + std::string(constraint.empty() ? "unspecified" : constraint) +
              " location constraint is incompatible for the region specific endpoint this request was sent to."};
}

Error invalid_continuation_token() {
  return invalid_argument("continuation-token", "The continuation token provided is incorrect");
}
Error invalid_max_keys(std::string_view sent) {
  return invalid_argument("maxKeys", "Argument maxKeys must be an integer between 0 and 2147483647")
      .with("ArgumentValue", std::string(sent));
}

Error header_not_implemented(std::string_view header) {
  return Error("NotImplemented", 501, "A header you provided implies functionality that is not implemented")
      .with("Header", std::string(header));
}
Error configuration_not_implemented() {
  return {"NotImplemented", 501, "Deputy does not implement this part of CreateBucketConfiguration."};
}

}  // namespace deputy::s3::errors
