// What policies come to together. The first cases are those that AWS's pages work through, with what they say comes out:
// "Inheritance examples", "AI services opt-out policy syntax and examples" and "Backup policy syntax and examples".
#include "services/organizations/effective_policy.h"

#include <gtest/gtest.h>

#include "services/organizations/policy_types.h"

namespace deputy::organizations {
namespace {

using directory::PolicyType;
using Level = std::vector<const char*>;  // policies of one place, in the order of attachment

struct Case {
  const char* name;
  PolicyType type;
  std::vector<Level> levels;  // the root's first
  const char* effective;
};

constexpr const char* kA =
    R"({"tags":{"costcenter":{"tag_key":{"@@assign":"CostCenter"},"tag_value":{"@@assign":["Development","Support"]}}}})";
constexpr const char* kC =
    R"({"tags":{"costcenter":{"tag_key":{"@@assign":"CostCenter"},"tag_value":{"@@append":["Marketing"]},
        "enforced_for":{"@@append":["redshift:*","dynamodb:table"]}}}})";
constexpr const char* kE =
    R"({"tags":{"project":{"tag_key":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"Project"},
        "tag_value":{"@@operators_allowed_for_child_policies":["@@append"],"@@assign":["Maintenance","Escalations"]}}}})";
constexpr const char* kG =
    R"({"tags":{"project":{"tag_value":{"@@operators_allowed_for_child_policies":["@@append"],"@@assign":["Maintenance"]}}}})";
constexpr const char* kH =
    R"({"tags":{"project":{"tag_value":{"@@operators_allowed_for_child_policies":["@@append","@@remove"]}}}})";
constexpr const char* kLocked =
    R"({"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{
        "@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{
        "@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}})";
constexpr const char* kDefault =
    R"({"services":{"default":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{
        "@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}})";
constexpr const char* kLexIn = R"({"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}})";
constexpr const char* kParentPlan =
    R"({"plans":{"PII_Backup_Plan":{"regions":{"@@append":["us-east-1","ap-northeast-3","eu-north-1"]},"rules":{"Hourly":{
        "schedule_expression":{"@@assign":"rate 1"},"start_backup_window_minutes":{"@@assign":"60"},
        "lifecycle":{"to_delete_after_days":{"@@assign":"2"},"move_to_cold_storage_after_days":{"@@assign":"180"}}}}}}})";

