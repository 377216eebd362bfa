// Seeds: what is made, changed and removed, that a second time changes nothing, and that all faults are told.
#include "services/admin/seed.h"

#include <gmock/gmock.h>

#include "protocol/iam/create_policy_version.h"
#include "protocol/iam/create_user.h"
#include "protocol/iam/get_role.h"
#include "protocol/json.h"
#include "support/world.h"

namespace deputy::admin {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;
using tests::kA;
using tests::kB;
using tests::World;

constexpr const char* kC = "333333333333";
const std::string kTrustsRootOfA = R"(\"Principal\":{\"AWS\":\"111111111111\"})";

/// A trust policy as a text within JSON.
std::string trusts(const std::string& arn) {
  return R"("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\")" + arn +
         R"(\"},\"Action\":\"sts:AssumeRole\"}]}")";
}
const std::string kAllow =
    R"("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}")";

class SeedTest : public testing::Test {
 protected:
  ApplySeed::Output apply(const std::string& accounts, const std::string& more = "") {
    ApplySeed::Input input;
    const std::string json = R"({"Accounts":[)" + accounts + "]" + more + "}";
    const auto decoded = protocol::decode_json(ApplySeed::model, json, &input);
    EXPECT_TRUE(decoded) << json << decoded.error().message();
    return world.must<ApplySeed>(input);
  }
  static std::vector<std::string> changes(const ApplySeed::Output& out) {
    std::vector<std::string> all;
    for (const auto& change : *out.changes) all.push_back(change.operation + " " + change.resource);
    return all;
  }
  static std::vector<std::string> faults(const ApplySeed::Output& out) {
    std::vector<std::string> all;
    for (const auto& fault : *out.faults) {
      all.push_back(std::to_string(fault.place) + " " + fault.member.value_or("") + " " + fault.code);
    }
    return all;
  }
  [[nodiscard]] const directory::AccountState* account(std::string_view id) const {
    return world.snapshot().account(*AccountId::parse(id));
  }

  World world;
};

const std::string kEverything =
    R"({"Place":0,"AccountId":"333333333333","AccountName":"C","AccountAlias":"ccc","AccessKeys":[{"AccessKeyId":"AKIAROOTROOTROOT0000","SecretAccessKey":"s"}],)"
    R"("Groups":[{"Place":1,"GroupName":"g","Policies":[{"PolicyName":"p","PolicyDocument":)" +
    kAllow +
    R"(}]}],)"
    R"("Users":[{"Place":2,"UserName":"u","Path":"/t/","Groups":["g"],"Tags":[{"Key":"k","Value":"v"}],"PermissionsBoundary":"arn:aws:iam::333333333333:policy/mp","AccessKeys":[{}]}],)"
    R"("ManagedPolicies":[{"Place":3,"PolicyName":"mp","PolicyDocument":)" +
    kAllow +
    R"(}],)"
    R"("Roles":[{"Place":4,"RoleName":"r","AssumeRolePolicyDocument":)" +
    trusts("arn:aws:iam::333333333333:user/t/u") +
    R"(,"ManagedPolicyArns":["arn:aws:iam::333333333333:policy/mp","arn:aws:iam::aws:policy/ReadOnlyAccess"],"MaxSessionDuration":7200}],)"
    R"("InstanceProfiles":[{"Place":5,"InstanceProfileName":"i","Roles":["r"]}],)"
    R"("OpenIDConnectProviders":[{"Place":6,"Url":"https://issuer.example","ClientIDList":["a"],"ThumbprintList":["1234567890123456789012345678901234567890"]}],)"
    R"("Buckets":[{"Place":7,"Bucket":"bucket-c"}]})";

