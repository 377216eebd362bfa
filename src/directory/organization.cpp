#include "directory/organization.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace deputy::directory {
namespace {

/// By number, the first being 1.
constexpr std::array<std::string_view, static_cast<std::size_t>(kLastPolicyType)> kPolicyTypes = {
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "SECURITYHUB_POLICY",
    "INSPECTOR_POLICY",
    "UPGRADE_ROLLOUT_POLICY",
    "BEDROCK_POLICY",
    "S3_POLICY",
    "NETWORK_SECURITY_DIRECTOR_POLICY",
    "SECURITYHUB_CSPM_POLICY",
    "GUARDDUTY_POLICY",
};

using SharedPolicy = std::shared_ptr<const OrganizationPolicy>;

SharedPolicy make_full_access(PolicyType type) {
  auto made = std::make_shared<OrganizationPolicy>();
  made->type = type;
  // As the API reference shows the first; of the second it is told that it has a principal besides.
  if (type == PolicyType::kServiceControl) {
    made->id = "p-FullAWSAccess";
    made->name = "FullAWSAccess";
    made->description = "Allows access to every operation";
    made->service_control = PolicyText::compiled_on_use(
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": "
        "\"*\",\n      \"Resource\": \"*\"\n    }\n  ]\n}",
        policy::Kind::kScp);
  } else {
    made->id = "p-RCPFullAWSAccess";
    made->name = "RCPFullAWSAccess";
    made->description = "Allows access to every resource";
    made->resource_control = PolicyText::compiled_on_use(
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      "
        "\"Principal\": "
        "\"*\",\n      \"Action\": \"*\",\n      \"Resource\": \"*\"\n    }\n  ]\n}",
        policy::Kind::kRcp);
  }
  return made;
}

}  // namespace

std::string_view name_of(PolicyType type) { return kPolicyTypes.at(static_cast<std::size_t>(type) - 1); }

std::optional<PolicyType> policy_type(std::string_view name) {
  const auto at = std::find(kPolicyTypes.begin(), kPolicyTypes.end(), name);
  if (at == kPolicyTypes.end()) return std::nullopt;
  return static_cast<PolicyType>(at - kPolicyTypes.begin() + 1);
}

std::string_view name_of(Handshake::Action action) {
  switch (action) {
    case Handshake::Action::kInvite:
      return "INVITE";
    case Handshake::Action::kEnableAllFeatures:
      return "ENABLE_ALL_FEATURES";
    case Handshake::Action::kApproveAllFeatures:
      return "APPROVE_ALL_FEATURES";
  }
  return {};
}

const EnabledService* find_service(const std::vector<EnabledService>& services, std::string_view principal) {
  const auto at =
      std::find_if(services.begin(), services.end(), [&](const auto& s) { return s.principal == principal; });
  return at == services.end() ? nullptr : &*at;
}

std::string Organization::arn() const {
  return fmt::format("arn:aws:organizations::{}:organization/{}", management.view(), id);
}
std::string Organization::root_arn() const {
  return fmt::format("arn:aws:organizations::{}:root/{}/{}", management.view(), id, root);
}
std::string Organization::account_arn(const AccountId& account) const {
  return fmt::format("arn:aws:organizations::{}:account/{}/{}", management.view(), id, account.view());
}

const EnabledPolicyType* Organization::enabled(PolicyType type) const {
  const auto at =
      std::find_if(policy_types.begin(), policy_types.end(), [&](const auto& on) { return on.type == type; });
  return at == policy_types.end() ? nullptr : &*at;
}

std::string OrganizationalUnit::arn(const AccountId& management) const {
  return fmt::format("arn:aws:organizations::{}:ou/{}/{}", management.view(), organization, id);
}

const std::string& OrganizationPolicy::content() const {
  switch (type) {
    case PolicyType::kServiceControl:
      return service_control.text();
    case PolicyType::kResourceControl:
      return resource_control.text();
    default:
      return other;
  }
}

const policy::CompiledPolicy* OrganizationPolicy::compiled() const {
  switch (type) {
    case PolicyType::kServiceControl:
      return service_control.compiled();
    case PolicyType::kResourceControl:
      return resource_control.compiled();
    default:
      return nullptr;
  }
}

std::string OrganizationPolicy::arn(const AccountId& management) const {
  const std::string kind = ascii_lower(name_of(type));
  if (is_aws()) return fmt::format("arn:aws:organizations::aws:policy/{}/{}", kind, id);
  return fmt::format("arn:aws:organizations::{}:policy/{}/{}/{}", management.view(), organization, kind, id);
}

std::string DelegationPolicy::arn(const AccountId& management) const {
  return fmt::format("arn:aws:organizations::{}:resourcepolicy/{}/{}", management.view(), organization, id);
}

const SharedPolicy& full_access(PolicyType type) {
  static const SharedPolicy kService = make_full_access(PolicyType::kServiceControl);
  static const SharedPolicy kResource = make_full_access(PolicyType::kResourceControl);
  static const SharedPolicy kNone;
  return type == PolicyType::kServiceControl ? kService : type == PolicyType::kResourceControl ? kResource : kNone;
}

const std::vector<std::string>& attached(const Organization& organization,
                                         const std::vector<AttachedPolicies>& recorded, PolicyType type) {
  using Ids = std::vector<std::string>;
  static const Ids kNothing, kServiceControl{full_access(PolicyType::kServiceControl)->id},
      kResourceControl{full_access(PolicyType::kResourceControl)->id};
  const EnabledPolicyType* on = organization.enabled(type);
  if (on == nullptr) return kNothing;
  for (const AttachedPolicies& each : recorded) {
    if (each.type == type && each.generation == on->generation) return each.policies;
  }
  return type == PolicyType::kServiceControl    ? kServiceControl
         : type == PolicyType::kResourceControl ? kResourceControl
                                                : kNothing;
}

void set_attached(const Organization& organization, std::vector<AttachedPolicies>& recorded, PolicyType type,
                  std::vector<std::string> policies) {
  const EnabledPolicyType* on = organization.enabled(type);
  std::erase_if(recorded, [&](const AttachedPolicies& each) {
    const EnabledPolicyType* current = organization.enabled(each.type);
    return each.type == type || current == nullptr || current->generation != each.generation;
  });
  if (on != nullptr) recorded.push_back({type, on->generation, std::move(policies)});
}

std::string Handshake::arn(const AccountId& management) const {
  return fmt::format("arn:aws:organizations::{}:handshake/{}/{}/{}", management.view(), organization,
                     ascii_lower(name_of(action)), id);
}

}  // namespace deputy::directory
