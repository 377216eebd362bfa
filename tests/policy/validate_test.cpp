// What each policy type takes and refuses, and in which words. [L, W]
#include <gtest/gtest.h>

#include "policy/compiled.h"
#include "policy/refusals.h"

namespace deputy::policy::test {
namespace {

/// Parse and validate, as a service does on write.
Result<void, Problem> write(const std::string& json, Kind kind) {
  TRY(const Document document, parse(json, kind));
  return validate(document, kind);
}

void check(const std::string& file) {
  const auto refusals = refusals_of(file);
  EXPECT_GT(refusals.size(), 20U);
  for (const Refusal& r : refusals) {
    for (const Kind kind : r.kinds) {
      const auto written = write(r.document, kind);
      EXPECT_EQ(written.ok(), !r.message.has_value())
          << r.name << " [" << r.rule << "], type " << static_cast<int>(kind) << ": "
          << (written ? "was taken" : written.error().message);
      if (!written && r.message) {
        EXPECT_EQ(written.error().message, *r.message) << r.name << " [" << r.rule << "] " << written.error().detail;
        if (r.line != 0) {
          EXPECT_EQ(written.error().position.line, r.line) << r.name;
          EXPECT_EQ(written.error().position.column, r.column) << r.name;
        }
      }
      // What is taken compiles; what does not compile would be refused when it is loaded.
      EXPECT_TRUE(!written || compile(r.document, kind).ok()) << r.name;
    }
  }
}

TEST(ValidateTest, IdentityPoliciesAreTakenAndRefusedAsIamDoes) { check("validate_identity.json"); }
TEST(ValidateTest, TrustPoliciesAreTakenAndRefusedAsIamDoes) { check("validate_trust.json"); }
TEST(ValidateTest, ResourcePoliciesAreTakenAndRefusedAsTheirServicesDo) { check("validate_resource.json"); }
TEST(ValidateTest, OrganizationPoliciesAreTakenAndRefusedAsOrganizationsDoes) { check("validate_organization.json"); }

/// The resources of a bucket's policy are the bucket and what is below it; patterns begin with its name. [W-10, S-207]
TEST(ValidateTest, ABucketsPolicyIsAboutTheBucket) {
  const auto about = [](const std::string& resource) {
    const auto document =
        parse(R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":)" + resource + "}}",
              Kind::kBucket);
    EXPECT_TRUE(document);
    const auto valid = validate_for_bucket(*document, "logs");
    return valid ? std::string("fine") : valid.error().message;
  };
  for (const char* good : {R"("arn:aws:s3:::logs")", R"("arn:aws:s3:::logs/*")",
                           R"("arn:aws:s3:::logs/a/${aws:username}")", R"(["arn:aws:s3:::logs","arn:aws:s3:::logs/*"])",
                           R"("arn:aws:s3:::logs*")", R"("arn:aws:s3:::logs${aws:username}")"}) {
    EXPECT_EQ(about(good), "fine") << good;
  }
  for (const char* bad : {R"("arn:aws:s3:::*")", R"("arn:aws:s3:::other")", R"("arn:aws:s3:::logs2/*")",
                          R"("arn:aws:s3:::l*")", R"(["arn:aws:s3:::logs","arn:aws:s3:::other"])",
                          R"("arn:aws:s3:::log")", R"("arn:aws:sqs:::logs")", R"("*")"}) {
    EXPECT_EQ(about(bad), "Policy has invalid resource") << bad;
  }
}

TEST(ValidateTest, MistypedNamesComeWithASuggestion) {
  const auto detail = [](std::string_view json) {
    const auto document = parse(json, Kind::kIdentity);
    return document ? std::string("was taken") : document.error().detail;
  };
  EXPECT_NE(detail(R"({"Statment":[]})").find("Did you mean \"Statement\"?"), std::string::npos);
  EXPECT_NE(detail(R"({"Statement":{"Acton":"*"}})").find("Did you mean \"Action\"?"), std::string::npos);
  EXPECT_NE(detail(R"({"Statement":{"Condition":{"StringEqual":{"a:b":"c"}}}})").find("Did you mean \"StringEquals\"?"),
            std::string::npos);
}

TEST(ValidateTest, NestingHasALimit) {
  for (const int depth : {31, 33, 5000}) {
    const std::string json = R"({"Statement":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    EXPECT_FALSE(parse(json, Kind::kIdentity));
  }
}

TEST(ValidateTest, DocumentsHaveALimitThatAnEmbedderMayRaise) {
  const std::string json = R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})" + std::string(200000, ' ');
  EXPECT_FALSE(parse(json, Kind::kIdentity));
  EXPECT_TRUE(parse(json, Kind::kIdentity, json.size()));
}

TEST(WhiteSpaceTest, OutsideOfStringsTakesNoSpace) {
  const std::string_view spaced = "{\n  \"a\" : \"b c\",\n\t\"d\": [ {\"e\": \"f \\\" g\"} ]\r\n} ";
  const std::string packed = R"({"a":"b c","d":[{"e":"f \" g"}]})";
  EXPECT_EQ(without_white_space(spaced), packed);
  EXPECT_EQ(without_white_space(packed), packed);
  EXPECT_EQ(size_without_white_space(spaced), packed.size());
  EXPECT_EQ(without_white_space(""), "");
  EXPECT_EQ(size_without_white_space("\"\\"), 2U) << "an escape that the text ends in";
}

}  // namespace
}  // namespace deputy::policy::test
