// YAML and JSON as a tree with places, and what no tree is made of.
#include "seed/yaml.h"

#include <gtest/gtest.h>

namespace deputy::seed {
namespace {

NodePtr parsed(std::string_view text) {
  auto documents = parse_yaml(text, "f");
  if (!documents) {
    ADD_FAILURE() << documents.error().str();
    return std::make_shared<Node>();
  }
  EXPECT_EQ(documents->size(), 1U);
  return documents->front();
}

std::string fault_of(std::string_view text) {
  const auto documents = parse_yaml(text, "f");
  return documents ? "none" : documents.error().str();
}

TEST(SeedYaml, EverythingKnowsWhereItStands) {
  const NodePtr node = parsed("a:\n  - b: 1\n    c: 'two'\n");
  EXPECT_EQ(node->nearest("a.0.c").line, 3U);
  EXPECT_EQ(node->nearest("a.0.c").column, 8U);
  EXPECT_EQ(node->nearest("a.0.c").text, "two");
  EXPECT_EQ(node->nearest("a.7.c").line, 2U) << "the nearest that is there";
  EXPECT_EQ(&node->nearest("x"), node.get());
}

TEST(SeedYaml, JsonComesOutAsItStands) {
  struct Case {
    std::string_view text, json;
  };
  for (const auto& [text, json] : std::initializer_list<Case>{
           {"{\"b\": [1, 2.5e3, true, null, \"x\"], \"a\": {}}", R"({"b":[1,2.5e3,true,null,"x"],"a":{}})"},
           {"Version: 2012-10-17", R"({"Version":"2012-10-17"})"},
           {"AWS: 012345678901", R"({"AWS":"012345678901"})"},
           {"AWS: 123456789012", R"({"AWS":"123456789012"})"},
           {"n: 010", R"({"n":"010"})"},
           {"n: yes", R"({"n":"yes"})"},
           {"n: !!str 7", R"({"n":"7"})"},
           {"\"k\\u00e9\\/\": \"a\\tb\"", "{\"k\xC3\xA9/\":\"a\\tb\"}"},
           {"{\n\t\"tabs\":\t[\n\t\t1\n\t]\n}", R"({"tabs":[1]})"},
           {"a: &x {b: 1}\nc: *x", R"({"a":{"b":1},"c":{"b":1}})"},
       }) {
    EXPECT_EQ(json_of(*parsed(text)), json) << text;
  }
}

TEST(SeedYaml, WhatIsWrongNamesItsPlace) {
  EXPECT_EQ(fault_of("a: 1\nb: 2\na: 3\n"), "f:3:1: \"a\" is there twice");
  EXPECT_EQ(fault_of("a: *b\n"), "f:1:4: no anchor &b is before it");
  EXPECT_EQ(fault_of("a: &b [*b]\n"), "f:1:8: no anchor &b is before it");
  EXPECT_EQ(fault_of("x: &x {a: 1}\ny:\n  <<: *x\n"), "f:3:3: merge keys (<<) are not taken: write the members out");
  EXPECT_EQ(fault_of("? [a]\n: b\n"), "f:1:3: the name of a member should stand here, a text");
  EXPECT_TRUE(fault_of("a: [1, 2\nb: 3\n").starts_with("f:2:")) << fault_of("a: [1, 2\nb: 3\n");
  EXPECT_TRUE(fault_of("a: \xFF\n").starts_with("f:1:"));
}

TEST(SeedYaml, AliasesMultiplyToNoMoreThanTheLimit) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string from = "*a" + std::to_string(i - 1), name = "a" + std::to_string(i);
    text += name + ": &" + name + " [" + from;
    for (int n = 1; n < 10; ++n) text += ", " + from;
    text += "]\n";
  }
  EXPECT_NE(fault_of(text).find("more than 4000000 values"), std::string::npos) << fault_of(text);
}

TEST(SeedYaml, NothingIsDeeperThanTheLimitAliasesIncluded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(fault_of(nested(kDeepest)), "none");
  EXPECT_NE(fault_of(nested(kDeepest + 1)).find("within each other"), std::string::npos);
  EXPECT_NE(fault_of(nested(100'000)).find("within each other"), std::string::npos);
  std::string chain = "a0: &a0 [x]\n";
  for (std::size_t i = 1; i < 100; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_NE(fault_of(chain).find("within each other"), std::string::npos);
}

}  // namespace
}  // namespace deputy::seed
