// The C++ API: what a stranger may rely on. The rules of the decision itself are tested in tests/policy.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <deputy/deputy.hpp>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace {
std::atomic<std::size_t> allocations{0};
}

// Counts what this binary allocates, so that a test can see that something allocates nothing.
void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

namespace deputy {
namespace {

constexpr std::string_view kUser = "arn:aws:iam::111111111111:user/crossAccountUser";
constexpr std::string_view kRole = "arn:aws:iam::222222222222:role/CrossAccountAccessRole";
constexpr std::string_view kMayAssume =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",)"
    R"("Resource":"arn:aws:iam::222222222222:role/CrossAccountAccessRole"}})";
constexpr std::string_view kTrustsUser =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",)"
    R"("Principal":{"AWS":"arn:aws:iam::111111111111:user/crossAccountUser"}}})";
constexpr std::string_view kAllowAll =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";

Policy allow_all(PolicyType type = PolicyType::kIdentity) { return {type, kAllowAll}; }
/// An identity policy with this condition on its one Allow of everything.
Policy allow_if(const std::string& condition) {
  return {PolicyType::kIdentity,
          R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":)" +
              condition + "}}"};
}
Request assume_role() { return {Principal::user(kUser), "sts:AssumeRole", kRole}; }
Request get_object() { return {Principal::user(kUser), "s3:GetObject", "arn:aws:s3:::b/k", "111111111111"}; }
bool allows(const Policy& policy, const Request& request) {
  EXPECT_TRUE(policy.ok()) << policy.problem().text();
  EXPECT_TRUE(request.ok()) << request.error();
  PolicySet set;
  set.add(policy);
  return decide(set, request).allowed;
}

TEST(EmbedTest, TheGuideNeedsBothSides) {
  const Policy user(PolicyType::kIdentity, kMayAssume, "user"), trust(PolicyType::kTrust, kTrustsUser, "trust");
  PolicySet both, user_only, trust_only;
  both.add(user).add(trust);
  user_only.add(user);
  trust_only.add(trust);

  const Decision granted = decide(both, assume_role());
  EXPECT_TRUE(granted.allowed);
  EXPECT_EQ(granted.layer, Layer::kNone);

  const Decision no_trust = decide(user_only, assume_role());
  EXPECT_FALSE(no_trust.allowed);
  EXPECT_EQ(no_trust.layer, Layer::kResource);

  const Decision no_permission = decide(trust_only, assume_role());
  EXPECT_FALSE(no_permission.allowed);
  EXPECT_EQ(no_permission.layer, Layer::kIdentity);
  EXPECT_FALSE(no_permission.explicit_deny);
  EXPECT_EQ(no_permission.statement, -1);
}

TEST(EmbedTest, AnExplicitDenyNamesItsPolicyAndStatement) {
  PolicySet set;
  set.add(allow_all())
      .add(Policy(PolicyType::kManaged, R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:Get*","Resource":"*"}]})",
                  "guardrail"));
  const Decision decision = decide(set, get_object());
  EXPECT_FALSE(decision.allowed);
  EXPECT_TRUE(decision.explicit_deny);
  EXPECT_EQ(decision.layer, Layer::kIdentity);
  EXPECT_EQ(decision.policy, "guardrail");
  EXPECT_EQ(decision.statement, 1);
}

TEST(EmbedTest, ARoleWithoutTrustPolicyAndAKeyWithoutKeyPolicyAllowNobody) {
  PolicySet everything;
  everything.add(allow_all());
  const Request role(Principal::user(kUser), "sts:AssumeRole", "arn:aws:iam::111111111111:role/Mine");
  EXPECT_EQ(decide(everything, role).layer, Layer::kResource);
  const Request key(Principal::user(kUser), "kms:Decrypt", "arn:aws:kms:eu-west-1:111111111111:key/k");
  EXPECT_EQ(decide(everything, key).layer, Layer::kResource);
  const Request no_key(Principal::user(kUser), "kms:ListKeys", "*");
  EXPECT_TRUE(decide(everything, no_key).allowed);
}

TEST(EmbedTest, EachLevelOfTheOrganizationMustAllow) {
  PolicySet set;
  set.add(allow_all()).add(allow_all(PolicyType::kScp), 0).add(allow_all(PolicyType::kScp), 2);
  EXPECT_EQ(decide(set, get_object()).layer, Layer::kScp) << "the OU between has no policy";
  set.add(allow_all(PolicyType::kScp), 1);
  EXPECT_TRUE(decide(set, get_object()).allowed);
}

TEST(EmbedTest, ALevelThatMustBeThereAndHoldsNothingAllowsNothing) {
  PolicySet set;
  set.add(allow_all()).add(allow_all(PolicyType::kScp));
  EXPECT_TRUE(decide(set, get_object()).allowed);
  EXPECT_TRUE(decide(set.require_levels(PolicyType::kScp, 1), get_object()).allowed);
  EXPECT_EQ(decide(PolicySet(set).require_levels(PolicyType::kScp, 2), get_object()).layer, Layer::kScp);
  EXPECT_EQ(decide(PolicySet(set).require_levels(PolicyType::kRcp, 1), get_object()).layer, Layer::kRcp);
  EXPECT_FALSE(PolicySet(set).require_levels(PolicyType::kIdentity, 1).ok());
  EXPECT_FALSE(PolicySet(set).require_levels(PolicyType::kScp, 17).ok());
}

TEST(EmbedTest, ASessionLimitedToNothingMayDoNothing) {
  const Request session(Principal::role_session("arn:aws:sts::111111111111:assumed-role/R/s",
                                                "arn:aws:iam::111111111111:role/team/R", "AROAEXAMPLE:s"),
                        "s3:GetObject", "arn:aws:s3:::b/k", "111111111111");
  PolicySet set;
  set.add(allow_all());
  EXPECT_TRUE(decide(set, session).allowed);
  set.limit_to_session();
  EXPECT_EQ(decide(set, session).layer, Layer::kSession);
  set.add(allow_all(PolicyType::kSession));
  EXPECT_TRUE(decide(set, session).allowed);
}

TEST(EmbedTest, KeysOfThePrincipalAndTheResourceAreSet) {
  const Request user(Principal::user("arn:aws:iam::111111111111:user/team/dana", "AIDAEXAMPLE"), "s3:GetObject",
                     "arn:aws:s3:::b/k", "222222222222");
  PolicySet bucket;  // of another account, so that the bucket policy has to speak for itself
  const auto holds = [](const char* key, const char* value, const Request& request) {
    PolicySet set;
    set.add(allow_if(R"({"StringEquals":{")" + std::string(key) + R"(":")" + value + R"("}})"));
    set.add(Policy(PolicyType::kBucket, R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*",
        "Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}})"));
    return decide(set, request).allowed;
  };
  EXPECT_TRUE(holds("aws:PrincipalArn", "arn:aws:iam::111111111111:user/team/dana", user));
  EXPECT_TRUE(holds("aws:PrincipalAccount", "111111111111", user));
  EXPECT_TRUE(holds("aws:PrincipalType", "User", user));
  EXPECT_TRUE(holds("aws:username", "dana", user));
  EXPECT_TRUE(holds("aws:userid", "AIDAEXAMPLE", user));
  EXPECT_TRUE(holds("aws:PrincipalIsAWSService", "false", user));
  EXPECT_TRUE(holds("aws:ResourceAccount", "222222222222", user));
  EXPECT_FALSE(holds("aws:SourceIp", "10.0.0.4", user));

  const Request session(Principal::role_session("arn:aws:sts::111111111111:assumed-role/R/s",
                                                "arn:aws:iam::111111111111:role/team/R", "AROAEXAMPLE:s"),
                        "s3:GetObject", "arn:aws:s3:::b/k", "222222222222");
  EXPECT_TRUE(holds("aws:PrincipalArn", "arn:aws:iam::111111111111:role/team/R", session));
  EXPECT_TRUE(holds("aws:PrincipalType", "AssumedRole", session));
  EXPECT_TRUE(holds("aws:userid", "AROAEXAMPLE:s", session));
  EXPECT_FALSE(holds("aws:username", "R", session));
}

TEST(EmbedTest, WhatIsSetReplacesWhatWasSetAndNamesIgnoreCase) {
  Request request = get_object();
  const Policy from_home = allow_if(R"({"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}})");
  request.set("aws:SourceIp", "10.0.0.4");
  EXPECT_FALSE(allows(from_home, request));
  request.set("AWS:sourceip", "192.0.2.7");
  EXPECT_TRUE(allows(from_home, request));
  request.set("aws:SourceIp", {});
  EXPECT_FALSE(allows(from_home, request)) << "an empty list makes the key absent";

