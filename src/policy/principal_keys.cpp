#include "policy/principal_keys.h"

namespace deputy::policy {
namespace {

std::string_view type_name(PrincipalType type) {
  switch (type) {
    case PrincipalType::kAnonymous:
      return "Anonymous";
    case PrincipalType::kRoot:
      return "Account";
    case PrincipalType::kUser:
      return "User";
    case PrincipalType::kRoleSession:
      return "AssumedRole";
    case PrincipalType::kFederatedUser:
      return "FederatedUser";
    case PrincipalType::kService:
      return "AWSService";
    case PrincipalType::kWebIdentity:
    case PrincipalType::kSaml:
      break;
  }
  return {};
}

}  // namespace

void set_principal_keys(Context& context, const Principal& who) {
  const std::string_view type = type_name(who.type);
  if (type.empty()) return;
  context.set(Key::kPrincipalType, type);
  if (who.type == PrincipalType::kAnonymous) return context.set(Key::kPrincipalAccount, "anonymous");
  if (who.type == PrincipalType::kService) {
    context.set(Key::kPrincipalIsAwsService, "true");
    return context.set(Key::kPrincipalServiceName, who.service);
  }
  context.set(Key::kPrincipalIsAwsService, "false");
  context.set(Key::kPrincipalAccount, who.account);
  context.set(Key::kPrincipalArn, who.type == PrincipalType::kRoleSession ? who.role_arn : who.arn);
  if (!who.unique_id.empty()) context.set(Key::kUserId, who.unique_id);
  if (who.type == PrincipalType::kUser) context.set(Key::kUsername, who.arn.substr(who.arn.rfind('/') + 1));
}

}  // namespace deputy::policy