TEST_F(SeedTest, MakesAllOfIt) {
  const auto out = apply(kEverything);
  EXPECT_THAT(faults(out), IsEmpty());
  EXPECT_TRUE(out.applied);
  ASSERT_NE(account(kC), nullptr);
  const auto& c = *account(kC);
  EXPECT_EQ(c.account.alias, "ccc");
  EXPECT_EQ(c.account.root_keys.size(), 1U);
  const directory::User& user = *c.users.get("u");
  EXPECT_EQ(user.path, "/t/");
  EXPECT_EQ(user.groups.size(), 1U);
  EXPECT_EQ(user.access_keys.size(), 1U);
  EXPECT_EQ(c.groups.get("g")->members, 1U);
  EXPECT_EQ(c.policies.get("mp")->attachments, 1U);
  EXPECT_EQ(c.policies.get("mp")->boundary_uses, 1U);
  EXPECT_EQ(c.roles.get("r")->max_session_seconds, 7200U);
  EXPECT_EQ(c.roles.get("r")->trust_principals.front().id, user.id);
  EXPECT_EQ(c.instance_profiles.get("i")->role, "r");
  EXPECT_EQ(c.oidc_providers.size(), 1U);
  EXPECT_EQ(c.buckets.size(), 1U);
  ASSERT_EQ(out.credentials->size(), 2U);
}

TEST_F(SeedTest, ASecondTimeChangesNothing) {
  apply(kEverything);
  for (const char* more : {"", R"(,"Prune":true)"}) {
    const auto again = apply(kEverything, more);
    EXPECT_THAT(faults(again), IsEmpty());
    EXPECT_THAT(changes(again), IsEmpty());
    EXPECT_THAT(again.credentials.value_or(std::vector<shapes::SeedCredential>{}), IsEmpty());
  }
}

TEST_F(SeedTest, ADryRunWritesNothing) {
  const auto out = apply(kEverything, R"(,"DryRun":true)");
  EXPECT_FALSE(out.applied);
  EXPECT_THAT(changes(out), testing::Contains("CreateRole role/r"));
  EXPECT_EQ(account(kC), nullptr);
}

TEST_F(SeedTest, WhatDiffersIsChanged) {
  apply(kEverything);
  const auto out = apply(
      R"({"Place":0,"AccountId":"333333333333","AccountName":"D",)"
      R"("AccessKeys":[{"AccessKeyId":"AKIAROOTROOTROOT0000","SecretAccessKey":"other"}],)"
      R"("ManagedPolicies":[{"Place":1,"PolicyName":"mp","PolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}],)"
      R"("Roles":[{"Place":2,"RoleName":"r","AssumeRolePolicyDocument":)" +
      trusts("111111111111") + R"(,"Description":"now"}]})");
  // An empty list of statements is no policy.
  EXPECT_THAT(faults(out), ElementsAre("1 PolicyDocument MalformedPolicyDocument"));
  const auto right = apply(R"({"Place":0,"AccountId":"333333333333","AccountName":"D",)"
                           R"("AccessKeys":[{"AccessKeyId":"AKIAROOTROOTROOT0000","SecretAccessKey":"other"}],)"
                           R"("Roles":[{"Place":2,"RoleName":"r","AssumeRolePolicyDocument":)" +
                           trusts("111111111111") + R"(,"Description":"now"}]})");
  EXPECT_THAT(changes(right), ElementsAre("UpdateAccount account", "DeleteAccessKey root", "CreateAccessKey root",
                                          "UpdateRole role/r", "UpdateAssumeRolePolicy role/r"));
}

TEST_F(SeedTest, APolicyThatChangesManyTimesKeepsFiveVersions) {
  const auto policy = [](int n) {
    return R"({"Place":0,"AccountId":"111111111111","ManagedPolicies":[{"Place":1,"PolicyName":"mp","PolicyDocument":)"
           R"("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:Get)" +
           std::to_string(n) + R"(*\",\"Resource\":\"*\"}]}"}]})";
  };
  for (int n = 0; n < 8; ++n) EXPECT_THAT(faults(apply(policy(n))), IsEmpty());
  const auto& made = *account(kA)->policies.get("mp");
  EXPECT_EQ(made.versions.size(), 5U);
  EXPECT_EQ(made.default_version, 8U);
}

