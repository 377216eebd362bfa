// Customer managed policies and their versions: docs/wire.md, 5.2, 5.4 and 5.6; policy-evaluation.md, L-16 and W-12.
#include "protocol/iam/attach_user_policy.h"
#include "protocol/iam/create_policy.h"
#include "protocol/iam/create_policy_version.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_policy.h"
#include "protocol/iam/delete_policy_version.h"
#include "protocol/iam/get_policy.h"
#include "protocol/iam/get_policy_version.h"
#include "protocol/iam/list_entities_for_policy.h"
#include "protocol/iam/list_policies.h"
#include "protocol/iam/list_policy_tags.h"
#include "protocol/iam/list_policy_versions.h"
#include "protocol/iam/set_default_policy_version.h"
#include "protocol/iam/tag_policy.h"
#include "protocol/iam/untag_policy.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

constexpr const char* kDenyAll =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]})";
const std::string kP = arn("policy/p");
const std::string kNone = arn("policy/none");
const std::string kNoneFound = "Policy " + kNone + " was not found.";
const std::string kReadOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";

class ManagedPoliciesTest : public testing::Test {
 protected:
  void create(const std::string& name = "p") {
    world.must<shapes::CreatePolicy>({.policy_name = name, .policy_document = kAllowAll});
  }
  std::string add_version(bool as_default = false, const char* document = kDenyAll) {
    return *world
                .must<shapes::CreatePolicyVersion>(
                    {.policy_arn = kP, .policy_document = document, .set_as_default = as_default})
                .policy_version->version_id;
  }
  shapes::Policy get(const std::string& policy = kP) {
    return *world.must<shapes::GetPolicy>({.policy_arn = policy}).policy;
  }
  std::vector<std::string> names(const shapes::ListPolicies::Input& in) {
    std::vector<std::string> found;
    const auto listed = world.must<shapes::ListPolicies>(in);
    for (const auto& policy : *listed.policies) found.push_back(*policy.policy_name);
    return found;
  }

  World world;
};

TEST_F(ManagedPoliciesTest, CreateAnswersWithoutDescription) {
  const auto made = *world
                         .must<shapes::CreatePolicy>({.policy_name = "p",
                                                      .path = "/team/",
                                                      .policy_document = kAllowAll,
                                                      .description = "All",
                                                      .tags = {{"Team", "blue"}}})
                         .policy;
  EXPECT_EQ(made.policy_name, "p");
  EXPECT_EQ(made.arn, arn("policy/team/p"));
  EXPECT_EQ(made.path, "/team/");
  EXPECT_TRUE(made.policy_id->starts_with("ANPA"));
  EXPECT_EQ(made.default_version_id, "v1");
  EXPECT_EQ(made.attachment_count, 0);
  EXPECT_EQ(made.permissions_boundary_usage_count, 0);
  EXPECT_EQ(made.is_attachable, true);
  EXPECT_EQ(made.create_date, world.now);
  EXPECT_EQ(made.update_date, made.create_date);
  EXPECT_FALSE(made.description);
  EXPECT_EQ(made.tags->at(0).value, "blue");

  const auto got = get(arn("policy/team/p"));
  EXPECT_EQ(got.description, "All");
  EXPECT_EQ(got.tags->size(), 1U);
}

TEST_F(ManagedPoliciesTest, TagsAreAbsentInCreateAndEmptyInGet) {
  EXPECT_FALSE(
      world.must<shapes::CreatePolicy>({.policy_name = "p", .policy_document = kAllowAll}).policy->tags.has_value());
  ASSERT_TRUE(get().tags.has_value());
  EXPECT_TRUE(get().tags->empty());
}

TEST_F(ManagedPoliciesTest, NamesAreUniqueWithoutRegardToCaseOrPath) {
  create();
  EXPECT_TRUE(
      refused(world.call<shapes::CreatePolicy>({.policy_name = "P", .path = "/x/", .policy_document = kAllowAll}),
              "EntityAlreadyExists", 409, "A policy called P already exists. Duplicate names are not allowed."));
  world.must<shapes::CreatePolicy>({.policy_name = "p", .policy_document = kAllowAll}, root(kB));
}

