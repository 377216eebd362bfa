// Attach, detach and boundaries: docs/wire.md, 5.2 and 5.4; policy-evaluation.md, K-11 and L-19.
#include "protocol/iam/attach_group_policy.h"
#include "protocol/iam/attach_role_policy.h"
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_policy.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_policy.h"
#include "protocol/iam/delete_role.h"
#include "protocol/iam/delete_role_permissions_boundary.h"
#include "protocol/iam/delete_user.h"
#include "protocol/iam/delete_user_permissions_boundary.h"
#include "protocol/iam/detach_group_policy.h"
#include "protocol/iam/detach_role_policy.h"
#include "protocol/iam/detach_user_policy.h"
#include "protocol/iam/get_policy.h"
#include "protocol/iam/get_role.h"
#include "protocol/iam/get_user.h"
#include "protocol/iam/list_attached_group_policies.h"
#include "protocol/iam/list_attached_role_policies.h"
#include "protocol/iam/list_attached_user_policies.h"
#include "protocol/iam/list_entities_for_policy.h"
#include "protocol/iam/list_policies.h"
#include "protocol/iam/put_role_permissions_boundary.h"
#include "protocol/iam/put_user_permissions_boundary.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

const std::string kP = arn("policy/p");
const std::string kReadOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const std::string kServiceLinked = "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy";

struct OnUser {
  using Attach = shapes::AttachUserPolicy;
  using Detach = shapes::DetachUserPolicy;
  using List = shapes::ListAttachedUserPolicies;
  static constexpr std::string_view kKind = "user", kQuota = "PoliciesPerUser", kWord = "User";
  template <class Input>
  static Input of(Input in, const std::string& name) {
    in.user_name = name;
    return in;
  }
};
struct OnGroup {
  using Attach = shapes::AttachGroupPolicy;
  using Detach = shapes::DetachGroupPolicy;
  using List = shapes::ListAttachedGroupPolicies;
  static constexpr std::string_view kKind = "group", kQuota = "PoliciesPerGroup", kWord = "Group";
  template <class Input>
  static Input of(Input in, const std::string& name) {
    in.group_name = name;
    return in;
  }
};
struct OnRole {
  using Attach = shapes::AttachRolePolicy;
  using Detach = shapes::DetachRolePolicy;
  using List = shapes::ListAttachedRolePolicies;
  static constexpr std::string_view kKind = "role", kQuota = "PoliciesPerRole", kWord = "Role";
  template <class Input>
  static Input of(Input in, const std::string& name) {
    in.role_name = name;
    return in;
  }
};

/// Account A with a user, a group and a role, each called "owner", and the policy p.
class Populated : public testing::Test {
 protected:
  Populated() {
    world.must<shapes::CreateUser>({.user_name = "owner"});
    world.must<shapes::CreateGroup>({.group_name = "owner"});
    world.must<shapes::CreateRole>({.role_name = "owner", .assume_role_policy_document = kTrustsA});
    create("p");
  }
  void create(const std::string& name, const std::string& path = "/") {
    world.must<shapes::CreatePolicy>({.policy_name = name, .path = path, .policy_document = kAllowAll});
  }
  shapes::Policy get(const std::string& policy = kP) {
    return *world.must<shapes::GetPolicy>({.policy_arn = policy}).policy;
  }

  World world;
};

template <class Owner>
class AttachedPoliciesTest : public Populated {
 protected:
  auto attach(const std::string& policy, const std::string& owner = "owner") {
    typename Owner::Attach::Input in;
    in.policy_arn = policy;
    return world.call<typename Owner::Attach>(Owner::of(in, owner));
  }
  auto detach(const std::string& policy, const std::string& owner = "owner") {
    typename Owner::Detach::Input in;
    in.policy_arn = policy;
    return world.call<typename Owner::Detach>(Owner::of(in, owner));
  }
  std::vector<std::string> attached(std::optional<std::string> prefix = {}) {
    typename Owner::List::Input in;
    in.path_prefix = prefix;
    std::vector<std::string> names;
    const auto listed = world.must<typename Owner::List>(Owner::of(in, "owner"));
    for (const auto& policy : *listed.attached_policies) {
      EXPECT_TRUE(policy.policy_arn->ends_with("/" + *policy.policy_name));
      names.push_back(*policy.policy_name);
    }
    return names;
  }
};
using Owners = testing::Types<OnUser, OnGroup, OnRole>;
TYPED_TEST_SUITE(AttachedPoliciesTest, Owners);

