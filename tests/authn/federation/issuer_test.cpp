// The allow list of issuers: what may be registered, and where a fetch may go.
#include "authn/federation/issuer.h"

#include <gtest/gtest.h>

namespace deputy::authn {
namespace {

IssuerRules rules(const std::vector<std::string>& entries) {
  auto parsed = IssuerRules::parse(entries);
  EXPECT_TRUE(parsed.ok()) << (parsed ? "" : parsed.error());
  return parsed ? *parsed : IssuerRules();
}
IssuerUrl url(const char* text) { return IssuerUrl::parse(text).value(); }

TEST(IssuerUrlTest, IsTakenApartInOneWayOnly) {
  const IssuerUrl plain = url("http://[::1]:8080/realms/x");
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.host, "::1");
  EXPECT_EQ(plain.authority(), "[::1]:8080");
  EXPECT_EQ(plain.path, "/realms/x");
  EXPECT_EQ(url("https://a.example").effective_port(), 443);
  for (const char* bad :
       {"", "a.example", "ftp://a", "https://", "https:///x", "https://a b", "https://a:0", "https://a:65536",
        "https://a:080", "https://a:", "https://u@a", "https://a\\@b", "https://a/?x", "https://a/#x",
        "https://a/\r\nHost:b", "https://[a.example]", "https://[::1]x", "https://a/\x80"}) {
    EXPECT_FALSE(IssuerUrl::parse(bad)) << bad;
  }
}

TEST(IssuerRulesTest, WithoutAListHttpsOnItsOwnPortMayBeAskedAndIsNotTakenForNamed) {
  const IssuerRules none;
  EXPECT_TRUE(none.may_register(url("https://a.example/x")));
  EXPECT_FALSE(none.may_register(url("https://a.example:8443")));
  EXPECT_FALSE(none.may_register(url("http://127.0.0.1")));
  const auto target = none.target(url("https://a.example/x"));
  ASSERT_TRUE(target);
  EXPECT_EQ(target->host, "a.example");
  EXPECT_FALSE(target->named);
  EXPECT_FALSE(none.target(url("https://a.example:8443")));
  EXPECT_FALSE(none.target(url("http://127.0.0.1:80")));
}

TEST(IssuerRulesTest, AListIsAllThereIs) {
  const IssuerRules list = rules({"A.example", "b.example:8443", "http://127.0.0.1:9000", "c.example=127.0.0.1:1234"});
  EXPECT_TRUE(list.target(url("https://a.EXAMPLE/x"))->named);
  EXPECT_FALSE(list.target(url("https://a.example:444")));
  EXPECT_FALSE(list.target(url("https://other.example")));
  EXPECT_EQ(list.target(url("https://b.example:8443"))->port, 8443);
  EXPECT_TRUE(list.may_register(url("https://b.example:8443/x")));
  EXPECT_FALSE(list.may_register(url("https://b.example:8444/x")));
  EXPECT_TRUE(list.may_register(url("http://127.0.0.1:9000/x")));
  EXPECT_FALSE(list.may_register(url("http://127.0.0.1:9001/x")));
  EXPECT_EQ(list.target(url("https://c.example"))->host, "127.0.0.1");
  EXPECT_EQ(list.target(url("https://c.example"))->port, 1234);
  EXPECT_FALSE(list.target(url("http://c.example"))) << "the entry is for https";
}

TEST(IssuerRulesTest, EntriesThatMeanNothingAreRefused) {
  for (const char* bad :
       {"", "a/b", "http://a.example", "http://10.0.0.1", "a=", "a=b", "a=b:0", "a=b:1:2", "a b", "http://"}) {
    EXPECT_FALSE(IssuerRules::parse(std::vector<std::string>{bad}).ok()) << bad;
  }
}

}  // namespace
}  // namespace deputy::authn
