// Users: docs/wire.md, 5.2 (refusals) and 5.6 (answers); docs/policy-evaluation.md, K-8 to K-11 (what is asked for).
#include "protocol/iam/add_user_to_group.h"
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_access_key.h"
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_policy.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_access_key.h"
#include "protocol/iam/delete_user.h"
#include "protocol/iam/delete_user_policy.h"
#include "protocol/iam/detach_user_policy.h"
#include "protocol/iam/get_user.h"
#include "protocol/iam/list_user_tags.h"
#include "protocol/iam/list_users.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/iam/remove_user_from_group.h"
#include "protocol/iam/tag_user.h"
#include "protocol/iam/untag_user.h"
#include "protocol/iam/update_user.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr const char* kReadOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";

class UsersTest : public testing::Test {
 protected:
  shapes::User create(const std::string& name, std::optional<std::string> path = std::nullopt) {
    return *world.must<shapes::CreateUser>({.path = std::move(path), .user_name = name}).user;
  }
  /// Lets a user do what a statement says, in JSON without the braces.
  void allow(const std::string& name, const std::string& statement) {
    world.must<shapes::PutUserPolicy>(
        {.user_name = name,
         .policy_name = "p",
         .policy_document = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)" + statement + "}]}"});
  }
  std::string create_policy(const std::string& name, const Who& who = {}) {
    return *world.must<shapes::CreatePolicy>({.policy_name = name, .policy_document = kAllowAll}, who).policy->arn;
  }
  const directory::ManagedPolicy& policy(const std::string& policy_arn) {
    return *world.snapshot().policy_by_arn(policy_arn);
  }

  World world;
};

TEST_F(UsersTest, ANewUserIsShownWithWhatWasGiven) {
  const auto bob = create("Bob");
  EXPECT_EQ(bob.path, "/");
  EXPECT_EQ(bob.user_name, "Bob");
  EXPECT_EQ(bob.user_id.size(), 21U);
  EXPECT_EQ(bob.user_id.substr(0, 4), "AIDA");
  EXPECT_EQ(bob.arn, arn("user/Bob"));
  EXPECT_EQ(bob.create_date, world.now);
  EXPECT_FALSE(bob.tags || bob.permissions_boundary || bob.password_last_used);

  const auto eve = *world
                        .must<shapes::CreateUser>({.path = "/dev/",
                                                   .user_name = "Eve",
                                                   .permissions_boundary = kReadOnly,
                                                   .tags = {{"Team", "a"}, {"Cost", "1"}}})
                        .user;
  EXPECT_EQ(eve.arn, arn("user/dev/Eve"));
  ASSERT_TRUE(eve.tags && eve.permissions_boundary);
  EXPECT_EQ(eve.tags->at(1).key, "Cost");
  EXPECT_EQ(eve.permissions_boundary->permissions_boundary_type, "Policy");
  EXPECT_EQ(eve.permissions_boundary->permissions_boundary_arn, kReadOnly);
  const auto got = world.must<shapes::GetUser>({.user_name = "Eve"}).user;
  EXPECT_EQ(got.user_id, eve.user_id);
  EXPECT_TRUE(got.tags && got.permissions_boundary);
}

TEST_F(UsersTest, ListsLeaveOutTagsAndBoundaries) {
  world.must<shapes::CreateUser>({.user_name = "Eve", .permissions_boundary = kReadOnly, .tags = {{"Team", "a"}}});
  const auto users = world.must<shapes::ListUsers>({}).users;
  ASSERT_EQ(users.size(), 1U);
  EXPECT_FALSE(users[0].tags || users[0].permissions_boundary);
}

TEST_F(UsersTest, ListsAreOrderedByNameAndCutByPathAndPage) {
  for (const char* name : {"c", "A", "b", "D"}) create(name, name[0] == 'b' ? "/x/y/" : "/x/");
  std::string seen;
  for (const auto& user : world.must<shapes::ListUsers>({.path_prefix = "/x/"}).users) seen += *user.user_name;
  EXPECT_EQ(seen, "AbcD");
  EXPECT_EQ(world.must<shapes::ListUsers>({.path_prefix = "/x/y/"}).users.size(), 1U);
  EXPECT_TRUE(world.must<shapes::ListUsers>({.path_prefix = "/z/"}).users.empty());

  const auto first = world.must<shapes::ListUsers>({.max_items = 3});
  EXPECT_EQ(first.is_truncated, true);
  const auto second = world.must<shapes::ListUsers>({.marker = first.marker, .max_items = 3});
  EXPECT_EQ(second.users.at(0).user_name, "D");
  EXPECT_EQ(second.is_truncated, false);
  EXPECT_TRUE(refused(world.call<shapes::ListUsers>({.marker = "AAAA"}), "ValidationError", 400, "Invalid Marker."));
}

