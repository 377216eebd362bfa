// Units and policies: what operations refuse, in which words, and that nothing dangles when two write at once.
#include "protocol/organizations/attach_policy.h"
#include "protocol/organizations/create_organizational_unit.h"
#include "protocol/organizations/create_policy.h"
#include "protocol/organizations/delete_organizational_unit.h"
#include "protocol/organizations/delete_policy.h"
#include "protocol/organizations/describe_policy.h"
#include "protocol/organizations/detach_policy.h"
#include "protocol/organizations/disable_policy_type.h"
#include "protocol/organizations/enable_policy_type.h"
#include "protocol/organizations/list_accounts_for_parent.h"
#include "protocol/organizations/list_children.h"
#include "protocol/organizations/list_parents.h"
#include "protocol/organizations/list_policies.h"
#include "protocol/organizations/list_policies_for_target.h"
#include "protocol/organizations/list_targets_for_policy.h"
#include "protocol/organizations/move_account.h"
#include "protocol/organizations/remove_account_from_organization.h"
#include "protocol/organizations/update_organizational_unit.h"
#include "protocol/organizations/update_policy.h"
#include "services/organizations/fixture.h"

namespace deputy::organizations {
namespace {

constexpr const char* kScp = "SERVICE_CONTROL_POLICY";
constexpr const char* kRcp = "RESOURCE_CONTROL_POLICY";
constexpr const char* kFull = "p-FullAWSAccess";
constexpr const char* kDeny =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:*","Resource":"*"}})";

class PoliciesTest : public OrganizationsTest {
 protected:
  PoliciesTest() { join(kB); }

