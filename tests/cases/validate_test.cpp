// `deputy validate` over tests/cases/cases/validate.txt: each case is a document, its type, and what people are shown, to
// the last blank. A case starts with "== name: type"; "--" stands between the document and the answer.
#include "cases/validate.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "cases/excerpt.h"

namespace deputy::cases {
namespace {

struct Case {
  std::string name, type, document, answer;
};

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  std::ifstream in(DEPUTY_SOURCE_DIR "/tests/cases/cases/validate.txt");
  std::string* part = nullptr;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("== ")) {
      const std::size_t colon = line.rfind(": ");
      cases.push_back({line.substr(3, colon - 3), line.substr(colon + 2), {}, {}});
      part = &cases.back().document;
    } else if (line == "--") {
      part->pop_back();  // the line end before it
      part = &cases.back().answer;
    } else if (part != nullptr) {
      *part += line + "\n";
    }
  }
  return cases;
}

TEST(ValidateTest, EveryCaseIsToldAsItStands) {
  const std::vector<Case> cases = read_cases();
  const std::vector<std::string> types = policy_types();
  std::set<std::string> seen;
  for (const Case& c : cases) {
    ASSERT_NE(std::find(types.begin(), types.end(), c.type), types.end()) << c.name << ": no type " << c.type;
    seen.insert(c.type);
    EXPECT_EQ(for_people("p.json", c.document, check(c.type, c.document)), c.answer) << c.name;
  }
  EXPECT_EQ(seen.size(), types.size()) << "a type has no case";
}

TEST(ValidateTest, JsonSaysTheSame) {
  const std::string text =
      "{\"Version\":\"2012-10-17\",\n\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:GetObjct\",\"Resource\":\"*\"}"
      "}";
  std::string out;
  JsonWriter json(out);
  write_json(json, "p.json", check("identity", text));
  EXPECT_EQ(out, R"({"file":"p.json","valid":true,"errors":[],"warnings":[{"message":)"
                 R"("AWS documents no action \"s3:GetObjct\".","detail":"Did you mean \"s3:GetObject\"?",)"
                 R"("line":2,"column":40,"offset":64}]})");
  out.clear();
  JsonWriter second(out);
  write_json(second, "-", check("trust", "{"));
  EXPECT_EQ(out, R"({"file":"-","valid":false,"errors":[{"message":"This policy contains invalid Json",)"
                 R"("detail":"Here must stand a name in quotes.","line":1,"column":2,"offset":1}],"warnings":[]})");
}

TEST(ValidateTest, NoTypeTakesAnEmptyDocument) {
  for (const std::string& type : policy_types()) EXPECT_FALSE(check(type, "").valid()) << type;
}

TEST(ValidateTest, DocumentsThatAreTooLongAreRefused) {
  const std::string filler(6100, 'x');
  const std::string long_managed =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::)" +
      filler + "\"}}";
  const std::string spaced = R"({"Version":"2012-10-17",)" + std::string(9000, ' ') +
                             R"("Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}})";
  EXPECT_FALSE(check("managed", long_managed).valid());
  EXPECT_EQ(check("managed", long_managed).findings.front().message, "Cannot exceed quota for PolicySize: 6144");
  EXPECT_TRUE(check("identity", long_managed).valid());
  EXPECT_TRUE(check("managed", spaced).valid()) << "IAM does not count white space";
  EXPECT_FALSE(check("session", spaced).valid()) << "STS does";
  EXPECT_FALSE(check("identity", std::string(200000, ' ')).valid());
}

TEST(ValidateTest, WarningsComeToAnEnd) {
  std::string actions;
  for (int i = 0; i < 200; ++i) actions += (i == 0 ? "\"s3:Thing" : ",\"s3:Thing") + std::to_string(i) + "\"";
  const Checked checked = check("identity", R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":[)" +
                                                actions + R"(],"Resource":"*"}})");
  EXPECT_TRUE(checked.valid());
  EXPECT_EQ(checked.findings.size(), 101U);
}

TEST(ExcerptTest, ShowsThePartOfALongLineThatIsMeant) {
  const std::string text = std::string(500, 'a') + "\"wrong\"" + std::string(500, 'b');
  const std::string shown = excerpt(text, {500, 1, 501});
  const std::string line = shown.substr(0, shown.find('\n')), caret = shown.substr(shown.find('\n') + 1);
  EXPECT_NE(line.find("\"wrong\""), std::string::npos);
  EXPECT_LT(line.size(), 130U);
  // "…" is three bytes and one column.
  EXPECT_EQ(caret.find('^'), line.find("\"wrong\"") - 2);
  EXPECT_EQ(caret.find("^^^^^^^\n"), caret.find('^'));
}

TEST(ExcerptTest, ADocumentDoesNothingToATerminal) {
  const std::string text = "{\"\x1b[31m\tred\xff\xc2\x9b\" x\r\n}";
  const std::string shown = excerpt(text, {1, 1, 2});
  EXPECT_EQ(shown, "   1 | {\"?[31m red??\" x\n     |  ^^^^^^^^^^^^^\n");
}

TEST(ExcerptTest, WhatADocumentEscapesDoesNothingEither) {
  const std::string text =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:\u001b[31m","Resource":"\u001b[2Jx"}})";
  const std::string shown = for_people("p.json", text, check("identity", text));
  EXPECT_EQ(shown.find('\x1b'), std::string::npos) << shown;
  EXPECT_NE(shown.find("Resource ?[2Jx must be in ARN format"), std::string::npos) << shown;
}

TEST(ExcerptTest, EveryPositionOfEveryTextHasItsLine) {
  const std::vector<std::string> texts = {"", "\n", "a", "a\n", "\"", "\"\\", "\xc3", "{\n\"\xc3\xa9\"\n}", "\r\n\r\n"};
  for (const std::string& text : texts) {
    for (std::uint32_t offset = 0; offset <= text.size() + 1; ++offset) {
      const std::string shown = excerpt(text, {offset, 1, 1});
      EXPECT_NE(shown.find('^'), std::string::npos);
      EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 2);
    }
  }
}

}  // namespace
}  // namespace deputy::cases