  const Policy of_tenant = allow_if(R"({"ForAnyValue:StringEquals":{"shop:tenants":"b"}})");
  request.set("shop:tenants", {"a", "c"});
  EXPECT_FALSE(allows(of_tenant, request));
  request.set("shop:tenants", {"a", "b"});
  EXPECT_TRUE(allows(of_tenant, request));

  request.set("aws:PrincipalTag/team", "blue").set("aws:principaltag/TEAM", "red").set("shop:tenants", {"c"});
  EXPECT_TRUE(allows(allow_if(R"({"StringEquals":{"aws:PrincipalTag/team":"red"}})"), request));
  EXPECT_FALSE(allows(allow_if(R"({"StringEquals":{"aws:PrincipalTag/team":"blue"}})"), request));
  EXPECT_FALSE(allows(of_tenant, request));
  EXPECT_TRUE(allows(allow_if(R"({"StringEquals":{"aws:username":"crossAccountUser"}})"), request)) << "the rest stays";

  const Policy of_somebody_else = allow_if(R"({"StringEquals":{"aws:username":"somebody"}})");
  EXPECT_FALSE(allows(of_somebody_else, request));
  request.set("aws:username", "somebody");
  EXPECT_TRUE(allows(of_somebody_else, request));
}

TEST(EmbedTest, TheRequestOwnsItsText) {
  std::string user(kUser), action = "sts:AssumeRole", role(kRole), key = "aws:SourceIp", address = "192.0.2.7";
  Request request(Principal::user(user), action, role);
  request.set(key, address);
  for (std::string* text : {&user, &action, &role, &key, &address}) text->assign(text->size(), '#');
  PolicySet set;
  set.add(Policy(PolicyType::kIdentity, kMayAssume)).add(Policy(PolicyType::kTrust, kTrustsUser));
  EXPECT_TRUE(decide(set, request).allowed);
  EXPECT_TRUE(allows(allow_if(R"({"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}})"),
                     Request(get_object()).set("aws:SourceIp", "192.0.2.7")));
}

