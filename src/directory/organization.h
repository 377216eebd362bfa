// An organization of AWS Organizations as values: itself, the accounts in it, the invitations that it sent, and the
// accounts that it asked for. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_introduction.html
//
// That an account belongs to an organization is an entity of the account (Membership): so it belongs to one at most,
// and what changes in the organization does not touch its accounts.
//
// Which policies are attached to a place (the root, a unit, an account) stands in that place, in the order of attachment.
// Whoever makes something hang on an entity writes that entity too, unchanged: a unit that gets a child, a policy that
// is attached. So deleting it cannot race with that, and nothing dangles.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/account_id.h"
#include "base/time.h"
#include "base/unique_id.h"
#include "directory/entities.h"

namespace deputy::directory {

/// A service principal, and since when it may do what the list that it stands in says.
struct EnabledService {
  std::string principal;  // "iam.amazonaws.com"
  Time since;
};

/// The entry of a service in such a list; null if it has none.
const EnabledService* find_service(const std::vector<EnabledService>& services, std::string_view principal);

/// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html. The numbers are those of the
/// store.
enum class PolicyType : std::uint32_t {
  kServiceControl = 1,
  kResourceControl,
  kTag,
  kBackup,
  kAiServicesOptOut,
  kChatbot,
  kDeclarativeEc2,
  kSecurityHub,
  kInspector,
  kUpgradeRollout,
  kBedrock,
  kS3,
  kNetworkSecurityDirector,
  kSecurityHubCspm,
  kGuardDuty,
};
inline constexpr PolicyType kLastPolicyType = PolicyType::kGuardDuty;

/// "SERVICE_CONTROL_POLICY"
std::string_view name_of(PolicyType type);
std::optional<PolicyType> policy_type(std::string_view name);

/// A type that is on, and which time that is: what was attached before it was last turned off counts no more.
struct EnabledPolicyType {
  PolicyType type = PolicyType::kServiceControl;
  std::uint32_t generation = 0;
};

/// Policies of one type, attached to one place. A place without them, or with those of another generation, has what
/// AWS attaches everywhere when a type is turned on (attached()).
struct AttachedPolicies {
  PolicyType type = PolicyType::kServiceControl;
  std::uint32_t generation = 0;
  std::vector<std::string> policies;  // ids, in the order in which they were attached
  friend bool operator==(const AttachedPolicies&, const AttachedPolicies&) = default;
};

struct Organization {
  std::string id;    // o-…
  std::string root;  // r-…
  AccountId management;
  bool all_features = true;  // else only consolidated billing
  Time created;
  std::vector<EnabledService> trusted_services;  // "AWS service access", in the order in which it was enabled
  // Centralized root access, which IAM switches on (services/iam/organization_features.cpp):
  bool root_credentials_management = false;
  bool root_sessions = false;
  // The management account included. Written whenever one comes or goes, so that deleting the organization cannot race
  // with that.
  std::uint32_t accounts = 1;
  std::vector<EnabledPolicyType> policy_types;  // that are on, in the order in which they were turned on
  std::uint32_t generation = 0;                 // of the type that was turned on last
  std::vector<AttachedPolicies> attached;       // to the root
  Tags root_tags;
  Revision revision = 0;

  /// Null: the type is off.
  [[nodiscard]] const EnabledPolicyType* enabled(PolicyType type) const;

  [[nodiscard]] std::string arn() const;
  [[nodiscard]] std::string root_arn() const;
  /// Of an account in it.
  [[nodiscard]] std::string account_arn(const AccountId& account) const;
};

/// An account's place in an organization.
struct Membership {
  AccountId account;
  std::string organization;  // its id
  bool created = false;      // by the organization; else it was invited, or is the management account
  Time joined;
  std::vector<EnabledService> delegations;  // services for which it is a delegated administrator
  std::string unit;                         // that it is in; empty: in the root
  std::vector<AttachedPolicies> attached;   // to the account itself
  Tags tags;
  Revision revision = 0;

  [[nodiscard]] static std::string key_name() { return "organization"; }
};

/// An organizational unit. https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
struct OrganizationalUnit {
  std::string id;  // ou-<the root's>-…
  std::string organization;
  std::string parent;  // the id of a unit; empty: the root
  std::string name;    // unique in its parent
  std::vector<AttachedPolicies> attached;
  Tags tags;
  Revision revision = 0;