TEST_F(ManagedPoliciesTest, TheDocumentMustBeOfTheNewVersion) {
  for (const char* document :
       {R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})",
        R"({"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})"}) {
    EXPECT_TRUE(refused(world.call<shapes::CreatePolicy>({.policy_name = "p", .policy_document = document}),
                        "MalformedPolicyDocument", 400, "Policy document must be version 2012-10-17 or greater."));
  }
}

TEST_F(ManagedPoliciesTest, TheSizeCountsWithoutWhiteSpace) {
  const std::string blanks(9000, ' ');
  const auto sized = [](std::size_t bytes) {
    const std::string head =
        R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::)";
    return head + std::string(bytes - head.size() - 3, 'b') + "\"}}";
  };
  EXPECT_TRUE(world.call<shapes::CreatePolicy>({.policy_name = "fits", .policy_document = sized(6144) + blanks}).ok());
  EXPECT_TRUE(refused(world.call<shapes::CreatePolicy>({.policy_name = "p", .policy_document = sized(6145)}),
                      "LimitExceeded", 409, "Cannot exceed quota for PolicySize: 6144"));
  create();
  EXPECT_TRUE(refused(world.call<shapes::CreatePolicyVersion>({.policy_arn = kP, .policy_document = sized(6145)}),
                      "LimitExceeded", 409, "Cannot exceed quota for PolicySize: 6144"));
}

TEST_F(ManagedPoliciesTest, EveryOperationSaysThatAPolicyIsMissing) {
  EXPECT_TRUE(missing(world.call<shapes::GetPolicy>({.policy_arn = kNone}), kNoneFound));
  EXPECT_TRUE(missing(world.call<shapes::DeletePolicy>({.policy_arn = kNone}), kNoneFound));
  EXPECT_TRUE(missing(world.call<shapes::CreatePolicyVersion>({.policy_arn = kNone, .policy_document = kAllowAll}),
                      kNoneFound));
  EXPECT_TRUE(missing(world.call<shapes::GetPolicyVersion>({.policy_arn = kNone, .version_id = "v1"}),
                      "Policy " + std::string(kNone) + " version v1 does not exist or is not attachable."));
  EXPECT_TRUE(missing(world.call<shapes::ListPolicyVersions>({.policy_arn = kNone}), kNoneFound));
  EXPECT_TRUE(missing(world.call<shapes::DeletePolicyVersion>({.policy_arn = kNone, .version_id = "v1"}), kNoneFound));
  EXPECT_TRUE(
      missing(world.call<shapes::SetDefaultPolicyVersion>({.policy_arn = kNone, .version_id = "v1"}), kNoneFound));
  EXPECT_TRUE(missing(world.call<shapes::TagPolicy>({.policy_arn = kNone, .tags = {{"a", "b"}}}), kNoneFound));
  EXPECT_TRUE(missing(world.call<shapes::UntagPolicy>({.policy_arn = kNone, .tag_keys = {"a"}}), kNoneFound));
  EXPECT_TRUE(missing(world.call<shapes::ListPolicyTags>({.policy_arn = kNone}), kNoneFound));
  EXPECT_TRUE(missing(world.call<shapes::ListEntitiesForPolicy>({.policy_arn = kNone}), kNoneFound));
}

TEST_F(ManagedPoliciesTest, APolicyOfAnotherAccountCannotBeSeen) {
  create();
  EXPECT_TRUE(missing(world.call<shapes::GetPolicy>({.policy_arn = kP}, root(kB)), "Policy " + kP + " was not found."));
}

TEST_F(ManagedPoliciesTest, TheArnMustBeThatOfAPolicy) {
  for (const std::string& text : {arn("role/deploy"), std::string("arn:aws:iam::1:policy/p"),
                                  std::string("arn:aws:s3:::some-bucket"), std::string("something of enough length")}) {
    EXPECT_TRUE(refused(world.call<shapes::GetPolicy>({.policy_arn = text}), "ValidationError", 400,
                        "ARN " + text + " is not valid."));
  }
}

