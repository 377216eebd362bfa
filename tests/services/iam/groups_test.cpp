// Groups and who is in them: docs/wire.md, 5.2, 5.4 and 5.6.
#include "protocol/iam/add_user_to_group.h"
#include "protocol/iam/attach_group_policy.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_group.h"
#include "protocol/iam/delete_group_policy.h"
#include "protocol/iam/detach_group_policy.h"
#include "protocol/iam/get_group.h"
#include "protocol/iam/get_user.h"
#include "protocol/iam/list_groups.h"
#include "protocol/iam/list_groups_for_user.h"
#include "protocol/iam/put_group_policy.h"
#include "protocol/iam/remove_user_from_group.h"
#include "protocol/iam/update_group.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr const char* kReadOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";

class GroupsTest : public testing::Test {
 protected:
  void create(const std::string& name) { world.must<shapes::CreateGroup>({.group_name = name}); }
  void create_user(const std::string& name) { world.must<shapes::CreateUser>({.user_name = name}); }
  void join(const std::string& group, const std::string& user) {
    world.must<shapes::AddUserToGroup>({.group_name = group, .user_name = user});
  }
  std::uint32_t members(const std::string& group) {
    return world.snapshot().group(*AccountId::parse(kA), group)->members;
  }
  testing::AssertionResult first(const std::string& what) {
    return refused(world.call<shapes::DeleteGroup>({.group_name = "devs"}), "DeleteConflict", 409,
                   "Cannot delete entity, must " + what + " first.");
  }

  World world;
};

TEST_F(GroupsTest, AGroupIsShownWithItsMembers) {
  const auto made = world.must<shapes::CreateGroup>({.path = "/x/", .group_name = "devs"}).group;
  EXPECT_EQ(made.arn, arn("group/x/devs"));
  EXPECT_EQ(made.group_id.substr(0, 4), "AGPA");
  EXPECT_EQ(made.group_id.size(), 21U);
  EXPECT_EQ(made.create_date, world.now);
  for (const char* name : {"zoe", "Adam", "bob"}) create_user(name);
  join("devs", "zoe");
  join("devs", "Adam");
  const auto got = world.must<shapes::GetGroup>({.group_name = "devs"});
  EXPECT_EQ(got.group.group_id, made.group_id);
  ASSERT_EQ(got.users.size(), 2U);
  EXPECT_EQ(got.users[0].user_name, "Adam");
  EXPECT_EQ(got.is_truncated, false);
  EXPECT_EQ(world.must<shapes::GetGroup>({.group_name = "devs", .max_items = 1}).is_truncated, true);
}

