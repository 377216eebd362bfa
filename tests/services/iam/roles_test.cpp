// Roles: docs/wire.md, 5.2 (messages), 5.4 (quotas), 5.6 (which member where).
#include "protocol/iam/attach_role_policy.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/delete_role.h"
#include "protocol/iam/delete_role_policy.h"
#include "protocol/iam/detach_role_policy.h"
#include "protocol/iam/get_role.h"
#include "protocol/iam/list_role_tags.h"
#include "protocol/iam/list_roles.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/iam/tag_role.h"
#include "protocol/iam/untag_role.h"
#include "protocol/iam/update_assume_role_policy.h"
#include "protocol/iam/update_role.h"
#include "protocol/iam/update_role_description.h"
#include "services/iam/quotas.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

using policy::Key;

constexpr const char* kReadOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";

class RolesTest : public testing::Test {
 protected:
  static shapes::CreateRole::Input named(const std::string& name) {
    return {.role_name = name, .assume_role_policy_document = kTrustsA};
  }
  void create(const std::string& name) { world.must<shapes::CreateRole>(named(name)); }
  shapes::Role get(const std::string& name) { return world.must<shapes::GetRole>({.role_name = name}).role; }

  World world;
};

TEST_F(RolesTest, CreateAnswersWhatWasGivenAndNoMore) {
  const auto made = world.must<shapes::CreateRole>(named("deploy")).role;
  EXPECT_EQ(made.path, "/");
  EXPECT_EQ(made.role_name, "deploy");
  EXPECT_EQ(made.arn, arn("role/deploy"));
  EXPECT_TRUE(made.role_id.starts_with("AROA"));
  EXPECT_EQ(made.role_id.size(), 21U);
  EXPECT_EQ(made.create_date, world.now);
  EXPECT_EQ(made.assume_role_policy_document, kTrustsA);
  EXPECT_FALSE(made.max_session_duration);
  EXPECT_FALSE(made.description);
  EXPECT_FALSE(made.tags);
  EXPECT_FALSE(made.permissions_boundary);
  EXPECT_FALSE(made.role_last_used);
}

TEST_F(RolesTest, CreateTakesEverything) {
  auto in = named("Deploy");
  in.path = "/ci/prod/";
  in.description = "Deploys";
  in.max_session_duration = 7200;
  in.permissions_boundary = kReadOnly;
  in.tags = {{"Team", "blue"}, {"Env", ""}};
  const auto made = world.must<shapes::CreateRole>(in).role;
  EXPECT_EQ(made.arn, arn("role/ci/prod/Deploy"));
  EXPECT_FALSE(made.description) << "given, and shown by GetRole alone";
  EXPECT_FALSE(made.max_session_duration) << "the same";
  ASSERT_TRUE(made.permissions_boundary);
  EXPECT_EQ(made.permissions_boundary->permissions_boundary_type, "Policy");
  EXPECT_EQ(made.permissions_boundary->permissions_boundary_arn, kReadOnly);
  ASSERT_TRUE(made.tags);
  EXPECT_EQ(made.tags->size(), 2U);

  const auto got = get("Deploy");
  EXPECT_EQ(got.role_id, made.role_id);
  EXPECT_EQ(got.max_session_duration, 7200);
  EXPECT_EQ(got.description, "Deploys");
  EXPECT_EQ(got.tags->at(0).value, "blue");
  EXPECT_EQ(got.permissions_boundary->permissions_boundary_arn, kReadOnly);
}

TEST_F(RolesTest, GetShowsTheDefaultDurationAndAnEmptyLastUse) {
  create("deploy");
  const auto got = get("deploy");
  EXPECT_EQ(got.max_session_duration, 3600);
  ASSERT_TRUE(got.role_last_used);
  EXPECT_FALSE(got.role_last_used->last_used_date);
  EXPECT_FALSE(got.role_last_used->region);
  EXPECT_FALSE(got.tags);
  EXPECT_FALSE(got.permissions_boundary);
}