TEST_F(ManagedPoliciesTest, VersionsAreNumberedWithoutReuse) {
  create();
  EXPECT_EQ(add_version(), "v2");
  EXPECT_EQ(add_version(), "v3");
  world.must<shapes::DeletePolicyVersion>({.policy_arn = kP, .version_id = "v3"});
  EXPECT_EQ(add_version(), "v4");
  std::vector<std::string> ids;
  const auto listed = world.must<shapes::ListPolicyVersions>({.policy_arn = kP});
  for (const auto& version : *listed.versions) {
    ids.push_back(*version.version_id);
    EXPECT_FALSE(version.document) << "only GetPolicyVersion shows it";
    EXPECT_EQ(version.is_default_version, version.version_id == "v1");
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"v4", "v2", "v1"}));
}

TEST_F(ManagedPoliciesTest, ANewVersionIsDefaultOnlyIfAsked) {
  create();
  world.now += std::chrono::seconds(60);
  add_version(false);
  EXPECT_EQ(get().default_version_id, "v1");
  EXPECT_EQ(get().update_date, world.now) << "a new version changes the date";
  add_version(true);
  EXPECT_EQ(get().default_version_id, "v3");
  world.must<shapes::SetDefaultPolicyVersion>({.policy_arn = kP, .version_id = "v2"});
  EXPECT_EQ(get().default_version_id, "v2");
}

TEST_F(ManagedPoliciesTest, GetVersionShowsTheDocumentAsItWasSent) {
  const std::string spaced = kAllowAll + std::string(" \n");
  world.must<shapes::CreatePolicy>({.policy_name = "p", .policy_document = spaced});
  const auto version = *world.must<shapes::GetPolicyVersion>({.policy_arn = kP, .version_id = "v1"}).policy_version;
  EXPECT_EQ(version.document, spaced);
  EXPECT_EQ(version.version_id, "v1");
  EXPECT_EQ(version.is_default_version, true);
  EXPECT_EQ(version.create_date, world.now);
}

TEST_F(ManagedPoliciesTest, FiveVersionsAreTheMost) {
  create();
  for (int i = 0; i < 4; ++i) add_version();
  EXPECT_TRUE(refused(world.call<shapes::CreatePolicyVersion>({.policy_arn = kP, .policy_document = kAllowAll}),
                      "LimitExceeded", 409,
                      "A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
                      "existing version."));
}

TEST_F(ManagedPoliciesTest, AMissingVersionIsNamed) {
  create();
  for (const char* id : {"v2", "v01", "v1.0"}) {
    const std::string message =
        "Policy " + kP + " version " + std::string(id) + " does not exist or is not attachable.";
    EXPECT_TRUE(missing(world.call<shapes::GetPolicyVersion>({.policy_arn = kP, .version_id = id}), message));
    EXPECT_TRUE(missing(world.call<shapes::DeletePolicyVersion>({.policy_arn = kP, .version_id = id}), message));
    EXPECT_TRUE(missing(world.call<shapes::SetDefaultPolicyVersion>({.policy_arn = kP, .version_id = id}), message));
  }
}

TEST_F(ManagedPoliciesTest, TheDefaultVersionCannotBeDeleted) {
  create();
  EXPECT_TRUE(refused(world.call<shapes::DeletePolicyVersion>({.policy_arn = kP, .version_id = "v1"}), "DeleteConflict",
                      409, "Cannot delete the default version of a policy."));
}

TEST_F(ManagedPoliciesTest, DeleteWantsOneVersion) {
  create();
  add_version();
  EXPECT_TRUE(refused(world.call<shapes::DeletePolicy>({.policy_arn = kP}), "DeleteConflict", 409,
                      "This policy has more than one version. Before you delete a policy, you must delete the policy's "
                      "versions. The default version is deleted with the policy."));
  world.must<shapes::DeletePolicyVersion>({.policy_arn = kP, .version_id = "v2"});
  world.must<shapes::DeletePolicy>({.policy_arn = kP});
  EXPECT_TRUE(missing(world.call<shapes::GetPolicy>({.policy_arn = kP}), "Policy " + kP + " was not found."));
}

TEST_F(ManagedPoliciesTest, OnlyTheDefaultVersionCounts) {
  create();
  world.must<shapes::CreateUser>({.user_name = "alice"});
  world.must<shapes::AttachUserPolicy>({.user_name = "alice", .policy_arn = kP});
  add_version(false, kDenyAll);
  EXPECT_TRUE(world.call<shapes::ListPolicies>({}, user("alice")).ok());
  world.must<shapes::SetDefaultPolicyVersion>({.policy_arn = kP, .version_id = "v2"});
  EXPECT_FALSE(world.call<shapes::ListPolicies>({}, user("alice")).ok());
}

