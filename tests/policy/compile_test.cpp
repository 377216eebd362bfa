#include <gtest/gtest.h>

#include "policy/compiled.h"
#include "policy/evaluate.h"
#include "policy/program.h"

namespace deputy::policy {
namespace {

TEST(CompileTest, ADenyOfACanonicalUserIsRefusedAndNotPassedOver) {
  const auto document = parse(
      R"({"Statement":{"Effect":"Deny","Principal":{"CanonicalUser":"79a5"},"Action":"s3:*","Resource":"arn:aws:s3:::b"}})",
      Kind::kBucket);
  ASSERT_TRUE(document);
  EXPECT_FALSE(compile(*document, Kind::kBucket));
}

CompiledPolicyPtr compiled(const std::string& statements) {
  const auto document =
      parse(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}", Kind::kIdentity, 1U << 24U);
  EXPECT_TRUE(document);
  auto policy = compile(*document, Kind::kIdentity);
  EXPECT_TRUE(policy);
  return *policy;
}

TEST(CompileTest, TheIndexStaysSmall) {
  // Many actions times many resources: fronts for all pairs would be a million.
  std::string actions;
  std::string resources;
  for (int i = 0; i < 1000; ++i) {
    actions += (i > 0 ? R"(,"s3:A)" : R"("s3:A)") + std::to_string(i) + '"';
    resources += (i > 0 ? R"(,"arn:aws:s3:::b)" : R"("arn:aws:s3:::b)") + std::to_string(i) + '"';
  }
  const std::string text = R"({"Effect":"Allow","Action":[)" + actions + R"(],"Resource":[)" + resources + "]}";
  const CompiledPolicyPtr policy = compiled(text);
  EXPECT_LT(policy->arena.bytes(), 40 * text.size());
}

TEST(CompileTest, AStatementWeighsAboutAsMuchAsTheTablesInTheDocumentation) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += std::string(i > 0 ? "," : "") + R"({"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b)" +
            std::to_string(i) + R"(/*"})";
  }
  EXPECT_LT(compiled(text)->arena.bytes() / 100, 600U);
}

/// A Deny that is not understood must not be passed over.
TEST(CompileTest, WhatIsNotUnderstoodCompilesInNoType) {
  const auto refuse = [](const std::string& statement) {
    for (const Kind kind : {Kind::kIdentity, Kind::kManaged, Kind::kSession, Kind::kTrust, Kind::kBucket, Kind::kKey,
                            Kind::kEndpoint, Kind::kScp, Kind::kRcp}) {
      for (const char* more : {"", R"("Resource":"*",)", R"("Principal":"*",)", R"("Principal":"*","Resource":"*",)"}) {
        const std::string json = R"({"Version":"2012-10-17","Statement":{)" + std::string(more) + statement + "}}";
        const auto document = parse(json, kind);
        EXPECT_FALSE(document && compile(*document, kind)) << json;
      }
    }
  };
  refuse(R"("Effect":"Deny","Action":"*","Condition":{"StringEqual":{"aws:userid":"x"}})");
  refuse(R"("Effect":"Deny","Action":"*","Condition":{"NullIfExists":{"aws:userid":"x"}})");
  refuse(R"("Effect":"deny","Action":"*")");
  refuse(R"("Effect":"Denied","Action":"*")");
  refuse(R"("Effect":"Deny","Action":"s3")");
  refuse(R"("Effect":"Deny","Action":"*:GetObject")");
  refuse(R"("Effect":"Deny","Action":"s*:GetObject")");
  refuse(R"("Effect":"Deny","Action":"s3:Get:Object")");
  refuse(R"("Effect":"Deny","Action":[])");
  refuse(R"("Effect":"Deny")");
  refuse(R"("Effect":"Allow","NotPrincipal":{"AWS":"111111111111"},"Resource":"*","Action":"*")");
  refuse(R"("Effect":"Deny","Action":"*","Principal":{"AWS":"arn:aws:iam::111111111111:user/*"})");
}

TEST(CompileTest, ACompiledPolicyOutlivesItsDocument) {
  CompiledPolicyPtr policy;
  {
    std::string json =
        R"({"Statement":{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::\u0062/*"}})";
    policy = *compile(*parse(json, Kind::kIdentity), Kind::kIdentity);
    json.assign(json.size(), 'x');
  }
  const CompiledPolicy* set[] = {policy.get()};
  const Request request{.principal = {.type = PrincipalType::kUser, .account = "111111111111"},
                        .action = Action("s3:GetObject"),
                        .resource = "arn:aws:s3:::b/k",
                        .resource_account = "111111111111"};
  EXPECT_TRUE(decide({.identity = set}, request).allowed());
}

}  // namespace
}  // namespace deputy::policy
