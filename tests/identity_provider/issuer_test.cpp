// The URLs that the provider stands for, and who gets which document.
#include "identity_provider/issuer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deputy::identity_provider {
namespace {

using testing::HasSubstr;

TEST(IssuerTest, AUrlIsOneInOneWay) {
  for (const char* url :
       {"https://token.actions.githubusercontent.com",
        "https://oidc.eks.us-east-1.amazonaws.com/id/D48675832CA65BD10A532F597EXAMPLE", "http://127.0.0.1:4567",
        "https://[::1]:8443/a/b", "https://idp.example:80", "https://idp.example/a?b"}) {
    const auto issuer = Issuer::parse(url);
    if (std::string_view(url).find('?') != std::string_view::npos) {
      EXPECT_FALSE(issuer) << url;
      continue;
    }
    ASSERT_TRUE(issuer) << url;
    EXPECT_EQ(issuer->url(), url);
  }
  for (const std::string& url :
       {std::string(), std::string("idp.example"), std::string("ftp://idp.example"), std::string("https://"),
        std::string("https://idp.example/"), std::string("https://idp.example:443"), std::string("http://localhost:80"),
        std::string("https://idp.example:0"), std::string("https://idp.example:"),
        std::string("https://idp.example:65536"), std::string("https://idp.example:1x"),
        std::string("https://user@idp.example"), std::string("https://[::1"), std::string("https://[idp]"),
        std::string("https://idp.example/a#b"), std::string("https://idp example"),
        std::string("https://idp.example/\n"), "https://idp.example/" + std::string(Issuer::kMaxBytes, 'x')}) {
    EXPECT_FALSE(Issuer::parse(url)) << url;
  }
}

class DocumentsTest : public testing::Test {
 protected:
  [[nodiscard]] http::Response ask(std::string_view host, std::string_view target,
                                   std::string_view method = "GET") const {
    http::Request request;
    request.method = method;
    request.target = target;
    if (!host.empty()) request.headers = {{"Host", host}};
    return documents.answer(request);
  }

  Documents documents{
      {*Issuer::parse("https://token.actions.githubusercontent.com"), *Issuer::parse("https://idp.example:8443/a/b")},
      R"({"keys":[]})",
      "<md/>"};
};

TEST_F(DocumentsTest, EachIssuerHasItsOwn) {
  const auto github = ask("token.actions.githubusercontent.com", "/.well-known/openid-configuration");
  EXPECT_EQ(github.status, 200);
  EXPECT_THAT(github.body,
              HasSubstr(R"({"issuer":"https://token.actions.githubusercontent.com",)"
                        R"("jwks_uri":"https://token.actions.githubusercontent.com/.well-known/jwks.json")"));
  EXPECT_EQ(ask("Token.Actions.GitHubUserContent.com:443", "/.well-known/jwks.json").body, R"({"keys":[]})");
  const auto other = ask("idp.example:8443", "/a/b/.well-known/openid-configuration?x=y");
  EXPECT_THAT(other.body, HasSubstr(R"("issuer":"https://idp.example:8443/a/b")"));
  EXPECT_EQ(ask("anybody", "/saml/metadata.xml").body, "<md/>");
  EXPECT_EQ(ask("", "/saml/metadata.xml").status, 200);
}

TEST_F(DocumentsTest, NothingElseIsThere) {
  for (const auto& [host, target] : {std::pair("idp.example", "/a/b/.well-known/jwks.json"),
                                     {"idp.example:8443", "/.well-known/jwks.json"},
                                     {"idp.example:8443", "/a/b/.well-known/jwks.json/"},
                                     {"idp.example:8443", "/a/bc/.well-known/jwks.json"},
                                     {"", "/.well-known/jwks.json"},
                                     {"token.actions.githubusercontent.com:80", "/.well-known/jwks.json"},
                                     {"token.actions.githubusercontent.com", "/"},
                                     {"token.actions.githubusercontent.com", "/rsa.key"},
                                     {"token.actions.githubusercontent.com", "/.well-known/../rsa.key"}}) {
    EXPECT_EQ(ask(host, target).status, 404) << host << target;
  }
  EXPECT_EQ(ask("token.actions.githubusercontent.com", "/.well-known/jwks.json", "POST").status, 405);
  EXPECT_EQ(ask("token.actions.githubusercontent.com", "/token", "POST").status, 404);
  EXPECT_EQ(ask("token.actions.githubusercontent.com", "/.well-known/jwks.json", "HEAD").status, 200);
}

}  // namespace
}  // namespace deputy::identity_provider
