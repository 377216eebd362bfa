// What an answer repeats of a request is short, and lists are bounded while they are decoded.
#include <gtest/gtest.h>

#include "protocol/encode.h"
#include "protocol/excerpt.h"
#include "protocol/iam/create_open_id_connect_provider.h"
#include "protocol/json.h"
#include "protocol/limits.h"
#include "protocol/organizations/tag_resource.h"
#include "protocol/query.h"
#include "protocol/requests.h"
#include "protocol/rest.h"
#include "protocol/route.h"
#include "protocol/s3/create_bucket.h"
#include "protocol/sts/assume_role.h"

namespace deputy::protocol {
namespace {

const std::string kControls(9'000'000, '\x01');
constexpr const char* kForm = "application/x-www-form-urlencoded";

TEST(AllowanceTest, ATextOfOrdinaryLengthIsAsItIs) {
  Allowance allowed(20, 36);
  EXPECT_EQ(allowed.take("'a' & <b>"), "'a' &");  // 6 + 1 + 6 + 1 + 6
  EXPECT_EQ(allowed.take("plain"), "plain");
  EXPECT_EQ(allowed.take("plain text"), "plain text");
  EXPECT_EQ(allowed.take("x"), "x");
  EXPECT_EQ(allowed.take("x"), "") << "all of them together";
}

TEST(AllowanceTest, ACharacterIsNotCutInTwo) {
  for (const std::string_view text : {"a\u00e9\u00e9", "a\u20ac\u20ac", "a\U0001F600\U0001F600"}) {
    for (std::size_t most = 0; most < 30; ++most) {
      Allowance allowed(most, most);
      EXPECT_TRUE(is_utf8(allowed.take(text))) << most;
      EXPECT_TRUE(is_utf8(excerpt(text, most % text.size()))) << most;
    }
  }
  Allowance enough(100, 100);
  EXPECT_EQ(enough.take("a\u20ac\u20ac"), "a\u20ac\u20ac");
}

TEST(BoundsTest, AnErrorsTextsHaveABoundOnTheWireInEveryDialect) {
  for (const ServiceId id : {ServiceId::kIam, ServiceId::kSts, ServiceId::kS3, ServiceId::kOrganizations}) {
    Error error("Code", 400, kControls);
    for (int i = 0; i < 40; ++i) (void)std::move(error).with("Detail", std::string(9'000, i % 2 == 0 ? '"' : '\x02'));
    for (const bool json : {false, true}) {
      const http::Response response = encode_error(service(id), error, {.request_id = "id", .json = json});
      EXPECT_LE(response.body.size(), kLongestError + 4'096);
      EXPECT_GT(response.body.size(), kLongestErrorText / 2);
    }
  }
}

TEST(BoundsTest, AnUnknownActionIsRepeatedInPart) {
  const std::string body = "Version=2011-06-15&Action=" + kControls;
  const http::Request sent = request("POST /", {{"Content-Type", kForm}}, body);
  const auto early = refuse_early({.service = ServiceId::kSts, .region = {}}, sent);
  ASSERT_TRUE(early && early->error);
  EXPECT_LT(early->error->message().size(), 2 * kLongestEcho + 100);
  EXPECT_NE(early->error->message().find("... for version 2011-06-15"), std::string::npos);
}

TEST(BoundsTest, ARedirectionRepeatsNoLongQuery) {
  const std::string line = "GET /?Version=2011-06-15&" + std::string(kLongestRedirect, 'x');
  const http::Request sent = request(line);
  const auto early = refuse_early({.service = ServiceId::kSts, .region = {}}, sent);
  ASSERT_TRUE(early && early->error);
  EXPECT_EQ(early->error->details().at(0).second, "https://aws.amazon.com/iam");
}

TEST(BoundsTest, TheExtendedIdRepeatsNoLongRegion) {
  EXPECT_LT(sts_extended_id(kControls, Time{}, "x").size(), 2 * kLongestEcho);
}

TEST(BoundsTest, AValueInAValidationMessageIsWholeUpToItsBound) {
  const auto message = [](std::size_t size) {
    sts::shapes::AssumeRole::Input input;
    const std::string form =
        "RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2FR&RoleSessionName=" + std::string(size, 'x');
    const auto parameters = Parameters::parse("", form);
    return decode_query(sts::shapes::AssumeRole::model, *parameters, &input).error().message();
  };
  EXPECT_NE(message(1'000).find("'" + std::string(1'000, 'x') + "'"), std::string::npos);
  EXPECT_LT(message(9'000'000).size(), kLongestValue + 500);
}

TEST(BoundsTest, ManyBadValuesMakeOneMessageOfABoundedLength) {
  std::string form = "RoleArn=x&RoleSessionName=" + std::string(5'000, ':');
  for (int i = 1; i <= 50; ++i) {
    form += "&Tags.member." + std::to_string(i) + ".Key=" + std::string(100'000, '\x01');
  }
  sts::shapes::AssumeRole::Input input;
  const auto parameters = Parameters::parse("", form);
  const auto decoded = decode_query(sts::shapes::AssumeRole::model, *parameters, &input);
  EXPECT_LT(decoded.error().message().size(), kLongestErrorText + 2 * kLongestValue);
  EXPECT_TRUE(decoded.error().message().starts_with("1")) << "all are counted";
}

/// The same list with so many elements, in each dialect: what its decoder says.
std::string decode_form_list(std::size_t count) {
  std::string form = "Url=https%3A%2F%2Fa.example";
  for (std::size_t i = 1; i <= count; ++i) form += "&ClientIDList.member." + std::to_string(i) + "=x";
  iam::shapes::CreateOpenIDConnectProvider::Input input;
  const auto parameters = Parameters::parse("", form);
  if (!parameters) return parameters.error().code();
  const auto decoded = decode_query(iam::shapes::CreateOpenIDConnectProvider::model, *parameters, &input);
  return decoded ? "fine" : decoded.error().code();
}

std::string decode_json_list(std::size_t count) {
  std::string body = R"({"ResourceId":"123456789012","Tags":[{"Key":"k","Value":"v"})";
  for (std::size_t i = 1; i < count; ++i) body += R"(,{"Key":"k","Value":"v"})";
  organizations::shapes::TagResource::Input input;
  const auto decoded = decode_json(organizations::shapes::TagResource::model, body + "]}", &input);
  return decoded ? "fine" : decoded.error().code();
}

std::string decode_xml_list(std::size_t count) {
  std::string body = "<CreateBucketConfiguration><Tags>";
  for (std::size_t i = 0; i < count; ++i) body += "<Tag><Key>a</Key><Value>b</Value></Tag>";
  body += "</Tags></CreateBucketConfiguration>";
  const http::Request sent = request("PUT /b", {}, body);
  const auto call = find_operation({}, sent);
  s3::shapes::CreateBucket::Input input;
  const auto decoded = protocol::decode(*call, sent, &input);
  return decoded ? "fine" : decoded.error().code();
}

TEST(BoundsTest, ListsAreBoundedWhileTheyAreDecoded) {
  EXPECT_EQ(decode_form_list(kMostElements), "fine");
  EXPECT_EQ(decode_form_list(kMostElements + 1), "MalformedInput");
  EXPECT_EQ(decode_form_list(30'000), "MalformedInput");
  EXPECT_EQ(decode_json_list(kMostElements), "fine");
  EXPECT_EQ(decode_json_list(kMostElements + 1), "SerializationException");
  EXPECT_EQ(decode_xml_list(kMostElements), "fine");
  EXPECT_EQ(decode_xml_list(kMostElements + 1), "MalformedXML");
}

TEST(BoundsTest, AnXmlBodyIsBounded) { EXPECT_EQ(decode_xml_list(kLargestXml / 20), "MaxMessageLengthExceeded"); }

}  // namespace
}  // namespace deputy::protocol
