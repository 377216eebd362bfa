// Inline policies of users, groups and roles: docs/wire.md, 5.2 to 5.4; policy-evaluation.md, W-3 and W-12.
#include "protocol/iam/create_group.h"
#include "protocol/iam/create_role.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_group_policy.h"
#include "protocol/iam/delete_role_policy.h"
#include "protocol/iam/delete_user_policy.h"
#include "protocol/iam/get_group_policy.h"
#include "protocol/iam/get_role_policy.h"
#include "protocol/iam/get_user_policy.h"
#include "protocol/iam/list_group_policies.h"
#include "protocol/iam/list_role_policies.h"
#include "protocol/iam/list_user_policies.h"
#include "protocol/iam/put_group_policy.h"
#include "protocol/iam/put_role_policy.h"
#include "protocol/iam/put_user_permissions_boundary.h"
#include "protocol/iam/put_user_policy.h"
#include "services/iam/world.h"

namespace deputy::iam {
namespace {

/// The operations on one kind of owner, so that each test runs for all three.
struct OnUser {
  using Put = shapes::PutUserPolicy;
  using Get = shapes::GetUserPolicy;
  using List = shapes::ListUserPolicies;
  using Delete = shapes::DeleteUserPolicy;
  static constexpr std::string_view kKind = "user";
  static constexpr std::size_t kBytes = 2048;
  static void create(World& world, const std::string& name) { world.must<shapes::CreateUser>({.user_name = name}); }
  template <class Input>
  static Input of(const std::string& name, Input in) {
    in.user_name = name;
    return in;
  }
};
struct OnGroup {
  using Put = shapes::PutGroupPolicy;
  using Get = shapes::GetGroupPolicy;
  using List = shapes::ListGroupPolicies;
  using Delete = shapes::DeleteGroupPolicy;
  static constexpr std::string_view kKind = "group";
  static constexpr std::size_t kBytes = 5120;
  static void create(World& world, const std::string& name) { world.must<shapes::CreateGroup>({.group_name = name}); }
  template <class Input>
  static Input of(const std::string& name, Input in) {
    in.group_name = name;
    return in;
  }
};
struct OnRole {
  using Put = shapes::PutRolePolicy;
  using Get = shapes::GetRolePolicy;
  using List = shapes::ListRolePolicies;
  using Delete = shapes::DeleteRolePolicy;
  static constexpr std::string_view kKind = "role";
  static constexpr std::size_t kBytes = 10240;
  static void create(World& world, const std::string& name) {
    world.must<shapes::CreateRole>({.role_name = name, .assume_role_policy_document = kTrustsA});
  }
  template <class Input>
  static Input of(const std::string& name, Input in) {
    in.role_name = name;
    return in;
  }
};

template <class Owner>
class InlinePoliciesTest : public testing::Test {
 protected:
  InlinePoliciesTest() { Owner::create(world, "owner"); }

  auto put(const std::string& policy, const std::string& document, const std::string& owner = "owner") {
    typename Owner::Put::Input in;
    in.policy_name = policy;
    in.policy_document = document;
    return world.call<typename Owner::Put>(Owner::of(owner, in));
  }
  auto get(const std::string& policy, const std::string& owner = "owner") {
    typename Owner::Get::Input in;
    in.policy_name = policy;
    return world.call<typename Owner::Get>(Owner::of(owner, in));
  }
  auto remove(const std::string& policy, const std::string& owner = "owner") {
    typename Owner::Delete::Input in;
    in.policy_name = policy;
    return world.call<typename Owner::Delete>(Owner::of(owner, in));
  }
  auto list(std::optional<std::string> marker = {}, std::optional<std::int32_t> max = {},
            const std::string& owner = "owner") {
    typename Owner::List::Input in;
    in.marker = marker;
    in.max_items = max;
    return world.call<typename Owner::List>(Owner::of(owner, in));
  }

  World world;
};
using Owners = testing::Types<OnUser, OnGroup, OnRole>;
TYPED_TEST_SUITE(InlinePoliciesTest, Owners);

TYPED_TEST(InlinePoliciesTest, PutGetReplaceDelete) {
  const std::string spaced = kAllowAll + std::string("\n \n");
  ASSERT_TRUE(this->put("Admin", spaced).ok());
  auto got = this->get("Admin");
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->policy_name, "Admin");
  EXPECT_EQ(got->policy_document, spaced) << "as it was sent, white space too";
  const std::string other = R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}})";
  ASSERT_TRUE(this->put("Admin", other).ok());
  EXPECT_EQ(this->get("Admin")->policy_document, other);
  EXPECT_EQ(this->list()->policy_names, std::vector<std::string>{"Admin"});
  ASSERT_TRUE(this->remove("Admin").ok());
  EXPECT_TRUE(this->list()->policy_names.empty());
}

TYPED_TEST(InlinePoliciesTest, AMissingPolicyIsNamedByItsKindOfOwner) {
  const std::string message = "The " + std::string(TypeParam::kKind) + " policy with name none cannot be found.";
  EXPECT_TRUE(missing(this->get("none"), message));
  EXPECT_TRUE(missing(this->remove("none"), message));
}