const Case kCases[] = {
    {"example 1: child policies overwrite values",
     PolicyType::kTag,
     {{kA}, {R"({"tags":{"costcenter":{"tag_key":{"@@assign":"CostCenter"},"tag_value":{"@@assign":["Sandbox"]},
           "enforced_for":{"@@assign":["redshift:*","dynamodb:table"]}}}})"}},
     R"({"tags":{"costcenter":{"tag_key":"CostCenter","tag_value":["Sandbox"],"enforced_for":["redshift:*","dynamodb:table"]}}})"},
    {"example 2: new values are appended",
     PolicyType::kTag,
     {{kA}, {kC}},
     R"({"tags":{"costcenter":{"tag_key":"CostCenter","tag_value":["Development","Support","Marketing"],"enforced_for":["redshift:*","dynamodb:table"]}}})"},
    {"example 3: values are removed, and nothing is left of a list",
     PolicyType::kTag,
     {{kA},
      {kC},
      {R"({"tags":{"costcenter":{"tag_key":{"@@assign":"CostCenter"},"tag_value":{"@@remove":["Development","Marketing"]},
           "enforced_for":{"@@remove":["redshift:*","dynamodb:table"]}}}})"}},
     R"({"tags":{"costcenter":{"tag_key":"CostCenter","tag_value":["Support"]}}})"},
    {"example 4: changes are restricted",
     PolicyType::kTag,
     {{kE},
      {R"({"tags":{"project":{"tag_key":{"@@assign":"PROJECT"},"tag_value":{"@@append":["Escalations - research"]}}}})"}},
     R"({"tags":{"project":{"tag_key":"Project","tag_value":["Maintenance","Escalations","Escalations - research"]}}})"},
    {"example 5: of two restrictions at one level their intersection holds",
     PolicyType::kTag,
     {{kG, kH}, {R"({"tags":{"project":{"tag_value":{"@@append":["Research"],"@@remove":["Maintenance"]}}}})"}},
     R"({"tags":{"project":{"tag_value":["Maintenance","Research"]}}})"},
    {"example 6: at one level the first attached assigns",
     PolicyType::kTag,
     {{R"({"tags":{"project":{"tag_key":{"@@assign":"PROJECT"},"tag_value":{"@@append":["Maintenance"]}}}})",
       R"({"tags":{"project":{"tag_key":{"@@assign":"project"},"tag_value":{"@@append":["Escalations"]}}}})"}},
     R"({"tags":{"project":{"tag_key":"PROJECT","tag_value":["Maintenance","Escalations"]}}})"},
    {"tag policies: keys at the root, values at the account",
     PolicyType::kTag,
     {{R"({"tags":{"CostCenter":{"tag_key":{"@@assign":"CostCenter","@@operators_allowed_for_child_policies":["@@none"]}},
           "Project":{"tag_key":{"@@assign":"Project","@@operators_allowed_for_child_policies":["@@none"]}}}})"},
      {R"({"tags":{"CostCenter":{"tag_value":{"@@assign":["Production","Test"]}},"Project":{"tag_value":{"@@assign":["A","B"]}}}})"}},
     R"({"tags":{"costcenter":{"tag_key":"CostCenter","tag_value":["Production","Test"]},"project":{"tag_key":"Project","tag_value":["A","B"]}}})"},
    {"opting out: nothing can be added where nothing is allowed",
     PolicyType::kAiServicesOptOut,
     {{kLocked}, {kLexIn}},
     R"({"services":{"default":{"opt_out_policy":"optOut"}}})"},
    {"opting out: a default that stays, and services beside it",
     PolicyType::kAiServicesOptOut,
     {{kDefault}, {kLexIn}},
     R"({"services":{"default":{"opt_out_policy":"optOut"},"lex":{"opt_out_policy":"optIn"}}})"},
    {"opting out: the default cannot be changed",
     PolicyType::kAiServicesOptOut,
     {{kDefault}, {R"({"services":{"default":{"opt_out_policy":{"@@assign":"optIn"}}}})"}},
     R"({"services":{"default":{"opt_out_policy":"optOut"}}})"},
    {"backup: a child overrides some settings",
     PolicyType::kBackup,
     {{kParentPlan},
      {R"({"plans":{"PII_Backup_Plan":{"regions":{"@@assign":["us-west-2","eu-central-1"]},"rules":{"Hourly":{
           "schedule_expression":{"@@assign":"rate 2"},
           "lifecycle":{"move_to_cold_storage_after_days":{"@@assign":"30"},"to_delete_after_days":{"@@assign":"365"}}}}}}})"}},
     R"({"plans":{"pii_backup_plan":{"regions":["us-west-2","eu-central-1"],"rules":{"hourly":{"schedule_expression":"rate 2","start_backup_window_minutes":"60","lifecycle":{"to_delete_after_days":"365","move_to_cold_storage_after_days":"30"}}}}}})"},
    {"backup: plans may be appended, the one that is there stays",
     PolicyType::kBackup,
     {{R"({"plans":{"@@operators_allowed_for_child_policies":["@@append"],"One":{
           "@@operators_allowed_for_child_policies":["@@none"],"regions":{"@@append":["us-east-1"]}}}})"},
      {R"({"plans":{"Two":{"regions":{"@@append":["eu-west-1"]}},"One":{"rules":{"daily":{"x":{"@@assign":"1"}}}}}})"}},
     R"({"plans":{"one":{"regions":["us-east-1"]},"two":{"regions":["eu-west-1"]}}})"},

    // What follows from the rules.
    {"nothing is attached", PolicyType::kTag, {{}, {}, {}}, R"({"tags":{}})"},
    {"keys are the same in any case",
     PolicyType::kTag,
     {{R"({"tags":{"Team":{"tag_key":{"@@assign":"Team"}}}})"},
      {R"({"tags":{"TEAM":{"TAG_KEY":{"@@assign":"TEAM"}}}})"}},
     R"({"tags":{"team":{"tag_key":"TEAM"}}})"},
    {"a restriction is not undone below",
     PolicyType::kTag,
     {{R"({"tags":{"a":{"tag_value":{"@@assign":["1"],"@@operators_allowed_for_child_policies":["@@append"]}}}})"},
      {R"({"tags":{"a":{"tag_value":{"@@operators_allowed_for_child_policies":["@@all"]}}}})"},
      {R"({"tags":{"a":{"tag_value":{"@@assign":["2"]}}}})"}},
     R"({"tags":{"a":{"tag_value":["1"]}}})"},
    {"nor does it hold its own level",
     PolicyType::kTag,
     {{R"({"tags":{"a":{"tag_value":{"@@operators_allowed_for_child_policies":["@@none"]}}}})",
       R"({"tags":{"a":{"tag_value":{"@@assign":["1"]}}}})"}},
     R"({"tags":{"a":{"tag_value":["1"]}}})"},
    {"all append and all remove, whoever assigns",
     PolicyType::kTag,
     {{R"({"tags":{"a":{"tag_value":{"@@append":["3"]}}}})",
       R"({"tags":{"a":{"tag_value":{"@@assign":["1","2","1"]}}}})",
       R"({"tags":{"a":{"tag_value":{"@@remove":["2","9"]}}}})"}},
     R"({"tags":{"a":{"tag_value":["1","3"]}}})"},
    {"nothing is appended twice",
     PolicyType::kTag,
     {{R"({"tags":{"a":{"tag_value":{"@@assign":["1"]}}}})"},
      {R"({"tags":{"a":{"tag_value":{"@@append":["1","2","2"]}}}})"}},
     R"({"tags":{"a":{"tag_value":["1","2"]}}})"},
    {"an empty list that is assigned stays",
     PolicyType::kSecurityHub,
     {{R"({"securityhub":{"enable_in_regions":{"@@append":["ALL_SUPPORTED"]},"disable_in_regions":{"@@append":[]}}})"}},
     R"({"securityhub":{"enable_in_regions":["ALL_SUPPORTED"],"disable_in_regions":[]}})"},
    {"a list does not append to a value, nor a key to one",
     PolicyType::kBackup,
     {{R"({"plans":{"a":{"b":{"@@assign":"1"}}}})"},
      {R"({"plans":{"a":{"b":{"@@append":["2"]}}}})"},
      {R"({"plans":{"a":{"b":{"c":{"@@assign":"3"}}}}})"}},
     R"({"plans":{"a":{"b":"1"}}})"},
    {"nor a value to keys",
     PolicyType::kBackup,
     {{R"({"plans":{"a":{"b":{"@@assign":"1"}}}})"}, {R"({"plans":{"a":{"@@assign":"2"}}})"}},
     R"({"plans":{"a":{"b":"1"}}})"},
    {"what may only be removed cannot be added to",
     PolicyType::kBackup,
     {{R"({"plans":{"@@operators_allowed_for_child_policies":["@@remove"],"a":{"b":{"@@assign":"1"}}}})"},
      {R"({"plans":{"c":{"d":{"@@assign":"2"}}}})"}},
     R"({"plans":{"a":{"b":"1"}}})"},
    {"numbers, truth values and escapes are as they were",
     PolicyType::kBackup,
     {{R"({"plans":{"a":{"n":{"@@assign":1.50e1},"t":{"@@assign":true},"s":{"@@assign":"\u00e4\"\\\n\u0001"},"l":{"@@assign":[1,"1"]}}}})"}},
     "{\"plans\":{\"a\":{\"n\":1.50e1,\"t\":true,\"s\":\"\xc3\xa4\\\"\\\\\\u000a\\u0001\",\"l\":[1,\"1\"]}}}"},
};

