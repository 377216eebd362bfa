#include "policy/special.h"

#include <algorithm>
#include <array>

#include "base/arn.h"
#include "policy/text.h"

namespace deputy::policy {
namespace {

constexpr unsigned bit(PrincipalType type) { return 1U << static_cast<unsigned>(type); }
constexpr unsigned kRootOnly = bit(PrincipalType::kRoot);
constexpr unsigned kRootAndUsers = kRootOnly | bit(PrincipalType::kUser);
constexpr unsigned kAllWithAccount =
    kRootAndUsers | bit(PrincipalType::kRoleSession) | bit(PrincipalType::kFederatedUser);

struct Rule {
  std::string_view action;
  std::uint32_t hash;
  unsigned callers;
  constexpr Rule(std::string_view name, unsigned who) : action(name), hash(hash_ignoring_case(name)), callers(who) {}
};

constexpr std::array kFree = {Rule("sts:GetCallerIdentity", kAllWithAccount),
                              Rule("sts:GetSessionToken", kRootAndUsers)};
constexpr std::array kBarred = {Rule("sts:AssumeRole", kRootOnly)};
constexpr std::array kOwnersBucketPolicy = {Rule("s3:GetBucketPolicy", kRootOnly),
                                            Rule("s3:PutBucketPolicy", kRootOnly),
                                            Rule("s3:DeleteBucketPolicy", kRootOnly)};

// Services whose resources RCPs protect, those first that are asked most. [O-10]
constexpr std::array<std::string_view, 62> kRcpServices = {
    "s3",
    "sts",
    "kms",
    "sqs",
    "dynamodb",
    "secretsmanager",
    "logs",
    "ecr",
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "servicediscovery",
    "signin",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
};
constexpr std::array kNotCovered = {Rule("kms:RetireGrant", ~0U)};

constexpr auto make_rcp_hashes() {
  std::array<std::uint32_t, kRcpServices.size()> hashes{};
  for (std::size_t i = 0; i < hashes.size(); ++i) hashes[i] = hash_ignoring_case(kRcpServices[i]);
  return hashes;
}
constexpr auto kRcpHashes = make_rcp_hashes();

bool is_service_of_rcps(std::string_view service, std::uint32_t hash) {
  for (std::size_t i = 0; i < kRcpHashes.size(); ++i) {
    if (kRcpHashes[i] == hash && same_ignoring_case(kRcpServices[i], service)) return true;
  }
  return false;
}

template <class Rules>
bool applies(const Rules& rules, const Request& request) {
  for (const Rule& rule : rules) {
    if (rule.hash == request.action.hash && (rule.callers & bit(request.principal.type)) != 0 &&
        same_ignoring_case(rule.action, request.action.name)) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool needs_no_permission(const Request& request) { return applies(kFree, request); }
bool is_barred_to_root(const Request& request) { return applies(kBarred, request); }

bool overrides_bucket_policy(const Request& request) {
  return applies(kOwnersBucketPolicy, request) && request.principal.account == request.resource_account;
}

bool is_service_linked(std::string_view role_arn) {
  if (role_arn.empty()) return false;
  const auto arn = Arn::split(role_arn);
  return arn && arn->service == "iam" && arn->resource.starts_with("role/aws-service-role/");
}

bool needs_own_policy(const Request& request) {
  const bool sts = same_ignoring_case(request.action.name.substr(0, 4), "sts:");
  if (!sts && !same_ignoring_case(request.action.name.substr(0, 4), "kms:")) return false;
  const auto arn = Arn::split(request.resource);
  if (!arn) return false;
  return sts ? arn->service == "iam" && arn->resource.starts_with("role/")
             : arn->service == "kms" && arn->resource.starts_with("key/");
}

bool is_service_of_rcps(std::string_view service) { return is_service_of_rcps(service, hash_ignoring_case(service)); }

bool is_covered_by_rcps(const Request& request) {
  const std::string_view name = request.action.name;
  const bool covered = is_service_of_rcps(name.substr(0, name.find(':')), request.action.service_hash);
  if (!covered || applies(kNotCovered, request)) return false;
  if (is_service_linked(request.principal.role_arn)) return false;
  // A service assumes its service-linked role. [O-9]
  return !(request.principal.type == PrincipalType::kService && request.action.name == "sts:AssumeRole" &&
           is_service_linked(request.resource));
}

}  // namespace deputy::policy
