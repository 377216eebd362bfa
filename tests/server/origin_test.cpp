// Whose word counts about where a request came from.
#include "server/origin.h"

#include <gtest/gtest.h>

namespace deputy::server {
namespace {

struct Case {
  const char* what;
  const char* peer;
  bool tls;
  std::vector<http::Header> headers;
  const char* address;
  bool secure;
};

TEST(OriginTest, OnlyTrustedProxiesAreBelieved) {
  const auto proxies = TrustedProxies::parse({"10.0.0.0/8", "192.0.2.7", "2001:db8::/32"});
  ASSERT_TRUE(proxies) << proxies.error();
  const Case cases[] = {
      {"nobody between", "203.0.113.5", false, {}, "203.0.113.5", false},
      {"a stranger who claims", "203.0.113.5", false, {{"X-Forwarded-For", "10.0.0.1"}}, "203.0.113.5", false},
      {"a stranger who claims TLS", "203.0.113.5", false, {{"X-Forwarded-Proto", "https"}}, "203.0.113.5", false},
      {"one proxy", "10.1.2.3", false, {{"X-Forwarded-For", "203.0.113.5"}}, "203.0.113.5", false},
      {"a proxy that ends TLS",
       "10.1.2.3",
       false,
       {{"X-Forwarded-For", "203.0.113.5"}, {"X-Forwarded-Proto", "HTTPS"}},
       "203.0.113.5",
       true},
      {"TLS from a proxy whose client had none",
       "10.1.2.3",
       true,
       {{"X-Forwarded-For", "203.0.113.5"}, {"x-forwarded-proto", "http"}},
       "203.0.113.5",
       false},
      {"a client who wrote the header too",
       "10.1.2.3",
       false,
       {{"X-Forwarded-For", "10.0.0.1, 203.0.113.5"}},
       "203.0.113.5",
       false},
      {"a client who wrote a header of its own",
       "10.1.2.3",
       false,
       {{"X-Forwarded-For", "10.0.0.1"}, {"X-Forwarded-For", "203.0.113.5"}},
       "203.0.113.5",
       false},
      {"two proxies",
       "10.1.2.3",
       false,
       {{"X-Forwarded-For", "6.6.6.6, 203.0.113.5, 192.0.2.7"}},
       "203.0.113.5",
       false},
      {"two proxies, each with a header",
       "10.1.2.3",
       false,
       {{"X-Forwarded-For", "203.0.113.5"}, {"X-Forwarded-For", "192.0.2.7"}},
       "203.0.113.5",
       false},
      {"a client that is inside", "10.1.2.3", false, {{"X-Forwarded-For", "10.9.9.9, 10.8.8.8"}}, "10.9.9.9", false},
      {"a proxy that says nothing", "10.1.2.3", false, {}, "10.1.2.3", false},
      {"a proxy that says nothing, in a header", "10.1.2.3", false, {{"X-Forwarded-For", ""}}, "10.1.2.3", false},
      {"what is no address", "10.1.2.3", false, {{"X-Forwarded-For", "203.0.113.5, unknown"}}, "", false},
      {"what is no address, behind the client's",
       "10.1.2.3",
       false,
       {{"X-Forwarded-For", "unknown, 203.0.113.5"}},
       "203.0.113.5",
       false},
      {"with a port", "10.1.2.3", false, {{"X-Forwarded-For", "203.0.113.5:4711"}}, "203.0.113.5", false},
      {"IPv6", "2001:db8::1", false, {{"X-Forwarded-For", "2001:db9::5"}}, "2001:db9::5", false},
      {"IPv6 with a port", "2001:db8::1", false, {{"X-Forwarded-For", "[2001:db9::5]:443"}}, "2001:db9::5", false},
      {"IPv4 as IPv6", "10.1.2.3", false, {{"X-Forwarded-For", "::FFFF:203.0.113.5"}}, "203.0.113.5", false},
      {"a trusted IPv4 as IPv6",
       "10.1.2.3",
       false,
       {{"X-Forwarded-For", "203.0.113.5,::ffff:10.4.4.4"}},
       "203.0.113.5",
       false},
      {"an open bracket", "10.1.2.3", false, {{"X-Forwarded-For", "[2001:db9::5"}}, "", false},
      {"the last proto counts", "10.1.2.3", false, {{"X-Forwarded-Proto", "https, http"}}, "10.1.2.3", false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    http::Request request;
    request.remote_address = c.peer;
    request.secure = c.tls;
    request.headers = c.headers;
    const Origin origin = proxies->origin_of(request);
    EXPECT_EQ(origin.address, c.address);
    EXPECT_EQ(origin.secure, c.secure);
  }
}

TEST(OriginTest, WithoutTrustedProxiesNoHeaderCounts) {
  http::Request request;
  request.remote_address = "127.0.0.1";
  request.headers = {{"X-Forwarded-For", "203.0.113.5"}, {"X-Forwarded-Proto", "https"}};
  const Origin origin = TrustedProxies().origin_of(request);
  EXPECT_EQ(origin.address, "127.0.0.1");
  EXPECT_FALSE(origin.secure);
}

TEST(OriginTest, WhatIsNoRangeIsRefused) {
  for (const char* bad : {"", "proxy.example.com", "10.0.0.0/33", "10.0.0", "::/129", "10.0.0.0/8/8"}) {
    EXPECT_FALSE(TrustedProxies::parse({bad})) << bad;
  }
}

}  // namespace
}  // namespace deputy::server