TEST_F(UsersTest, NamesAreTakenInEveryCase) {
  create("Bob");
  EXPECT_TRUE(refused(world.call<shapes::CreateUser>({.user_name = "bOB"}), "EntityAlreadyExists", 409,
                      "User with name bOB already exists."));
  EXPECT_TRUE(world.call<shapes::CreateUser>({.user_name = "bob"}, root(kB)).ok()) << "in another account";
}

TEST_F(UsersTest, EveryOperationMissesAUserInTheSameWords) {
  constexpr const char* kMissing = "The user with name ghost cannot be found.";
  EXPECT_TRUE(missing(world.call<shapes::GetUser>({.user_name = "ghost"}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::UpdateUser>({.user_name = "ghost"}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::DeleteUser>({.user_name = "ghost"}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::TagUser>({.user_name = "ghost", .tags = {{"a", ""}}}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::UntagUser>({.user_name = "ghost", .tag_keys = {"a"}}), kMissing));
  EXPECT_TRUE(missing(world.call<shapes::ListUserTags>({.user_name = "ghost"}), kMissing));
}

TEST_F(UsersTest, WhoAsksForNobodyMeansHimself) {
  create("bob", "/dev/");
  allow("bob", R"("Action":"iam:GetUser","Resource":"arn:aws:iam::111111111111:user/dev/${aws:username}")");
  EXPECT_EQ(world.must<shapes::GetUser>({}, user("bob")).user.user_name, "bob");
}

TEST_F(UsersTest, RootIsShownAsTheAccount) {
  const auto shown = world.must<shapes::GetUser>({}).user;
  EXPECT_EQ(shown.user_id, kA);
  EXPECT_EQ(shown.arn, arn("root"));
  EXPECT_EQ(shown.create_date, world.now);
  EXPECT_FALSE(shown.path || shown.user_name);
}

TEST_F(UsersTest, ARoleHasToSayWhom) {
  world.must<shapes::CreateRole>({.role_name = "ops", .assume_role_policy_document = kTrustsA});
  EXPECT_TRUE(refused(world.call<shapes::GetUser>({}, session("ops")), "ValidationError", 400,
                      "Must specify userName when calling with non-User credentials"));
  EXPECT_TRUE(refused(world.call<shapes::CreateAccessKey>({}, session("ops")), "ValidationError", 400,
                      "Must specify userName when calling with non-User credentials"));
}

TEST_F(UsersTest, WithoutPermissionAMissingUserLooksLikeAnyOther) {
  create("bob");
  create("eve", "/dev/");
  const std::string start = "User: " + arn("user/bob") + " is not authorized to perform: iam:GetUser on resource: ";
  const std::string end = " because no identity-based policy allows the iam:GetUser action";
  EXPECT_TRUE(refused(world.call<shapes::GetUser>({.user_name = "eve"}, user("bob")), "AccessDenied", 403,
                      start + arn("user/dev/eve") + end));
  EXPECT_TRUE(refused(world.call<shapes::GetUser>({.user_name = "ghost"}, user("bob")), "AccessDenied", 403,
                      start + arn("user/ghost") + end));
  EXPECT_TRUE(refused(world.call<shapes::ListUsers>({}, user("bob")), "AccessDenied", 403,
                      "User: " + arn("user/bob") + " is not authorized to perform: iam:ListUsers on resource: " +
                          arn("user/") + " because no identity-based policy allows the iam:ListUsers action"));
}

TEST_F(UsersTest, ANewUserIsAskedForUnderItsPathAndItsTagsAreAPermissionOfTheirOwn) {
  const auto asked = world.accesses<shapes::CreateUser>(
      {.path = "/dev/", .user_name = "eve", .permissions_boundary = kReadOnly, .tags = {{"Team", "a"}}});
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].action.name, "iam:CreateUser");
  EXPECT_EQ(asked[0].resource, arn("user/dev/eve"));
  EXPECT_EQ(key(asked[0], policy::Key::kPermissionsBoundary), kReadOnly);
  EXPECT_EQ(asked[0].request_tags, (directory::Tags{{"Team", "a"}}));
  EXPECT_EQ(asked[1].action.name, "iam:TagUser");
  EXPECT_EQ(asked[1].resource, arn("user/dev/eve"));
  EXPECT_EQ(asked[1].request_tags, (directory::Tags{{"Team", "a"}}));
  EXPECT_EQ(world.accesses<shapes::CreateUser>({.user_name = "eve"}).size(), 1U);
}

TEST_F(UsersTest, CreatingWithTagsNeedsTheTagsAllowed) {
  create("admin");
  allow("admin", R"("Action":["iam:CreateUser","iam:TagUser"],"Resource":"*",
      "Condition":{"StringEquals":{"aws:RequestTag/Team":"a"},"ForAllValues:StringEquals":{"aws:TagKeys":["Team"]}})");
  const auto create_with = [&](std::vector<shapes::Tag> tags) {
    return world.call<shapes::CreateUser>({.user_name = "eve", .tags = std::move(tags)}, user("admin"));
  };
  EXPECT_FALSE(create_with({}).ok());
  EXPECT_FALSE(create_with({{"Team", "b"}}).ok());
  EXPECT_FALSE(create_with({{"Team", "a"}, {"Other", ""}}).ok());
  EXPECT_FALSE(create_with({{"team", "a"}}).ok()) << "the values of aws:TagKeys do not ignore case";
  EXPECT_TRUE(create_with({{"Team", "a"}}).ok());
}

TEST_F(UsersTest, OnlyWithTheBoundaryMayAUserBeCreated) {
  create("admin");
  allow("admin", R"("Action":["iam:CreateUser","iam:DeleteUser"],"Resource":"*","Condition":{"StringEquals":)"
                 R"({"iam:PermissionsBoundary":"arn:aws:iam::aws:policy/ReadOnlyAccess"}})");
  EXPECT_FALSE(world.call<shapes::CreateUser>({.user_name = "eve"}, user("admin")).ok());
  world.must<shapes::CreateUser>({.user_name = "eve", .permissions_boundary = kReadOnly}, user("admin"));
  create("bob");
  EXPECT_FALSE(world.call<shapes::DeleteUser>({.user_name = "bob"}, user("admin")).ok());
  EXPECT_TRUE(world.call<shapes::DeleteUser>({.user_name = "eve"}, user("admin")).ok());
}

TEST_F(UsersTest, ABoundaryIsAPolicyThatCanBeSeen) {
  const std::string foreign = create_policy("p", root(kB));
  const struct {
    std::string boundary, code;
    int status;
    std::string message;
  } kCases[] = {
      {"arn:aws:iam::111111111111:role/x", "InvalidInput", 400, "ARN arn:aws:iam::111111111111:role/x is not valid."},
      {"nothing like an ARN at all", "InvalidInput", 400, "ARN nothing like an ARN at all is not valid."},
      {arn("policy/none"), "NoSuchEntity", 404,
       "Scope ARN: " + arn("policy/none") + " does not exist or is not attachable."},
      {foreign, "NoSuchEntity", 404, "Scope ARN: " + foreign + " does not exist or is not attachable."},
  };
  for (const auto& c : kCases) {
    EXPECT_TRUE(refused(world.call<shapes::CreateUser>({.user_name = "u", .permissions_boundary = c.boundary}), c.code,
                        c.status, c.message));
  }
}

TEST_F(UsersTest, APolicyKnowsWhomItBounds) {
  const std::string bound = create_policy("bound");
  world.must<shapes::CreateUser>({.user_name = "a", .permissions_boundary = bound});
  world.must<shapes::CreateUser>({.user_name = "b", .permissions_boundary = bound});
  EXPECT_EQ(policy(bound).boundary_uses, 2U);
  world.must<shapes::DeleteUser>({.user_name = "a"});
  EXPECT_EQ(policy(bound).boundary_uses, 1U);
}

TEST_F(UsersTest, ARenamedUserKeepsItsIdAndItsKeysAndFreesTheName) {
  const auto before = create("bob");
  const auto key = world.must<shapes::CreateAccessKey>({.user_name = "bob"}).access_key;
  world.must<shapes::UpdateUser>({.user_name = "bob", .new_path = "/dev/", .new_user_name = "Robert"});
  EXPECT_TRUE(missing(world.call<shapes::GetUser>({.user_name = "bob"}), "The user with name bob cannot be found."));
  const auto after = world.must<shapes::GetUser>({.user_name = "Robert"}).user;
  EXPECT_EQ(after.user_id, before.user_id);
  EXPECT_EQ(after.arn, arn("user/dev/Robert"));
  ASSERT_TRUE(world.snapshot().access_key(key.access_key_id));
  EXPECT_EQ(world.snapshot().access_key(key.access_key_id)->user->name, "Robert");
  EXPECT_NE(create("bob").user_id, before.user_id);
}

TEST_F(UsersTest, ANameMayChangeItsCaseButNotTakeAnothersName) {
  create("bob");
  create("eve");
  world.must<shapes::UpdateUser>({.user_name = "bob", .new_user_name = "Bob"});
  EXPECT_TRUE(world.call<shapes::GetUser>({.user_name = "Bob"}).ok());
  EXPECT_TRUE(refused(world.call<shapes::UpdateUser>({.user_name = "Bob", .new_user_name = "EVE"}),
                      "EntityAlreadyExists", 409, "User with name EVE already exists."));
}

TEST_F(UsersTest, RenamingAsksForTheOldAndTheNewName) {
  create("bob", "/dev/");
  const auto asked =
      world.accesses<shapes::UpdateUser>({.user_name = "bob", .new_path = "/ops/", .new_user_name = "rob"});
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].resource, arn("user/dev/bob"));
  EXPECT_EQ(asked[1].resource, arn("user/ops/rob"));
  EXPECT_EQ(world.accesses<shapes::UpdateUser>({.user_name = "bob"}).size(), 1U);
  EXPECT_EQ(world.accesses<shapes::UpdateUser>({.user_name = "ghost", .new_user_name = "x"}).size(), 1U);
}

