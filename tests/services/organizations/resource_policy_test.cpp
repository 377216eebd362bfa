// The organization's resource policy: what may stand in it, and whom it lets do what.
#include <functional>

#include "protocol/iam/create_user.h"
#include "protocol/iam/delete_user.h"
#include "protocol/iam/delete_user_policy.h"
#include "protocol/iam/put_user_policy.h"
#include "protocol/organizations/attach_policy.h"
#include "protocol/organizations/create_policy.h"
#include "protocol/organizations/delete_resource_policy.h"
#include "protocol/organizations/describe_effective_policy.h"
#include "protocol/organizations/describe_organization.h"
#include "protocol/organizations/describe_policy.h"
#include "protocol/organizations/describe_resource_policy.h"
#include "protocol/organizations/enable_aws_service_access.h"
#include "protocol/organizations/enable_policy_type.h"
#include "protocol/organizations/list_accounts.h"
#include "protocol/organizations/list_policies.h"
#include "protocol/organizations/list_roots.h"
#include "protocol/organizations/list_tags_for_resource.h"
#include "protocol/organizations/put_resource_policy.h"
#include "protocol/organizations/register_delegated_administrator.h"
#include "protocol/organizations/tag_resource.h"
#include "services/organizations/fixture.h"
#include "services/organizations/table.h"

namespace deputy::organizations {
namespace {

constexpr const char *kMember = kB, *kDelegated = "333333333333";
constexpr const char* kNoPermission = "You don't have permissions to access this resource.";
constexpr const char* kTagPolicy = R"({"tags":{"team":{"tag_key":{"@@assign":"Team"}}}})";

std::string document(const std::string& statements) {
  return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
}
/// Lets all of the member do these: "\"organizations:ListRoots\"".
std::string lets(const std::string& actions, const std::string& more = "") {
  return R"({"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":[)" + actions + R"(],"Resource":"*")" + more +
         "}";
}

class ResourcePolicyTest : public OrganizationsTest {
 protected:
  ResourcePolicyTest() {
    world.create_account(kDelegated);
    join(kMember);
    join(kDelegated);
    world.must<shapes::EnableAWSServiceAccess>({"sso.amazonaws.com"});
    world.must<shapes::RegisterDelegatedAdministrator>({kDelegated, "sso.amazonaws.com"});
    for (const char* account : {kA, kMember, kDelegated}) {
      world.must<iam::shapes::CreateUser>({.user_name = "admin"}, root(account));
      world.must<iam::shapes::PutUserPolicy>({"admin", "all", tests::kAllowAll}, root(account));
    }
    world.must<iam::shapes::CreateUser>({.user_name = "nobody"}, root(kMember));
    root_ = organization().organization.root;
  }

  void put(const std::string& statements) { world.must<shapes::PutResourcePolicy>({document(statements)}); }

  template <class Op>
  std::string message(const typename Op::Input& in, const tests::Who& who) {
    const auto result = world.attempt<Op>(in, who);
    return result ? "" : result.error().message();
  }

