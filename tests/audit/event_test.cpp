// What a stranger sends, as the trail keeps it: one line of valid JSON within its bounds, whatever the bytes.
#include "audit/event.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/encoding.h"
#include "base/visible.h"
#include "protocol/iam/create_saml_provider.h"

namespace deputy::audit {
namespace {

using iam::shapes::CreateSAMLProvider;

std::string line_of(const Record& record) {
  std::string out, common;
  write_event(out, common, record, "event-id", "");
  return out;
}

simdjson::dom::element parsed(const std::string& line) {
  static simdjson::dom::parser parser;
  simdjson::dom::element event;
  EXPECT_EQ(parser.parse(line).get(event), simdjson::SUCCESS) << line.substr(0, 500);
  return event;
}
std::string text(const simdjson::dom::element& event, std::string_view pointer) {
  std::string_view value;
  EXPECT_EQ(event.at_pointer(pointer).get(value), simdjson::SUCCESS) << pointer;
  return std::string(value);
}

/// Every text that somebody else chooses is `text`.
std::string line_with(const std::string& value) {
  const Error error(value, 400, value);
  directory::Caller caller;
  caller.kind = directory::Caller::Kind::kWebIdentity;
  caller.user_id = value;
  caller.federated = std::make_shared<directory::FederatedCall>(
      directory::FederatedCall{.provider = value, .subject = value, .keys = {}});
  CreateSAMLProvider::Input input{};
  input.name = value;
  input.saml_metadata_document = value;
  CreateSAMLProvider::Output output{};
  output.saml_provider_arn = value;
  Record record{.when = Time{},
                .service = protocol::ServiceId::kIam,
                .operation = &CreateSAMLProvider::model,
                .caller = &caller,
                .source_ip = value,
                .user_agent = value,
                .region = value,
                .host = value,
                .request_id = "request-id",
                .secure = true,
                .tls_version = {},
                .tls_cipher = {},
                .input = &input,
                .output = nullptr,
                .error = &error,
                .resources = {{value, *AccountId::parse("111111111111"), "AWS::IAM::Role"}}};
  const std::string refused = line_of(record);
  record.error = nullptr;
  record.output = &output;
  const std::string done = line_of(record);
  return refused.size() > done.size() ? refused : done;
}

TEST(EventTest, ALineIsBoundedWhateverItsCallerSends) {
  std::string every;
  for (int i = 0; i < 1'000'000; ++i) every += static_cast<char>(i * 7 + i / 256);
  for (const std::string& value :
       {std::string(10'000'000, '\x01'), std::string(10'000'000, '"'), std::string(10'000'000, 'x'),
        std::string(89'000, '\x01'), every, std::string(300'000, '\xe2'), std::string(1'000'000, '\n')}) {
    const std::string line = line_with(value);
    EXPECT_LE(line.size(), EventLimits::line);
    EXPECT_TRUE(is_utf8(line));
    EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos);
    parsed(line);
  }
}

TEST(EventTest, NothingHiddenStandsInALine) {
  std::string all;
  for (int a = 0; a < 256; ++a) all += {static_cast<char>(a), '\xc2', static_cast<char>(a)};
  all += "\u202e\u2028\u2066\ufeff\U000e0041";
  for (std::size_t begin = 0; begin < all.size(); begin += 50) {
    const std::string line = line_with(all.substr(begin, 50));
    for (std::string_view rest = line; !rest.empty();) EXPECT_FALSE(is_hidden(next_code_point(rest)));
    parsed(line);
  }
}

TEST(EventTest, WhatIsCutSaysSo) {
  Record record{.when = Time{}, .service = protocol::ServiceId::kSts, .operation = nullptr, .caller = nullptr};
  const std::string agent = std::string(EventLimits::user_agent, 'a');
  record.user_agent = agent;
  EXPECT_EQ(text(parsed(line_of(record)), "/userAgent"), agent);
  const std::string longer = agent + "b";
  record.user_agent = longer;
  const std::string shown = text(parsed(line_of(record)), "/userAgent");
  EXPECT_EQ(shown.size(), EventLimits::user_agent);
  EXPECT_TRUE(shown.ends_with("a…"));
}

TEST(EventTest, WhatAnOperationWasGivenIsLeftOutWhenItIsTooLarge) {
  CreateSAMLProvider::Input input{};
  input.name = "idp";
  input.saml_metadata_document = std::string(EventLimits::request - 100, 'x');
  Record record{.when = Time{}, .service = protocol::ServiceId::kIam, .operation = &CreateSAMLProvider::model};
  record.input = &input;
  EXPECT_EQ(text(parsed(line_of(record)), "/requestParameters/sAMLMetadataDocument"), input.saml_metadata_document);
  input.saml_metadata_document += std::string(100, 'x');
  const std::string line = line_of(record);
  EXPECT_LT(line.size(), 1000U);
  EXPECT_EQ(text(parsed(line), "/requestParameters/reason"), "requestParameters too large");
  EXPECT_EQ(text(parsed(line), "/eventName"), "CreateSAMLProvider");
}

TEST(EventTest, TheNameOfAnEventIsAlwaysText) {
  const Record record{.when = Time{}, .service = protocol::ServiceId::kSts, .operation = nullptr, .caller = nullptr};
  EXPECT_EQ(text(parsed(line_of(record)), "/eventName"), "Unknown");
}

TEST(EventTest, WhoIsKnownIsWhoProvedIt) {
  Record record{.when = Time{}, .service = protocol::ServiceId::kSts, .operation = nullptr, .caller = nullptr};
  EXPECT_FALSE(has_identity(record)) << "no signature, or a wrong one";
  directory::Caller anonymous;
  record.caller = &anonymous;
  EXPECT_FALSE(has_identity(record));
  directory::Caller federated;
  federated.federated = std::make_shared<directory::FederatedCall>();
  record.caller = &federated;
  EXPECT_TRUE(has_identity(record));
}

}  // namespace
}  // namespace deputy::audit