  /// "arn:aws:organizations::<management>:ou/o-…/ou-…": its place is not in it, as an account's is not
  [[nodiscard]] std::string arn(const AccountId& management) const;
  [[nodiscard]] std::string key_name() const { return id; }
};

/// A policy of an organization. https://docs.aws.amazon.com/organizations/latest/APIReference/API_Policy.html
struct OrganizationPolicy {
  std::string id;            // p-…
  std::string organization;  // empty: it is AWS's
  PolicyType type = PolicyType::kServiceControl;
  std::string name, description;  // the name is unique among those of its type
  // The document, in the one of these that is its type's: two types decide about requests.
  PolicyText service_control, resource_control;
  std::string other;
  Tags tags;
  Revision revision = 0;

  [[nodiscard]] const std::string& content() const;
  /// Null: it decides nothing.
  [[nodiscard]] const policy::CompiledPolicy* compiled() const;
  [[nodiscard]] bool is_aws() const { return organization.empty(); }
  /// "arn:aws:organizations::<management>:policy/o-…/service_control_policy/p-…"
  [[nodiscard]] std::string arn(const AccountId& management) const;
  [[nodiscard]] std::string key_name() const { return id; }
};

/// The resource policy of an organization, which lets members do a part of what is the management account's.
/// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
struct DelegationPolicy {
  std::string id;            // rp-…
  std::string organization;  // has one at most
  PolicyText document;       // users and roles in it by their ids (directory/principals.h)
  std::vector<ResolvedPrincipal> principals;
  Tags tags;
  Revision revision = 0;

  [[nodiscard]] std::string arn(const AccountId& management) const;
  [[nodiscard]] static std::string key_name() { return "organization"; }
};

/// AWS's policy that allows everything, which is attached everywhere when its type is turned on; null: the type has
/// none.
const std::shared_ptr<const OrganizationPolicy>& full_access(PolicyType type);

/// The ids of what is attached to a place, in the order of attachment: `recorded` is what the place says. Of a type that
/// is off: none.
const std::vector<std::string>& attached(const Organization& organization,
                                         const std::vector<AttachedPolicies>& recorded, PolicyType type);
/// Says so in the place.
void set_attached(const Organization& organization, std::vector<AttachedPolicies>& recorded, PolicyType type,
                  std::vector<std::string> policies);

/// An invitation of an account into an organization, or the move of an organization to all features.
/// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Handshake.html
struct Handshake {
  enum class State : std::uint32_t { kOpen = 1, kCanceled = 2, kAccepted = 3, kDeclined = 4 };
  enum class Action : std::uint32_t { kInvite = 1, kEnableAllFeatures = 2, kApproveAllFeatures = 3 };

  /// What one member that was invited says to all features: a handshake of its own to whoever sees it, and kept here, so
  /// that it is one write to ask all of them, and one to be done.
  struct Approval {
    std::string id;  // h-…
    AccountId account;
    State state = State::kOpen;
    Time ended;
  };

  std::string id;            // h-…
  std::string organization;  // whose it is
  std::string target;        // as it was named: an account id, or an email address
  bool by_email = false;     // `target` is the latter
  // Whom it invites: the account that had that id or email when it was sent, and no other that gets either later. Empty
  // in those from before this was kept.
  AccountId account;
  UniqueId generation;
  std::string notes;
  State state = State::kOpen;
  Time requested, expires;
  Time ended;  // when it left the state kOpen
  Tags tags;   // of the account, once it is a member
  Action action = Action::kInvite;
  std::vector<Approval> approvals;  // of kEnableAllFeatures
  Revision revision = 0;

  /// "arn:aws:organizations::<management>:handshake/o-…/invite/h-…"
  [[nodiscard]] std::string arn(const AccountId& management) const;
  [[nodiscard]] std::string key_name() const { return id; }
};

/// "INVITE"
std::string_view name_of(Handshake::Action action);

/// What became of a request for a new account.
struct AccountCreation {
  std::string id;            // car-…
  std::string organization;  // whose it is
  std::string name;          // of the account
  AccountId account;         // empty: it failed
  std::string failure;       // why: CreateAccountFailureReason; empty: it did not
  Time requested;            // and completed, as nothing here takes time
  Revision revision = 0;

  [[nodiscard]] std::string key_name() const { return id; }
};

}  // namespace deputy::directory