TEST_F(ManagedPoliciesTest, ListFiltersByScopePathAndUse) {
  create("one");
  world.must<shapes::CreatePolicy>({.policy_name = "two", .path = "/team/", .policy_document = kAllowAll});
  create("bound");
  world.must<shapes::CreateUser>({.user_name = "alice", .permissions_boundary = arn("policy/bound")});
  world.must<shapes::AttachUserPolicy>({.user_name = "alice", .policy_arn = arn("policy/one")});
  world.must<shapes::AttachUserPolicy>({.user_name = "alice", .policy_arn = kReadOnly});

  using Names = std::vector<std::string>;
  EXPECT_EQ(names({.scope = "Local"}), (Names{"bound", "one", "two"}));
  EXPECT_EQ(names({.scope = "Local", .path_prefix = "/team/"}), Names{"two"});
  EXPECT_EQ(names({.scope = "Local", .only_attached = true}), (Names{"bound", "one"}));
  EXPECT_EQ(names({.only_attached = true}), (Names{"bound", "one", "ReadOnlyAccess"}));
  EXPECT_EQ(names({.policy_usage_filter = "PermissionsBoundary"}), Names{"bound"});
  EXPECT_EQ(names({.policy_usage_filter = "PermissionsPolicy"}), (Names{"one", "ReadOnlyAccess"}));
  EXPECT_EQ(names({.scope = "AWS", .only_attached = true}), Names{"ReadOnlyAccess"});
  const Names of_jobs = names({.scope = "AWS", .path_prefix = "/job-function/"});
  EXPECT_GE(of_jobs.size(), 7U);
  for (const char* job : {"Billing", "DataScientist", "SupportUser", "ViewOnlyAccess"}) {
    EXPECT_EQ(std::count(of_jobs.begin(), of_jobs.end(), job), 1) << job;
  }
}

TEST_F(ManagedPoliciesTest, ListPagesOverBothScopesAndSaysLess) {
  world.must<shapes::CreatePolicy>(
      {.policy_name = "mine", .policy_document = kAllowAll, .description = "x", .tags = {{"a", "b"}}});
  std::size_t count = 0;
  std::optional<std::string> marker;
  do {
    const auto page = world.must<shapes::ListPolicies>({.marker = marker, .max_items = 50});
    EXPECT_LE(page.policies->size(), 50U);
    count += page.policies->size();
    for (const auto& policy : *page.policies) EXPECT_FALSE(policy.description || policy.tags);
    marker = page.marker;
  } while (marker);
  EXPECT_EQ(count, world.snapshot().aws_policies().size() + 1);
}

TEST_F(ManagedPoliciesTest, AMarkerFitsIntoTheNextRequestHoweverLongThePath) {
  const std::string path = "/" + std::string(510, 'p') + "/";
  for (const char last : {'a', 'b'}) {
    world.must<shapes::CreatePolicy>(
        {.policy_name = std::string(127, 'n') + last, .path = path, .policy_document = kAllowAll});
  }
  const auto page = world.must<shapes::ListPolicies>({.scope = "Local", .max_items = 1});
  ASSERT_TRUE(page.marker);
  EXPECT_LE(page.marker->size(), 320U);
  EXPECT_EQ(world.must<shapes::ListPolicies>({.scope = "Local", .marker = page.marker}).policies->size(), 1U);
}

TEST_F(ManagedPoliciesTest, TagsOfTwoCasesAreTwo) {
  create();
  EXPECT_TRUE(refused(world.call<shapes::TagPolicy>({.policy_arn = kP, .tags = {{"a", "1"}, {"a", "2"}}}),
                      "InvalidInput", 400, "Duplicate tag keys found."));
  EXPECT_TRUE(refused(world.call<shapes::CreatePolicy>(
                          {.policy_name = "q", .policy_document = kAllowAll, .tags = {{"a", "1"}, {"a", "2"}}}),
                      "InvalidInput", 400, "Duplicate tag keys found."));
  world.must<shapes::TagPolicy>({.policy_arn = kP, .tags = {{"a", "1"}}});
  world.must<shapes::TagPolicy>({.policy_arn = kP, .tags = {{"A", "2"}}});
  const auto both = world.must<shapes::ListPolicyTags>({.policy_arn = kP, .max_items = 1});
  ASSERT_TRUE(both.marker);
  EXPECT_EQ(both.tags[0].key, "A");
  EXPECT_EQ(world.must<shapes::ListPolicyTags>({.policy_arn = kP, .marker = both.marker}).tags[0].key, "a");
  world.must<shapes::UntagPolicy>({.policy_arn = kP, .tag_keys = {"a"}});
  const auto tags = world.must<shapes::ListPolicyTags>({.policy_arn = kP}).tags;
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_EQ(tags[0].key, "A");
}

