#include "authz/authorize.h"

#include "authz/context.h"
#include "authz/gather.h"
#include "policy/work.h"

namespace deputy::authz {

using directory::Caller;
using directory::Session;

namespace {

policy::Principal principal_of(const Caller& caller, std::string& role_arn, std::string& user_arn) {
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
      p.role_arn = role_arn = caller.role->arn();
      break;
    case Caller::Kind::kFederatedUser:
      p.type = policy::PrincipalType::kFederatedUser;
      if (caller.user != nullptr) p.user_id = caller.user->id.str();
      p.user_arn = user_arn = caller.user ? caller.user->arn() : "arn:aws:iam::" + caller.account_id().str() + ":root";
      break;
    default:
      break;
  }
  return p;
}

/// What a thread keeps between requests so that a decision allocates little.
struct Scratch {
  ContextBuilder context;
  CallerPolicies policies;
  std::vector<const policy::CompiledPolicy*> with_account;
  std::string role_arn, user_arn;
};

/// What an account that allows something (Access::account_allows) adds to the caller's identity policies.
const policy::CompiledPolicy* everything() {
  static const policy::CompiledPolicyPtr kPolicy =
      *policy::compile(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})",
                       policy::Kind::kIdentity);
  return kPolicy.get();
}

}  // namespace

Result<void> authorize(const Caller& caller, std::span<const Access> accesses, const Circumstances& how,
                       const directory::Snapshot& snapshot, Wording wording, std::string* facts) {
  if (accesses.empty()) return {};
  thread_local Scratch scratch;
  TRY_VOID(scratch.policies.gather(caller, snapshot));
  const policy::Principal principal = principal_of(caller, scratch.role_arn, scratch.user_arn);
  policy::Work work;  // of the whole request, however many accesses it needs

  for (const Access& access : accesses) {
    policy::Policies policies;
    policies.identity = scratch.policies.identity();
    if (access.account_allows) {
      scratch.with_account = scratch.policies.identity();
      scratch.with_account.push_back(everything());
      policies.identity = scratch.with_account;
    }
    policies.boundary = scratch.policies.boundary();
    policies.session = scratch.policies.session();
    policies.resource = access.resource_policy;
    policies.resource_kind = access.resource_kind;
    const policy::Request request{
        .principal = principal,
        .action = access.action,
        .resource = access.resource,
        .resource_account = access.owner.empty() ? principal.account : access.owner.view(),
        .context = &scratch.context.build(caller, access, how, snapshot),
    };
    const policy::Decision decision = policy::decide(policies, request, work);
    if (decision.allowed()) continue;
    if (facts != nullptr && caller.account != nullptr) {
      *facts = denial_facts(caller, access, decision, *request.context, snapshot);
    }
    return Error("AccessDenied", 403, denial(caller, access, decision, wording, snapshot));
  }
  return {};
}

}  // namespace deputy::authz