TEST_F(RolesTest, GetShowsWhenTheRoleWasLastUsed) {
  create("deploy");
  world.usage.used(get("deploy").role_id, world.now, "eu-west-1", "");
  const auto use = get("deploy").role_last_used;
  EXPECT_EQ(use->last_used_date, world.now);
  EXPECT_EQ(use->region, "eu-west-1");
}

TEST_F(RolesTest, NamesAreUniqueWithoutRegardToCaseAndFoundOnlyAsWritten) {
  create("Deploy");
  EXPECT_TRUE(refused(world.call<shapes::CreateRole>(named("dePLOY")), "EntityAlreadyExists", 409,
                      "Role with name dePLOY already exists."));
  EXPECT_TRUE(
      missing(world.call<shapes::GetRole>({.role_name = "deploy"}), "The role with name deploy cannot be found."));
  EXPECT_TRUE(missing(world.call<shapes::GetRole>({.role_name = "Deploy"}, root(kB)),
                      "The role with name Deploy cannot be found."));
}

TEST_F(RolesTest, EveryOperationSaysThatARoleIsMissing) {
  const char* message = "The role with name nobody cannot be found.";
  const std::string name = "nobody";
  EXPECT_TRUE(missing(world.call<shapes::UpdateRole>({.role_name = name}), message));
  EXPECT_TRUE(missing(world.call<shapes::UpdateRoleDescription>({.role_name = name, .description = "x"}), message));
  EXPECT_TRUE(
      missing(world.call<shapes::UpdateAssumeRolePolicy>({.role_name = name, .policy_document = kTrustsA}), message));
  EXPECT_TRUE(missing(world.call<shapes::DeleteRole>({.role_name = name}), message));
  EXPECT_TRUE(missing(world.call<shapes::TagRole>({.role_name = name, .tags = {{"a", "b"}}}), message));
  EXPECT_TRUE(missing(world.call<shapes::UntagRole>({.role_name = name, .tag_keys = {"a"}}), message));
  EXPECT_TRUE(missing(world.call<shapes::ListRoleTags>({.role_name = name}), message));
}

TEST_F(RolesTest, PathsOfAwsAreRefused) {
  for (const char* path : {"/aws-service-role/ec2.amazonaws.com/", "/aws-reserved/sso.amazonaws.com/"}) {
    auto in = named("deploy");
    in.path = path;
    const auto made = world.call<shapes::CreateRole>(in);
    ASSERT_FALSE(made.ok()) << path;
    EXPECT_EQ(made.error().code(), "InvalidInput");
  }
}

TEST_F(RolesTest, ABoundaryIsAPolicyThatExists) {
  auto in = named("deploy");
  in.permissions_boundary = arn("role/deploy");
  EXPECT_TRUE(refused(world.call<shapes::CreateRole>(in), "InvalidInput", 400,
                      "ARN arn:aws:iam::111111111111:role/deploy is not valid."));
  in.permissions_boundary = arn("policy/nothing");
  EXPECT_TRUE(missing(world.call<shapes::CreateRole>(in),
                      "Scope ARN: arn:aws:iam::111111111111:policy/nothing does not exist or is not attachable."));
}

TEST_F(RolesTest, TheQuotaOfRolesHolds) {
  for (std::size_t i = 0; i < quotas::kRolesPerAccount.limit; ++i) create("role-" + std::to_string(i));
  EXPECT_TRUE(refused(world.call<shapes::CreateRole>(named("one-more")), "LimitExceeded", 409,
                      "Cannot exceed quota for RolesPerAccount: 1000"));
  world.must<shapes::CreateRole>(named("elsewhere"), root(kB));
}

