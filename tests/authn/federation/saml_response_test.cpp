// Responses of a SAML provider: each row changes one thing of a good one, and says what becomes of it (docs/wire.md, 6.3;
// docs/policy-evaluation.md, K-13 and T-13). Other providers' own documents are in the end-to-end tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "authn/federation/saml_assertion.h"
#include "authn/federation/saml_library.h"
#include "authn/federation/saml_metadata.h"
#include "authn/federation/saml_provider.h"

namespace deputy::authn {
namespace {

using test::Assertion;
using test::SamlProviderUnderTest;
using test::Signing;
using testing::ElementsAre;

constexpr const char* kInvalid = "Your request included an invalid SAML response.";
constexpr const char* kSignature = "Response signature invalid";
constexpr const char* kAudience = "Response does not contain the required audience";
constexpr const char* kIssuer = "Issuer not present in specified provider";
constexpr const char* kExpired = "Token must be redeemed within 5 minutes of issuance";
constexpr const char* kRole = "Not authorized to perform sts:AssumeRoleWithSAML";
constexpr const char* kNoName = "RoleSessionName is required in AuthnResponse";
constexpr const char* kBadName = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}";
constexpr const char* kGood = "";

const SamlProviderUnderTest& provider() {
  static const SamlProviderUnderTest kProvider;
  return kProvider;
}

class SamlResponseTest : public testing::Test {
 protected:
  void SetUp() override {
    if (SamlLibrary::get() == nullptr) GTEST_SKIP() << "libxmlsec1-openssl is not installed here";
  }
  [[nodiscard]] Result<directory::Caller> believe(const std::string& response) const {
    return believe_saml(response, &entity,
                        {.role_arn = "arn:aws:iam::111111111111:role/Sso",
                         .provider_arn = "arn:aws:iam::111111111111:saml-provider/corp"},
                        now);
  }
  [[nodiscard]] std::string refusal(const std::string& response) const {
    const auto caller = believe(response);
    return caller ? std::string() : caller.error().message();
  }
  [[nodiscard]] std::string refusal(const Assertion& what) const { return refusal(provider().response(what)); }
  [[nodiscard]] directory::FederatedCall must(const Assertion& what) const {
    const auto caller = believe(provider().response(what));
    EXPECT_TRUE(caller.ok()) << caller.error().message();
    return caller ? *caller->federated : directory::FederatedCall{.provider = {}, .subject = {}, .keys = {}};
  }
  static std::vector<std::string> key(const directory::FederatedCall& call, std::string_view name) {
    for (const auto& one : call.keys) {
      if (one.name == name) return one.values;
    }
    return {};
  }