TYPED_TEST(AttachedPoliciesTest, AttachCountsOnceAndDetachTakesBack) {
  ASSERT_TRUE(this->attach(kP).ok());
  ASSERT_TRUE(this->attach(kP).ok()) << "again: nothing happens";
  EXPECT_EQ(this->get().attachment_count, 1);
  EXPECT_EQ(this->attached(), std::vector<std::string>{"p"});
  ASSERT_TRUE(this->detach(kP).ok());
  EXPECT_EQ(this->get().attachment_count, 0);
  EXPECT_TRUE(this->attached().empty());
  EXPECT_TRUE(missing(this->detach(kP), "Policy " + kP + " was not found."));
}

TYPED_TEST(AttachedPoliciesTest, PoliciesOfAwsAreCountedPerAccount) {
  ASSERT_TRUE(this->attach(kReadOnly).ok());
  EXPECT_EQ(this->get(kReadOnly).attachment_count, 1);
  EXPECT_EQ(this->world.template must<shapes::GetPolicy>({.policy_arn = kReadOnly}, root(kB)).policy->attachment_count,
            0);
  ASSERT_TRUE(this->detach(kReadOnly).ok());
  EXPECT_EQ(this->get(kReadOnly).attachment_count, 0);
}

TYPED_TEST(AttachedPoliciesTest, WhatIsMissingIsNamedInAwsWords) {
  const std::string ghost = "The " + std::string(TypeParam::kKind) + " with name ghost cannot be found.";
  EXPECT_TRUE(missing(this->attach(kP, "ghost"), ghost));
  EXPECT_TRUE(missing(this->detach(kP, "ghost"), ghost));
  const std::string none = arn("policy/none");
  EXPECT_TRUE(missing(this->attach(none), "Policy " + none + " does not exist or is not attachable."));
  EXPECT_TRUE(missing(this->detach(none), "Policy " + none + " was not found."));
  const std::string foreign = arn("policy/p", kB);
  EXPECT_TRUE(missing(this->attach(foreign), "Policy " + foreign + " does not exist or is not attachable."));
  const std::string unknown = "arn:aws:iam::aws:policy/NoSuchAccess";
  EXPECT_TRUE(missing(this->attach(unknown), "Policy " + unknown + " does not exist or is not attachable."));
  const std::string wrong = arn("user/somebody");
  EXPECT_TRUE(refused(this->attach(wrong), "ValidationError", 400, "ARN " + wrong + " is not valid."));
  EXPECT_TRUE(refused(this->detach(wrong), "ValidationError", 400, "ARN " + wrong + " is not valid."));
}

TYPED_TEST(AttachedPoliciesTest, WhatOnlyAwsAttachesIsRefused) {
  EXPECT_TRUE(refused(this->attach(kServiceLinked), "PolicyNotAttachable", 400,
                      "Cannot attach a Service Role Policy to a Customer " + std::string(TypeParam::kWord) + "."));
}

TYPED_TEST(AttachedPoliciesTest, TenAreTheMost) {
  for (int i = 0; i < 10; ++i) {
    this->create("policy-" + std::to_string(i));
    ASSERT_TRUE(this->attach(arn("policy/policy-" + std::to_string(i))).ok());
  }
  EXPECT_TRUE(refused(this->attach(kP), "LimitExceeded", 409,
                      "Cannot exceed quota for " + std::string(TypeParam::kQuota) + ": 10"));
  EXPECT_TRUE(this->attach(arn("policy/policy-3")).ok()) << "it is there already";
}

TYPED_TEST(AttachedPoliciesTest, ListsUnderAPath) {
  this->create("teamwork", "/team/");
  ASSERT_TRUE(this->attach(arn("policy/team/teamwork")).ok());
  ASSERT_TRUE(this->attach(kP).ok());
  EXPECT_EQ(this->attached().size(), 2U);
  EXPECT_EQ(this->attached("/team/"), std::vector<std::string>{"teamwork"});
}

TYPED_TEST(AttachedPoliciesTest, AnAttachedPolicyCannotBeDeleted) {
  ASSERT_TRUE(this->attach(kP).ok());
  EXPECT_TRUE(refused(this->world.template call<shapes::DeletePolicy>({.policy_arn = kP}), "DeleteConflict", 409,
                      "Cannot delete a policy attached to entities."));
}