TEST_F(SeedTest, PruneRemovesWhatIsNotNamedAndOnlyThere) {
  apply(kEverything);
  world.must<iam::shapes::CreateUser>({.user_name = "other"}, tests::root(kB));
  const auto out = apply(R"({"Place":0,"AccountId":"333333333333"})", R"(,"Prune":true)");
  EXPECT_THAT(faults(out), IsEmpty());
  const auto& c = *account(kC);
  std::size_t left = 0;
  c.each_map([&](const auto& map) { left += map.size(); });
  EXPECT_EQ(left, 0U);
  EXPECT_EQ(c.account.root_keys.size(), 1U) << "nobody is locked out";
  EXPECT_EQ(account(kB)->users.size(), 1U);
}

TEST_F(SeedTest, RolesMayTrustEachOtherInACircle) {
  const auto role = [](int place, const std::string& name, const std::string& whom) {
    return R"({"Place":)" + std::to_string(place) + R"(,"RoleName":")" + name + R"(","AssumeRolePolicyDocument":)" +
           trusts("arn:aws:iam::" + whom) + "}";
  };
  const std::string seed =
      R"({"Place":0,"AccountId":"111111111111","Roles":[)" + role(1, "one", "222222222222:role/two") + "," +
      role(2, "self", "111111111111:role/self") + R"(]},{"Place":3,"AccountId":"222222222222","Roles":[)" +
      role(4, "two", "111111111111:role/one") + "," + role(5, "last", "222222222222:role/two") + "]}";
  EXPECT_THAT(faults(apply(seed)), IsEmpty());
  EXPECT_EQ(account(kA)->roles.get("one")->trust_principals.front().id, account(kB)->roles.get("two")->id);
  EXPECT_EQ(account(kA)->roles.get("self")->trust_principals.front().id, account(kA)->roles.get("self")->id);
  EXPECT_THAT(changes(apply(seed)), IsEmpty());
}

TEST_F(SeedTest, AllFaultsAreToldNoneTwiceAndNothingIsWritten) {
  const std::string seed =
      R"({"Place":0,"AccountId":"111111111111","Users":[)"
      R"({"Place":1,"UserName":"fine","Groups":["broken","absent"],"ManagedPolicyArns":["arn:aws:iam::111111111111:policy/bad","arn:aws:iam::111111111111:policy/none"]},)"
      R"({"Place":2,"UserName":"not a name"},)"
      R"({"Place":3,"UserName":"keys","AccessKeys":[{"AccessKeyId":"ASIA1234567890123456","SecretAccessKey":"s"},{"AccessKeyId":"short","SecretAccessKey":"s"}]}],)"
      R"("Groups":[{"Place":4,"GroupName":"broken","Broken":true}],)"
      R"("ManagedPolicies":[{"Place":5,"PolicyName":"bad","PolicyDocument":"{}"}],)"
      R"("Roles":[{"Place":6,"RoleName":"r","AssumeRolePolicyDocument":)" +
      trusts("arn:aws:iam::111111111111:user/nobody") +
      R"(},{"Place":7,"RoleName":"s","MaxSessionDuration":7,"AssumeRolePolicyDocument":)" + trusts("111111111111") +
      R"(}],"InstanceProfiles":[{"Place":8,"InstanceProfileName":"i","Roles":["s"]}],)"
      R"("Buckets":[{"Place":9,"Bucket":"No"}]},{"Place":10,"AccountId":"12"})";
  const auto out = apply(seed);
  EXPECT_FALSE(out.applied);
  EXPECT_THAT(faults(out),
              UnorderedElementsAre("1 Groups.1 NoSuchEntity", "1 ManagedPolicyArns.1 NoSuchEntity",
                                   "2 UserName ValidationError", "3 AccessKeys.0 ValidationException",
                                   "3 AccessKeys.1 ValidationException", "5 PolicyDocument MalformedPolicyDocument",
                                   "6 AssumeRolePolicyDocument MalformedPolicyDocument",
                                   "7 AssumeRolePolicyDocument ValidationError", "9 Bucket InvalidBucketName",
                                   "10 AccountId ValidationException"));
  EXPECT_EQ(account(kA)->users.size(), 0U);
}

