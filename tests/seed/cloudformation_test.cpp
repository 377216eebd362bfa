// CloudFormation's templates as seeds: resources, functions, parameters, and what is refused by name.
#include "seed/cloudformation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seed/seed.h"

namespace deputy::seed {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

Seed read(std::string_view text, std::map<std::string, std::string> parameters = {},
          std::string account = "111111111111") {
  SeedReader reader({.file = [](const auto&, const auto&) { return Unread{"none"}; },
                     .variable = [](const auto&) { return std::nullopt; }},
                    {.account = std::move(account), .parameters = std::move(parameters)});
  reader.add(text, "t");
  return std::move(reader).read();
}

std::vector<std::string> faults(const Seed& seed) {
  std::vector<std::string> all;
  for (const Fault& fault : seed.faults) all.push_back(fault.str());
  return all;
}

TEST(CloudFormation, ResourcesBecomeEntitiesOfTheAccount) {
  const Seed seed = read(R"(
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage: {Type: String, Default: test}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "${Stage}-role"
      Path: /p/
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {AWS: !GetAtt User.Arn}, Action: "sts:AssumeRole",
                     Condition: {StringEquals: {"aws:PrincipalTag/t": !Sub "${!aws:username}-${AWS::AccountId}"}}}]
      ManagedPolicyArns: [!Ref Managed]
  User: {Type: AWS::IAM::User, Properties: {UserName: dana, PermissionsBoundary: {"Fn::Join": [":", [arn, aws, iam, "", aws, policy/X]]}, Path: !Ref AWS::NoValue}}
  Managed: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {a: !Sub ["${x}/${Role}", {x: !GetAtt [Role, Arn]}]}, Users: [!Ref User]}}
  Inline: {Type: AWS::IAM::Policy, Properties: {PolicyName: in, PolicyDocument: {b: 1}, Roles: [!Ref Role]}}
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref User}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}
)",
                         {{"Stage", "prod"}});
  EXPECT_THAT(faults(seed), IsEmpty());
  EXPECT_EQ(
      seed.members,
      R"("Accounts":[{"Place":0,"AccountId":"111111111111",)"
      R"("Users":[{"Place":1,"UserName":"dana","PermissionsBoundary":"arn:aws:iam::aws:policy/X",)"
      R"("ManagedPolicyArns":["arn:aws:iam::111111111111:policy/Managed"],"AccessKeys":[{}]}],)"
      R"("Roles":[{"Place":2,"RoleName":"prod-role","Path":"/p/","AssumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",)"
      R"(\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:user/dana\"},)"
      R"(\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/t\":\"${aws:username}-111111111111\"}}}]}",)"
      R"("ManagedPolicyArns":["arn:aws:iam::111111111111:policy/Managed"],)"
      R"("Policies":[{"PolicyName":"in","PolicyDocument":"{\"b\":1}"}]}],)"
      R"("ManagedPolicies":[{"Place":3,"PolicyName":"Managed","PolicyDocument":)"
      R"("{\"a\":\"arn:aws:iam::111111111111:role/p/prod-role/prod-role\"}"}],)"
      R"("InstanceProfiles":[{"Place":4,"InstanceProfileName":"Profile","Roles":["prod-role"]}],)"
      R"("Buckets":[{"Place":5,"Bucket":"b"}]}])");
}

TEST(CloudFormation, WhatIsNotUnderstoodIsRefusedByName) {
  EXPECT_THAT(faults(read(R"(Conditions: {}
Parameters: {Needed: {Type: String}}
Resources:
  Queue: {Type: AWS::SQS::Queue}
  A: {Type: AWS::IAM::User, Condition: x, Properties: {UserName: !If [a, b, c], LoginProfile: {}}}
  B: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {x: !GetAtt Key.SecretAccessKey, y: !Ref Nothing}}}
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: who}}
)",
                          {{"Other", "1"}})),
              testing::IsSupersetOf({
                  "t:1:1: Conditions of a template is not understood here",
                  "t:2:14: the parameter Needed has no value: --parameter Needed=VALUE",
                  "t:1:1: the template has no parameter \"Other\"",
                  "t:4:17: AWS::SQS::Queue cannot be made here",
                  "t:5:29: Condition of a resource is not understood here",
                  "t:5:66: Fn::If is not understood here; Ref, Fn::GetAtt, Fn::Sub and Fn::Join are",
                  "t:5:81: LoginProfile of AWS::IAM::User is not understood here",
                  "t:6:72: the attribute SecretAccessKey of Key is not known before it is made",
                  "t:6:104: the template has no parameter or resource \"Nothing\"",
                  "t:7:59: \"who\" is none of the Users of this template",
              }));
  EXPECT_THAT(faults(read("Resources: {}", {}, "")),
              UnorderedElementsAre("t:1:1: a template is of an account: say which, --account ID"));
}

}  // namespace
}  // namespace deputy::seed
