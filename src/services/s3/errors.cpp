#include "services/s3/errors.h"

#include <fmt/format.h>

#include <string>

namespace deputy::s3::errors {
namespace {

constexpr std::string_view kMalformed =
    "The XML you provided was not well-formed or did not validate against our published schema";
constexpr std::string_view kNoBlock = "The public access block configuration was not found";

/// About a bucket, whose name stands beside.
Error of_bucket(std::string_view code, int status, std::string_view bucket, std::string_view message) {
  return Error(std::string(code), status, std::string(message)).with("BucketName", std::string(bucket));
}

Error invalid_argument(std::string_view argument, std::string message) {
  return Error("InvalidArgument", 400, std::move(message)).with("ArgumentName", std::string(argument));
}

Error invalid_argument(std::string_view argument, std::string_view value, std::string message) {
  return invalid_argument(argument, std::move(message)).with("ArgumentValue", std::string(value));
}

Error invalid_request(std::string message) { return {"InvalidRequest", 400, std::move(message)}; }

Error invalid_tag(std::string_view key, std::string message) {
  return Error("InvalidTag", 400, std::move(message)).with("TagKey", std::string(key));
}

Error forbidden_crossing(std::string_view method, std::string_view type, std::string message) {
  return Error("AccessForbidden", 403, "CORSResponse: " + std::move(message))
      .with("Method", std::string(method))
      .with("ResourceType", std::string(type));
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

Error bucket_not_empty(std::string_view bucket, bool versioned) {
  return of_bucket("BucketNotEmpty", 409, bucket,
                   versioned
                       ? "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
                       : "The bucket you tried to delete is not empty");
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
Error replication_needs_versions() {
  return {"InvalidBucketState", 409,
          "A replication configuration is present on this bucket, so you cannot change the versioning state. To change "
          "the versioning state, first delete the replication configuration."};
}
Error malformed_xml() {
  return {"MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema"};
}
Error missing_request_body() { return {"MissingRequestBodyError", 400, "Request Body is empty"}; }

Error no_such_tag_set(std::string_view bucket) {
  return of_bucket("NoSuchTagSet", 404, bucket, "The TagSet does not exist");
}
Error too_many_bucket_tags() { return {"BadRequest", 400, "Bucket tag count cannot be greater than 50"}; }
Error too_many_object_tags() { return {"BadRequest", 400, "Object tags cannot be greater than 10"}; }
Error tag_key_twice(std::string_view key) { return invalid_tag(key, "Cannot provide multiple Tags with the same key"); }
Error bad_tag_key(std::string_view key) { return invalid_tag(key, "The TagKey you have provided is invalid"); }
Error bad_tag_value(std::string_view key, std::string_view value) {
  return invalid_tag(key, "The TagValue you have provided is invalid").with("TagValue", std::string(value));
}
Error reserved_bucket_tag(std::string_view key) {
  return invalid_tag(key, "System tags cannot be added/updated by requester");
}
Error reserved_object_tag(std::string_view key) { return invalid_tag(key, "Your TagKey cannot be prefixed with aws:"); }
Error reserved_new_bucket_tag(std::string_view key) {
  return invalid_tag(key,
                     "User-defined tag keys can't start with \"aws:\". This prefix is reserved for system tags. Remove "
                     "\"aws:\" from your tag keys and try again.");
}

Error no_such_cors(std::string_view bucket) {
  return of_bucket("NoSuchCORSConfiguration", 404, bucket, "The CORS configuration does not exist");
}
Error no_such_lifecycle(std::string_view bucket) {
  return of_bucket("NoSuchLifecycleConfiguration", 404, bucket, "The lifecycle configuration does not exist");
}
Error no_such_website(std::string_view bucket) {
  return of_bucket("NoSuchWebsiteConfiguration", 404, bucket,
                   "The specified bucket does not have a website configuration");
}
Error no_such_replication(std::string_view bucket) {
  return of_bucket("ReplicationConfigurationNotFoundError", 404, bucket, "The replication configuration was not found");
}
Error no_such_object_lock(std::string_view bucket) {
  return of_bucket("ObjectLockConfigurationNotFoundError", 404, bucket,
                   "Object Lock configuration does not exist for this bucket");
}
Error no_such_configuration(std::string_view) {
  return {"NoSuchConfiguration", 404, "The specified configuration does not exist."};
}
Error abac_not_implemented(std::string_view) {
  return {"NotImplemented", 501, "Deputy does not implement attribute-based access control of buckets."};
}
Error object_lock_not_implemented() { return {"NotImplemented", 501, "Deputy does not implement S3 Object Lock."}; }

Error too_many_configurations() {
  return {"TooManyConfigurations", 400,
          "You are attempting to create a new configuration but have already reached the 1,000-configuration limit."};
}
Error configurations_too_large() {
  return invalid_request(
      "The configuration is too large, or those of this bucket are together: Deputy keeps 1 MiB of "
      "them, and 64 KiB of CORS rules.");
}
Error id_mismatch() { return {"IdMismatch", 400, "Document ID does not match the specified configuration ID."}; }
Error bad_configuration_id() { return {"InvalidConfigurationId", 400, "The specified configuration ID is invalid."}; }
Error bad_destination() { return {"InvalidS3DestinationBucket", 400, "Invalid bucket ARN."}; }

Error key_without_kms() {
  return invalid_argument("ApplyServerSideEncryptionByDefault",
                          "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or "
                          "aws:kms:dsse");
}
Error no_logging_target(std::string_view target) {
  return Error("InvalidTargetBucketForLogging", 400, "The target bucket for logging does not exist")
      .with("TargetBucket", std::string(target));
}
Error foreign_logging_target(std::string_view target) {
  return Error("InvalidTargetBucketForLogging", 400,
               "The owner for the bucket to be logged and the target bucket must be the same.")
      .with("TargetBucket", std::string(target));
}
Error logging_elsewhere(std::string_view region, std::string_view region_of_target) {
  const auto located = [](Error error, const char* name, std::string_view at) -> Error {
    if (at == "us-east-1") return error;
    return std::move(error).with(name, std::string(at));
  };
  Error error("CrossLocationLoggingProhibitted", 403, "Cross S3 location logging not allowed. ");
  error = located(std::move(error), "TargetBucketLocation", region_of_target);
  return located(std::move(error), "SourceBucketLocation", region);
}
Error redirect_with_others() {
  return invalid_argument("RedirectAllRequestsTo", "not null",
                          "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.");
}
Error no_index_document() {
  return invalid_argument("IndexDocument", "null",
                          "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty");
}
Error bad_index_document(std::string_view suffix) {
  Error error = invalid_argument("IndexDocument", "The IndexDocument Suffix is not well formed");
  return suffix.empty() ? error : std::move(error).with("ArgumentValue", std::string(suffix));
}
Error bad_web_protocol() {
  return invalid_request(
      "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected "
      "automatically.");
}
Error redirect_with_both() {
  return invalid_request("You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
}
Error empty_condition() {
  return invalid_request(
      "Condition cannot be empty. To redirect all requests without a condition, the condition element "
      "shouldn't be present.");
}
Error bad_filter_name(std::string_view name) {
  return invalid_argument("FilterRule.Name", name, "filter rule name must be either prefix or suffix");
}
Error bad_notification_arn(std::string_view argument, std::string_view arn) {
  return invalid_argument(argument, arn, "The ARN could not be parsed");
}
Error no_acceleration_with_dots() {
  return invalid_request("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names");
}
Error replication_needs_versioning() {
  return invalid_request("Versioning must be 'Enabled' on the bucket to apply a replication configuration");
}
Error bad_replication_arn() { return {"InvalidArgument", 400, "Invalid bucket ARN"}; }
Error no_replica() { return invalid_request("Destination bucket must exist."); }
Error replica_not_versioned() { return invalid_request("Destination bucket must have versioning enabled."); }

Error bad_lifecycle_sizes(std::string_view sent) {
  return invalid_request("Invalid TransitionDefaultMinimumObjectSize found: " + std::string(sent));
}
Error duplicate_tag_keys() { return invalid_request("Duplicate Tag Keys are not allowed."); }
Error not_at_midnight(std::string_view date) {
  return invalid_argument("Date", date, "'Date' must be at midnight GMT");
}
Error days_not_positive(std::string_view action, int days) {
  return invalid_argument("Days", std::to_string(days),
                          "'Days' for " + std::string(action) + " action must be a positive integer");
}
Error days_negative(std::string_view action, int days) {
  return invalid_argument("Days", std::to_string(days),
                          "'Days' in " + std::string(action) + " action must be nonnegative");
}
Error too_early_for_class(std::string_view storage_class) {
  return invalid_argument("Days", "'Days' in Transition action must be greater than or equal to 30 for storageClass '" +
                                      std::string(storage_class) + "'");
}
Error expires_before_it_moves(std::string_view filter) {
  return invalid_argument("Days", "'Days' in the Expiration action for filter '" + std::string(filter) +
                                      "' must be greater than 'Days' in the Transition action");
}
Error abort_with_tags() { return invalid_request("AbortIncompleteMultipartUpload cannot be specified with Tags."); }
Error no_lifecycle_action() { return invalid_request("At least one action needs to be specified in a rule"); }
Error rule_id_too_long() { return invalid_argument("ID", "ID length should not exceed allowed limit of 255"); }
Error rule_id_twice() { return invalid_argument("ID", "Rule ID must be unique. Found same ID for more than one rule"); }

Error bad_cors_method(std::string_view method) {
  return invalid_request("Found unsupported HTTP method in CORS config. Unsupported method is " + std::string(method));
}
Error cors_wildcards(std::string_view element, std::string_view text) {
  return invalid_request(std::string(element) + " \"" + std::string(text) + "\" can not have more than one wildcard.");
}
Error cors_exposes_wildcard(std::string_view header) {
  return invalid_request("ExposeHeader \"" + std::string(header) +
                         "\" contains wildcard. We currently do not support wildcard for ExposeHeader.");
}
Error no_origin() { return {"BadRequest", 400, "Insufficient information. Origin request header needed."}; }
Error cors_without_bucket(std::string_view method) { return forbidden_crossing(method, "BUCKET", "Bucket not found"); }
Error cors_not_enabled(std::string_view method) {
  return forbidden_crossing(method, "BUCKET", "CORS is not enabled for this bucket.");
}
Error cors_refused(std::string_view method) {
  return forbidden_crossing(
      method, "OBJECT",
      "This CORS request is not allowed. This is usually because the evalution of Origin, request "
      "method / Access-Control-Request-Method or Access-Control-Request-Headers are not "
      "whitelisted by the resource's CORS spec.");
}

Error public_acl_blocked(std::string_view caller_arn, std::string_view action, std::string_view resource) {
  return {
      "AccessDenied", 403,
      fmt::format("User: {} is not authorized to perform: {} on resource: \"{}\" because public ACLs are prevented by "
                  "the BlockPublicAcls setting in S3 Block Public Access.",
                  caller_arn, action, resource)};
}
Error public_policy_blocked(std::string_view caller_arn, std::string_view bucket_arn) {
  return {"AccessDenied", 403,
          fmt::format("User: {} is not authorized to perform: s3:PutBucketPolicy on resource: \"{}\" because public "
                      "policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
                      caller_arn, bucket_arn)};
}

Error acl_not_supported() { return {"AccessControlListNotSupported", 400, "The bucket does not allow ACLs"}; }
Error bucket_acl_with_ownership() {
  return {"InvalidBucketAclWithObjectOwnership", 400,
          "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"};
}
Error bucket_acl_with_block() {
  return {"InvalidBucketAclWithBlockPublicAccessError", 400,
          "Bucket cannot have public ACLs set with BlockPublicAccess enabled"};
}
Error malformed_acl() { return {"MalformedACLError", 400, std::string(kMalformed)}; }
Error missing_acl() {
  return Error("MissingSecurityHeader", 400, "Your request was missing a required header")
      .with("MissingHeaderName", "x-amz-acl");
}
Error canned_and_grants() {
  return {"InvalidRequest", 400, "Specifying both Canned ACLs and Header Grants is not allowed"};
}
Error unexpected_content() { return {"UnexpectedContent", 400, "This request does not support content"}; }
Error argument_format(std::string_view header, std::string_view sent) {
  return invalid_argument(header, "Argument format not recognized").with("ArgumentValue", std::string(sent));
}
Error invalid_grantee_id(std::string_view argument, std::string_view sent) {
  return invalid_argument(argument, "Invalid id").with("ArgumentValue", std::string(sent));
}
Error invalid_grantee_group(std::string_view argument, std::string_view sent) {
  return invalid_argument(argument, "Invalid group uri").with("ArgumentValue", std::string(sent));
}
Error email_grantee() {
  return {"MethodNotAllowed", 405, "The specified method is not allowed against this resource."};
}

Error invalid_ownership(std::string_view sent) {
  return invalid_argument("x-amz-object-ownership", "Invalid x-amz-object-ownership header: " + std::string(sent));
}
Error no_ownership_controls(std::string_view bucket) {
  return of_bucket("OwnershipControlsNotFoundError", 404, bucket, "The bucket ownership controls were not found");
}
Error no_public_access_block(std::string_view bucket) {
  return of_bucket("NoSuchPublicAccessBlockConfiguration", 404, bucket, kNoBlock);
}
Error no_public_access_block_of_account(std::string_view account) {
  return Error("NoSuchPublicAccessBlockConfiguration", 404, std::string(kNoBlock))
      .with("AccountId", std::string(account));
}
Error empty_public_access_block() { return {"InvalidRequest", 400, "Must specify at least one configuration."}; }

Error invalid_account_id() { return {"InvalidRequest", 400, "Invalid account ID"}; }

Error no_bucket_policy(std::string_view bucket) {
  return of_bucket("NoSuchBucketPolicy", 404, bucket, "The bucket policy does not exist");
}
Error policy_of_another(std::string_view method) {
  return Error("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
      .with("Method", std::string(method))
      .with("ResourceType", "BUCKETPOLICY");
}
Error malformed_policy(std::string_view message, std::string_view detail) {
  Error error("MalformedPolicy", 400, std::string(message));
  return detail.empty() ? error : std::move(error).with("Detail", std::string(detail));
}
Error no_policy() { return malformed_policy("Policies must be valid JSON and the first byte must be '{'", {}); }
Error invalid_principal(std::string_view shown) { return malformed_policy("Invalid principal in policy", shown); }
Error policy_too_large(std::size_t most) {
  return {"PolicyTooLarge", 400, fmt::format("Normalized policy exceeds the maximum allowed size of {} bytes.", most)};
}

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
