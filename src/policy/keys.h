// Condition keys by number: the global, IAM, STS and S3 keys that Deputy sets itself have a slot each; tag keys are a
// family and a name; every other key ("token.actions.githubusercontent.com:sub") is looked up by its name.
// No table here grows from a caller's input. docs/policy-evaluation.md, sections C-5 and K.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace deputy::policy {

/// One per key; keys.cpp has the name and whether it is multivalued. Names compare without case. [C-5]
enum class Key : std::uint8_t {
  // principal [K-2]
  kPrincipalArn,
  kPrincipalAccount,
  kPrincipalType,
  kUserId,
  kUsername,
  kPrincipalOrgId,
  kPrincipalOrgPaths,
  kPrincipalIsAwsService,
  kPrincipalServiceName,
  kPrincipalServiceNamesList,
  kTokenIssueTime,
  kMultiFactorAuthPresent,
  kMultiFactorAuthAge,
  kFederatedProvider,
  kSourceIdentity,
  kAssumedRoot,
  // every request [K-5], network [K-6]
  kCurrentTime,
  kEpochTime,
  kSecureTransport,
  kUserAgent,
  kReferer,
  kRequestedRegion,
  kViaAwsService,
  kSourceIp,
  kVpcSourceIp,
  kSourceVpc,
  kSourceVpce,
  kCalledVia,
  kCalledViaFirst,
  kCalledViaLast,
  // acting for a customer's resource [K-7], the resource [K-8], the request's tags [K-9]
  kSourceArn,
  kSourceAccount,
  kSourceOrgId,
  kSourceOrgPaths,
  kResourceAccount,
  kResourceOrgId,
  kResourceOrgPaths,
  kTagKeys,
  // STS [K-10]
  kExternalId,
  kRoleSessionName,
  kStsSourceIdentity,
  kTransitiveTagKeys,
  kDurationSeconds,
  kStsAwsServiceName,
  kTaskPolicyArn,
  kIdentityTokenAudience,
  kSigningAlgorithm,
  // IAM [K-11]
  kPassedToService,
  kAssociatedResourceArn,
  kPermissionsBoundary,
  kPolicyArn,
  kIamAwsServiceName,
  kOrganizationsPolicyId,
  // Organizations
  kOrganizationsServicePrincipal,
  kOrganizationsPolicyType,
  // S3
  kS3Prefix,
  kS3Delimiter,
  kS3MaxKeys,
  kS3LocationConstraint,
  kS3SignatureVersion,
  kS3AuthType,
  kS3SignatureAge,
  kS3XAmzContentSha256,
  kS3XAmzAcl,
  kS3ResourceAccount,
  kS3TlsVersion,
  kS3XAmzGrantRead,
  kS3XAmzGrantWrite,
  kS3XAmzGrantReadAcp,
  kS3XAmzGrantWriteAcp,
  kS3XAmzGrantFullControl,
  kS3XAmzObjectOwnership,
  kS3VersionId,
  kS3XAmzCopySource,
  kS3XAmzMetadataDirective,
  kS3XAmzServerSideEncryption,
  kS3XAmzServerSideEncryptionAwsKmsKeyId,
  kS3XAmzStorageClass,
  kS3XAmzWebsiteRedirectLocation,
  kS3IfMatch,
  kS3IfNoneMatch,
  kS3ObjectCreationOperation,
  kS3RequestObjectTagKeys,
  kCount
};

enum class TagFamily : std::uint8_t {
  kPrincipalTag,
  kRequestTag,
  kResourceTag,
  kIamResourceTag,
  kS3ExistingObjectTag,
  kS3RequestObjectTag
};

/// "aws:SourceIp", spelled as AWS documents it.
std::string_view name(Key key);
bool is_multivalued(Key key);
std::optional<Key> find_key(std::string_view name);

/// "aws:PrincipalTag/team" is the family kPrincipalTag and the tag key "team".
struct TagName {
  TagFamily family;
  std::string_view tag_key;  // part of the name that was asked about
};
/// "aws:PrincipalTag/", spelled as AWS documents it.
std::string_view prefix(TagFamily family);
std::optional<TagName> find_tag(std::string_view name);

/// Whether a key without a slot is multivalued: aws:VpceOrgPaths, most SAML keys [K-13], `amr` of OIDC providers [K-12].
bool is_multivalued_name(std::string_view name);

}  // namespace deputy::policy
