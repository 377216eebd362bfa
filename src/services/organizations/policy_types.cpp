#include "services/organizations/policy_types.h"

#include <array>

namespace deputy::organizations {
namespace {

using directory::PolicyType;

// By number, the first being 1. Of the seven newest types no page tells the figures: they stand as those of most.
// Which service a type wants trusted access of is told of Security Hub alone.
constexpr std::array<PolicyTypeFacts, static_cast<std::size_t>(directory::kLastPolicyType)> kFacts = {{
    {.type = PolicyType::kServiceControl, .most_characters = 10'240, .least_attached = 1, .most_policies = 10'000},
    {.type = PolicyType::kResourceControl,
     .most_characters = 5'120,
     .most_attached = 5,
     .least_attached = 1,
     .most_policies = 2'000},
    {.type = PolicyType::kTag, .top_key = "tags"},
    {.type = PolicyType::kBackup, .top_key = "plans"},
    {.type = PolicyType::kAiServicesOptOut, .most_characters = 2'500, .most_attached = 5, .top_key = "services"},
    {.type = PolicyType::kChatbot, .most_attached = 5, .top_key = "chatbot"},
    {.type = PolicyType::kDeclarativeEc2, .top_key = "ec2_attributes"},
    {.type = PolicyType::kSecurityHub, .top_key = "securityhub", .service_principal = "securityhub.amazonaws.com"},
    {.type = PolicyType::kInspector, .top_key = "inspector"},
    {.type = PolicyType::kUpgradeRollout, .top_key = "upgrade_rollout"},
    {.type = PolicyType::kBedrock, .top_key = "bedrock"},
    {.type = PolicyType::kS3, .top_key = "s3_attributes"},
    {.type = PolicyType::kNetworkSecurityDirector, .top_key = "network_security_director"},
    {.type = PolicyType::kSecurityHubCspm, .top_key = "securityhub_cspm"},
    {.type = PolicyType::kGuardDuty, .top_key = "guardduty"},
}};

constexpr bool is_by_number() {
  for (std::size_t i = 0; i < kFacts.size(); ++i) {
    if (static_cast<std::size_t>(kFacts[i].type) != i + 1) return false;
  }
  return true;
}
static_assert(is_by_number());

}  // namespace

const PolicyTypeFacts& facts_of(PolicyType type) { return kFacts.at(static_cast<std::size_t>(type) - 1); }

}  // namespace deputy::organizations
