// Metadata and responses, judged by the room that checks those of others, over libxmlsec1.
#include "identity_provider/saml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "authn/federation/saml_assertion.h"
#include "authn/federation/saml_metadata.h"
#include "base/encoding.h"
#include "identity_provider/folder.h"
#include "identity_provider/xml.h"

namespace deputy::identity_provider {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kRole = "arn:aws:iam::111111111111:role/Reader";
constexpr const char* kProvider = "arn:aws:iam::111111111111:saml-provider/Corp";

class SamlTest : public testing::TestWithParam<SignedPart> {
 protected:
  void SetUp() override {
    const auto metadata =
        authn::SamlMetadata::parse(saml_metadata(kEntityId, keys_of_tests().saml_certificate).value().text);
    if (!metadata && metadata.error().code() == "NotImplemented")
      GTEST_SKIP() << "libxmlsec1-openssl is not installed here";
    ASSERT_TRUE(metadata) << metadata.error().message();
    provider.account = *AccountId::parse("111111111111");
    provider.name = "Corp";
    provider.entity_id = metadata->entity_id;
    provider.certificates = metadata->certificates;
    provider.valid_until = *parse_iso8601("2100-01-01T00:00:00Z");
  }

  static Assertion assertion() {
    Assertion made;
    made.issuer = kEntityId;
    made.subject = "alice@example.com";
    made.issued = kNow;
    made.attributes = {{aws("Role"), {std::string(kRole) + "," + kProvider}}, {aws("RoleSessionName"), {"alice"}}};
    return made;
  }
  static std::string aws(std::string_view name) { return std::string(kAwsAttributes).append(name); }

  /// The text that a browser would bring.
  static std::string text(const Assertion& assertion) {
    const Keys& keys = keys_of_tests();
    return base64(saml_response(assertion, GetParam(), keys.saml, keys.saml_certificate).value().text);
  }
  [[nodiscard]] Result<directory::Caller> believed(const std::string& text) const {
    return authn::believe_saml(text, &provider, {kRole, kProvider}, kNow);
  }

  directory::SamlProvider provider;
};

TEST_P(SamlTest, TheServerBelievesIt) {
  Assertion made = assertion();
  made.attributes.push_back({aws("SourceIdentity"), {"alice"}});
  made.attributes.push_back({aws("PrincipalTag:team"), {"blue & \"green\" <\t\r\n> é"}});
  made.attributes.push_back({aws("TransitiveTagKeys"), {"team"}});
  const auto caller = believed(text(made));
  ASSERT_TRUE(caller) << caller.error().message();
  ASSERT_TRUE(caller->federated);
  EXPECT_EQ(caller->federated->subject, "alice@example.com");
  EXPECT_EQ(caller->federated->session_name, "alice");
  EXPECT_EQ(caller->federated->source_identity, "alice");
  EXPECT_THAT(caller->federated->transitive_tag_keys, ElementsAre("team"));
}

/// Whatever stands in it, what was digested is what the canonical form has.
TEST_P(SamlTest, ItIsWrittenCanonically) {
  for (const char* odd :
       {"a&b", "<a>", "\"a\"", "'", "]]>", "a  b", "é€\xf0\x9f\x98\x80", "a\tb", "a\nb", "\ra", "&amp;"}) {
    Assertion made = assertion();
    made.subject_format = odd;
    made.attributes.push_back({odd, {odd, odd}});
    const auto caller = believed(text(made));
    // Refused for what it says, perhaps; never for its signature.
    EXPECT_NE(caller ? "" : caller.error().message(), "Response signature invalid") << odd;
  }
}

TEST_P(SamlTest, WhatIsWrongIsSeen) {
  const auto message = [&](const Assertion& wrong) {
    const auto caller = believed(text(wrong));
    return caller ? std::string("believed") : std::string(caller.error().message());
  };
  Assertion wrong = assertion();
  wrong.issuer = "https://else.example";
  EXPECT_EQ(message(wrong), "Issuer not present in specified provider");
  wrong = assertion();
  wrong.audience = "https://else.example";
  EXPECT_EQ(message(wrong), "Response does not contain the required audience");
  wrong = assertion();
  wrong.issued -= std::chrono::minutes(6);
  EXPECT_EQ(message(wrong), "Token must be redeemed within 5 minutes of issuance");
  wrong = assertion();
  wrong.attributes.pop_back();
  EXPECT_EQ(message(wrong), "RoleSessionName is required in AuthnResponse");

  const Keys& keys = keys_of_tests();
  const auto forged = saml_response(assertion(), GetParam(), keys.rsa, keys.saml_certificate);
  EXPECT_EQ(believed(base64(forged->text)).error().message(), "Response signature invalid");
  std::string changed = saml_response(assertion(), GetParam(), keys.saml, keys.saml_certificate).value().text;
  changed.replace(changed.find("alice@"), 5, "malic");
  EXPECT_EQ(believed(base64(changed)).error().message(), "Response signature invalid");
}

TEST_P(SamlTest, WhatXmlCannotHoldIsRefused) {
  const Keys& keys = keys_of_tests();
  for (const std::string& bad : {std::string("\x01"), std::string("a\0b", 3), std::string("\xff"),
                                 std::string("\xef\xbf\xbf"), std::string("\x1b[31m")}) {
    for (std::string Assertion::*member : {&Assertion::issuer, &Assertion::subject, &Assertion::subject_format,
                                           &Assertion::audience, &Assertion::recipient}) {
      Assertion made = assertion();
      made.*member = bad;
      EXPECT_THAT(saml_response(made, GetParam(), keys.saml, keys.saml_certificate).error(),
                  HasSubstr("a character that XML cannot hold"));
    }
    Assertion made = assertion();
    made.attributes.push_back({bad, {"x"}});
    EXPECT_FALSE(saml_response(made, GetParam(), keys.saml, keys.saml_certificate));
    made.attributes.back() = {"x", {"y", bad}};
    EXPECT_FALSE(saml_response(made, GetParam(), keys.saml, keys.saml_certificate));
    EXPECT_FALSE(saml_metadata(bad, keys.saml_certificate));
  }
  Assertion made = assertion();
  made.subject.assign(Assertion::kMaxBytes, 'x');
  EXPECT_THAT(saml_response(made, GetParam(), keys.saml, keys.saml_certificate).error(), HasSubstr("are the most"));
  EXPECT_FALSE(saml_metadata("", keys.saml_certificate));
  EXPECT_FALSE(saml_metadata(std::string(1025, 'x'), keys.saml_certificate));
}

INSTANTIATE_TEST_SUITE_P(Parts, SamlTest, testing::Values(SignedPart::kAssertion, SignedPart::kResponse),
                         [](const auto& made) {
                           return made.param == SignedPart::kAssertion ? "Assertion" : "Response";
                         });

TEST(SamlMetadataTest, IsAsLongAsIamWantsIt) {
  EXPECT_GE(saml_metadata(kEntityId, keys_of_tests().saml_certificate)->text.size(), 1000U);
}

}  // namespace
}  // namespace deputy::identity_provider