TEST_F(UsersTest, AUserIsDeletedWhenNothingHangsOnIt) {
  create("bob");
  world.must<shapes::CreateGroup>({.group_name = "devs"});
  world.must<shapes::AddUserToGroup>({.group_name = "devs", .user_name = "bob"});
  world.must<shapes::AttachUserPolicy>({.user_name = "bob", .policy_arn = kReadOnly});
  world.must<shapes::PutUserPolicy>({.user_name = "bob", .policy_name = "p", .policy_document = kAllowAll});
  const auto key = world.must<shapes::CreateAccessKey>({.user_name = "bob"}).access_key;
  const auto first = [&](std::string_view what) {
    return refused(world.call<shapes::DeleteUser>({.user_name = "bob"}), "DeleteConflict", 409,
                   "Cannot delete entity, must " + std::string(what) + " first.");
  };
  EXPECT_TRUE(first("detach all policies"));
  world.must<shapes::DetachUserPolicy>({.user_name = "bob", .policy_arn = kReadOnly});
  EXPECT_TRUE(first("delete policies"));
  world.must<shapes::DeleteUserPolicy>({.user_name = "bob", .policy_name = "p"});
  EXPECT_TRUE(first("remove users from group"));
  world.must<shapes::RemoveUserFromGroup>({.group_name = "devs", .user_name = "bob"});
  EXPECT_TRUE(first("delete access keys"));
  world.must<shapes::DeleteAccessKey>({.user_name = "bob", .access_key_id = key.access_key_id});
  world.must<shapes::DeleteUser>({.user_name = "bob"});
  EXPECT_EQ(world.snapshot().user(*AccountId::parse(kA), "bob"), nullptr);
}