TEST_F(SeedTest, AnOrganizationOfItsAccounts) {
  const std::string organization =
      R"(,"Organizations":[{"Place":2,"ManagementAccountId":"111111111111","AccountIds":["222222222222"],"ServicePrincipals":["iam.amazonaws.com"]}])";
  const auto out = apply(R"({"Place":0,"AccountId":"111111111111"})", organization);
  EXPECT_THAT(faults(out), IsEmpty());
  const auto* in = world.snapshot().organization_of(*account(kB));
  ASSERT_NE(in, nullptr);
  EXPECT_TRUE(in->is_management(*AccountId::parse(kA)));
  EXPECT_EQ(in->organization.accounts, 2U);
  EXPECT_EQ(in->organization.trusted_services.size(), 1U);
  EXPECT_THAT(changes(apply(R"({"Place":0,"AccountId":"111111111111"})", organization)), IsEmpty());
}

TEST_F(SeedTest, AChosenKeyIsNobodyElses) {
  const std::string key = R"("AccessKeys":[{"AccessKeyId":"AKIAKEYKEYKEYKEY0000","SecretAccessKey":"s"}])";
  const auto out = apply(R"({"Place":0,"AccountId":"111111111111","Users":[{"Place":1,"UserName":"a",)" + key +
                         R"(},{"Place":2,"UserName":"b",)" + key + "}]}");
  EXPECT_THAT(faults(out), ElementsAre("2 AccessKeys.0 AccessKeyAlreadyExistsException"));
}

TEST_F(SeedTest, KeysThatAreGeneratedAreGeneratedOnce) {
  const auto seed = [](const std::string& keys) {
    return R"({"Place":0,"AccountId":"111111111111","Users":[{"Place":1,"UserName":"a","AccessKeys":[)" + keys + "]}]}";
  };
  EXPECT_EQ(apply(seed("{}")).credentials->size(), 1U);
  EXPECT_EQ(apply(seed("{}")).credentials->size(), 0U);
  EXPECT_EQ(apply(seed("{},{}")).credentials->size(), 1U);
  EXPECT_THAT(changes(apply(seed("{}"), R"(,"Prune":true)")), ElementsAre("DeleteAccessKey user/a"));
}

TEST_F(SeedTest, ABucketSaysWhoMayTouchIt) {
  const auto seed = [](const std::string& access) {
    return R"({"Place":0,"AccountId":"111111111111","Roles":[{"Place":1,"RoleName":"r","AssumeRolePolicyDocument":)" +
           trusts("111111111111") + R"(}],"Buckets":[{"Place":2,"Bucket":"logs")" + access + "}]}";
  };
  const std::string open =
      R"(,"ObjectOwnership":"ObjectWriter","PublicAccessBlock":["IgnorePublicAcls"],"BucketPolicy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"*\",\"arn:aws:iam::111111111111:role/r\"]},\"Action\":\"s3:ListBucket\",\"Resource\":\"arn:aws:s3:::logs\"}}")";
  EXPECT_THAT(faults(apply(seed(open))), IsEmpty());
  const directory::Bucket* bucket = world.snapshot().bucket("logs");
  ASSERT_NE(bucket, nullptr);
  EXPECT_EQ(bucket->access.ownership, directory::ObjectOwnership::kObjectWriter);
  EXPECT_EQ(bucket->access.public_access_block, (directory::PublicAccessBlock{false, true, false, false}));
  EXPECT_TRUE(bucket->access.policy_is_public);
  ASSERT_EQ(bucket->access.policy_principals.size(), 1U) << "of a role that the seed makes, too";
  EXPECT_THAT(changes(apply(seed(open))), IsEmpty());
  EXPECT_THAT(changes(apply(seed(""))), IsEmpty()) << "what is not named stays";
  EXPECT_THAT(changes(apply(seed(""), R"(,"Prune":true)")), ElementsAre("DeleteBucketPolicy bucket/logs"));
  EXPECT_THAT(faults(apply(seed(R"(,"BucketPolicy":"{}")"))), ElementsAre("2 BucketPolicy MalformedPolicy"));
  apply(seed(R"(,"PublicAccessBlock":["None"])"));
  EXPECT_EQ(world.snapshot().bucket("logs")->access.public_access_block,
            (directory::PublicAccessBlock{false, false, false, false}));
}

}  // namespace
}  // namespace deputy::admin