TEST(EmbedTest, ABrokenPolicyDeniesEverythingAndSaysWhere) {
  const Policy broken(PolicyType::kIdentity, "{\"Version\":\"2012-10-17\",\n \"Statment\":{}}", "typo");
  EXPECT_FALSE(broken.ok());
  EXPECT_EQ(broken.problem().line, 2U);
  EXPECT_EQ(broken.problem().column, 2U);
  EXPECT_EQ(broken.problem().message, "Syntax errors in policy.");
  EXPECT_NE(broken.problem().detail.find("Did you mean \"Statement\"?"), std::string::npos) << broken.problem().text();

  PolicySet set;
  set.add(allow_all()).add(broken);
  EXPECT_FALSE(set.ok());
  EXPECT_NE(set.error().find("typo"), std::string::npos);
  EXPECT_FALSE(decide(set, get_object()).allowed);
  EXPECT_NE(explain(set, get_object()).text().find("The policy \"typo\" did not compile: line 2, column 2:"),
            std::string::npos);
}

TEST(EmbedTest, ASetThatCannotBeDeniesEverything) {
  const auto refuses = [](const PolicySet& set, const char* word) {
    EXPECT_FALSE(decide(set, get_object()).allowed) << word;
    EXPECT_NE(set.error().find(word), std::string::npos) << set.error();
  };
  PolicySet boundaries;
  refuses(boundaries.add(allow_all()).add(allow_all(PolicyType::kBoundary)).add(allow_all(PolicyType::kBoundary)),
          "boundary");
  PolicySet deep;
  refuses(deep.add(allow_all()).add(allow_all(PolicyType::kScp), 16), "level");
  PolicySet resources;
  const Policy trust(PolicyType::kTrust, kTrustsUser);
  refuses(resources.add(allow_all()).add(trust).add(trust), "resource");
}

