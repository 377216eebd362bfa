#include "authz/principal.h"

namespace deputy::authz {

using directory::Caller;

policy::Principal principal_of(const Caller& caller, std::string& arn) {
  policy::Principal p;
  switch (caller.kind) {
    case Caller::Kind::kAnonymous:
      return p;
    case Caller::Kind::kService:
      p.type = policy::PrincipalType::kService;
      p.service = caller.service->name;
      return p;
    case Caller::Kind::kWebIdentity:
    case Caller::Kind::kSaml:
      p.type = caller.kind == Caller::Kind::kSaml ? policy::PrincipalType::kSaml : policy::PrincipalType::kWebIdentity;
      p.arn = caller.federated->provider;
      return p;
    default:
      break;
  }
  p.arn = caller.arn;
  p.account = caller.account_id().view();
  p.unique_id = caller.user_id;
  switch (caller.kind) {
    case Caller::Kind::kRoot:
      p.type = policy::PrincipalType::kRoot;
      break;
    case Caller::Kind::kUser:
      p.type = policy::PrincipalType::kUser;
      break;
    case Caller::Kind::kRoleSession:
      p.type = policy::PrincipalType::kRoleSession;
      p.role_arn = arn = caller.role->arn();
      break;
    case Caller::Kind::kFederatedUser:
      p.type = policy::PrincipalType::kFederatedUser;
      if (caller.user != nullptr) p.user_id = caller.user->id.str();
      p.user_arn = arn = caller.user ? caller.user->arn() : "arn:aws:iam::" + caller.account_id().str() + ":root";
      break;
    default:
      break;
  }
  return p;
}

}  // namespace deputy::authz