TEST_F(RolesTest, ListIsOrderedPagedAndSaysLess) {
  for (const char* name : {"c", "A", "b", "d"}) {
    auto in = named(name);
    in.path = std::string(name) == "d" ? "/other/" : "/team/";
    in.description = "x";
    in.tags = {{"k", "v"}};
    in.permissions_boundary = kReadOnly;
    world.must<shapes::CreateRole>(in);
  }
  std::vector<std::string> names;
  std::optional<std::string> marker;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = world.must<shapes::ListRoles>({.path_prefix = "/team/", .marker = marker, .max_items = 2});
    for (const auto& role : page.roles) {
      names.push_back(role.role_name);
      EXPECT_EQ(role.max_session_duration, 3600);
      EXPECT_EQ(role.description, "x");
      EXPECT_EQ(role.assume_role_policy_document, kTrustsA);
      EXPECT_FALSE(role.tags);
      EXPECT_FALSE(role.permissions_boundary);
      EXPECT_FALSE(role.role_last_used);
    }
    EXPECT_EQ(page.is_truncated, page.marker.has_value());
    marker = page.marker;
    if (!marker) break;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"A", "b", "c"}));
  EXPECT_EQ(world.must<shapes::ListRoles>({}).roles.size(), 4U);
  EXPECT_TRUE(
      refused(world.call<shapes::ListRoles>({.marker = "nonsense"}), "ValidationError", 400, "Invalid Marker."));
}

TEST_F(RolesTest, UpdateChangesDescriptionAndDuration) {
  auto in = named("deploy");
  in.description = "old";
  in.max_session_duration = 7200;
  world.must<shapes::CreateRole>(in);
  world.must<shapes::UpdateRole>({.role_name = "deploy", .description = "new", .max_session_duration = 14400});
  EXPECT_EQ(get("deploy").description, "new");
  EXPECT_EQ(get("deploy").max_session_duration, 14400);
  world.must<shapes::UpdateRole>({.role_name = "deploy"});
  EXPECT_EQ(get("deploy").description, "new") << "left out: kept";
  EXPECT_EQ(get("deploy").max_session_duration, 14400) << "left out: kept too";
  world.must<shapes::UpdateRole>({.role_name = "deploy", .description = "newer"});
  EXPECT_EQ(get("deploy").max_session_duration, 14400);
}

TEST_F(RolesTest, UpdateDescriptionAnswersTheRole) {
  create("deploy");
  const auto role = world.must<shapes::UpdateRoleDescription>({.role_name = "deploy", .description = "new"}).role;
  ASSERT_TRUE(role);
  EXPECT_EQ(role->description, "new");
  EXPECT_FALSE(role->max_session_duration);
  EXPECT_EQ(get("deploy").description, "new");
}

TEST_F(RolesTest, DeleteAsksForWhatIsInTheWayInOrder) {
  create("deploy");
  world.must<shapes::AttachRolePolicy>({.role_name = "deploy", .policy_arn = kReadOnly});
  world.must<shapes::PutRolePolicy>({.role_name = "deploy", .policy_name = "p", .policy_document = kAllowAll});
  EXPECT_TRUE(refused(world.call<shapes::DeleteRole>({.role_name = "deploy"}), "DeleteConflict", 409,
                      "Cannot delete entity, must detach all policies first."));
  world.must<shapes::DetachRolePolicy>({.role_name = "deploy", .policy_arn = kReadOnly});
  EXPECT_TRUE(refused(world.call<shapes::DeleteRole>({.role_name = "deploy"}), "DeleteConflict", 409,
                      "Cannot delete entity, must delete policies first."));
  world.must<shapes::DeleteRolePolicy>({.role_name = "deploy", .policy_name = "p"});
  world.must<shapes::DeleteRole>({.role_name = "deploy"});
  EXPECT_TRUE(
      missing(world.call<shapes::GetRole>({.role_name = "deploy"}), "The role with name deploy cannot be found."));
}

TEST_F(RolesTest, TagsAreMergedWithoutRegardToCase) {
  create("deploy");
  world.must<shapes::TagRole>({.role_name = "deploy", .tags = {{"env", "dev"}, {"Team", "blue"}}});
  world.must<shapes::TagRole>({.role_name = "deploy", .tags = {{"Env", "prod"}}});
  const auto tags = *get("deploy").tags;
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].key, "Env");
  EXPECT_EQ(tags[0].value, "prod");
  world.must<shapes::UntagRole>({.role_name = "deploy", .tag_keys = {"TEAM", "absent"}});
  EXPECT_EQ(world.must<shapes::ListRoleTags>({.role_name = "deploy"}).tags.size(), 1U);
}