TYPED_TEST(AttachedPoliciesTest, AttachingAndDeletingAtOnceDoNotBothSucceed) {
  typename TypeParam::Attach::Input in;
  in.policy_arn = kP;
  in = TypeParam::of(in, "owner");
  auto attaching = this->world.template prepare<typename TypeParam::Attach>(in);
  auto deleting = this->world.template prepare<shapes::DeletePolicy>({.policy_arn = kP});
  EXPECT_TRUE(this->world.commit(attaching));
  EXPECT_FALSE(this->world.commit(deleting));

  ASSERT_TRUE(this->detach(kP).ok());
  attaching = this->world.template prepare<typename TypeParam::Attach>(in);
  deleting = this->world.template prepare<shapes::DeletePolicy>({.policy_arn = kP});
  EXPECT_TRUE(this->world.commit(deleting));
  EXPECT_FALSE(this->world.commit(attaching));
}

TYPED_TEST(AttachedPoliciesTest, ThePolicyIsAConditionKey) {
  typename TypeParam::Attach::Input attach;
  attach.policy_arn = kP;
  typename TypeParam::Detach::Input detach;
  detach.policy_arn = kReadOnly;
  const auto attaching =
      this->world.template accesses<typename TypeParam::Attach>(TypeParam::of(attach, "owner")).at(0);
  const auto detaching =
      this->world.template accesses<typename TypeParam::Detach>(TypeParam::of(detach, "owner")).at(0);
  EXPECT_EQ(key(attaching, policy::Key::kPolicyArn), kP);
  EXPECT_EQ(key(detaching, policy::Key::kPolicyArn), kReadOnly);
  EXPECT_EQ(attaching.resource, arn(std::string(TypeParam::kKind) + "/owner"));
}

using BoundariesTest = Populated;

TEST_F(BoundariesTest, PutReplacesAndDeleteRemovesWithTheCount) {
  create("q");
  world.must<shapes::PutUserPermissionsBoundary>({.user_name = "owner", .permissions_boundary = kP});
  world.must<shapes::PutRolePermissionsBoundary>({.role_name = "owner", .permissions_boundary = kP});
  EXPECT_EQ(get().permissions_boundary_usage_count, 2);
  EXPECT_EQ(get().attachment_count, 0);
  EXPECT_TRUE(refused(world.call<shapes::DeletePolicy>({.policy_arn = kP}), "DeleteConflict", 409,
                      "Cannot delete a policy attached to entities."));
  world.must<shapes::PutUserPermissionsBoundary>({.user_name = "owner", .permissions_boundary = arn("policy/q")});
  EXPECT_EQ(get().permissions_boundary_usage_count, 1);
  EXPECT_EQ(get(arn("policy/q")).permissions_boundary_usage_count, 1);
  const auto shown = world.must<shapes::GetUser>({.user_name = "owner"}).user.permissions_boundary;
  EXPECT_EQ(shown->permissions_boundary_arn, arn("policy/q"));
  world.must<shapes::DeleteUserPermissionsBoundary>({.user_name = "owner"});
  world.must<shapes::DeleteRolePermissionsBoundary>({.role_name = "owner"});
  EXPECT_EQ(get().permissions_boundary_usage_count, 0);
  EXPECT_EQ(get(arn("policy/q")).permissions_boundary_usage_count, 0);
  EXPECT_FALSE(world.must<shapes::GetUser>({.user_name = "owner"}).user.permissions_boundary);
  EXPECT_FALSE(world.must<shapes::GetRole>({.role_name = "owner"}).role.permissions_boundary);
}

TEST_F(BoundariesTest, WhoIsDeletedGivesTheirBoundaryBack) {
  world.must<shapes::PutUserPermissionsBoundary>({.user_name = "owner", .permissions_boundary = kP});
  world.must<shapes::PutRolePermissionsBoundary>({.role_name = "owner", .permissions_boundary = kP});
  world.must<shapes::DeleteUser>({.user_name = "owner"});
  world.must<shapes::DeleteRole>({.role_name = "owner"});
  EXPECT_EQ(get().permissions_boundary_usage_count, 0);
  world.must<shapes::DeletePolicy>({.policy_arn = kP});
}

TEST_F(BoundariesTest, RefusesWhatCannotBeOne) {
  const auto put = [&](const std::string& policy) {
    return world.call<shapes::PutRolePermissionsBoundary>({.role_name = "owner", .permissions_boundary = policy});
  };
  EXPECT_TRUE(refused(put(arn("role/owner")), "InvalidInput", 400, "ARN " + arn("role/owner") + " is not valid."));
  EXPECT_TRUE(
      missing(put(arn("policy/none")), "Scope ARN: " + arn("policy/none") + " does not exist or is not attachable."));
  EXPECT_TRUE(
      missing(world.call<shapes::PutUserPermissionsBoundary>({.user_name = "ghost", .permissions_boundary = kP}),
              "The user with name ghost cannot be found."));
  EXPECT_TRUE(missing(world.call<shapes::DeleteRolePermissionsBoundary>({.role_name = "ghost"}),
                      "The role with name ghost cannot be found."));
}