TEST_F(UsersTest, DeletingLosesTheRaceAgainstANewKey) {
  create("bob");
  const auto deleting = world.prepare<shapes::DeleteUser>({.user_name = "bob"});
  world.must<shapes::CreateAccessKey>({.user_name = "bob"});
  EXPECT_FALSE(world.commit(deleting));
}

TEST_F(UsersTest, AreFoundByTheirNameInAnyCase) {
  world.must<shapes::CreateUser>({.path = "/team/", .user_name = "Bob"});
  EXPECT_EQ(world.must<shapes::GetUser>({.user_name = "BOB"}).user.user_name, "Bob");
  // What is asked permission for is the user's own name: a policy about it cannot be got around.
  for (const char* name : {"bob", "Bob", "BOB"}) {
    EXPECT_EQ(world.accesses<shapes::GetUser>({.user_name = name}).at(0).resource, arn("user/team/Bob")) << name;
    EXPECT_EQ(world.accesses<shapes::DeleteUser>({.user_name = name}).at(0).resource, arn("user/team/Bob")) << name;
  }
  EXPECT_TRUE(
      missing(world.call<shapes::GetUser>({.user_name = "bobby"}), "The user with name bobby cannot be found."));
  world.must<shapes::DeleteUser>({.user_name = "bOB"});
  EXPECT_TRUE(missing(world.call<shapes::GetUser>({.user_name = "Bob"}), "The user with name Bob cannot be found."));
}

