// Service-linked roles: a service of AWS makes one for itself, with the trust and the policy that the service fixed.
// The account may make it, describe it, tag it and delete it; nothing else of it can be changed (UnmodifiableEntity,
// lookup.h). https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
#include <fmt/format.h>

#include "base/arn.h"
#include "base/json_writer.h"
#include "catalog/service_linked_roles.h"
#include "crypto/secret.h"
#include "protocol/iam/create_service_linked_role.h"
#include "protocol/iam/delete_service_linked_role.h"
#include "protocol/iam/get_service_linked_role_deletion_status.h"
#include "services/iam/answers.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/places.h"
#include "services/iam/table.h"
#include "services/iam/trust.h"

namespace deputy::iam {
namespace {

constexpr std::string_view kPathPrefix = "/aws-service-role/";

std::string path_of(std::string_view service) { return fmt::format("{}{}/", kPathPrefix, service); }

/// The service whose role this is; empty if it is nobody's.
std::string_view service_of(const Role& role) {
  std::string_view path = role.path;
  if (!path.starts_with(kPathPrefix)) return {};
  path.remove_prefix(kPathPrefix.size());
  return path.substr(0, path.find('/'));
}

std::string trust_of(std::string_view service) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object().key("Version").value("2012-10-17").key("Statement").begin_array().begin_object();
  writer.key("Effect").value("Allow");
  writer.key("Principal").begin_object().key("Service").value(service).end_object();
  writer.key("Action").value("sts:AssumeRole");
  writer.end_object().end_array().end_object();
  return json;
}

/// The name that the role of a request will have; that of an unknown service is only asked permission for.
std::string name_of(std::string_view service, const std::optional<std::string>& suffix) {
  const auto* known = catalog::service_linked_role(service);
  std::string name(known != nullptr ? known->role : std::string_view("AWSServiceRoleFor"));
  return suffix ? name + "_" + *suffix : name;
}

shapes::Role shown(const At& at, const Role& role) {
  shapes::Role out = identity_and_trust(at, role);
  if (!role.description.empty()) out.description = role.description;
  return out;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html
struct CreateServiceLinkedRole : shapes::CreateServiceLinkedRole {
  static Accesses access(const At& at, const Input& in) {
    Access access = on_new(action<"iam:CreateServiceLinkedRole">(), at, "role", path_of(in.aws_service_name),
                           name_of(in.aws_service_name, in.custom_suffix));
    access.keys.emplace_back(policy::Key::kIamAwsServiceName, in.aws_service_name);
    return {std::move(access)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    const auto* known = catalog::service_linked_role(in.aws_service_name);
    if (known == nullptr) return errors::service_linked_role_not_supported(in.aws_service_name);
    if (in.custom_suffix && !known->custom_suffix) return errors::custom_suffix_not_allowed(in.aws_service_name);
    const std::string name = name_of(in.aws_service_name, in.custom_suffix);
    if (is_taken(account.roles, name)) return errors::service_role_name_taken(name);
    if (account.roles.size() >= quotas::kRolesPerAccount.limit) return errors::limit_exceeded(quotas::kRolesPerAccount);

    TRY(Trust trust, resolve_trust(at.snapshot, trust_of(in.aws_service_name)));
    Role role;
    role.account = account.account.id;
    role.id = crypto::make_unique_id(at.entropy, "AROA");
    role.path = path_of(in.aws_service_name);
    role.name = name;
    role.description = in.description.value_or("");
    role.created = at.now;
    role.trust = std::move(trust.text);
    role.attached_policies.push_back(fmt::format("arn:aws:iam::aws:policy{}{}", kPathPrefix, known->policy));

    Outcome<Output> out{.output = {.role = shown(at, role)}};
    out.changes.create(role);
    guard_place(out.changes, at, account.roles.size(), quotas::kRolesPerAccount);
    return out;
  }
};

/// Deletion is a task in AWS: it asks the service whether the role is still needed. No service here keeps resources, so
/// the role is gone with the answer, and the id of the task proves itself instead of being remembered: 6 random bytes
/// and 10 of a MAC over what the task was for, in the form of a UUID.
class DeletionTask {
 public:
  static std::string begin(const At& at, const Role& role) {
    const std::string what = subject(service_of(role), role.name);
    return what + uuid(at, what, at.entropy.bytes(kRandomBytes));
  }
  /// Whether `begin` of this account, and not of one that had its number before, gave that id.
  static bool is_known(const At& at, std::string_view id) {
    const std::size_t slash = id.rfind('/');
    if (slash == std::string_view::npos) return false;
    const std::string_view what = id.substr(0, slash + 1), text = id.substr(slash + 1);
    if (text.size() != 36) return false;
    const auto random = unhex(std::string(text.substr(0, 8)) + std::string(text.substr(9, 4)));
    return random && crypto::constant_time_equal(uuid(at, what, *random), text);
  }

 private:
  static constexpr std::size_t kRandomBytes = 6;

  static std::string subject(std::string_view service, std::string_view role) {
    return fmt::format("task{}{}/{}/", kPathPrefix, service, role);
  }
  static std::string uuid(const At& at, std::string_view what, const std::string& random) {
    const directory::Account& account = at.caller.account->account;
    const std::string about =
        fmt::format("{} {} {} {}", account.id.view(), account.generation.str(), what, hex(random));
    return crypto::uuid_of(random + std::string(at.vault.mac(about, "deletion-task").view()));
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServiceLinkedRole.html
struct DeleteServiceLinkedRole : shapes::DeleteServiceLinkedRole {
  static Accesses access(const At& at, const Input& in) {
    return {on_role(action<"iam:DeleteServiceLinkedRole">(), at, in.role_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Role* role, find_role(at, in.role_name));
    if (service_of(*role).empty()) return errors::no_such_entity(Kind::kRole, in.role_name);
    Outcome<Output> out{.output = {.deletion_task_id = DeletionTask::begin(at, *role)}};
    out.changes.erase(*role);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLinkedRoleDeletionStatus.html
struct GetServiceLinkedRoleDeletionStatus : shapes::GetServiceLinkedRoleDeletionStatus {
  /// Asked on the role that the task is for; on all of them if the id names none.
  static Accesses access(const At& at, const Input& in) {
    constexpr std::string_view kTask = "task/";
    std::string_view what = in.deletion_task_id;
    const std::size_t slash = what.rfind('/');
    if (!what.starts_with(kTask) || slash < kTask.size()) what = "task/*/";
    what = what.substr(kTask.size(), what.rfind('/') - kTask.size());
    return {
        on_arn(action<"iam:GetServiceLinkedRoleDeletionStatus">(), iam_arn(at.caller.account_id(), "role", "/", what))};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    if (!DeletionTask::is_known(at, in.deletion_task_id)) return errors::no_such_deletion_task(in.deletion_task_id);
    return Outcome<Output>{{.status = "SUCCEEDED"}};
  }
};

}  // namespace

std::span<const Binding> service_linked_role_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateServiceLinkedRole>(),
      bind<DeleteServiceLinkedRole>(),
      bind<GetServiceLinkedRoleDeletionStatus>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