TEST_F(BoundariesTest, TheConditionKeyIsTheRequestedOneOrTheOneThatHangsThere) {
  using policy::Key;
  const auto put =
      world.accesses<shapes::PutUserPermissionsBoundary>({.user_name = "owner", .permissions_boundary = kReadOnly});
  EXPECT_EQ(key(put.at(0), Key::kPermissionsBoundary), kReadOnly);
  const auto attach = [&] {
    return world.accesses<shapes::AttachUserPolicy>({.user_name = "owner", .policy_arn = kP}).at(0);
  };
  EXPECT_EQ(key(attach(), Key::kPermissionsBoundary), "");
  world.must<shapes::PutUserPermissionsBoundary>({.user_name = "owner", .permissions_boundary = kP});
  EXPECT_EQ(key(attach(), Key::kPermissionsBoundary), kP);
  const auto removal = world.accesses<shapes::DeleteUserPermissionsBoundary>({.user_name = "owner"});
  EXPECT_EQ(key(removal.at(0), Key::kPermissionsBoundary), kP);
}

TEST_F(BoundariesTest, ABoundaryLimitsFromTheNextRequestOn) {
  world.must<shapes::AttachUserPolicy>({.user_name = "owner", .policy_arn = kP});
  EXPECT_TRUE(world.call<shapes::CreateGroup>({.group_name = "g"}, user("owner")).ok());
  world.must<shapes::PutUserPermissionsBoundary>({.user_name = "owner", .permissions_boundary = kReadOnly});
  EXPECT_TRUE(refused(world.call<shapes::CreateGroup>({.group_name = "h"}, user("owner")), "AccessDenied", 403,
                      "User: arn:aws:iam::111111111111:user/owner is not authorized to perform: iam:CreateGroup on "
                      "resource: arn:aws:iam::111111111111:group/h because no permissions boundary allows the "
                      "iam:CreateGroup action"));
  EXPECT_TRUE(world.call<shapes::ListPolicies>({}, user("owner")).ok());
}

using EntitiesForPolicyTest = Populated;

TEST_F(EntitiesForPolicyTest, ListsGroupsUsersAndRolesWithFilters) {
  world.must<shapes::AttachUserPolicy>({.user_name = "owner", .policy_arn = kP});
  world.must<shapes::AttachGroupPolicy>({.group_name = "owner", .policy_arn = kP});
  world.must<shapes::PutRolePermissionsBoundary>({.role_name = "owner", .permissions_boundary = kP});
  world.must<shapes::CreateUser>({.path = "/team/", .user_name = "alice", .permissions_boundary = kP});

  const auto count = [&](shapes::ListEntitiesForPolicy::Input in) {
    in.policy_arn = kP;
    const auto out = world.must<shapes::ListEntitiesForPolicy>(in);
    return std::array{out.policy_groups->size(), out.policy_users->size(), out.policy_roles->size()};
  };
  using Counts = std::array<std::size_t, 3>;
  EXPECT_EQ(count({}), (Counts{1, 2, 1}));
  EXPECT_EQ(count({.entity_filter = "User"}), (Counts{0, 2, 0}));
  EXPECT_EQ(count({.path_prefix = "/team/"}), (Counts{0, 1, 0}));
  EXPECT_EQ(count({.policy_usage_filter = "PermissionsPolicy"}), (Counts{1, 1, 0}));
  EXPECT_EQ(count({.policy_usage_filter = "PermissionsBoundary"}), (Counts{0, 1, 1}));

  const auto first = world.must<shapes::ListEntitiesForPolicy>({.policy_arn = kP, .max_items = 3});
  EXPECT_EQ(first.is_truncated, true);
  EXPECT_EQ(first.policy_groups->at(0).group_name, "owner");
  EXPECT_TRUE(first.policy_roles->at(0).role_id->starts_with("AROA"));
  const auto rest =
      world.must<shapes::ListEntitiesForPolicy>({.policy_arn = kP, .marker = first.marker, .max_items = 3});
  EXPECT_EQ(rest.policy_users->at(0).user_name, "owner");
  EXPECT_EQ(rest.is_truncated, false);
}

}  // namespace
}  // namespace deputy::iam