  std::string root_id() { return organization().organization.root; }
  void enable(const char* type = kScp) { world.must<shapes::EnablePolicyType>({root_id(), type}); }
  std::string unit(const std::string& parent, const std::string& name = "unit") {
    return *world.must<shapes::CreateOrganizationalUnit>({parent, name, {}}).organizational_unit->id;
  }
  std::string policy(const std::string& name = "deny", const char* type = kScp) {
    return *world.must<shapes::CreatePolicy>({kDeny, "", name, type, {}}).policy->policy_summary->id;
  }
  void attach(const std::string& policy, const std::string& target) {
    world.must<shapes::AttachPolicy>({policy, target});
  }
  std::vector<std::string> attached_to(const std::string& target, const char* type = kScp) {
    std::vector<std::string> ids;
    const auto listed = world.must<shapes::ListPoliciesForTarget>({target, type, {}, {}});
    for (const auto& each : *listed.policies) ids.push_back(*each.id);
    return ids;
  }
  /// Every id that one entity says of another is that of an entity which is there.
  void expect_nothing_dangles() {
    expect_consistent();
    const auto& in = organization();
    const auto is_place = [&](const std::string& id) { return id.empty() || in.units.get(id) != nullptr; };
    const auto are_there = [&](const std::vector<directory::AttachedPolicies>& recorded) {
      for (const auto& on : in.organization.policy_types) {
        for (const std::string& id : attached(in.organization, recorded, on.type)) {
          EXPECT_NE(in.shared_policy(id), nullptr) << id;
        }
      }
    };
    are_there(in.organization.attached);
    in.units.each([&](const directory::OrganizationalUnit& unit) {
      EXPECT_TRUE(is_place(unit.parent));
      are_there(unit.attached);
    });
    in.members.each([&](const directory::Membership& member) {
      EXPECT_TRUE(is_place(member.unit));
      are_there(member.attached);
    });
  }
};

TEST_F(PoliciesTest, UnitsNestFiveDeepAndNoDeeper) {
  std::string parent = root_id();
  for (int depth = 0; depth < 5; ++depth) parent = unit(parent);
  EXPECT_TRUE(refused(world.call<shapes::CreateOrganizationalUnit>({parent, "deeper", {}}),
                      "ConstraintViolationException", 400,
                      "You cannot add an organizational unit to the specified parent because it would exceed the max "
                      "depth allowed."));
}

TEST_F(PoliciesTest, NamesOfUnitsAreUniqueInTheirParent) {
  const std::string first = unit(root_id(), "one"), second = unit(root_id(), "two");
  unit(first, "two");
  constexpr const char* kTaken = "DuplicateOrganizationalUnitException";
  constexpr const char* kWords = "An OU with the same name already exists.";
  EXPECT_TRUE(refused(world.call<shapes::CreateOrganizationalUnit>({root_id(), "one", {}}), kTaken, 400, kWords));
  EXPECT_TRUE(refused(world.call<shapes::UpdateOrganizationalUnit>({second, "one"}), kTaken, 400, kWords));
  EXPECT_EQ(*world.must<shapes::UpdateOrganizationalUnit>({second, "two"}).organizational_unit->name, "two");
  EXPECT_EQ(*world.must<shapes::UpdateOrganizationalUnit>({second, {}}).organizational_unit->name, "two");
  EXPECT_EQ(*world.must<shapes::UpdateOrganizationalUnit>({second, "three"}).organizational_unit->name, "three");
  unit(root_id(), "two");
}

TEST_F(PoliciesTest, AnAccountIsWhereItWasMoved) {
  const std::string here = unit(root_id());
  const auto source = [&](const std::string& account, const std::string& from, const std::string& to) {
    return world.call<shapes::MoveAccount>({account, from, to});
  };
  EXPECT_TRUE(refused(source("999999999999", root_id(), here), "AccountNotFoundException", 400,
                      "You specified an account that doesn't exist."));
  EXPECT_TRUE(refused(source(kB, "ou-ab12-11111111", here), "SourceParentNotFoundException", 400,
                      "We can't find a source root or OU with the ParentId that you specified."));
  EXPECT_TRUE(refused(source(kB, root_id(), "ou-ab12-11111111"), "DestinationParentNotFoundException", 400,
                      "We can't find the destination container (a root or OU) with the ParentId that you specified."));
  EXPECT_TRUE(refused(source(kB, root_id(), root_id()), "DuplicateAccountException", 400,
                      "That account is already present in the specified destination."));
  world.must<shapes::MoveAccount>({kB, root_id(), here});
  EXPECT_TRUE(refused(source(kB, root_id(), here), "AccountNotFoundException", 400,
                      "You specified an account that doesn't exist."));
  EXPECT_EQ(*world.must<shapes::ListParents>({kB, {}, {}}).parents->front().id, here);
  EXPECT_EQ(world.must<shapes::ListAccountsForParent>({here, {}, {}}).accounts->size(), 1U);
  EXPECT_EQ(world.must<shapes::ListChildren>({root_id(), "ACCOUNT", {}, {}}).children->size(), 1U);
  EXPECT_EQ(*world.must<shapes::ListChildren>({root_id(), "ORGANIZATIONAL_UNIT", {}, {}}).children->front().id, here);
  world.must<shapes::MoveAccount>({kB, here, root_id()});
  world.must<shapes::DeleteOrganizationalUnit>({here});
}

TEST_F(PoliciesTest, AUnitWithSomethingInItStays) {
  const std::string outer = unit(root_id()), inner = unit(outer);
  const auto is_refused = [&](const std::string& id) {
    return refused(world.call<shapes::DeleteOrganizationalUnit>({id}), "OrganizationalUnitNotEmptyException", 400,
                   "The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child "
                   "OUs, and try the operation again.");
  };
  EXPECT_TRUE(is_refused(outer));
  world.must<shapes::MoveAccount>({kB, root_id(), inner});
  EXPECT_TRUE(is_refused(inner));
  world.must<shapes::MoveAccount>({kB, inner, outer});
  world.must<shapes::DeleteOrganizationalUnit>({inner});
  EXPECT_TRUE(is_refused(outer));
  expect_nothing_dangles();
}

TEST_F(PoliciesTest, TypesAreTurnedOnAndOff) {
  EXPECT_TRUE(refused(world.call<shapes::AttachPolicy>({kFull, root_id()}), "PolicyTypeNotEnabledException", 400,
                      "This operation can be performed only for enabled policy types."));
  EXPECT_TRUE(attached_to(root_id()).empty());
  enable();
  EXPECT_TRUE(refused(world.call<shapes::EnablePolicyType>({root_id(), kScp}), "PolicyTypeAlreadyEnabledException", 400,
                      "The specified policy type is already enabled."));
  EXPECT_TRUE(refused(world.call<shapes::EnablePolicyType>({"r-zzzz", kScp}), "RootNotFoundException", 400,
                      "You specified a root that doesn't exist."));
  EXPECT_TRUE(refused(world.call<shapes::EnablePolicyType>({root_id(), "SECURITYHUB_POLICY"}),
                      "ConstraintViolationException", 400,
                      "You attempted to enable a policy type before you enabled service access. Call the "
                      "EnableAWSServiceAccess API first."));
  for (const std::string& target : {root_id(), unit(root_id()), std::string(kA), std::string(kB)}) {
    EXPECT_EQ(attached_to(target), std::vector<std::string>{kFull}) << target;
  }
  const std::string deny = policy();
  attach(deny, kB);
  EXPECT_EQ(attached_to(kB).size(), 2U);
  world.must<shapes::DisablePolicyType>({root_id(), kScp});
  EXPECT_TRUE(attached_to(kB).empty());
  EXPECT_TRUE(refused(world.call<shapes::DisablePolicyType>({root_id(), kScp}), "PolicyTypeNotEnabledException", 400,
                      "This operation can be performed only for enabled policy types."));
  enable();
  EXPECT_EQ(attached_to(kB), std::vector<std::string>{kFull});
  world.must<shapes::DeletePolicy>({deny});
  expect_nothing_dangles();
}

TEST_F(PoliciesTest, AttachingHasItsLimits) {
  enable();
  enable(kRcp);
  const std::string deny = policy();
  attach(deny, kB);
  EXPECT_TRUE(refused(world.call<shapes::AttachPolicy>({deny, kB}), "DuplicatePolicyAttachmentException", 400,
                      "A policy with the specified name and type already exists."));
  EXPECT_TRUE(refused(world.call<shapes::AttachPolicy>({"p-nothing0", kB}), "PolicyNotFoundException", 400,
                      "We can't find a policy with the PolicyId that you specified."));
  EXPECT_TRUE(refused(world.call<shapes::AttachPolicy>({deny, "999999999999"}), "TargetNotFoundException", 400,
                      "You specified a target that doesn't exist."));
  EXPECT_TRUE(refused(world.call<shapes::DetachPolicy>({deny, root_id()}), "PolicyNotAttachedException", 400,
                      "The policy isn't attached to the specified target in the specified root."));
  EXPECT_TRUE(refused(world.call<shapes::DetachPolicy>({"p-RCPFullAWSAccess", kB}), "InvalidInputException", 400,
                      "You can't detach this AWS managed policy."));
  for (int i = 0; i < 8; ++i) attach(policy("more" + std::to_string(i)), kB);
  EXPECT_TRUE(refused(world.call<shapes::AttachPolicy>({policy("last"), kB}), "ConstraintViolationException", 400,
                      "You have attached the maximum number of policies to the specified target."));
  world.must<shapes::DetachPolicy>({kFull, kB});
  EXPECT_TRUE(refused(world.call<shapes::DetachPolicy>({kFull, root_id()}), "ConstraintViolationException", 400,
                      "You cannot remove the last policy attached to the specified target. You must have at least one "
                      "attached at all times."));
  EXPECT_EQ(world.must<shapes::ListTargetsForPolicy>({deny, {}, {}}).targets->size(), 1U);
  EXPECT_TRUE(refused(world.call<shapes::DeletePolicy>({deny}), "PolicyInUseException", 400,
                      "The policy is attached to one or more entities. You must detach it from all roots, OUs, and "
                      "accounts before performing this operation."));
}

TEST_F(PoliciesTest, PoliciesAreNamedOnceAType) {
  const std::string deny = policy("deny");
  const std::string other = policy("other");
  constexpr const char* kTaken = "DuplicatePolicyException";
  constexpr const char* kWords = "A policy with the specified name and type already exists.";
  EXPECT_TRUE(refused(world.call<shapes::CreatePolicy>({kDeny, "", "deny", kScp, {}}), kTaken, 400, kWords));
  EXPECT_TRUE(refused(world.call<shapes::UpdatePolicy>({other, "deny", {}, {}}), kTaken, 400, kWords));
  EXPECT_EQ(*world.must<shapes::UpdatePolicy>({other, {}, "told", {}}).policy->policy_summary->description, "told");
  EXPECT_EQ(*world.must<shapes::UpdatePolicy>({other, {}, {}, {}}).policy->policy_summary->description, "told");
  EXPECT_TRUE(refused(world.call<shapes::CreatePolicy>({"{}", "", "new", kScp, {}}), "MalformedPolicyDocumentException",
                      400,
                      "The provided policy document does not meet the requirements of the specified policy type."));
  EXPECT_TRUE(refused(world.call<shapes::UpdatePolicy>({deny, {}, {}, "{}"}), "MalformedPolicyDocumentException", 400,
                      "The provided policy document does not meet the requirements of the specified policy type."));
  EXPECT_EQ(*world.must<shapes::DescribePolicy>({deny}).policy->content, kDeny);
  for (const char* aws : {kFull, "p-RCPFullAWSAccess"}) {
    EXPECT_TRUE(refused(world.call<shapes::UpdatePolicy>({aws, "mine", {}, {}}), "InvalidInputException", 400,
                        "You specified a policy that is managed by AWS and can't be modified."));
    EXPECT_TRUE(refused(world.call<shapes::DeletePolicy>({aws}), "InvalidInputException", 400,
                        "You specified a policy that is managed by AWS and can't be modified."));
  }
}

TEST_F(PoliciesTest, MembersSeeAndChangeNothing) {
  enable();
  const auto who = root(kB);
  constexpr const char* kWords = "You don't have permissions to access this resource.";
  EXPECT_TRUE(refused(world.call<shapes::ListPolicies>({kScp, {}, {}}, who), "AccessDenied", 400, kWords));
  EXPECT_TRUE(refused(world.call<shapes::AttachPolicy>({kFull, kB}, who), "AccessDenied", 400, kWords));
  EXPECT_TRUE(refused(world.call<shapes::DetachPolicy>({kFull, kB}, who), "AccessDenied", 400, kWords));
  EXPECT_TRUE(
      refused(world.call<shapes::CreateOrganizationalUnit>({root_id(), "x", {}}, who), "AccessDenied", 400, kWords));
}

/// Of two that contradict each other one is too late, whichever is first.
TEST_F(PoliciesTest, NothingDanglesWhenTwoWriteAtOnce) {
  enable();
  const std::string deny = policy(), empty = unit(root_id(), "empty");
  const auto race = [&](directory::Changes first, const directory::Changes& second, const char* what) {
    EXPECT_TRUE(world.commit(first)) << what;
    EXPECT_FALSE(world.commit(second)) << what;
    expect_nothing_dangles();
  };
  using shapes::AttachPolicy, shapes::DeletePolicy, shapes::MoveAccount, shapes::DeleteOrganizationalUnit;
  using shapes::CreateOrganizationalUnit, shapes::DetachPolicy, shapes::RemoveAccountFromOrganization;
  race(world.prepare<AttachPolicy>({deny, root_id()}), world.prepare<DeletePolicy>({deny}), "attach, delete");
  world.must<DetachPolicy>({deny, root_id()});
  race(world.prepare<MoveAccount>({kB, root_id(), empty}), world.prepare<DeleteOrganizationalUnit>({empty}),
       "move into, delete");
  race(world.prepare<AttachPolicy>({deny, kB}), world.prepare<MoveAccount>({kB, empty, root_id()}), "attach, move");
  race(world.prepare<MoveAccount>({kB, empty, root_id()}), world.prepare<DetachPolicy>({deny, kB}), "move, detach");
  race(world.prepare<CreateOrganizationalUnit>({empty, "child", {}}), world.prepare<DeleteOrganizationalUnit>({empty}),
       "child, delete");
  race(world.prepare<CreateOrganizationalUnit>({empty, "twin", {}}),
       world.prepare<CreateOrganizationalUnit>({empty, "twin", {}}), "twins");
  race(world.prepare<shapes::UpdateOrganizationalUnit>({empty, "same"}),
       world.prepare<CreateOrganizationalUnit>({root_id(), "same", {}}), "rename, create");
  race(world.prepare<shapes::CreatePolicy>({kDeny, "", "twin", kScp, {}}),
       world.prepare<shapes::CreatePolicy>({kDeny, "", "twin", kScp, {}}), "twin policies");
  race(world.prepare<RemoveAccountFromOrganization>({kB}), world.prepare<DetachPolicy>({deny, kB}), "leave, detach");
  const std::string last = unit(root_id(), "last");
  race(world.prepare<DeleteOrganizationalUnit>({last}), world.prepare<AttachPolicy>({deny, last}), "delete, attach");
}

}  // namespace
}  // namespace deputy::organizations
