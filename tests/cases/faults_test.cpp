#include "cases/faults.h"

#include <gtest/gtest.h>

#include "cases/validate.h"

namespace deputy::cases {
namespace {

/// What is left without the part in which the first "X" stands, blanks left away; "-": nothing can be taken out.
std::string left(const std::string& text) {
  const auto rest = without_part_at(text, text.find('X'));
  if (!rest) return "-";
  EXPECT_EQ(rest->size(), text.size()) << "positions stay";
  std::string out;
  for (const char c : *rest) {
    if (c != ' ') out += c;
  }
  return out;
}

TEST(FaultsTest, TheSmallestPartThatCanBeMissingIsTakenOut) {
  const struct {
    const char *text, *rest;
  } cases[] = {
      {R"({"Statement":[{"Action":["a","X","b"]}]})", R"({"Statement":[{"Action":["a","b"]}]})"},
      {R"({"Statement":[{"Action":["a", "X"]}]})", R"({"Statement":[{"Action":["a"]}]})"},
      {R"({"Statement":[{"Action":"X","Effect":"e"},{"Action":"b"}]})", R"({"Statement":[{"Action":"b"}]})"},
      {R"({"Statement":[{"Action":["X"]},{"Action":"b"}]})", R"({"Statement":[{"Action":"b"}]})"},
      {R"({"Statement":{"Action":"a","Condition":{"O":{"X":"1"}}}})", R"({"Statement":{"Action":"a"}})"},
      {R"({"Statement":{"Action":"a","Condition":{"O":{"X":"1","k":"2"}}}})",
       R"({"Statement":{"Action":"a","Condition":{"O":{"k":"2"}}}})"},
      {R"({"Statement":{"Sid":"X","Action":"a"}})", R"({"Statement":{"Action":"a"}})"},
      {R"({"Statement":{"Action":"X"}})", "-"},
      {R"({"Statement":[{"Action":"X"}]})", "-"},
      {R"({"Version":"X","Statement":[]})", "-"},
      {R"({"Statement":["X)", "-"},
      {"X", "-"},
      {"", "-"},
  };
  for (const auto& c : cases) EXPECT_EQ(left(c.text), c.rest) << c.text;
}

TEST(FaultsTest, EachFaultIsToldOnceAndWhereItStands) {
  constexpr std::string_view kDocument = R"({
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Alow", "Action": "s3:GetObject", "Resource": "*"},
    {"Effect": "Allow", "Action": ["s3:GetObject", "nonsense", "s3:Foo"], "Resource": "*"},
    {"Effect": "Allow", "Action": "s3:*", "Resource": "no-arn"},
    {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEqual": {"aws:username": "x"}}},
    {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
  ]
})";
  const Checked checked = check_all("identity", kDocument);
  std::vector<std::uint32_t> lines;
  for (const Finding& f : checked.findings) {
    if (f.is_error) lines.push_back(f.position.line);
  }
  EXPECT_EQ(lines, (std::vector<std::uint32_t>{4, 5, 6, 7}));
  EXPECT_FALSE(checked.valid());
  EXPECT_FALSE(checked.findings.back().is_error) << "what does nothing is told, too";
  EXPECT_EQ(check("identity", kDocument).findings.size(), 1U) << "AWS's manner";
}

TEST(FaultsTest, WhatIsWellOrNoJsonIsAsBefore) {
  for (const char* text : {R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})",
                           R"({"Statement":[)", "", R"({"Statement":{"Effect":"Alow"}})"}) {
    EXPECT_EQ(check_all("identity", text).findings.size(), check("identity", text).findings.size()) << text;
  }
}

}  // namespace
}  // namespace deputy::cases
