#include "seed/declaration.h"

namespace deputy::seed {
namespace {

using Type = Field::Type;

constexpr std::string_view kStatuses[] = {"Active", "Inactive"};
constexpr std::string_view kFeatureSets[] = {"ALL", "CONSOLIDATED_BILLING"};

constexpr Field kTagFields[] = {
    {.name = "Key", .what = "Of the tag.", .required = true},
    {.name = "Value", .what = "Of the tag.", .required = true},
};
constexpr Structure kTag{"Tag", kTagFields};
constexpr Field kTags{.name = "Tags", .type = Type::kStructures, .what = "Tags, as of the API.", .of = &kTag};

constexpr Field kPolicyFields[] = {
    {.name = "PolicyName", .what = "Of the inline policy.", .required = true},
    {.name = "PolicyDocument", .type = Type::kDocument, .what = "What it says.", .required = true},
};
constexpr Structure kPolicy{"Policy", kPolicyFields};
constexpr Field kPolicies{.name = "Policies", .type = Type::kStructures, .what = "Inline policies.", .of = &kPolicy};

constexpr Field kPath{.name = "Path", .what = "Default: / for what is made."};
constexpr Field kAttached{.name = "ManagedPolicyArns",
                          .type = Type::kTexts,
                          .what = "ARNs of managed policies to attach, AWS's or the account's."};
constexpr Field kBoundary{.name = "PermissionsBoundary", .what = "The ARN of a managed policy."};

constexpr Field kAccessKeyFields[] = {
    {.name = "AccessKeyId",
     .what = "Chosen; needs SecretAccessKey. Without both a key is generated, unless there is one."},
    {.name = "SecretAccessKey", .type = Type::kSecret, .what = "Of the chosen key."},
    {.name = "Status", .what = "Of a chosen key.", .values = kStatuses},
    {.name = "Profile", .what = "An AWS CLI profile that deputy apply writes when it knows the secret."},
};
constexpr Structure kAccessKey{"AccessKey", kAccessKeyFields};
constexpr Field kAccessKeys{.name = "AccessKeys",
                            .type = Type::kStructures,
                            .what = "At most two; {} is one whose id and secret are generated.",
                            .of = &kAccessKey};

constexpr Field kUserFields[] = {
    {.name = "UserName", .what = "Of the user.", .required = true},
    kPath,
    kBoundary,
    {.name = "Groups", .type = Type::kTexts, .what = "Names of groups that the user is in."},
    kAttached,
    kPolicies,
    kTags,
    kAccessKeys,
};
constexpr Structure kUser{"User", kUserFields, true, "UserName"};

constexpr Field kGroupFields[] = {
    {.name = "GroupName", .what = "Of the group.", .required = true},
    kPath,
    kAttached,
    kPolicies,
};
constexpr Structure kGroup{"Group", kGroupFields, true, "GroupName"};

constexpr Field kRoleFields[] = {
    {.name = "RoleName", .what = "Of the role.", .required = true},
    kPath,
    {.name = "AssumeRolePolicyDocument", .type = Type::kDocument, .what = "Whom the role trusts.", .required = true},
    {.name = "Description", .what = "Of the role."},
    {.name = "MaxSessionDuration", .type = Type::kInteger, .what = "In seconds, 3600 to 43200."},
    kBoundary,
    kAttached,
    kPolicies,
    kTags,
};
constexpr Structure kRole{"Role", kRoleFields, true, "RoleName"};

constexpr Field kManagedPolicyFields[] = {
    {.name = "PolicyName", .what = "Of the policy.", .required = true},
    kPath,
    {.name = "Description", .what = "Of the policy."},
    {.name = "PolicyDocument", .type = Type::kDocument, .what = "The default version.", .required = true},
    kTags,
};
constexpr Structure kManagedPolicy{"ManagedPolicy", kManagedPolicyFields, true, "PolicyName"};

constexpr Field kInstanceProfileFields[] = {
    {.name = "InstanceProfileName", .what = "Of the instance profile.", .required = true},
    kPath,
    {.name = "Roles", .type = Type::kTexts, .what = "The name of a role; one at most, as in AWS."},
    kTags,
};
constexpr Structure kInstanceProfile{"InstanceProfile", kInstanceProfileFields, true, "InstanceProfileName"};

constexpr Field kOidcFields[] = {
    {.name = "Url", .what = "Of the issuer.", .required = true},
    {.name = "ClientIDList", .type = Type::kTexts, .what = "Audiences."},
    {.name = "ThumbprintList", .type = Type::kTexts, .what = "SHA-1 of certificates, in hex."},
    kTags,
};
constexpr Structure kOidc{"OpenIDConnectProvider", kOidcFields, true, "Url", false};

constexpr Field kSamlFields[] = {
    {.name = "Name", .what = "Of the provider.", .required = true},
    {.name = "SAMLMetadataDocument", .type = Type::kLongText, .what = "The XML, or {File: path}.", .required = true},
    kTags,
};
constexpr Structure kSaml{"SAMLProvider", kSamlFields, true, "Name"};

constexpr std::string_view kOwnerships[] = {"BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"};
constexpr std::string_view kBlocks[] = {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy",
                                        "RestrictPublicBuckets", "None"};

constexpr Field kBucketFields[] = {
    {.name = "Bucket", .what = "The name, one in all accounts.", .required = true},
    {.name = "LocationConstraint", .what = "A region other than us-east-1."},
    {.name = "BucketPolicy", .type = Type::kDocument, .what = "Whom the bucket lets in, and whom not."},
    {.name = "ObjectOwnership", .what = "Default: BucketOwnerEnforced for what is made.", .values = kOwnerships},
    {.name = "PublicAccessBlock",
     .type = Type::kTexts,
     .what = "What is blocked; None: nothing. Default: everything for what is made.",
     .values = kBlocks},
};
constexpr Structure kBucket{"Bucket", kBucketFields, true, "Bucket", false};

constexpr Field kAccountFields[] = {
    {.name = "AccountId", .type = Type::kAccountId, .what = "Twelve digits of your choice.", .required = true},
    {.name = "AccountName", .what = "What people call it. Default: Account and its id."},
    {.name = "Email", .what = "Of the root user."},
    {.name = "AccountAlias", .what = "One in all accounts."},
    {.name = "AccessKeys",
     .type = Type::kStructures,
     .what = "Of the root user; without any a new account gets one that is generated.",
     .of = &kAccessKey},
    {.name = "Groups", .type = Type::kStructures, .what = "Groups of users.", .of = &kGroup},
    {.name = "Users", .type = Type::kStructures, .what = "Users with what they have.", .of = &kUser},
    {.name = "Roles", .type = Type::kStructures, .what = "Roles with whom they trust and what they may.", .of = &kRole},
    {.name = "ManagedPolicies", .type = Type::kStructures, .what = "Customer managed policies.", .of = &kManagedPolicy},
    {.name = "InstanceProfiles", .type = Type::kStructures, .what = "For EC2 instances.", .of = &kInstanceProfile},
    {.name = "OpenIDConnectProviders", .type = Type::kStructures, .what = "Issuers of web identities.", .of = &kOidc},
    {.name = "SAMLProviders", .type = Type::kStructures, .what = "Issuers of assertions.", .of = &kSaml},
    {.name = "Buckets", .type = Type::kStructures, .what = "S3 buckets.", .of = &kBucket},
};
constexpr Structure kAccount{"Account", kAccountFields, true, "AccountId", false};

constexpr Field kOrganizationFields[] = {
    {.name = "ManagementAccountId", .type = Type::kAccountId, .what = "Whose organization it is.", .required = true},
    {.name = "FeatureSet", .what = "Of a new organization. Default: ALL.", .values = kFeatureSets},
    {.name = "AccountIds", .type = Type::kAccountIds, .what = "Accounts that belong to it."},
    {.name = "ServicePrincipals", .type = Type::kTexts, .what = "AWS services that it trusts: iam.amazonaws.com."},
};
constexpr Structure kOrganization{"Organization", kOrganizationFields, true, "ManagementAccountId", false};

constexpr Field kSeedFields[] = {
    {.name = "Accounts",
     .type = Type::kStructures,
     .what = "What there is to be, account by account.",
     .of = &kAccount},
    {.name = "Organizations",
     .type = Type::kStructures,
     .what = "Accounts that belong together.",
     .of = &kOrganization},
};
constexpr Structure kSeed{"Seed", kSeedFields};

}  // namespace

const Structure& seed_declaration() { return kSeed; }

}  // namespace deputy::seed