  directory::SamlProvider entity = provider().entity();
  Time now = *parse_iso8601("2026-07-24T10:11:12Z");
};

TEST_F(SamlResponseTest, AGoodOneIsBelievedAndSaysWhoItIs) {
  const auto caller = believe(provider().response({}));
  ASSERT_TRUE(caller.ok()) << caller.error().message();
  EXPECT_EQ(caller->kind, directory::Caller::Kind::kSaml);
  const directory::FederatedCall& call = *caller->federated;
  EXPECT_EQ(call.provider, "arn:aws:iam::111111111111:saml-provider/corp");
  EXPECT_EQ(call.issuer, "https://idp.example.com/");
  EXPECT_EQ(call.subject, "dana@example.com");
  EXPECT_EQ(call.subject_type, "persistent");
  EXPECT_EQ(call.audience, "https://signin.aws.amazon.com/saml");
  EXPECT_EQ(call.session_name, "dana");
  EXPECT_EQ(call.assertion_id, "_a1");
  EXPECT_EQ(call.usable_until, *parse_iso8601("2026-07-24T10:15:01Z"));
  EXPECT_EQ(call.session_until, *parse_iso8601("2026-07-24T18:00:00Z"));
  EXPECT_EQ(caller->user_id, call.name_qualifier + ":dana@example.com");
  EXPECT_THAT(key(call, "saml:aud"), ElementsAre("https://signin.aws.amazon.com/saml"));
  EXPECT_THAT(key(call, "saml:iss"), ElementsAre("https://idp.example.com/"));
  EXPECT_THAT(key(call, "saml:sub"), ElementsAre("dana@example.com"));
  EXPECT_THAT(key(call, "saml:sub_type"), ElementsAre("persistent"));
  EXPECT_THAT(key(call, "saml:doc"), ElementsAre("111111111111/corp"));
  EXPECT_THAT(key(call, "saml:namequalifier"), ElementsAre(call.name_qualifier));
  // base64(SHA-1(issuer, account, "/", name)), as AWS's page has it
  EXPECT_EQ(call.name_qualifier, base64(crypto::sha1({"https://idp.example.com/111111111111/corp"})));
}

struct Case {
  const char* what;
  std::function<void(Assertion&)> change;
  const char* refusal;
};

std::vector<std::string> role_and(const char* role, const char* other) { return {std::string(role) + "," + other}; }
constexpr const char *kRoleArn = "arn:aws:iam::111111111111:role/Sso",
                     *kProviderArn = "arn:aws:iam::111111111111:saml-provider/corp";
std::string data(const std::string& until, const std::string& recipient) {
  return " NotOnOrAfter=\"" + until + "\" Recipient=\"" + recipient + "\"";
}

const Case kCases[] = {
    {"of version 1.1", [](Assertion& a) { a.version = "1.1"; }, kInvalid},
    {"by another provider", [](Assertion& a) { a.issuer = "https://other.example.com/"; }, kIssuer},
    {"by nobody", [](Assertion& a) { a.issuer = ""; }, kIssuer},
    {"issued five minutes ago", [](Assertion& a) { a.issue_instant = "2026-07-24T10:06:12Z"; }, kGood},
    {"issued a second earlier", [](Assertion& a) { a.issue_instant = "2026-07-24T10:06:11Z"; }, kExpired},
    {"issued by a clock that is ahead", [](Assertion& a) { a.issue_instant = "2026-07-24T10:16:12Z"; }, kGood},
    {"issued in the future", [](Assertion& a) { a.issue_instant = "2026-07-24T10:16:13Z"; }, kInvalid},
    {"issued at no time", [](Assertion& a) { a.issue_instant = "today"; }, kInvalid},
    {"without conditions in time", [](Assertion& a) { a.window = ""; }, kGood},
    {"over", [](Assertion& a) { a.window = R"( NotOnOrAfter="2026-07-24T10:11:12Z")"; }, kExpired},
    {"over in a second", [](Assertion& a) { a.window = R"( NotOnOrAfter="2026-07-24T10:11:13Z")"; }, kGood},
    {"not yet valid", [](Assertion& a) { a.window = R"( NotBefore="2026-07-24T10:16:13Z")"; }, kInvalid},
    {"valid within the leeway", [](Assertion& a) { a.window = R"( NotBefore="2026-07-24T10:16:12Z")"; }, kGood},
    {"over at no time", [](Assertion& a) { a.window = R"( NotOnOrAfter="soon")"; }, kInvalid},
    {"for nobody", [](Assertion& a) { a.audiences = {}; }, kAudience},
    {"for another", [](Assertion& a) { a.audiences = {{"https://other.example.com/"}}; }, kAudience},
    {"for AWS and another",
     [](Assertion& a) {
       a.audiences = {{"x", "urn:amazon:webservices"}};
     },
     kGood},
    {"for AWS, but another restriction",
     [](Assertion& a) {
       a.audiences = {{"urn:amazon:webservices"}, {"x"}};
     },
     kAudience},
    {"for AWS's address", [](Assertion& a) { a.audiences = {{"https://signin.aws.amazon.com/saml"}}; }, kGood},
    {"for a region's", [](Assertion& a) { a.audiences = {{"https://eu-west-1.signin.aws.amazon.com/saml"}}; }, kGood},
    {"for what looks like it", [](Assertion& a) { a.audiences = {{"https://x.y.signin.aws.amazon.com/saml"}}; },
     kAudience},
    {"for a host of another", [](Assertion& a) { a.audiences = {{"https://signin.aws.amazon.com.example.com/saml"}}; },
     kAudience},
    {"without a name", [](Assertion& a) { a.name_id = ""; }, kInvalid},
    {"with a name of 255 characters", [](Assertion& a) { a.name_id = std::string(255, 'n'); }, kGood},
    {"with a longer one", [](Assertion& a) { a.name_id = std::string(256, 'n'); }, kInvalid},
    {"with an element for a name", [](Assertion& a) { a.name_id = "<saml:X></saml:X>"; }, kInvalid},
    {"for whoever holds a key", [](Assertion& a) { a.method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"; },
     kInvalid},
    {"without a recipient", [](Assertion& a) { a.data = R"( NotOnOrAfter="2026-07-24T10:15:00Z")"; }, kInvalid},
    {"for another recipient", [](Assertion& a) { a.data = data("2026-07-24T10:15:00Z", "https://example.com/"); },
     kInvalid},
    {"for a region's recipient",
     [](Assertion& a) { a.data = data("2026-07-24T10:15:00Z", "https://us-west-2.signin.aws.amazon.com/saml"); },
     kGood},
    {"for ever", [](Assertion& a) { a.data = R"( Recipient="https://signin.aws.amazon.com/saml")"; }, kInvalid},
    {"confirmed until now",
     [](Assertion& a) { a.data = data("2026-07-24T10:11:12Z", "https://signin.aws.amazon.com/saml"); }, kExpired},
    {"whose session ends at no time", [](Assertion& a) { a.statement = R"( SessionNotOnOrAfter="late")"; }, kInvalid},
    {"without a role", [](Assertion& a) { a.set("Role", {}); }, kRole},
    {"with another role",
     [](Assertion& a) { a.set("Role", role_and("arn:aws:iam::111111111111:role/Other", kProviderArn)); }, kRole},
    {"with another provider",
     [](Assertion& a) { a.set("Role", role_and(kRoleArn, "arn:aws:iam::111111111111:saml-provider/x")); }, kRole},
    {"with a role alone", [](Assertion& a) { a.set("Role", {kRoleArn}); }, kRole},
    {"with both the other way round", [](Assertion& a) { a.set("Role", role_and(kProviderArn, kRoleArn)); }, kGood},
    {"with both on lines of their own",
     [](Assertion& a) { a.set("Role", {std::string("\n  ") + kRoleArn + " ,\n " + kProviderArn + "\n"}); }, kGood},
    {"with the role twice and no provider", [](Assertion& a) { a.set("Role", role_and(kRoleArn, kRoleArn)); }, kRole},
    {"with the right one behind others",
     [](Assertion& a) {
       a.set("Role", {"x,y", "z", std::string(kRoleArn) + "," + kProviderArn});
     },
     kGood},
    {"without a session name", [](Assertion& a) { a.set("RoleSessionName", {}); }, kNoName},
    {"with two session names",
     [](Assertion& a) {
       a.set("RoleSessionName", {"dana", "bob"});
     },
     kNoName},
    {"with an empty one", [](Assertion& a) { a.set("RoleSessionName", {""}); }, kBadName},
    {"with one of a character", [](Assertion& a) { a.set("RoleSessionName", {"d"}); }, kBadName},
    {"with one of 64", [](Assertion& a) { a.set("RoleSessionName", {std::string(64, 'd')}); }, kGood},
    {"with one of 65", [](Assertion& a) { a.set("RoleSessionName", {std::string(65, 'd')}); }, kBadName},
    {"with a blank in it", [](Assertion& a) { a.set("RoleSessionName", {"da na"}); }, kBadName},
    {"with a duration", [](Assertion& a) { a.set("SessionDuration", {"900"}); }, kGood},
    {"with the longest", [](Assertion& a) { a.set("SessionDuration", {"43200"}); }, kGood},
    {"with a longer one", [](Assertion& a) { a.set("SessionDuration", {"43201"}); }, kInvalid},
    {"with too short a one", [](Assertion& a) { a.set("SessionDuration", {"899"}); }, kInvalid},
    {"with two",
     [](Assertion& a) {
       a.set("SessionDuration", {"900", "900"});
     },
     kInvalid},
    {"with one that is no number", [](Assertion& a) { a.set("SessionDuration", {"1h"}); }, kInvalid},
    {"with too short a source identity", [](Assertion& a) { a.set("SourceIdentity", {"d"}); },
     "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with \"aws:\""},
    {"with two source identities",
     [](Assertion& a) {
       a.set("SourceIdentity", {"dana", "bob"});
     },
     "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with \"aws:\""},
    {"with a tag twice",
     [](Assertion& a) {
       a.set("PrincipalTag:team", {"red", "blue"});
     },
     kInvalid},
    {"with a tag without a key", [](Assertion& a) { a.set("PrincipalTag:", {"red"}); }, kInvalid},
    {"with the longest tag",
     [](Assertion& a) { a.set("PrincipalTag:" + std::string(128, 'k'), {std::string(256, 'v')}); }, kGood},
    {"with too long a key", [](Assertion& a) { a.set("PrincipalTag:" + std::string(129, 'k'), {"v"}); }, kInvalid},
    {"with too long a value", [](Assertion& a) { a.set("PrincipalTag:k", {std::string(257, 'v')}); }, kInvalid},
    {"with 50 tags",
     [](Assertion& a) {
       for (int i = 0; i < 50; ++i) a.set("PrincipalTag:k" + std::to_string(i), {"v"});
     },
     kGood},
    {"with 51",
     [](Assertion& a) {
       for (int i = 0; i < 51; ++i) a.set("PrincipalTag:k" + std::to_string(i), {"v"});
     },
     kInvalid},
    {"with 501 attributes",
     [](Assertion& a) {
       for (int i = 0; i < 499; ++i)
         a.attributes.emplace_back("urn:x:" + std::to_string(i), std::vector<std::string>{});
     },
     kInvalid},
    {"with an element in a value", [](Assertion& a) { a.set("x", {"<saml:b></saml:b>"}); }, kInvalid},
    {"of a sign-in that failed", [](Assertion& a) { a.status = "urn:oasis:names:tc:SAML:2.0:status:Responder"; },
     kInvalid},
};
TEST_F(SamlResponseTest, EachThingThatAnAssertionMaySayIsAnsweredSo) {
  for (const Case& each : kCases) {
    Assertion what;
    each.change(what);
    EXPECT_EQ(refusal(what), each.refusal) << each.what;
  }
}

TEST_F(SamlResponseTest, WhatItSaysOfThePersonIsKept) {
  Assertion what;
  what.set("PrincipalTag:team", {"red"});
  what.set("PrincipalTag:Cost Center", {""});
  what.set("TransitiveTagKeys", {"team", "Cost Center"});
  what.set("SourceIdentity", {"dana.smith"});
  what.attributes.emplace_back("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", std::vector<std::string>{"staff", "alumni"});
  what.attributes.emplace_back("urn:oid:0.9.2342.19200300.100.1.3", std::vector<std::string>{"dana@example.com"});
  what.attributes.emplace_back("urn:oid:9.9.9", std::vector<std::string>{"nobody's"});
  const directory::FederatedCall call = must(what);
  ASSERT_EQ(call.tags.size(), 2U);
  EXPECT_EQ(call.tags[0].key, "Cost Center");
  EXPECT_EQ(call.tags[0].value, "");
  EXPECT_EQ(call.tags[1].key, "team");
  EXPECT_THAT(call.transitive_tag_keys, ElementsAre("team", "Cost Center"));
  EXPECT_EQ(call.source_identity, "dana.smith");
  EXPECT_THAT(key(call, "saml:edupersonaffiliation"), ElementsAre("staff", "alumni"));
  EXPECT_THAT(key(call, "saml:mail"), ElementsAre("dana@example.com"));
}

TEST_F(SamlResponseTest, ANameMayBeOfAnyFormat) {
  Assertion what;
  for (const auto& [format, type] :
       {std::pair<const char*, const char*>{"urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "transient"},
        {"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
         "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"},
        {"", ""}}) {
    what.format = format;
    EXPECT_EQ(must(what).subject_type, type);
  }
}

// ---- the signature ----

TEST_F(SamlResponseTest, OnlyTheOneFormOfSignatureIsTaken) {
  struct Form {
    const char* what;
    std::function<void(Signing&)> change;
    bool good;
  };
  const Form forms[] = {
      {"as it should be", [](Signing&) {}, true},
      {"with a key of its own", [](Signing& s) { s.inside = "<ds:KeyInfo><ds:KeyName>x</ds:KeyName></ds:KeyInfo>"; },
       true},
      {"with an object", [](Signing& s) { s.inside = "<ds:Object></ds:Object>"; }, false},
      {"SHA-1", [](Signing& s) { s.digest = "http://www.w3.org/2000/09/xmldsig#sha1"; }, false},
      {"another digest than it says", [](Signing& s) { s.digest = "http://www.w3.org/2001/04/xmlenc#sha512"; }, false},
      {"RSA with SHA-1", [](Signing& s) { s.signature = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"; }, false},
      {"RSA with SHA-512", [](Signing& s) { s.signature = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"; },
       false},
      {"ECDSA", [](Signing& s) { s.signature = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"; }, false},
      {"HMAC", [](Signing& s) { s.signature = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"; }, false},
      {"inclusive canonicalization",
       [](Signing& s) { s.canonicalization = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"; }, false},
      {"an XSLT transform", [](Signing& s) { s.first_transform = "http://www.w3.org/TR/1999/REC-xslt-19991116"; },
       false},
      {"an XPath transform", [](Signing& s) { s.first_transform = "http://www.w3.org/TR/1999/REC-xpath-19991116"; },
       false},
      {"of another element", [](Signing& s) { s.reference = "_r1"; }, false},
      {"of nothing", [](Signing& s) { s.reference = "_none"; }, false},
  };
  for (const Form& form : forms) {
    Signing how;
    form.change(how);
    EXPECT_EQ(refusal(provider().response({}, how)), form.good ? kGood : kSignature) << form.what;
  }
}

TEST_F(SamlResponseTest, WhatWasChangedAfterwardsIsNotBelieved) {
  const std::string good = SamlProviderUnderTest::around(provider().signed_assertion({}), Assertion().status);
  ASSERT_EQ(refusal(base64(good)), kGood);
  for (const auto& [from, to] : {std::pair<const char*, const char*>{">dana<", ">root<"},
                                 {"dana@example.com", "eve@example.com"},
                                 {"role/Sso", "role/Adm"},
                                 {"10:20:00", "23:20:00"},
                                 {"<saml:Conditions", "<saml:Conditions  xml:lang=\"en\""},
                                 {"urn:amazon:webservices", "urn:amazon:webservicez"}}) {
    std::string changed = good;
    changed.replace(changed.find(from), std::string_view(from).size(), to);
    EXPECT_EQ(refusal(base64(changed)), kSignature) << from;
  }
  // The status stands outside of what was signed: it can only make matters worse.
  std::string failed = good;
  failed.replace(failed.find("status:Success"), 14, "status:Failure");
  EXPECT_EQ(refusal(base64(failed)), kInvalid);
}

TEST_F(SamlResponseTest, OnlyASignatureOfTheProvidersOwnCounts) {
  const SamlProviderUnderTest stranger;
  EXPECT_EQ(refusal(stranger.response({})), kSignature);
  EXPECT_EQ(refusal(base64(SamlProviderUnderTest::around(Assertion().xml(), Assertion().status))), kSignature);
  // A provider that changes its key has both for a while.
  entity.certificates = {stranger.certificate(), provider().certificate()};
  EXPECT_EQ(refusal(provider().response({})), kGood);
  EXPECT_EQ(refusal(stranger.response({})), kGood);
  entity.certificates = {};
  EXPECT_EQ(refusal(provider().response({})), kSignature);
}

TEST_F(SamlResponseTest, AProviderEndsWithItsMetadata) {
  entity.valid_until = now + std::chrono::seconds(1);
  EXPECT_EQ(refusal(Assertion{}), kGood);
  entity.valid_until = now;
  EXPECT_EQ(refusal(Assertion{}), kSignature);
}

/// Two assertions, one of them signed: only that one could say anything, and a response with two says nothing.
TEST_F(SamlResponseTest, NothingIsReadThatWasNotSigned) {
  Assertion evil;
  evil.id = "_e1";
  evil.set("RoleSessionName", {"root"});
  const std::string good = provider().signed_assertion({}), status = Assertion().status;
  EXPECT_EQ(refusal(base64(SamlProviderUnderTest::around(evil.xml() + good, status))), kSignature);
  EXPECT_EQ(refusal(base64(SamlProviderUnderTest::around(good + evil.xml(), status))), kSignature);
  // The evil one around the good one, and with its id.
  std::string wrapped = evil.xml();
  wrapped.insert(wrapped.find("<saml:Subject>"), "<saml:Advice>" + good + "</saml:Advice>");
  EXPECT_EQ(refusal(base64(SamlProviderUnderTest::around(wrapped, status))), kSignature);
  // A signature without its own assertion.
  const std::size_t at = good.find("<ds:Signature"), end = good.find("</ds:Signature>") + 15;
  std::string stolen = evil.xml();
  stolen.insert(stolen.find("<saml:Subject>"), good.substr(at, end - at));
  EXPECT_EQ(refusal(base64(SamlProviderUnderTest::around(stolen, status))), kSignature);
}

TEST_F(SamlResponseTest, WhatIsNoResponseIsInvalid) {
  const std::string good = provider().response({});
  std::string in_lines;
  for (std::size_t i = 0; i < good.size(); i += 76) in_lines += good.substr(i, 76) + "\r\n";
  EXPECT_EQ(refusal(in_lines), kGood);
  for (const std::string& text :
       {std::string(), std::string("?"), good.substr(1), base64("x"), base64(Assertion().xml()),
        base64(provider().signed_assertion({})), base64("<Response/>"), base64(provider().metadata())}) {
    EXPECT_EQ(refusal(text), kInvalid) << text.substr(0, 40);
  }
}

// ---- metadata ----

TEST_F(SamlResponseTest, MetadataNamesTheProviderAndItsKeys) {
  const auto metadata = SamlMetadata::parse(provider().metadata());
  ASSERT_TRUE(metadata.ok()) << metadata.error().message();
  EXPECT_EQ(metadata->entity_id, "https://idp.example.com/");
  EXPECT_THAT(metadata->certificates, ElementsAre(provider().certificate()));
  EXPECT_FALSE(metadata->valid_until);
}

TEST_F(SamlResponseTest, MetadataIsAllThereOrRefused) {
  const std::string good = provider().metadata();
  const auto with = [&](std::string_view from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  struct Document {
    const char* what;
    std::string text;
    bool good;
  };
  const std::string key =
      good.substr(good.find("<KeyDescriptor"), good.find("</IDPSSODescriptor>") - good.find("<KeyDescriptor"));
  const Document documents[] = {
      {"as it is", good, true},
      {"with a comment", "<!-- from the IdP -->" + good, true},
      {"valid until a day", with("entityID=", R"(validUntil="2030-01-01T00:00:00Z" entityID=)"), true},
      {"valid until no day", with("entityID=", R"(validUntil="some day" entityID=)"), false},
      {"valid for ever", with("entityID=", R"(validUntil="99999-01-01T00:00:00Z" entityID=)"), false},
      {"without a name", with(R"( entityID="https://idp.example.com/")", ""), false},
      {"with an empty name", with("https://idp.example.com/", ""), false},
      {"with the longest name", with("https://idp.example.com/", std::string(1024, 'n')), true},
      {"with too long a name", with("https://idp.example.com/", std::string(1025, 'n')), false},
      {"for a key of no said use", with(R"( use="signing")", ""), true},
      {"for encryption alone", with("signing", "encryption"), false},
      {"for encryption as well",
       with("<KeyDescriptor", R"(<KeyDescriptor use="encryption"></KeyDescriptor><KeyDescriptor)"), true},
      {"with the same key twice", with("</IDPSSODescriptor>", key + "</IDPSSODescriptor>"), true},
      {"with a key that is none", with(base64(provider().certificate()), base64("no certificate")), false},
      {"with a key that is no base64", with(base64(provider().certificate()), "?"), false},
      {"with a key in lines",
       with(base64(provider().certificate()).substr(0, 64), base64(provider().certificate()).substr(0, 64) + "\n  "),
       true},
      {"without keys", with(key, ""), false},
      {"of a service provider", with("<IDPSSODescriptor>", "<SPSSODescriptor>"), false},
      {"of another namespace", with("SAML:2.0:metadata", "SAML:2.1:metadata"), false},
      {"no XML", "metadata", false},
      {"nothing", "", false},
  };
  for (const Document& document : documents) {
    const auto parsed = SamlMetadata::parse(document.text);
    EXPECT_EQ(parsed.ok(), document.good) << document.what;
    if (!parsed) {
      EXPECT_EQ(parsed.error().message(), "Could not parse metadata") << document.what;
    }
  }
}

}  // namespace
}  // namespace deputy::authn