TEST_F(UsersTest, OneNameIsCreatedOnceEvenInARace) {
  const auto one = world.prepare<shapes::CreateUser>({.user_name = "bob"});
  const auto two = world.prepare<shapes::CreateUser>({.user_name = "BOB"});
  EXPECT_TRUE(world.commit(one));
  EXPECT_FALSE(world.commit(two));
}

TEST_F(UsersTest, TagsAreSetReplacedListedByKeyAndRemoved) {
  create("bob");
  world.must<shapes::TagUser>({.user_name = "bob", .tags = {{"Team", "a"}, {"Cost", "1"}, {"env", "dev"}}});
  world.must<shapes::TagUser>({.user_name = "bob", .tags = {{"TEAM", "b"}}});
  const auto listed = world.must<shapes::ListUserTags>({.user_name = "bob"});
  std::string seen;
  for (const auto& tag : listed.tags) seen += tag.key + "=" + tag.value + " ";
  EXPECT_EQ(seen, "Cost=1 env=dev TEAM=b ");
  EXPECT_EQ(listed.is_truncated, false);
  world.must<shapes::UntagUser>({.user_name = "bob", .tag_keys = {"ENV", "none"}});
  EXPECT_EQ(world.must<shapes::ListUserTags>({.user_name = "bob"}).tags.size(), 2U);
  EXPECT_EQ(world.must<shapes::GetUser>({.user_name = "bob"}).user.tags->size(), 2U);
}

TEST_F(UsersTest, TaggingShowsConditionsTheOldTagsAndTheNewKeys) {
  create("bob");
  world.must<shapes::TagUser>({.user_name = "bob", .tags = {{"Team", "a"}}});
  const auto tagging = world.accesses<shapes::TagUser>({.user_name = "bob", .tags = {{"Env", "dev"}}});
  ASSERT_NE(tagging.at(0).resource_tags, nullptr);
  EXPECT_EQ(*tagging[0].resource_tags, (directory::Tags{{"Team", "a"}}));
  EXPECT_EQ(tagging[0].request_tags, (directory::Tags{{"Env", "dev"}}));
  const auto untagging = world.accesses<shapes::UntagUser>({.user_name = "bob", .tag_keys = {"Team"}});
  EXPECT_EQ(untagging.at(0).tag_keys, std::vector<std::string>{"Team"});
  EXPECT_TRUE(untagging[0].request_tags.empty());
}

TEST_F(UsersTest, AnAccountHoldsFiveThousand) {
  directory::Changes changes;
  for (int i = 0; i < 5000; ++i) {
    directory::User one;
    one.account = *AccountId::parse(kA);
    one.name = "u" + std::to_string(i);
    one.id = UniqueId("AIDA" + std::to_string(10'000'000'000'000'000 + i));
    one.path = "/";
    one.created = world.now;
    changes.create(one);
  }
  ASSERT_TRUE(world.commit(changes));
  EXPECT_TRUE(refused(world.call<shapes::CreateUser>({.user_name = "bob"}), "LimitExceeded", 409,
                      "Cannot exceed quota for UsersPerAccount: 5000"));
}

}  // namespace
}  // namespace deputy::iam
