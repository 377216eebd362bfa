// docs/security.md says what every input may be: here the constants of the code say whether that is so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "authn/query_string.h"
#include "authn/sigv4.h"
#include "server/limits_page.h"
#include "services/iam/quotas.h"

namespace deputy::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Every limit of the page. Who adds a row there adds a line here.
const std::vector<Limit> kLimits{
    count("authn::QueryString::kMaxParameters", authn::QueryString::kMaxParameters),
    count("authn::SignedHeaders::kMaxNames", authn::SignedHeaders::kMaxNames),
    bytes("iam::quotas::kPolicySize", iam::quotas::kPolicySize.limit),
    bytes("iam::quotas::kTrustPolicySize", iam::quotas::kTrustPolicySize.limit),
};

TEST(LimitsTest, ThePageSaysWhatTheCodeDoes) {
  std::ifstream in(DEPUTY_SOURCE_DIR "/docs/security.md");
  ASSERT_TRUE(in) << "there is no docs/security.md";
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(disagreements(page, kLimits, DEPUTY_SOURCE_DIR), IsEmpty());
}

TEST(LimitsPageTest, ReadsFiguresWithTheirUnits) {
  using Kind = Figure::Kind;
  const auto one = [](Kind kind, std::uint64_t value) { return ElementsAre(Figure{kind, value}); };
  EXPECT_THAT(figures("16 KiB"), one(Kind::kBytes, 16384));
  EXPECT_THAT(figures("10,000,000 bytes"), one(Kind::kBytes, 10'000'000));
  EXPECT_THAT(figures("1.5 MB"), one(Kind::kBytes, 1'500'000));
  EXPECT_THAT(figures("20 s (AWS: 30 s)"), one(Kind::kMilliseconds, 20'000));
  EXPECT_THAT(figures("ten minutes: 10 minutes"), one(Kind::kMilliseconds, 600'000));
  EXPECT_THAT(figures("25 ms"), one(Kind::kMilliseconds, 25));
  EXPECT_THAT(figures("the first 100"), one(Kind::kCount, 100));
  EXPECT_THAT(figures("64; 8 of one account"), ElementsAre(Figure{Kind::kCount, 64}, Figure{Kind::kCount, 8}));
  EXPECT_THAT(figures("1970-01-02 to 9999-12-31"), ElementsAre(Figure{Kind::kDays, 1}, Figure{Kind::kDays, 2'932'896}));
  EXPECT_THAT(figures("as SHA-256 has them"), IsEmpty());
}

/// What it says of a page of one row, whose only constant is kMaxParameters.
std::vector<std::string> about(const std::string& limit, const std::string& where) {
  const std::string page = "| input | limit | where |\n| --- | --- | --- |\n| x | " + limit + " | " + where + " |\n";
  return disagreements(page, {count("authn::QueryString::kMaxParameters", 1000)}, DEPUTY_SOURCE_DIR);
}

TEST(LimitsPageTest, FindsEveryDisagreement) {
  const std::string name = "`authn::QueryString::kMaxParameters` in ", header = "`src/authn/query_string.h`";
  EXPECT_THAT(about("1,000 of a query", name + header), IsEmpty());
  EXPECT_THAT(about("1,001", name + header), ElementsAre(HasSubstr("another in the code: 1000")));
  EXPECT_THAT(about("1,000 bytes", name + header), ElementsAre(HasSubstr("another in the code")));
  EXPECT_THAT(about("many", name + header), ElementsAre(HasSubstr("not one figure"), HasSubstr("not in the page")));
  EXPECT_THAT(about("1,000", name + "`src/authn/sigv4.h`"), ElementsAre(HasSubstr("not declared in that header")));
  EXPECT_THAT(about("1,000", name + "`src/authn/gone.h`"), ElementsAre(HasSubstr("not declared in that header")));
  EXPECT_THAT(about("1,000", "somewhere"), ElementsAre(HasSubstr("names no constant"), HasSubstr("not in the page")));
  EXPECT_THAT(about("7", "`authn::kNew` in " + header),
              ElementsAre(HasSubstr("not in the table"), HasSubstr("not in the page")));
  EXPECT_THAT(disagreements("", {count("authn::QueryString::kMaxParameters", 1000)}, DEPUTY_SOURCE_DIR),
              ElementsAre(HasSubstr("not in the page")));
}

TEST(LimitsPageTest, ReadsLengthsOfShapesFromTheModel) {
  const auto said = [](const std::string& limit, const std::string& shape) {
    const std::string row = "| x | " + limit + " | `" + shape + "` in `models/iam.json` |\n";
    return disagreements("| input | limit | where |\n" + row, {}, DEPUTY_SOURCE_DIR);
  };
  EXPECT_THAT(said("10,000,000 characters", "SAMLMetadataDocumentType"), IsEmpty());
  EXPECT_THAT(said("10,000,001 characters", "SAMLMetadataDocumentType"),
              ElementsAre(HasSubstr("is another in the model")));
  EXPECT_THAT(said("1", "NoSuchShape"), ElementsAre(HasSubstr("has no greatest length")));
}

}  // namespace
}  // namespace deputy::server
