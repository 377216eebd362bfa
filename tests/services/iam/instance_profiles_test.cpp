// Instance profiles: docs/wire.md, 5.2 (messages), 5.4 (quotas), 5.6 (which member where).
#include "protocol/iam/add_role_to_instance_profile.h"
#include "protocol/iam/create_instance_profile.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_instance_profile.h"
#include "protocol/iam/delete_role.h"
#include "protocol/iam/get_account_summary.h"
#include "protocol/iam/get_instance_profile.h"
#include "protocol/iam/list_instance_profile_tags.h"
#include "protocol/iam/list_instance_profiles.h"
#include "protocol/iam/list_instance_profiles_for_role.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/iam/remove_role_from_instance_profile.h"
#include "protocol/iam/tag_instance_profile.h"
#include "protocol/iam/untag_instance_profile.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

class InstanceProfilesTest : public testing::Test {
 protected:
  void create(const std::string& name, const std::string& path = "/") {
    world.must<shapes::CreateInstanceProfile>({.instance_profile_name = name, .path = path});
  }
  void create_role(const std::string& name) {
    world.must<shapes::CreateRole>({.role_name = name, .assume_role_policy_document = kTrustsA});
  }
  void add(const std::string& profile, const std::string& role) {
    world.must<shapes::AddRoleToInstanceProfile>({.instance_profile_name = profile, .role_name = role});
  }
  shapes::InstanceProfile get(const std::string& name) {
    return world.must<shapes::GetInstanceProfile>({.instance_profile_name = name}).instance_profile;
  }

  World world;
};

TEST_F(InstanceProfilesTest, CreateAnswersAnEmptyProfile) {
  const auto made = world
                        .must<shapes::CreateInstanceProfile>(
                            {.instance_profile_name = "web", .path = "/app/", .tags = {{"team", "red"}}})
                        .instance_profile;
  EXPECT_EQ(made.path, "/app/");
  EXPECT_EQ(made.instance_profile_name, "web");
  EXPECT_EQ(made.arn, arn("instance-profile/app/web"));
  EXPECT_TRUE(made.instance_profile_id.starts_with("AIPA"));
  EXPECT_EQ(made.instance_profile_id.size(), 21U);
  EXPECT_EQ(made.create_date, world.now);
  EXPECT_TRUE(made.roles.empty());
  ASSERT_TRUE(made.tags);
  EXPECT_EQ(made.tags->front().value, "red");
}

TEST_F(InstanceProfilesTest, NamesAreUniqueWhateverTheirCase) {
  create("web");
  EXPECT_TRUE(refused(world.call<shapes::CreateInstanceProfile>({.instance_profile_name = "WEB"}),
                      "EntityAlreadyExists", 409, "Instance Profile WEB already exists."));
}

TEST_F(InstanceProfilesTest, WhatIsMissingIsNamed) {
  create_role("app");
  const std::string missing_profile = "Instance Profile web cannot be found.";
  EXPECT_TRUE(missing(world.call<shapes::GetInstanceProfile>({.instance_profile_name = "web"}), missing_profile));
  EXPECT_TRUE(missing(world.call<shapes::DeleteInstanceProfile>({.instance_profile_name = "web"}), missing_profile));
  EXPECT_TRUE(
      missing(world.call<shapes::AddRoleToInstanceProfile>({.instance_profile_name = "web", .role_name = "app"}),
              missing_profile));
  create("web");
  EXPECT_TRUE(
      missing(world.call<shapes::AddRoleToInstanceProfile>({.instance_profile_name = "web", .role_name = "nobody"}),
              "The role with name nobody cannot be found."));
  EXPECT_TRUE(
      missing(world.call<shapes::RemoveRoleFromInstanceProfile>({.instance_profile_name = "web", .role_name = "app"}),
              "Role app in Instance Profile web cannot be found."));
}

