// Every rule of docs/policy-evaluation.md has a case: a vector, a case of our own, a refused document, or a test by
// name.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "policy/cases.h"
#include "policy/refusals.h"

namespace deputy::policy::test {
namespace {

/// Where a rule is tested that is not about documents and decisions: a file under tests/, and a text of it.
struct Elsewhere {
  const char* file;
  const char* test;
};
const std::map<std::string, Elsewhere> kElsewhere = {
    {"L-14", {"wire/corrupted.json", "IAM: no policy document"}},  // with W-13: refused before a document is looked at
    {"L-15", {"services/iam/inline_policies_test.cpp", "TheSizesOfAllPoliciesOfOneOwnerCountTogether"}},
    {"L-16", {"services/iam/managed_policies_test.cpp", "FiveVersionsAreTheMost"}},
    {"E-14", {"services/iam/users_test.cpp", "CreatingWithTagsNeedsTheTagsAllowed"}},
    {"S-6", {"authz/ask_test.cpp", "EachScopeOfASessionMustAllow"}},
    {"D-1", {"services/iam/users_test.cpp", " is not authorized to perform: iam:GetUser on resource: "}},
    {"D-2", {"e2e/guide.py", "because no identity-based policy allows the"}},
    {"D-3", {"services/iam/account_test.cpp", "AliasesAndTheSummaryAreOnEveryResource"}},
    {"D-4", {"services/iam/users_test.cpp", " is not authorized to perform: iam:GetUser on resource: "}},
    {"D-5", {"e2e/test_guide_boto3.py", "not_authorized("}},
    {"D-6", {"e2e/test_iam.py", "test_session_policies_and_tags_limit_a_session"}},
    {"D-7", {"e2e/test_guide_boto3.py", "test_a_chained_session_lasts_an_hour_at_most"}},
    {"D-8", {"wire/corrupted.json", "AccessDenied"}},
    {"D-9", {"e2e/test_iam.py", "test_session_policies_and_tags_limit_a_session"}},
    {"W-1", {"wire/corrupted.json", "MalformedPolicyDocument"}},
    {"W-7", {"services/iam/trust_test.cpp", "RefusesWhoDoesNotExist"}},
    {"W-12", {"services/iam/managed_policies_test.cpp", "TheSizeCountsWithoutWhiteSpace"}},
    {"W-13", {"wire/corrupted.json", "IAM: an empty policy document"}},
};
/// What nobody can test: not in the scope of this document, or of this server.
const std::map<std::string, const char*> kNowhere = {
    {"E-19", "grants, ACLs and access points are outside of the document"},
    {"A-3", "Block Public Access is no layer of a decision"},
    {"D-10", "an option that is off, and not built"},
    {"D-11", "not emitted, as the doubt says"},
    {"D-12", "an answer of S3 about objects, not of the engine"},
};

std::string read(const std::string& path) {
  std::ifstream in(std::string(DEPUTY_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// "L-1" of each line that begins with "**L-1**".
std::set<std::string> rules_of_the_document() {
  std::set<std::string> rules;
  std::istringstream lines(read("docs/policy-evaluation.md"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t end = line.find("**", 2);
    if (!line.starts_with("**") || end == std::string::npos || end > 6 || line[3] != '-') continue;
    rules.insert(line.substr(2, end - 2));
  }
  return rules;
}

std::set<std::string> rules_with_cases() {
  std::set<std::string> rules;
  for (const char* file : {"vectors.json", "rules.json"}) {
    for (const auto& c : cases_of(file)) rules.insert(c->source.rule);
  }
  for (const char* file : kRefusalFiles) {
    for (const Refusal& refusal : refusals_of(file)) rules.insert(refusal.rule);
  }
  return rules;
}

TEST(RulesTest, EveryRuleHasACase) {
  const auto rules = rules_of_the_document();
  EXPECT_GT(rules.size(), 200U);
  const auto covered = rules_with_cases();
  for (const std::string& rule : rules) {
    const bool known = covered.contains(rule) || kElsewhere.contains(rule) || kNowhere.contains(rule);
    EXPECT_TRUE(known) << rule << " has neither a vector nor a case; give it one in tests/policy/cases/rules.json";
  }
  for (const std::string& rule : covered) EXPECT_TRUE(rules.contains(rule)) << rule << " is no rule of the document";
}

TEST(RulesTest, WhatIsTestedElsewhereIsTestedThere) {
  for (const auto& [rule, where] : kElsewhere) {
    EXPECT_NE(read(std::string("tests/") + where.file).find(where.test), std::string::npos)
        << rule << ": tests/" << where.file << " does not hold \"" << where.test << "\"";
  }
}

}  // namespace
}  // namespace deputy::policy::test