TEST(EffectivePolicyTest, PoliciesComeToWhatAwsSays) {
  for (const Case& c : kCases) {
    EffectivePolicy effective;
    for (const Level& level : c.levels) {
      std::vector<Setting> settings;
      for (const char* policy : level) {
        auto read = read_settings(c.type, policy);
        ASSERT_TRUE(read) << c.name << ": " << policy;
        settings.push_back(std::move(read).value());
      }
      effective.add_level(settings);
    }
    EXPECT_EQ(effective.document(facts_of(c.type).top_key), c.effective) << c.name;
  }
}

TEST(EffectivePolicyTest, WhatItComesToIsNoPolicyAgain) {
  EXPECT_FALSE(read_settings(PolicyType::kTag, R"({"tags":{"project":{"tag_key":"PROJECT"}}})"));
}

TEST(EffectivePolicyTest, ManyLargePoliciesAreMerged) {
  // Ten at each of seven levels, each as large as may be: every one sets the keys of all others, and appends to one list.
  std::string plan = R"({"plans":{"p":{"regions":{"@@append":[)";
  for (int i = 0; i < 400; ++i) plan += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
  plan += "]}";
  for (int i = 0; plan.size() < 9'900; ++i) plan += ",\"k" + std::to_string(i) + R"(":{"@@assign":"v"})";
  plan += "}}}";
  const auto setting = read_settings(PolicyType::kBackup, plan);
  ASSERT_TRUE(setting);
  EffectivePolicy effective;
  for (int level = 0; level < 7; ++level) effective.add_level(std::vector<Setting>(10, *setting));
  EXPECT_LT(effective.document("plans").size(), plan.size()) << "the same once more adds nothing";
}

}  // namespace
}  // namespace deputy::organizations