struct BadRequest {
  const char* what;
  Principal principal;
  std::string_view action, resource, account;
};
const BadRequest kBadRequests[] = {
    {"no action", Principal::user(kUser), "GetObject", "*", ""},
    {"a pattern as action", Principal::user(kUser), "s3:Get*", "*", ""},
    {"two colons", Principal::user(kUser), "s3:Get:Object", "*", ""},
    {"no ARN", Principal::user(kUser), "s3:GetObject", "bucket/key", ""},
    {"nobody owns it", Principal::user(kUser), "s3:GetObject", "arn:aws:s3:::b/k", ""},
    {"no account", Principal::user(kUser), "s3:GetObject", "arn:aws:s3:::b/k", "1234"},
    {"a role as user", Principal::user(kRole), "s3:ListAllMyBuckets", "*", ""},
    {"no name", Principal::user("arn:aws:iam::111111111111:user/"), "s3:ListAllMyBuckets", "*", ""},
    {"no user at all", Principal::user(""), "s3:ListAllMyBuckets", "*", ""},
    {"a user as root", Principal::root(kUser), "s3:ListAllMyBuckets", "*", ""},
    {"a session of another role",
     Principal::role_session("arn:aws:sts::111111111111:assumed-role/R/s", "arn:aws:iam::111111111111:role/Q"),
     "s3:ListAllMyBuckets", "*", ""},
    {"a role of another account",
     Principal::role_session("arn:aws:sts::111111111111:assumed-role/R/s", "arn:aws:iam::222222222222:role/R"),
     "s3:ListAllMyBuckets", "*", ""},
    {"a federated user of nobody", Principal::federated_user("arn:aws:sts::111111111111:federated-user/f", ""),
     "s3:ListAllMyBuckets", "*", ""},
    {"a service without name", Principal::aws_service(""), "s3:GetObject", "arn:aws:s3:::b/k", "111111111111"},
    {"no UTF-8", Principal::user(kUser), "s3:GetObject", "arn:aws:s3:::b/\xff", "111111111111"},
    {"half a character", Principal::user("arn:aws:iam::111111111111:user/\xc3"), "s3:GetObject", "arn:aws:s3:::b/k",
     "111111111111"},
};
TEST(EmbedTest, ARequestThatMakesNoSenseIsDenied) {
  PolicySet set;
  set.add(allow_all()).add(Policy(PolicyType::kBucket, R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",
      "Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::*","arn:aws:s3:::*/*"]}})"));
  ASSERT_TRUE(set.ok()) << set.error();
  for (const BadRequest& bad : kBadRequests) {
    const Request request(bad.principal, bad.action, bad.resource, bad.account);
    EXPECT_FALSE(request.ok()) << bad.what;
    EXPECT_FALSE(request.error().empty()) << bad.what;
    EXPECT_FALSE(decide(set, request).allowed) << bad.what;
    EXPECT_NE(explain(set, request).text().find(request.error()), std::string::npos) << bad.what;
  }
}

TEST(EmbedTest, TooMuchIsRefusedAndResetStartsAnew) {
  Request request = get_object();
  const std::string large(1024 * 1024 + 1, 'x');
  EXPECT_FALSE(request.set("shop:note", large).ok());
  EXPECT_NE(request.error().find("1 MiB"), std::string::npos);
  request.reset(Principal::user(kUser), "s3:GetObject", "arn:aws:s3:::b/k", "111111111111");
  EXPECT_TRUE(request.ok()) << request.error();
  for (int i = 0; i < 1000; ++i) request.set("shop:key" + std::to_string(i), "v");
  EXPECT_TRUE(request.ok()) << request.error();
  for (int i = 0; i < 10; ++i) request.set("shop:more" + std::to_string(i), "v");
  EXPECT_NE(request.error().find("1000 context keys"), std::string::npos);
  EXPECT_FALSE(Request(get_object()).set("shop:bad", "\xff").ok());
  EXPECT_FALSE(Request(get_object()).set("", "v").ok());
}