TYPED_TEST(InlinePoliciesTest, AMissingOwnerIsNamedFirst) {
  const std::string message = "The " + std::string(TypeParam::kKind) + " with name ghost cannot be found.";
  EXPECT_TRUE(missing(this->put("p", "not even json", "ghost"), message));
  EXPECT_TRUE(missing(this->get("p", "ghost"), message));
  EXPECT_TRUE(missing(this->remove("p", "ghost"), message));
  EXPECT_TRUE(missing(this->list({}, {}, "ghost"), message));
}

TYPED_TEST(InlinePoliciesTest, TheSizesOfAllPoliciesOfOneOwnerCountTogether) {
  const auto sized = [](std::size_t bytes) {
    const std::string head =
        R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::)";
    const std::string tail = "\"}}";
    return head + std::string(bytes - head.size() - tail.size(), 'b') + tail;
  };
  const std::string blanks(3000, '\n');
  ASSERT_TRUE(this->put("half", sized(TypeParam::kBytes / 2) + blanks).ok()) << "white space is not counted";
  ASSERT_TRUE(this->put("other", sized(TypeParam::kBytes / 2)).ok());
  const std::string message = "Maximum policy size of " + std::to_string(TypeParam::kBytes) + " bytes exceeded for " +
                              std::string(TypeParam::kKind) + " owner";
  EXPECT_TRUE(refused(this->put("third", sized(150)), "LimitExceeded", 409, message));
  EXPECT_TRUE(refused(this->put("other", sized(TypeParam::kBytes / 2 + 1)), "LimitExceeded", 409, message));
  EXPECT_TRUE(this->put("other", sized(150)).ok()) << "a replacement counts once";
}

TYPED_TEST(InlinePoliciesTest, ListsByNameInPages) {
  for (const char* name : {"c", "A", "b"}) ASSERT_TRUE(this->put(name, kAllowAll).ok());
  auto first = this->list({}, 2);
  EXPECT_EQ(first->policy_names, (std::vector<std::string>{"A", "b"}));
  EXPECT_EQ(first->is_truncated, true);
  auto second = this->list(first->marker, 2);
  EXPECT_EQ(second->policy_names, std::vector<std::string>{"c"});
  EXPECT_EQ(second->is_truncated, false);
  EXPECT_FALSE(second->marker);
}

struct WrongDocument {
  const char* document;
  const char* message;
};
/// W-3.
constexpr WrongDocument kWrong[] = {
    {"x", "Syntax errors in policy."},
    {"[]", "Syntax errors in policy."},
    {R"({"Version":"2012-10-17"})", "Syntax errors in policy."},
    {R"({"Version":"2012-10-18","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})",
     "Syntax errors in policy."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Perhaps","Action":"*","Resource":"*"}]})",
     "Syntax errors in policy."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}]})",
     "Syntax errors in policy."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"*","Resource":"*"}]})",
     "The policy failed legacy parsing"},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]})",
     "Policy document should not specify a principal."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]})",
     "Policy statement must contain actions."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]})",
     "Policy statement must contain resources."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"invalid","Resource":"*"}]})",
     "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:List:Bucket","Resource":"*"}]})",
     "Actions/Condition can contain only one colon."},
    {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"adf"}]})",
     "Resource adf must be in ARN format or \"*\"."},
    {R"({"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"}]})",
     "Statement IDs (SID) in a single policy must be unique."},
};

TYPED_TEST(InlinePoliciesTest, RefusesWrongDocumentsInAwsWords) {
  for (const WrongDocument& wrong : kWrong) {
    EXPECT_TRUE(refused(this->put("p", wrong.document), "MalformedPolicyDocument", 400, wrong.message))
        << wrong.document;
  }
  EXPECT_TRUE(this->list()->policy_names.empty());
}

TYPED_TEST(InlinePoliciesTest, AnOldVersionOrNoneIsFine) {
  EXPECT_TRUE(
      this->put("old", R"({"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})").ok());
  EXPECT_TRUE(this->put("none", R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})").ok());
}

TEST(InlinePolicyAccessTest, TheBoundaryOfTheOwnerIsAConditionKeyOfWritesOnly) {
  World world;
  world.must<shapes::CreateUser>({.path = "/team/", .user_name = "alice", .tags = {{"Team", "blue"}}});
  const std::string boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  world.must<shapes::PutUserPermissionsBoundary>({.user_name = "alice", .permissions_boundary = boundary});
  const auto put = world.accesses<shapes::PutUserPolicy>({.user_name = "alice", .policy_name = "p"});
  EXPECT_EQ(put.at(0).resource, arn("user/team/alice"));
  EXPECT_EQ(key(put.at(0), policy::Key::kPermissionsBoundary), boundary);
  EXPECT_EQ(put.at(0).resource_tags->at(0).key, "Team");
  const auto get = world.accesses<shapes::GetUserPolicy>({.user_name = "alice", .policy_name = "p"});
  EXPECT_EQ(key(get.at(0), policy::Key::kPermissionsBoundary), "");
}

TEST(InlinePolicyAccessTest, APolicyWorksFromTheMomentItIsPut) {
  World world;
  world.must<shapes::CreateUser>({.user_name = "alice"});
  const shapes::ListUserPolicies::Input in{.user_name = "alice"};
  EXPECT_FALSE(world.call<shapes::ListUserPolicies>(in, user("alice")).ok());
  world.must<shapes::PutUserPolicy>({.user_name = "alice", .policy_name = "p", .policy_document = kAllowAll});
  EXPECT_TRUE(world.call<shapes::ListUserPolicies>(in, user("alice")).ok());
}

}  // namespace
}  // namespace deputy::iam
