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

/// What is made good, blanks left away.
std::vector<std::string> mended(const std::string& text) {
  std::vector<std::string> all;
  for (const Mended& one : mended_at(text, text.find('X'))) {
    EXPECT_EQ(one.text.size(), text.size()) << "positions stay";
    EXPECT_TRUE(one.begin <= text.find('X') && text.find('X') < one.end);
    all.emplace_back();
    for (const char c : one.text) {
      if (c != ' ') all.back() += c;
    }
  }
  return all;
}

TEST(FaultsTest, WhatCannotBeMissingIsMadeGood) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(mended(R"({"Statement":[{"Effect":"XXXXX"}]})"),
            (Texts{R"({"Statement":[{"Effect":"Allow"}]})", R"({"Statement":[{"Effect":"Deny"}]})"}));
  EXPECT_EQ(mended(R"({"Statement":{"Effect":"XXXX","Action":"b"}})"),
            (Texts{R"({"Statement":{"Effect":"Deny","Action":"b"}})"}));
  EXPECT_EQ(mended(R"({"Statement":{"Resource": "X" }})"), (Texts{R"({"Statement":{"Resource":"*"}})"}));
  EXPECT_EQ(mended(R"({"Statement":{"Resource":["X"]}})"), (Texts{R"({"Statement":{"Resource":"*"}})"}));
  EXPECT_EQ(mended(R"({"Statement":{"Principal":{"X":"12"}}})"), (Texts{R"({"Statement":{"Principal":"*"}})"}));
  for (const char* text :
       {R"({"Statement":{"Resource":["X","a"]}})", R"({"Statement":{"Effect":"X"}})", R"({"Statement":{"Sid":"X"}})",
        R"({"Statement":{"Effort":"XXXXXXXXXX"}})", R"({"Version":"XXXXXXXXXX"})", R"({"Statement":[{"X":1}]})",
        "{\"Statement\":{\"Resource\":[\n\"X\"]}}", R"({"Statement":[X)", "X"}) {
    EXPECT_EQ(mended(text), Texts{}) << text;
  }
}

TEST(FaultsTest, ASecondFaultOfOneStatementIsTold) {
  const auto told = [](std::string_view type, std::string_view text) {
    std::vector<std::uint32_t> columns;
    for (const Finding& f : check_all(type, text).findings) {
      if (f.is_error) columns.push_back(f.position.column);
    }
    return columns;
  };
  using Columns = std::vector<std::uint32_t>;
  EXPECT_EQ(told("identity",
                 R"({"Version":"2012-10-17","Statement":[{"Effect":"Alow","Action":"nonsense","Resource":"no-arn"}]})"),
            (Columns{38, 64, 86}));
  EXPECT_EQ(
      told("identity",
           R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["nonsense"],"Resource":["no-arn"]}})"),
      (Columns{65, 89}));
  EXPECT_EQ(
      told("trust",
           R"({"Version":"2012-10-17","Statement":[{"Effect":"Alow","Principal":{"AWS":"nobody"},"Action":"s3:Get"}]})")
          .size(),
      3U);
  // One fault stays one, whatever else it might have been.
  EXPECT_EQ(
      told(
          "trust",
          R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject"}]})")
          .size(),
      1U);
  EXPECT_EQ(
      told(
          "trust",
          R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Resource":"*"}]})")
          .size(),
      1U);
  EXPECT_EQ(told("identity", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*"}]})").size(),
            1U);
}

TEST(FaultsTest, WhatIsWellOrNoJsonIsAsBefore) {
  for (const char* text : {R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})",
                           R"({"Statement":[)", ""}) {
    EXPECT_EQ(check_all("identity", text).findings.size(), check("identity", text).findings.size()) << text;
  }
}

}  // namespace
}  // namespace deputy::cases