TEST(EmbedTest, ExplainingGivesTheSameDecisionAndItsReasons) {
  PolicySet set;
  set.add(Policy(PolicyType::kIdentity, R"({"Version":"2012-10-17","Statement":[
  {"Sid":"Home","Effect":"Allow","Action":"s3:GetObject","Resource":"*",
   "Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}]})",
                 "reader"));
  Request request = get_object();
  request.set("aws:SourceIp", "10.0.0.4");
  const Explanation why = explain(set, request);
  EXPECT_FALSE(why.decision.allowed);
  EXPECT_EQ(why.decision.layer, decide(set, request).layer);
  ASSERT_EQ(why.statements.size(), 1U);
  const Explanation::Statement& s = why.statements.front();
  EXPECT_EQ(s.policy, "reader");
  EXPECT_EQ(s.sid, "Home");
  EXPECT_EQ(s.failed, Explanation::Element::kCondition);
  EXPECT_EQ(s.reason, "aws:SourceIp 10.0.0.4 is not in 192.0.2.0/24");
  EXPECT_EQ(s.line, 2U);
  EXPECT_EQ(s.column, 3U);
  EXPECT_EQ(why.json(),
            R"({"decision":"Deny","explicit":false,"layer":"identity","policy":null,"statement":null,)"
            R"("layers":{"rcp":"none","scp":"none","vpc_endpoint":"none","resource":"none","identity":"no-allow",)"
            R"("boundary":"none","session":"none"},"statements":[{"layer":"identity","policy":"reader",)"
            R"("policyIndex":0,"statement":0,"sid":"Home","line":2,"column":3,"effect":"Allow","applies":false,)"
            R"("element":"Condition","reason":"aws:SourceIp 10.0.0.4 is not in 192.0.2.0/24"}]})");
}

TEST(EmbedTest, CopiesStandOnTheirOwn) {
  PolicySet first;
  {
    const Policy policy = allow_all();
    first.add(policy);
  }
  PolicySet second = first;
  second.add(Policy(PolicyType::kManaged,
                    R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}})"));
  EXPECT_TRUE(decide(first, get_object()).allowed);
  EXPECT_FALSE(decide(second, get_object()).allowed);
  PolicySet third;
  third = std::move(second);
  EXPECT_FALSE(decide(third, get_object()).allowed);
  EXPECT_FALSE(decide(second, get_object()).allowed) << "moved from";  // NOLINT(bugprone-use-after-move)
  Request request = get_object();
  const Request moved = std::move(request);
  EXPECT_TRUE(decide(first, moved).allowed);
  EXPECT_FALSE(decide(first, request).allowed) << "moved from";  // NOLINT(bugprone-use-after-move)
}

TEST(EmbedTest, DecidingAllocatesNothingNorDoesARequestThatIsReset) {
  PolicySet set;
  set.add(Policy(PolicyType::kIdentity, kMayAssume, "user")).add(Policy(PolicyType::kTrust, kTrustsUser, "trust"));
  Request request = assume_role();
  const auto next = [&](const char* address) {
    request.reset(Principal::user(kUser), "sts:AssumeRole", kRole);
    request.set("aws:SourceIp", address).set("aws:CurrentTime", "2026-06-15T12:00:00Z");
    request.set("shop:tenants", {"a", "b"});
    return decide(set, request).allowed;
  };
  EXPECT_TRUE(next("10.0.0.1"));
  const std::size_t before = allocations.load();
  bool all = true;
  for (int i = 0; i < 100; ++i) all = next("10.0.0.2") && all;
  EXPECT_EQ(allocations.load(), before);
  EXPECT_TRUE(all);
}

TEST(EmbedTest, ThreadsShareSetsAndRequests) {
  PolicySet set;
  set.add(Policy(PolicyType::kIdentity, kMayAssume)).add(Policy(PolicyType::kTrust, kTrustsUser));
  const Request request = assume_role();
  std::atomic<int> allowed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) allowed += decide(set, request).allowed ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed.load(), 4000);
}

}  // namespace
}  // namespace deputy
