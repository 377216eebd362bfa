#include "policy/principals.h"

#include <gtest/gtest.h>

namespace deputy::policy {
namespace {

constexpr std::string_view kTrust = R"({ "Version" : "2012-10-17",
  "Statement": [{"Effect":"Allow", "Principal": {"AWS": [ "arn:aws:iam::111111111111:user/\u0061lice",
      "222222222222" ], "Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    {"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}] })";

TEST(PrincipalsTest, EveryPrincipalHasItsKindItsTextAndItsPlace) {
  const auto document = parse(kTrust, Kind::kTrust);
  ASSERT_TRUE(document);
  const auto found = principals_of(*document);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].element->kind, PrincipalKind::kAws);
  EXPECT_EQ(found[0].element->text.value, "arn:aws:iam::111111111111:user/alice");
  const Text& text = found[0].element->text;
  EXPECT_EQ(kTrust.substr(text.position.offset, text.end - text.position.offset),
            R"("arn:aws:iam::111111111111:user/\u0061lice")");
  EXPECT_EQ(found[2].element->kind, PrincipalKind::kService);
  EXPECT_EQ(found[3].element->kind, PrincipalKind::kEverybody);
  EXPECT_EQ(found[3].statement, &document->statements[1]);
}

TEST(PrincipalsTest, ReplacingLeavesAllElseUntouched) {
  const auto document = parse(kTrust, Kind::kTrust);
  ASSERT_TRUE(document);
  const auto found = principals_of(*document);
  const std::vector<Replacement> replacements = {{found[1].element->text, "a \"quoted\" name"},
                                                 {found[0].element->text, "AIDAAAAAAAAAAAAAAAAAA"}};
  EXPECT_EQ(replace(kTrust, replacements), R"({ "Version" : "2012-10-17",
  "Statement": [{"Effect":"Allow", "Principal": {"AWS": [ "AIDAAAAAAAAAAAAAAAAAA",
      "a \"quoted\" name" ], "Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    {"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}] })");
  EXPECT_EQ(replace(kTrust, {}), kTrust);
}

}  // namespace
}  // namespace deputy::policy