TEST_F(ManagedPoliciesTest, PoliciesOfAwsAreSeenAndChangedByNobody) {
  const auto policy = get(kReadOnly);
  EXPECT_EQ(policy.arn, kReadOnly);
  const std::string version = *policy.default_version_id;
  const auto shown = world.must<shapes::GetPolicyVersion>({.policy_arn = kReadOnly, .version_id = version});
  EXPECT_NE(shown.policy_version->document->find("s3:Get"), std::string::npos);
  EXPECT_EQ(world.must<shapes::ListPolicyVersions>({.policy_arn = kReadOnly}).versions->size(), 1U);
  const auto not_yours = [](const auto& answer, const std::string& deed) {
    return refused(answer, "AccessDenied", 403, "Cannot " + deed + " outside your own account.");
  };
  EXPECT_TRUE(not_yours(world.call<shapes::DeletePolicy>({.policy_arn = kReadOnly}), "delete policies"));
  EXPECT_TRUE(
      not_yours(world.call<shapes::CreatePolicyVersion>({.policy_arn = kReadOnly, .policy_document = kAllowAll}),
                "create versions for policies"));
  EXPECT_TRUE(not_yours(world.call<shapes::DeletePolicyVersion>({.policy_arn = kReadOnly, .version_id = version}),
                        "delete policy versions for policies"));
  EXPECT_TRUE(not_yours(world.call<shapes::SetDefaultPolicyVersion>({.policy_arn = kReadOnly, .version_id = version}),
                        "update policies"));
  EXPECT_TRUE(
      not_yours(world.call<shapes::TagPolicy>({.policy_arn = kReadOnly, .tags = {{"a", "b"}}}), "tag policies"));
  EXPECT_TRUE(
      not_yours(world.call<shapes::UntagPolicy>({.policy_arn = kReadOnly, .tag_keys = {"a"}}), "untag policies"));
}

TEST_F(ManagedPoliciesTest, PoliciesOfAwsAreListedOldestFirst) {
  std::string marker;
  std::optional<Time> last;
  std::size_t seen = 0;
  do {
    shapes::ListPolicies::Input in{.scope = "AWS"};
    if (!marker.empty()) in.marker = marker;
    const auto page = world.must<shapes::ListPolicies>(in);
    for (const auto& policy : *page.policies) {
      if (last) {
        EXPECT_LE(*last, *policy.create_date);
      }
      last = policy.create_date;
      ++seen;
    }
    marker = page.marker.value_or("");
  } while (!marker.empty());
  EXPECT_EQ(seen, world.snapshot().aws_policies().size());
}

TEST_F(ManagedPoliciesTest, AccessesNameThePolicy) {
  world.must<shapes::CreatePolicy>(
      {.policy_name = "p", .path = "/team/", .policy_document = kAllowAll, .tags = {{"Team", "blue"}}});
  const auto found = world.accesses<shapes::GetPolicy>({.policy_arn = arn("policy/team/p")});
  EXPECT_EQ(found.at(0).resource, arn("policy/team/p"));
  EXPECT_EQ(found.at(0).resource_tags->at(0).value, "blue");
  EXPECT_EQ(world.accesses<shapes::ListPolicies>({}).at(0).resource, "policy path /");
  const auto created = world.accesses<shapes::CreatePolicy>(
      {.policy_name = "q", .path = "/team/", .policy_document = kAllowAll, .tags = {{"Team", "red"}}});
  ASSERT_EQ(created.size(), 2U);
  EXPECT_EQ(created[0].resource, arn("policy/team/q"));
  EXPECT_EQ(created[1].action.name, "iam:TagPolicy");
}

}  // namespace
}  // namespace deputy::iam