  tests::Who admin_ = tests::user("admin", kMember);
  std::string root_;
};

// ---- What may stand in it

struct ContentCase {
  const char* name;
  std::string content;
  const char* reason;  // of an InvalidInputException; null: it is taken
};

TEST_F(ResourcePolicyTest, ContentIsChecked) {
  constexpr const char *kJson = "INVALID_RESOURCE_POLICY_JSON", *kPrincipal = "INVALID_PRINCIPAL",
                       *kAction = "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY",
                       *kResource = "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY",
                       *kType = "UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY";
  const auto with = [](const std::string& principal, const std::string& action, const std::string& resource,
                       const std::string& more = "") {
    return document(R"({"Effect":"Allow",)" + principal + "," + action + "," + resource + more + "}");
  };
  const std::string p = R"("Principal":{"AWS":"222222222222"})", a = R"("Action":"organizations:ListRoots")",
                    r = R"("Resource":"*")";
  const ContentCase cases[] = {
      {"an account", with(p, a, r), nullptr},
      {"the root of an account", with(R"("Principal":{"AWS":"arn:aws:iam::222222222222:root"})", a, r), nullptr},
      {"a user", with(R"("Principal":{"AWS":"arn:aws:iam::222222222222:user/admin"})", a, r), nullptr},
      {"several, and a Deny",
       document(R"({"Effect":"Deny","Principal":{"AWS":["222222222222","333333333333"]},)" + a + "," + r + "}"),
       nullptr},
      {"an action in small letters", with(p, R"("Action":["organizations:listroots"])", r), nullptr},
      {"resources of the organization",
       with(
           p, R"("Action":"organizations:AttachPolicy")",
           R"("Resource":["arn:aws:organizations::111111111111:ou/o-abcdefghij/*","arn:aws:organizations::*:policy/*"])"),
       nullptr},
      {"a condition on types",
       with(p, a, r, R"(,"Condition":{"StringLikeIfExists":{"organizations:PolicyType":["TAG_POLICY","BACKUP*"]}})"),
       nullptr},
      {"a global key", with(p, a, r, R"(,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}})"),
       nullptr},
      {"no version",
       R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"organizations:ListRoots","Resource":"*"}})",
       nullptr},
      {"no JSON", "nonsense", kJson},
      {"no statement", R"({"Version":"2012-10-17"})", kJson},
      {"an Effect that is none", document(R"({"Effect":"allow",)" + p + "," + a + "," + r + "}"), kJson},
      {"no action", document(R"({"Effect":"Allow",)" + p + "," + r + "}"), kJson},
      {"no resource", document(R"({"Effect":"Allow",)" + p + "," + a + "}"), kJson},
      {"an operator that is none", with(p, a, r, R"(,"Condition":{"StringIs":{"aws:userid":"x"}})"), kJson},
      {"nobody", document(R"({"Effect":"Allow",)" + a + "," + r + "}"), kPrincipal},
      {"everybody", with(R"("Principal":"*")", a, r), kPrincipal},
      {"everybody as AWS has it", with(R"("Principal":{"AWS":"*"})", a, r), kPrincipal},
      {"all but one", with(R"("NotPrincipal":{"AWS":"222222222222"})", a, r), kPrincipal},
      {"a service", with(R"("Principal":{"Service":"sso.amazonaws.com"})", a, r), kPrincipal},
      {"a session", with(R"("Principal":{"AWS":"arn:aws:sts::222222222222:assumed-role/a/b"})", a, r), kPrincipal},
      {"an account that is not there", with(R"("Principal":{"AWS":"999999999999"})", a, r), kPrincipal},
      {"a user that is not there", with(R"("Principal":{"AWS":"arn:aws:iam::222222222222:user/x"})", a, r), kPrincipal},
      {"an action that stays with the management account", with(p, R"("Action":"organizations:CreateAccount")", r),
       kAction},
      {"one of several", with(p, R"("Action":["organizations:ListRoots","organizations:PutResourcePolicy"])", r),
       kAction},
      {"another service's", with(p, R"("Action":"iam:ListRoles")", r), kAction},
      {"a pattern", with(p, R"("Action":"organizations:*")", r), kAction},
      {"NotAction", with(p, R"("NotAction":"organizations:ListRoots")", r), kAction},
      {"another service's resource", with(p, a, R"("Resource":"arn:aws:iam::222222222222:role/x")"), kResource},
      {"NotResource", with(p, a, R"("NotResource":"arn:aws:organizations::*:policy/*")"), kResource},
      {"a type that is none",
       with(p, a, r, R"(,"Condition":{"StringEquals":{"Organizations:policytype":"COFFEE_POLICY"}})"), kType},
  };
  for (const ContentCase& c : cases) {
    const auto result = world.attempt<shapes::PutResourcePolicy>({c.content}, root(kA));
    if (c.reason == nullptr) {
      EXPECT_TRUE(result.ok()) << c.name << ": " << (result ? "" : result.error().message());
      continue;
    }
    ASSERT_FALSE(result.ok()) << c.name;
    EXPECT_EQ(result.error().code(), "InvalidInputException") << c.name;
    EXPECT_EQ(result.error().details(), (Error::Details{{"Reason", c.reason}})) << c.name;
  }
}

TEST_F(ResourcePolicyTest, ThereIsOne) {
  EXPECT_TRUE(refused(world.call<shapes::DescribeResourcePolicy>({}), "ResourcePolicyNotFoundException", 400,
                      "We can't find a resource policy request with the parameter that you specified."));
  EXPECT_FALSE(world.call<shapes::DeleteResourcePolicy>({}));
  const std::string first = document(lets("\"organizations:ListRoots\"")) + "\n ";
  const auto made = world.must<shapes::PutResourcePolicy>({first, {{"team", "a"}}}).resource_policy;
  EXPECT_EQ(made->content, first) << "the text comes back as it was sent";
  EXPECT_EQ(made->resource_policy_summary->arn, "arn:aws:organizations::111111111111:resourcepolicy/" +
                                                    organization().organization.id + "/" +
                                                    *made->resource_policy_summary->id);
  const auto again = world.call<shapes::PutResourcePolicy>({first, {{"team", "b"}}});
  EXPECT_TRUE(refused(again, "ConstraintViolationException", 400,
                      "You can't specify tags when you update a resource policy. Use TagResource instead."));
  const std::string second = document(lets("\"organizations:ListAccounts\""));
  EXPECT_EQ(world.must<shapes::PutResourcePolicy>({second}).resource_policy->resource_policy_summary->id,
            made->resource_policy_summary->id);
  EXPECT_EQ(world.must<shapes::DescribeResourcePolicy>({}).resource_policy->content, second);
  const auto tags = world.must<shapes::ListTagsForResource>({*made->resource_policy_summary->id}).tags;
  ASSERT_EQ(tags->size(), 1U);
  EXPECT_EQ(tags->front().value, "a");
  world.must<shapes::DeleteResourcePolicy>({});
  EXPECT_FALSE(world.call<shapes::DescribeResourcePolicy>({}));
}

// ---- Whom it lets do what

TEST_F(ResourcePolicyTest, AMemberDoesWhatItIsLet) {
  EXPECT_EQ(message<shapes::ListRoots>({}, admin_), kNoPermission) << "without a policy";
  put(lets("\"organizations:ListRoots\""));
  EXPECT_EQ(message<shapes::ListRoots>({}, admin_), "");
  EXPECT_EQ(message<shapes::ListAccounts>({}, admin_), kNoPermission);
  EXPECT_EQ(message<shapes::DescribeOrganization>({}, admin_), "") << "what any member does needs nobody's leave";
  EXPECT_EQ(message<shapes::ListRoots>({}, tests::user("admin", kDelegated)), "") << "as a delegated administrator";
  EXPECT_EQ(message<shapes::ListAccounts>({}, tests::user("admin", kDelegated)), "");
  EXPECT_EQ(message<shapes::ListAccounts>({}, tests::user("admin", kA)), "");
  world.must<shapes::DeleteResourcePolicy>({});
  EXPECT_EQ(message<shapes::ListRoots>({}, admin_), kNoPermission);
}

TEST_F(ResourcePolicyTest, BothSidesMustAllow) {
  put(lets("\"organizations:ListRoots\""));
  const std::string nobody =
      "User: arn:aws:iam::222222222222:user/nobody is not authorized to perform: organizations:ListRoots ";
  EXPECT_EQ(message<shapes::ListRoots>({}, tests::user("nobody", kMember)),
            nobody + "because no identity-based policy allows the organizations:ListRoots action");
  put(lets("\"organizations:ListRoots\"") +
      R"(,{"Effect":"Deny","Principal":{"AWS":"222222222222"},"Action":"organizations:ListRoots","Resource":"*"})");
  EXPECT_EQ(message<shapes::ListRoots>({}, admin_),
            "User: arn:aws:iam::222222222222:user/admin is not authorized to perform: organizations:ListRoots with an "
            "explicit deny in a resource-based policy");
}

TEST_F(ResourcePolicyTest, APolicyTypeNarrowsIt) {
  put(lets(R"("organizations:CreatePolicy","organizations:AttachPolicy","organizations:DescribePolicy")",
           R"(,"Condition":{"StringEquals":{"organizations:PolicyType":"TAG_POLICY"}})"));
  const shapes::CreatePolicy::Input tag{.content = kTagPolicy, .description = "", .name = "tags", .type = "TAG_POLICY"};
  shapes::CreatePolicy::Input scp = tag;
  scp.type = "SERVICE_CONTROL_POLICY";
  scp.content = tests::kAllowAll;
  EXPECT_EQ(message<shapes::CreatePolicy>(scp, admin_), kNoPermission);
  const std::string id = *world.must<shapes::CreatePolicy>(tag, admin_).policy->policy_summary->id;
  EXPECT_EQ(world.must<shapes::DescribePolicy>({id}).policy->content, kTagPolicy);
  world.must<shapes::EnablePolicyType>({root_, "TAG_POLICY"});
  world.must<shapes::AttachPolicy>({id, root_}, admin_);
  EXPECT_EQ(message<shapes::DescribePolicy>({"p-FullAWSAccess"}, admin_), kNoPermission) << "it is an SCP";
  shapes::CreatePolicy::Input tagged = tag;
  tagged.name = "tagged";
  tagged.tags = {{"a", "b"}};
  EXPECT_EQ(message<shapes::CreatePolicy>(tagged, admin_), kNoPermission) << "TagResource is not let";
}

TEST_F(ResourcePolicyTest, ResourcesNarrowIt) {
  world.must<shapes::EnablePolicyType>({root_, "TAG_POLICY"});
  const std::string id =
      *world.must<shapes::CreatePolicy>({.content = kTagPolicy, .description = "", .name = "t", .type = "TAG_POLICY"})
           .policy->policy_summary->id;
  const std::string front =
      R"({"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"organizations:AttachPolicy","Resource":[)";
  put(front + R"("arn:aws:organizations::111111111111:policy/*"]})");
  EXPECT_EQ(message<shapes::AttachPolicy>({id, root_}, admin_), kNoPermission) << "a grant on the policy alone";
  put(front + R"("arn:aws:organizations::111111111111:root/*"]})");
  EXPECT_EQ(message<shapes::AttachPolicy>({id, root_}, admin_), kNoPermission) << "a grant on the target alone";
  put(front + R"("arn:aws:organizations::111111111111:policy/*","arn:aws:organizations::111111111111:root/*"]})");
  EXPECT_EQ(message<shapes::AttachPolicy>({id, root_}, admin_), "");
  EXPECT_EQ(message<shapes::AttachPolicy>({id, kMember}, admin_), kNoPermission) << "another target";
}

TEST_F(ResourcePolicyTest, ItsOwnEffectivePolicyIsEverybodys) {
  world.must<shapes::EnablePolicyType>({root_, "TAG_POLICY"});
  const std::string id =
      *world.must<shapes::CreatePolicy>({.content = kTagPolicy, .description = "", .name = "t", .type = "TAG_POLICY"})
           .policy->policy_summary->id;
  world.must<shapes::AttachPolicy>({id, root_});
  put(lets("\"organizations:ListRoots\""));
  EXPECT_EQ(message<shapes::DescribeEffectivePolicy>({"TAG_POLICY"}, admin_), "");
  EXPECT_EQ(message<shapes::DescribeEffectivePolicy>({"TAG_POLICY", kMember}, admin_), "");
  EXPECT_EQ(message<shapes::DescribeEffectivePolicy>({"TAG_POLICY", kDelegated}, admin_), kNoPermission);
  put(lets("\"organizations:DescribeEffectivePolicy\""));
  EXPECT_EQ(message<shapes::DescribeEffectivePolicy>({"TAG_POLICY", kDelegated}, admin_), "");
}

TEST_F(ResourcePolicyTest, AUserIsKnownByItsId) {
  put(R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:user/admin"},"Action":"organizations:ListRoots","Resource":"*"})");
  EXPECT_EQ(message<shapes::ListRoots>({}, admin_), "");
  EXPECT_EQ(message<shapes::ListRoots>({}, root(kMember)), kNoPermission);
  EXPECT_NE(world.must<shapes::DescribeResourcePolicy>({}).resource_policy->content->find("user/admin"),
            std::string::npos);
  world.must<iam::shapes::DeleteUserPolicy>({"admin", "all"}, root(kMember));
  world.must<iam::shapes::DeleteUser>({"admin"}, root(kMember));
  world.must<iam::shapes::CreateUser>({.user_name = "admin"}, root(kMember));
  world.must<iam::shapes::PutUserPolicy>({"admin", "all", tests::kAllowAll}, root(kMember));
  EXPECT_EQ(message<shapes::ListRoots>({}, admin_), kNoPermission) << "another user of that name";
  EXPECT_EQ(world.must<shapes::DescribeResourcePolicy>({}).resource_policy->content->find("user/admin"),
            std::string::npos);
}

// ---- One function says which way a caller comes in

TEST_F(ResourcePolicyTest, WhoComesInByItIsAskedForIt) {
  put(lets("\"organizations:DescribeOrganization\""));  // opens nothing
  const auto asked = [&](const auto& accesses) {
    for (const Access& access : accesses) {
      if (access.resource_policy == nullptr || access.owner != *AccountId::parse(kA)) return false;
    }
    return !accesses.empty();
  };
  EXPECT_TRUE(asked(world.accesses<shapes::ListRoots>({}, admin_)));
  EXPECT_TRUE(asked(world.accesses<shapes::TagResource>({root_, {{"a", "b"}}}, admin_)));
  EXPECT_FALSE(asked(world.accesses<shapes::ListRoots>({}, tests::user("admin", kDelegated))));
  EXPECT_TRUE(asked(world.accesses<shapes::TagResource>({root_, {{"a", "b"}}}, tests::user("admin", kDelegated))));
  EXPECT_FALSE(asked(world.accesses<shapes::ListRoots>({}, root(kA))));
  EXPECT_FALSE(asked(world.accesses<shapes::DescribeOrganization>({}, admin_)));
  EXPECT_FALSE(asked(world.accesses<shapes::PutResourcePolicy>({"{}"}, admin_)));
}

}  // namespace
}  // namespace deputy::organizations
