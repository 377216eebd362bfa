// What a seed becomes on its way to the server, and every fault with its place.
#include "seed/seed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "seed/json_schema.h"

namespace deputy::seed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Outside outside() {
  return {.file = [](const std::string& path, const std::string& from) -> Result<std::string, Unread> {
            if (path == "there") return "from " + from + "\n";
            return Unread{"cannot read " + path};
          },
          .variable = [](const std::string& name) -> std::optional<std::string> {
            return name == "SET" ? std::optional<std::string>("value") : std::nullopt;
          }};
}

Seed read(std::initializer_list<std::string_view> texts) {
  SeedReader reader(outside());
  int number = 0;
  for (const std::string_view text : texts) reader.add(text, std::string("f") + std::to_string(++number));
  return std::move(reader).read();
}

std::vector<std::string> faults(const Seed& seed) {
  std::vector<std::string> all;
  for (const Fault& fault : seed.faults) all.push_back(fault.str());
  return all;
}

TEST(SeedTest, SaysWhatTheServerTakes) {
  const Seed seed = read({R"(
$schema: here
x-shared: &doc {Version: "2012-10-17", Statement: []}
Accounts:
  - AccountId: 012345678901
    AccessKeys: [{AccessKeyId: AKIA, SecretAccessKey: {Env: SET}}]
    Roles:
      - {RoleName: a, MaxSessionDuration: 7200, AssumeRolePolicyDocument: *doc, Tags: [{Key: k, Value: 1}]}
      - {RoleName: b, AssumeRolePolicyDocument: '{"exactly": "so" }', ManagedPolicyArns: [x, y]}
    SAMLProviders: [{Name: s, SAMLMetadataDocument: {File: there}}]
Organizations: [{ManagementAccountId: 012345678901}]
)"});
  EXPECT_THAT(faults(seed), IsEmpty());
  EXPECT_EQ(seed.members,
            R"("Accounts":[{"Place":0,"AccountId":"012345678901",)"
            R"("AccessKeys":[{"AccessKeyId":"AKIA","SecretAccessKey":"value"}],)"
            R"("Roles":[{"Place":1,"RoleName":"a",)"
            R"("AssumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[]}","MaxSessionDuration":7200,)"
            R"("Tags":[{"Key":"k","Value":"1"}]},)"
            R"({"Place":2,"RoleName":"b","AssumeRolePolicyDocument":"{\"exactly\": \"so\" }",)"
            R"("ManagedPolicyArns":["x","y"]}],)"
            R"("SAMLProviders":[{"Place":3,"Name":"s","SAMLMetadataDocument":"from f1\n"}]}],)"
            R"("Organizations":[{"Place":4,"ManagementAccountId":"012345678901"}])");
  EXPECT_EQ(seed.entities[2].mark("ManagedPolicyArns.1").line, 9U);
}

TEST(SeedTest, EveryFaultIsToldWithItsPlace) {
  EXPECT_THAT(
      faults(read({R"(Accounts:
  - AccountId: "12"
  - AccountId: "111111111111"
    Nmae: x
    Users:
      - {Path: /}
      - {UserName: dana, Policies: [{PolicyName: p}, 7], Tags: {a: b}}
      - {UserName: DANA}
      - UserName:
    Roles:
      - RoleName: r
        MaxSessionDuration: long
    AccessKeys: [{AccessKeyId: a, SecretAccessKey: {Env: UNSET}, Status: Off}]
    SAMLProviders: [{Name: s, SAMLMetadataDocument: {File: gone}}]
Organizations: {}
Acounts: []
)"})),
      testing::UnorderedElementsAre(
          R"(f1:2:16: "12" is no account id: they have twelve digits)", R"(f1:4:5: Account has no member "Nmae")",
          "f1:6:9: User needs UserName", "f1:7:37: Policy needs PolicyDocument", "f1:7:54: Policy is a mapping",
          "f1:7:64: Tags is a list", "f1:8:9: User DANA is there already, at f1:7", "f1:9:18: UserName is a text",
          "f1:11:9: Role needs AssumeRolePolicyDocument", "f1:12:29: MaxSessionDuration is a number",
          "f1:13:58: the environment variable UNSET is not set", "f1:13:74: Status is Active or Inactive",
          "f1:14:60: cannot read gone", "f1:15:16: Organizations is a list",
          R"(f1:16:1: Seed has no member "Acounts"; did you mean "Accounts"?)"));
}

TEST(SeedTest, WhatIsAtFaultIsLeftOutAndWhatStayedKeepsItsPlace) {
  const Seed seed = read({R"(Accounts:
  - AccountId: "111111111111"
    Users:
      - UserName: dana
        Policies:
          - {PolicyName: bad}
          - {PolicyName: good, PolicyDocument: {}}
    Roles: [{RoleName: r}]
)"});
  EXPECT_EQ(seed.faults.size(), 2U);
  EXPECT_NE(seed.members.find(R"("Policies":[{"PolicyName":"good","PolicyDocument":"{}"}])"), std::string::npos);
  EXPECT_NE(seed.members.find(R"("RoleName":"r","Broken":true)"), std::string::npos);
  EXPECT_EQ(seed.entities[1].mark("Policies.0.PolicyDocument").line, 7U);
}

TEST(SeedTest, AnAccountMayStandInSeveralFiles) {
  const Seed seed =
      read({"Accounts: [{AccountId: 111111111111, AccountName: A, Users: [{UserName: a}]}]",
            "Accounts: [{AccountId: 111111111111, AccountName: B, Users: [{UserName: b}, {UserName: a}]}]"});
  EXPECT_THAT(faults(seed), testing::UnorderedElementsAre("f2:1:51: AccountName is another one at f1:1",
                                                          "f2:1:77: User a is there already, at f1:1"));
  EXPECT_EQ(seed.accounts, 1U);
  EXPECT_NE(seed.members.find(R"("UserName":"a"},{"Place":2,"UserName":"b"})"), std::string::npos) << seed.members;
}

TEST(SeedTest, ThePublishedSchemaIsThatOfTheReader) {
  std::ifstream file(std::string(DEPUTY_SOURCE_DIR) + "/docs/seed.schema.json");
  const std::string published((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(published, json_schema()) << "deputy apply --schema > docs/seed.schema.json";
}

}  // namespace
}  // namespace deputy::seed
