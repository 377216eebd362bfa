#include "policy/special_cases.h"

#include <algorithm>
#include <array>

#include "policy/text.h"

namespace deputy::policy {
namespace {

/// Of the services that Deputy has or simulates; AWS's list is longer.
/// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
constexpr std::array<std::string_view, 14> kCoveredByRcp = {
    "s3",          "sts",  "kms",      "sqs",      "secretsmanager",
    "dynamodb",    "logs", "ecr",      "events",   "cognito-identity",
    "cognito-idp", "aoss", "firehose", "codebuild"};

bool is(std::string_view action, std::string_view name) { return same_ignoring_case(action, name); }

}  // namespace

bool needs_no_permission(const Request& request) {
  const PrincipalType type = request.principal.type;
  const bool root_or_user = type == PrincipalType::kRoot || type == PrincipalType::kUser;
  if (is(request.action.name, "sts:GetSessionToken")) return root_or_user;
  if (!is(request.action.name, "sts:GetCallerIdentity")) return false;
  return root_or_user || type == PrincipalType::kRoleSession || type == PrincipalType::kFederatedUser;
}

bool forbidden_to_root(const Request& request) {
  return request.principal.type == PrincipalType::kRoot && is(request.action.name, "sts:AssumeRole");
}

bool beyond_bucket_policy(const Request& request) {
  constexpr std::array<std::string_view, 3> actions = {"s3:GetBucketPolicy", "s3:PutBucketPolicy",
                                                       "s3:DeleteBucketPolicy"};
  return request.principal.type == PrincipalType::kRoot && request.principal.account == request.resource_account &&
         std::any_of(actions.begin(), actions.end(), [&](auto name) { return is(request.action.name, name); });
}

bool is_covered_by_rcp(std::string_view action) {
  if (is(action, "kms:RetireGrant")) return false;
  const std::string_view service = action.substr(0, action.find(':'));
  return std::any_of(kCoveredByRcp.begin(), kCoveredByRcp.end(), [&](auto name) { return is(service, name); });
}

bool is_service_linked(std::string_view role_arn) {
  const std::size_t resource = role_arn.find(":role/");
  return resource != std::string_view::npos && role_arn.substr(resource + 6).starts_with("aws-service-role/");
}

}  // namespace deputy::policy