TEST_F(RolesTest, TagsAreRefusedInAwsWords) {
  create("deploy");
  const auto tag = [&](std::vector<shapes::Tag> tags) {
    return world.call<shapes::TagRole>({.role_name = "deploy", .tags = std::move(tags)});
  };
  EXPECT_TRUE(refused(tag({{"a", "1"}, {"A", "2"}}), "InvalidInput", 400,
                      "Duplicate tag keys found. Please note that Tag keys are case insensitive."));
  EXPECT_TRUE(
      refused(tag({{"aws:x", "1"}}), "InvalidInput", 400, "Tags with the aws: prefix cannot be added or removed"));
  std::vector<shapes::Tag> fifty;
  for (int i = 0; i < 50; ++i) fifty.push_back({"k" + std::to_string(i), "v"});
  EXPECT_TRUE(tag(fifty).ok());
  EXPECT_TRUE(
      refused(tag({{"one-more", "v"}}), "LimitExceeded", 409, "The number of tags has reached the maximum limit."));
}

TEST_F(RolesTest, AccessesNameTheRoleWithItsPathAndAMissingOneWithout) {
  auto in = named("deploy");
  in.path = "/ci/";
  in.tags = {{"Team", "blue"}};
  world.must<shapes::CreateRole>(in);
  const auto found = world.accesses<shapes::GetRole>({.role_name = "deploy"});
  EXPECT_EQ(found.at(0).resource, arn("role/ci/deploy"));
  ASSERT_NE(found.at(0).resource_tags, nullptr);
  EXPECT_EQ(found.at(0).resource_tags->at(0).value, "blue");
  EXPECT_EQ(world.accesses<shapes::GetRole>({.role_name = "nobody"}).at(0).resource, arn("role/nobody"));
  EXPECT_EQ(world.accesses<shapes::ListRoles>({.path_prefix = "/ci/"}).at(0).resource, arn("role/ci/"));
}

TEST_F(RolesTest, CreateAsksForTheBoundaryTheTagsAndTheirPermission) {
  auto in = named("deploy");
  in.path = "/ci/";
  in.permissions_boundary = kReadOnly;
  EXPECT_EQ(world.accesses<shapes::CreateRole>(in).size(), 1U);
  in.tags = {{"Team", "blue"}};
  const auto needs = world.accesses<shapes::CreateRole>(in);
  ASSERT_EQ(needs.size(), 2U);
  EXPECT_EQ(needs[0].action.name, "iam:CreateRole");
  EXPECT_EQ(needs[0].resource, arn("role/ci/deploy"));
  EXPECT_EQ(key(needs[0], Key::kPermissionsBoundary), kReadOnly);
  EXPECT_EQ(needs[0].request_tags.at(0).key, "Team");
  EXPECT_EQ(needs[1].action.name, "iam:TagRole");
  EXPECT_EQ(needs[1].request_tags.at(0).value, "blue");
}

TEST_F(RolesTest, WhoHasNoPermissionIsDeniedBeforeAnythingIsSaidAboutTheRole) {
  create("nosy");
  EXPECT_TRUE(refused(world.call<shapes::GetRole>({.role_name = "nobody"}, session("nosy")), "AccessDenied", 403,
                      "User: arn:aws:sts::111111111111:assumed-role/nosy/session is not authorized to perform: "
                      "iam:GetRole on resource: arn:aws:iam::111111111111:role/nobody because no identity-based policy "
                      "allows the iam:GetRole action"));
}

TEST_F(RolesTest, TwoWhoChangeOneRoleAtOnceDoNotBothSucceed) {
  create("deploy");
  const auto first = world.prepare<shapes::UpdateRole>({.role_name = "deploy", .description = "one"});
  const auto second = world.prepare<shapes::UpdateRole>({.role_name = "deploy", .description = "two"});
  EXPECT_TRUE(world.commit(first));
  EXPECT_FALSE(world.commit(second));
  const auto created = world.prepare<shapes::CreateRole>(named("twin"));
  const auto again = world.prepare<shapes::CreateRole>(named("TWIN"));
  EXPECT_TRUE(world.commit(created));
  EXPECT_FALSE(world.commit(again));
}

}  // namespace
}  // namespace deputy::iam