TEST_F(GroupsTest, EveryOperationMissesAGroupInTheSameWords) {
  constexpr const char* kMissing = "The group with name none cannot be found.";
  create_user("bob");
  EXPECT_TRUE(missing(world.call<shapes::GetGroup>({.group_name = "none"}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::UpdateGroup>({.group_name = "none"}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::DeleteGroup>({.group_name = "none"}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::AddUserToGroup>({.group_name = "none", .user_name = "bob"}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::RemoveUserFromGroup>({.group_name = "none", .user_name = "bob"}), kMissing));
}

TEST_F(GroupsTest, AMissingUserIsToldApartFromAMissingGroup) {
  constexpr const char* kMissing = "The user with name ghost cannot be found.";
  create("devs");
  EXPECT_TRUE(missing(world.call<shapes::AddUserToGroup>({.group_name = "devs", .user_name = "ghost"}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::RemoveUserFromGroup>({.group_name = "devs", .user_name = "ghost"}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::ListGroupsForUser>({.user_name = "ghost"}), kMissing));
}

TEST_F(GroupsTest, NamesAreTakenInEveryCase) {
  create("devs");
  create("ops");
  EXPECT_TRUE(refused(world.call<shapes::CreateGroup>({.group_name = "Devs"}), "EntityAlreadyExists", 409,
                      "Group with name Devs already exists."));
  EXPECT_TRUE(refused(world.call<shapes::UpdateGroup>({.group_name = "ops", .new_group_name = "DEVS"}),
                      "EntityAlreadyExists", 409, "Group with name DEVS already exists."));
  world.must<shapes::UpdateGroup>({.group_name = "devs", .new_group_name = "Devs"});
}

TEST_F(GroupsTest, JoiningAndLeavingTwiceChangesNothing) {
  create("devs");
  create_user("bob");
  world.must<shapes::RemoveUserFromGroup>({.group_name = "devs", .user_name = "bob"});
  EXPECT_EQ(members("devs"), 0U);
  join("devs", "bob");
  join("devs", "bob");
  EXPECT_EQ(members("devs"), 1U);
  EXPECT_EQ(world.must<shapes::ListGroupsForUser>({.user_name = "bob"}).groups.size(), 1U);
  world.must<shapes::RemoveUserFromGroup>({.group_name = "devs", .user_name = "bob"});
  EXPECT_EQ(members("devs"), 0U);
  EXPECT_TRUE(world.must<shapes::GetGroup>({.group_name = "devs"}).users.empty());
}

TEST_F(GroupsTest, TenGroupsAreTheMostForAUser) {
  create_user("bob");
  for (int i = 0; i < 11; ++i) create("g" + std::to_string(i));
  for (int i = 0; i < 10; ++i) join("g" + std::to_string(i), "bob");
  EXPECT_TRUE(refused(world.call<shapes::AddUserToGroup>({.group_name = "g10", .user_name = "bob"}), "LimitExceeded",
                      409, "Cannot exceed quota for GroupsPerUser: 10"));
  join("g3", "bob");  // is in it already
}

TEST_F(GroupsTest, ThreeHundredGroupsAreTheMostForAnAccount) {
  for (int i = 0; i < 300; ++i) create("g" + std::to_string(i));
  EXPECT_TRUE(refused(world.call<shapes::CreateGroup>({.group_name = "more"}), "LimitExceeded", 409,
                      "Cannot exceed quota for GroupsPerAccount: 300"));
}

TEST_F(GroupsTest, ARenamedGroupKeepsItsMembersAndTheirPermissions) {
  create("devs");
  create_user("bob");
  join("devs", "bob");
  world.must<shapes::PutGroupPolicy>({.group_name = "devs", .policy_name = "p", .policy_document = kAllowAll});
  world.must<shapes::UpdateGroup>({.group_name = "devs", .new_path = "/x/", .new_group_name = "makers"});
  const auto groups = world.must<shapes::ListGroupsForUser>({.user_name = "bob"}).groups;
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].arn, arn("group/x/makers"));
  EXPECT_TRUE(world.call<shapes::GetUser>({}, user("bob")).ok());
  world.must<shapes::RemoveUserFromGroup>({.group_name = "makers", .user_name = "bob"});
  EXPECT_FALSE(world.call<shapes::GetUser>({}, user("bob")).ok());
}

TEST_F(GroupsTest, AGroupIsDeletedWhenNothingHangsOnIt) {
  create("devs");
  create_user("bob");
  join("devs", "bob");
  world.must<shapes::AttachGroupPolicy>({.group_name = "devs", .policy_arn = kReadOnly});
  world.must<shapes::PutGroupPolicy>({.group_name = "devs", .policy_name = "p", .policy_document = kAllowAll});
  EXPECT_TRUE(first("remove users from group"));
  world.must<shapes::RemoveUserFromGroup>({.group_name = "devs", .user_name = "bob"});
  EXPECT_TRUE(first("detach all policies"));
  world.must<shapes::DetachGroupPolicy>({.group_name = "devs", .policy_arn = kReadOnly});
  EXPECT_TRUE(first("delete policies"));
  world.must<shapes::DeleteGroupPolicy>({.group_name = "devs", .policy_name = "p"});
  world.must<shapes::DeleteGroup>({.group_name = "devs"});
  EXPECT_TRUE(world.must<shapes::ListGroups>({}).groups.empty());
}

TEST_F(GroupsTest, DeletingLosesTheRaceAgainstANewMember) {
  create("devs");
  create_user("bob");
  const auto deleting = world.prepare<shapes::DeleteGroup>({.group_name = "devs"});
  const auto joining = world.prepare<shapes::AddUserToGroup>({.group_name = "devs", .user_name = "bob"});
  EXPECT_TRUE(world.commit(joining));
  EXPECT_FALSE(world.commit(deleting));
}

TEST_F(GroupsTest, AGroupMadeAgainIsAnotherGroup) {
  create("devs");
  create_user("bob");
  join("devs", "bob");
  world.must<shapes::RemoveUserFromGroup>({.group_name = "devs", .user_name = "bob"});
  world.must<shapes::DeleteGroup>({.group_name = "devs"});
  create("devs");
  EXPECT_TRUE(world.must<shapes::ListGroupsForUser>({.user_name = "bob"}).groups.empty());
}

TEST_F(GroupsTest, MembershipIsAskedForOnTheGroup) {
  world.must<shapes::CreateGroup>({.path = "/x/", .group_name = "devs"});
  const auto adding = world.accesses<shapes::AddUserToGroup>({.group_name = "devs", .user_name = "bob"});
  EXPECT_EQ(adding.at(0).action.name, "iam:AddUserToGroup");
  EXPECT_EQ(adding.at(0).resource, arn("group/x/devs"));
  EXPECT_EQ(world.accesses<shapes::GetGroup>({.group_name = "none"}).at(0).resource, arn("group/none"));
  EXPECT_EQ(world.accesses<shapes::ListGroups>({}).at(0).resource, arn("group/"));
  const auto moving = world.accesses<shapes::UpdateGroup>({.group_name = "devs", .new_path = "/y/"});
  ASSERT_EQ(moving.size(), 2U);
  EXPECT_EQ(moving[1].resource, arn("group/y/devs"));
}

}  // namespace
}  // namespace deputy::iam
