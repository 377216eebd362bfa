#include "services/sts/assume_root.h"

#include "base/arn.h"
#include "services/sts/credentials.h"
#include "services/sts/errors.h"

namespace deputy::sts {

using directory::Session;
using services::Access;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

constexpr std::string_view kIam = "iam.amazonaws.com";
constexpr std::int32_t kSeconds = 900;  // the default, and the most

/// The member whose root is meant: by its id, or by the ARN of its root user.
Result<AccountId> account_of(std::string_view target) {
  const auto arn = Arn::split(target);
  const auto id = AccountId::parse(arn ? arn->account : target);
  if (!id || (arn && target != root_arn(*id))) {
    return errors::invalid(target);
  }
  return *id;
}

Error not_authorized(const At& at, const AccountId& target) {
  return errors::assume_root_denied(at.caller.arn, root_arn(target));
}

/// Whether the organization has switched on what this task needs: those about the root user's credentials are one
/// feature, those that unlock a resource the other.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
bool is_enabled(const directory::Organization& organization, std::string_view task) {
  constexpr std::string_view kTasks = "arn:aws:iam::aws:policy/root-task/";
  if (!task.starts_with(kTasks)) return false;
  task.remove_prefix(kTasks.size());
  if (task.starts_with("IAM")) return organization.root_credentials_management;
  return organization.root_sessions;
}

bool is_administrator(const directory::OrganizationState& in, const directory::Membership& member) {
  return in.is_management(member.account) || directory::find_service(member.delegations, kIam) != nullptr;
}

/// Whether the caller's account may do this task in that account.
bool may_assume(const At& at, const AccountId& target, std::string_view task) {
  const directory::OrganizationState* in = at.snapshot.organization_of(*at.caller.account);
  if (in == nullptr || !in->organization.all_features) return false;
  if (!is_administrator(*in, *at.caller.account->membership)) return false;
  if (directory::find_service(in->organization.trusted_services, kIam) == nullptr) return false;
  if (!is_enabled(in->organization, task) || at.snapshot.policy_by_arn(task) == nullptr) return false;
  const directory::AccountState* account = at.snapshot.account(target);
  if (account == nullptr || !account->is_open() || in->is_management(target)) return false;
  return in->members.get(target.view()) != nullptr;
}

}  // namespace

Result<Accesses> AssumeRoot::access(const At& at, const Input& in) {
  TRY(const AccountId target, account_of(in.target_principal));
  if (at.caller.kind == directory::Caller::Kind::kRoot) return not_authorized(at, target);
  // The organization is what trusts here, so the caller's side decides alone: no policy hangs on a root user.
  Access access{.action = policy::Action("sts:AssumeRoot"), .resource = root_arn(target), .owner = {}};
  access.keys.emplace_back(policy::Key::kResourceAccount, target.str());
  if (in.task_policy_arn.arn) access.keys.emplace_back(policy::Key::kTaskPolicyArn, *in.task_policy_arn.arn);
  return Accesses{std::move(access)};
}

Result<Outcome<AssumeRoot::Output>> AssumeRoot::execute(const At& at, const Input& in) {
  TRY(const AccountId target, account_of(in.target_principal));
  const std::string task = in.task_policy_arn.arn.value_or("");
  if (at.global_endpoint) {
    return errors::not_on_global_endpoint("AssumeRoot");
  }
  if (!may_assume(at, target, task)) return not_authorized(at, target);

  Session session;
  session.kind = Session::Kind::kAssumedRoot;
  session.account = target;
  session.issuer = at.snapshot.account(target)->account.generation;
  session.issuer_name = at.caller.account->membership->organization;
  session.issued = at.now;
  session.expires = at.now + std::chrono::seconds(in.duration_seconds.value_or(kSeconds));
  session.policy_arns = {task};
  session.mfa = false;
  if (at.caller.session) session.source_identity = at.caller.session->source_identity;

  Outcome<Output> out;
  if (!session.source_identity.empty()) out.output.source_identity = session.source_identity;
  TRY(Issued issued, issue(at, std::move(session), in.minimum_session_token_size));
  fill(out.output, std::move(issued));
  return out;
}

}  // namespace deputy::sts
