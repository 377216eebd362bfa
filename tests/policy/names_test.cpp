// Names: of services and identity providers as principals, and patterns for names of actions.
#include <gtest/gtest.h>

#include <string>

#include "policy/name_pattern.h"
#include "policy/principal_names.h"

namespace deputy::policy {
namespace {

TEST(ServicePrincipalsTest, TakesHostNamesOfAws) {
  for (const char* name : {"lambda.amazonaws.com", "ec2.amazonaws.com.cn", "states.eu-west-1.amazonaws.com",
                           "delivery.logs.amazonaws.com", "vpc-flow-logs.amazonaws.com", "alexa-appkit.amazon.com"}) {
    EXPECT_TRUE(is_service_principal(name)) << name;
  }
}

TEST(ServicePrincipalsTest, RefusesWhatNoServiceIsCalled) {
  for (const char* name :
       {"", "lambda", "amazonaws.com", ".amazonaws.com", "Lambda.amazonaws.com", "*.amazonaws.com",
        "lambda.amazonaws.com.", "lambda.amazonaws.org", "lambda..amazonaws.com", "-x.amazonaws.com",
        "lambda.amazonaws.com.evil.example", " lambda.amazonaws.com", "x.aws.internal", "www.amazon.com"}) {
    EXPECT_FALSE(is_service_principal(name)) << name;
  }
  EXPECT_FALSE(is_service_principal(std::string(64, 'a') + ".amazonaws.com"));
  EXPECT_FALSE(is_service_principal(std::string(100'000, 'a') + ".amazonaws.com"));
}

TEST(BuiltInProvidersTest, AreFour) {
  for (const char* name :
       {"cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com"})
    EXPECT_TRUE(is_built_in_provider(name)) << name;
  for (const char* name : {"", "google.com", "Accounts.google.com", "token.actions.githubusercontent.com"})
    EXPECT_FALSE(is_built_in_provider(name)) << name;
}

TEST(NamePatternTest, TakesWildcardsAndIgnoresCase) {
  for (const char* pattern :
       {"*", "GetObject", "getobject", "Get*", "*Object", "?etObject", "G*t*t", "**", "GetObject*"})
    EXPECT_TRUE(NamePattern(pattern).matches("GetObject")) << pattern;
  for (const char* pattern : {"", "Get", "Object", "?GetObject", "Got*", "*x*", "GetObject?"})
    EXPECT_FALSE(NamePattern(pattern).matches("GetObject")) << pattern;
}

TEST(NamePatternTest, ALongPatternIsNoProblem) {
  std::string long_one;
  for (int i = 0; i < 20000; ++i) long_one += "*a";
  EXPECT_FALSE(NamePattern(long_one).matches(std::string(1000, 'a')));
}

}  // namespace
}  // namespace deputy::policy