TEST_F(InstanceProfilesTest, HoldsOneRole) {
  create("web");
  create_role("app");
  create_role("other");
  add("web", "app");
  const auto profile = get("web");
  ASSERT_EQ(profile.roles.size(), 1U);
  EXPECT_EQ(profile.roles[0].role_name, "app");
  EXPECT_EQ(profile.roles[0].arn, arn("role/app"));
  EXPECT_EQ(profile.roles[0].assume_role_policy_document, kTrustsA);
  EXPECT_FALSE(profile.roles[0].max_session_duration);
  ASSERT_TRUE(profile.tags) << "there, even if empty";
  for (const char* second : {"other", "app"}) {
    EXPECT_TRUE(
        refused(world.call<shapes::AddRoleToInstanceProfile>({.instance_profile_name = "web", .role_name = second}),
                "LimitExceeded", 409, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"));
  }
}

TEST_F(InstanceProfilesTest, ARoleInAProfileAndAProfileWithARoleCannotBeDeleted) {
  create("web");
  create_role("app");
  add("web", "app");
  const std::string first = "Cannot delete entity, must remove roles from instance profile first.";
  EXPECT_TRUE(refused(world.call<shapes::DeleteRole>({.role_name = "app"}), "DeleteConflict", 409, first));
  EXPECT_TRUE(refused(world.call<shapes::DeleteInstanceProfile>({.instance_profile_name = "web"}), "DeleteConflict",
                      409, first));
  world.must<shapes::RemoveRoleFromInstanceProfile>({.instance_profile_name = "web", .role_name = "app"});
  world.must<shapes::DeleteRole>({.role_name = "app"});
  world.must<shapes::DeleteInstanceProfile>({.instance_profile_name = "web"});
}

TEST_F(InstanceProfilesTest, DeletingARoleConflictsWithAddingIt) {
  create("web");
  create_role("app");
  const auto deletion = world.prepare<shapes::DeleteRole>({.role_name = "app"});
  add("web", "app");
  EXPECT_FALSE(world.commit(deletion));
}

TEST_F(InstanceProfilesTest, AddingARoleConflictsWithDeletingIt) {
  create("web");
  create_role("app");
  const auto addition =
      world.prepare<shapes::AddRoleToInstanceProfile>({.instance_profile_name = "web", .role_name = "app"});
  world.must<shapes::DeleteRole>({.role_name = "app"});
  EXPECT_FALSE(world.commit(addition));
}

TEST_F(InstanceProfilesTest, AddingARoleNeedsPermissionToPassItToEc2) {
  create("web");
  create_role("app");
  const auto needs =
      world.accesses<shapes::AddRoleToInstanceProfile>({.instance_profile_name = "web", .role_name = "app"});
  ASSERT_EQ(needs.size(), 2U);
  EXPECT_EQ(needs[0].action.name, "iam:AddRoleToInstanceProfile");
  EXPECT_EQ(needs[0].resource, arn("instance-profile/web"));
  EXPECT_EQ(needs[1].action.name, "iam:PassRole");
  EXPECT_EQ(needs[1].resource, arn("role/app"));
  EXPECT_EQ(key(needs[1], policy::Key::kPassedToService), "ec2.amazonaws.com");

  world.must<shapes::CreateUser>({.user_name = "dana"});
  const auto allow = [&](const std::string& statement) {
    world.must<shapes::PutUserPolicy>(
        {.user_name = "dana",
         .policy_name = "may",
         .policy_document = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":)"
                            R"("iam:AddRoleToInstanceProfile","Resource":"*"})" +
                            statement + "]}"});
  };
  const auto add_as_dana = [&] {
    return world.call<shapes::AddRoleToInstanceProfile>({.instance_profile_name = "web", .role_name = "app"},
                                                        user("dana"));
  };
  const std::string denied = "User: " + arn("user/dana") +
                             " is not authorized to perform: iam:PassRole on resource: " + arn("role/app") +
                             " because no identity-based policy allows the iam:PassRole action";
  allow("");
  EXPECT_TRUE(refused(add_as_dana(), "AccessDenied", 403, denied));
  const auto pass_to = [](const std::string& service) {
    return R"(,{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":)"
           R"({"iam:PassedToService":")" +
           service + R"("}}})";
  };
  allow(pass_to("lambda.amazonaws.com"));
  EXPECT_TRUE(refused(add_as_dana(), "AccessDenied", 403, denied));
  allow(pass_to("ec2.amazonaws.com"));
  EXPECT_TRUE(add_as_dana().ok());
}

TEST_F(InstanceProfilesTest, ListsByPathAndByRole) {
  create("b", "/app/");
  create("a", "/app/");
  create("c");
  create_role("app");
  add("a", "app");
  add("c", "app");
  const auto under = world.must<shapes::ListInstanceProfiles>({.path_prefix = "/app/"}).instance_profiles;
  ASSERT_EQ(under.size(), 2U);
  EXPECT_EQ(under[0].instance_profile_name, "a");
  EXPECT_EQ(under[0].roles.size(), 1U);
  EXPECT_FALSE(under[0].tags);
  const auto first = world.must<shapes::ListInstanceProfilesForRole>({.role_name = "app", .max_items = 1});
  ASSERT_EQ(first.instance_profiles.size(), 1U);
  EXPECT_TRUE(first.is_truncated);
  const auto rest = world.must<shapes::ListInstanceProfilesForRole>({.role_name = "app", .marker = first.marker});
  ASSERT_EQ(rest.instance_profiles.size(), 1U);
  EXPECT_EQ(rest.instance_profiles[0].instance_profile_name, "c");
  EXPECT_TRUE(missing(world.call<shapes::ListInstanceProfilesForRole>({.role_name = "nobody"}),
                      "The role with name nobody cannot be found."));
}

TEST_F(InstanceProfilesTest, TagsAreSetShownAndTaken) {
  create("web");
  world.must<shapes::TagInstanceProfile>({.instance_profile_name = "web", .tags = {{"a", "1"}, {"b", "2"}}});
  world.must<shapes::TagInstanceProfile>({.instance_profile_name = "web", .tags = {{"A", "3"}}});
  world.must<shapes::UntagInstanceProfile>({.instance_profile_name = "web", .tag_keys = {"a", "A", "B"}});
  const auto tags = world.must<shapes::ListInstanceProfileTags>({.instance_profile_name = "web"}).tags;
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_EQ(tags[0].key, "b");
}

TEST_F(InstanceProfilesTest, AreCountedInTheSummary) {
  create("web");
  const auto summary = world.must<shapes::GetAccountSummary>({}).summary_map;
  ASSERT_TRUE(summary);
  const auto row =
      std::find_if(summary->begin(), summary->end(), [](const auto& r) { return r.first == "InstanceProfiles"; });
  ASSERT_NE(row, summary->end());
  EXPECT_EQ(row->second, 1);
}

}  // namespace
}  // namespace deputy::iam
