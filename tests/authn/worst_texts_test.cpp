// What the worst text of the largest size costs, of every parser here that is given a stranger's. The figures stand in
// docs/performance.md; the bounds here are generous, and each of these once cost many times as much, or would without its
// limit. Unsigned responses and real certificates are in tests/e2e/test_hostile.py.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

#include "authn/federation/issuer_keys.h"
#include "authn/federation/jwt.h"
#include "authn/federation/key_set.h"
#include "authn/federation/saml_library.h"
#include "authn/federation/saml_metadata.h"
#include "base/base64url.h"
#include "base/encoding.h"
#include "crypto/signature.h"

namespace deputy::authn {
namespace {

/// Processor time of this thread.
std::chrono::microseconds cpu_of(const std::function<void()>& work) {
  const auto now = [] {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  };
  const auto before = now();
  work();
  return std::chrono::duration_cast<std::chrono::microseconds>(now() - before);
}

void expect_cheap(const char* what, std::size_t bytes, const std::function<void()>& work) {
  const double spent = static_cast<double>(cpu_of(work).count()) / 1000;
  std::printf("%-60s %8zu bytes %8.1f ms\n", what, bytes, spent);
  EXPECT_LT(spent, 1000) << what;
}

std::string filled(std::string text, std::string_view with, std::size_t bytes, std::string_view end) {
  while (text.size() + with.size() + end.size() <= bytes) text += with;
  return text.append(end);
}

/// `count` attributes, each of its own name.
std::string attributes(std::size_t count, const std::string& prefix = "a", const std::string& value = "") {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += " " + prefix + std::to_string(i) + "=\"" + value + "\"";
  return all;
}

TEST(WorstTextsTest, Metadata) {
  if (SamlLibrary::get() == nullptr) GTEST_SKIP() << "libxmlsec1-openssl is not installed here";
  constexpr std::size_t kBytes = 900'000;
  const std::string begin = "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"x\">";
  const std::string end = "</md:EntityDescriptor>";
  std::string scopes;
  for (int i = 0; i < 3; ++i) scopes += "<a" + attributes(33, "xmlns:n" + std::to_string(i) + "x", "urn:x") + ">";
  std::string many_prefixes = scopes;
  for (int i = 0; i < 200; ++i) many_prefixes += "<a" + attributes(95, "n0x0:b") + "/>";
  many_prefixes += "</a></a></a>";
  const struct {
    const char* what;
    std::string text;
  } kTexts[] = {
      {"60,000 attributes of one element", begin + "<a" + attributes(60'000) + "/>" + end},
      {"as many attributes as may be",
       begin + filled("", "<a" + attributes(99) + "/>", 130'000, "") + std::string(700'000, 'x') + end},
      {"as many namespaces and prefixes as may be", begin + many_prefixes + end},
      {"as many elements as may be", filled(begin, "<a/>", 40'000, end)},
      {"elements in each other", begin + filled("", "<a>", 300'000, "")},
      {"comments", filled(begin, "<!---->", 70'000, end)},
      {"characters by number", filled(begin, "&#65;", kBytes, end)},
      {"unknown entities", filled(begin, "&a;", kBytes, end)},
      {"CDATA sections", filled(begin, "<![CDATA[]]>", 110'000, end)},
      {"line ends", filled(begin, "\r", kBytes, end)},
      {"one long name", begin + "<" + std::string(kBytes, 'a') + "/>" + end},
      {"one long attribute", begin + "<a b=\"" + filled("", "&#9;", kBytes, "") + "\"/>" + end},
      {"a long certificate",
       begin +
           "<md:IDPSSODescriptor><md:KeyDescriptor><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">"
           "<ds:X509Data><ds:X509Certificate>" +
           std::string(800'000, 'A') +
           "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
           "</md:KeyDescriptor></md:IDPSSODescriptor>" +
           end},
  };
  for (const auto& [what, text] : kTexts) {
    expect_cheap(what, text.size(), [&text = text] { EXPECT_FALSE(SamlMetadata::parse(text)); });
  }
}

std::string number(std::size_t bytes) { return base64url(std::string(bytes, '\xff')); }

std::string keys_of(std::size_t count, const std::string& key) {
  std::string text = R"({"keys":[)";
  for (std::size_t i = 0; i < count; ++i)
    text += (i == 0 ? "{" : ",{") + key + R"(,"kid":")" + std::to_string(i) + "\"}";
  return text + "]}";
}

TEST(WorstTextsTest, KeySets) {
  constexpr std::size_t kBytes = KeySet::kMaxBytes;
  const std::string rsa = R"("kty":"RSA","e":"AQAB","n":")";
  const std::string p521 =
      R"("kty":"EC","crv":"P-521","x":"AA_PQ27UrHtAgLuvk-jlz9ZH-cckd6SsWFSQ7SyS0kRW64Hl70tplq2gWcscrdITFoqBSz-ACgh_0gadw37KPjK3",)"
      R"("y":"ABgQymofhGoF563MXMOoWs-dUCBOPhK1fRVLuZgo_g2amGFFL9Wlt1QL9hqf68ofXhhDYmRoXRRWwblB_M6cvoyp")";
  const struct {
    const char* what;
    std::string text;
  } kTexts[] = {
      {"350 moduli of 8,192 bits", keys_of(350, rsa + number(1024) + '"')},
      {"700 moduli of 4,096 bits", keys_of(700, rsa + number(512) + '"')},
      {"1,300 points of P-521", keys_of(1'300, p521)},
      {"lists in a list", filled(R"({"keys":[[])", ",[]", kBytes, "]}")},
      {"objects in a list", filled(R"({"keys":[{})", ",{}", kBytes, "]}")},
      {"numbers", filled(R"({"keys":[1)", ",1", kBytes, "]}")},
      {"floating numbers", filled(R"({"keys":[1e-300)", ",1.7976931348623157e308", kBytes, "]}")},
      {"escapes", filled(R"({"keys":[{"kid":")", "\\u00e4", kBytes, "\"}]}")},
      {"brackets", std::string(kBytes, '[')},
      {"one long number", filled(R"({"keys":[0.)", "1", kBytes, "]}")},
      {"one long modulus", R"({"keys":[{)" + rsa + std::string(kBytes - 100, 'A') + "\"}]}"},
  };
  for (const auto& [what, text] : kTexts) {
    ASSERT_LE(text.size(), kBytes) << what;
    expect_cheap(what, text.size(), [&text = text] {
      const auto keys = KeySet::parse(text);
      EXPECT_LE(keys ? keys->size() : 0, KeySet::kMaxKeys);
    });
  }
}

TEST(WorstTextsTest, Tokens) {
  constexpr std::size_t kClaims = 14'000;  // as many as base64 leaves of AWS's 20,000
  std::string names = "{\"a\":0";
  for (int i = 0; names.size() < kClaims; ++i) names += ",\"a" + std::to_string(i) + "\":0";
  const struct {
    const char* what;
    std::string claims;
  } kTexts[] = {
      {"claims", names + "}"},
      {"texts", filled(R"({"aud":["")", ",\"\"", kClaims, "]}")},
      {"lists", filled(R"({"a":[[])", ",[]", kClaims, "]}")},
      {"the same claim", filled(R"({"a":0)", ",\"a\":0", kClaims, "}")},
  };
  for (const auto& [what, claims] : kTexts) {
    const std::string token = base64url(R"({"alg":"RS256"})") + "." + base64url(claims) + ".AAAA";
    ASSERT_LE(token.size(), Jwt::kMaxBytes);
    expect_cheap(what, token.size(), [&] { static_cast<void>(Jwt::parse(token)); });
  }
  const std::string dots(Jwt::kMaxBytes, '.');
  expect_cheap("dots", dots.size(), [&] { EXPECT_FALSE(Jwt::parse(dots)); });
  const std::string headers = base64url(filled(R"({"alg":"RS256")", ",\"b\":[]", kClaims, "}")) + ".e30.AAAA";
  expect_cheap("members of the header", headers.size(), [&] { static_cast<void>(Jwt::parse(headers)); });
}

}  // namespace
}  // namespace deputy::authn
