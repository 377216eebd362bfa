#include "base/encoding.h"

#include <gtest/gtest.h>

#include "base/account_id.h"
#include "base/arn.h"
#include "base/json_writer.h"
#include "base/time.h"

namespace deputy {
namespace {

TEST(Encoding, Base64IsStrict) {
  EXPECT_EQ(base64("hello"), "aGVsbG8=");
  EXPECT_EQ(unbase64("aGVsbG8="), "hello");
  for (const char* bad : {"aGVsbG8", "aGVsbG9=", "aGVs bG8=", "====", "a===", "aGVsbG8=aGVsbG8="}) {
    EXPECT_FALSE(unbase64(bad)) << bad;
  }
}

// RFC 4648, section 10.
TEST(Encoding, Base64AgreesWithItsStandard) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : cases) {
    EXPECT_EQ(base64(plain), text);
    EXPECT_EQ(unbase64(text), plain);
  }
  std::string bytes;
  for (int i = 0; i < 600; ++i) {
    EXPECT_EQ(unbase64(base64(bytes)), bytes);
    bytes.push_back(static_cast<char>(i * 7));
  }
  for (std::size_t i = 0; i < 8; ++i) {
    std::string bad = "Zm9vYmFy";
    bad[i] = '-';
    EXPECT_FALSE(unbase64(bad)) << i;
  }
}

TEST(Encoding, Base32RoundTrips) {
  const std::string bytes("\x00\xff\x10\x20\x30\x40\x50\x60\x70\x80", 10);
  EXPECT_EQ(unbase32(base32(bytes)), bytes);
  EXPECT_FALSE(unbase32("A1"));
}

TEST(Encoding, PercentDecodeRefusesBrokenEscapes) {
  EXPECT_EQ(percent_decode("a%20b+c"), "a b+c");
  EXPECT_EQ(percent_decode("a%20b+c", true), "a b c");
  EXPECT_FALSE(percent_decode("%"));
  EXPECT_FALSE(percent_decode("%2"));
  EXPECT_FALSE(percent_decode("%zz"));
  EXPECT_EQ(percent_encode("a b/*~"), "a%20b%2F%2A~");
}

TEST(Encoding, Utf8RefusesOverlongAndSurrogates) {
  EXPECT_TRUE(is_utf8("h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
  for (const char* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\x80"})
    EXPECT_FALSE(is_utf8(bad));
}

TEST(Json, EscapesAndKeepsInvalidBytesOut) {
  std::string out;
  JsonWriter(out)
      .begin_object()
      .key(std::string_view("a\"b"))
      .value("x\n\x01")
      .key("l")
      .begin_array()
      .value(1)
      .value(true)
      .end_array()
      .end_object();
  EXPECT_EQ(out, "{\"a\\\"b\":\"x\\n\\u0001\",\"l\":[1,true]}");
  out.clear();
  JsonWriter(out).value("a\xff");
  EXPECT_EQ(out, "\"a\xef\xbf\xbd\"");
}

TEST(Case, IsIgnoredOfLettersOnly) {
  for (std::size_t size = 1; size < 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int a = 0; a < 256; ++a) {
        for (const int b : {a ^ 0x20, a, a ^ 1, a ^ 0x80}) {
          std::string x(size, 'm'), y(size, 'M');
          x[at] = static_cast<char>(a);
          y[at] = static_cast<char>(b);
          const bool letter = (a >= 'a' && a <= 'z') || (a >= 'A' && a <= 'Z');
          ASSERT_EQ(equals_ignoring_case(x, y), a == b || (letter && (a ^ b) == 0x20)) << size << " " << a << " " << b;
        }
      }
    }
  }
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
}

TEST(AccountIds, AreTwelveDigits) {
  EXPECT_TRUE(AccountId::parse("000000000001"));
  for (const char* bad : {"", "1", "1234567890123", "12345678901a", "+12345678901"})
    EXPECT_FALSE(AccountId::parse(bad));
  EXPECT_EQ(AccountId::from_number(29608264753)->str(), "029608264753");
}

TEST(Arns, SplitAtTheFirstFiveColons) {
  const auto arn = Arn::split("arn:aws:iam::111111111111:role/a:b");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->resource, "role/a:b");
  EXPECT_FALSE(Arn::split("arn:aws:iam::111111111111"));
}

TEST(Times, RoundTripThroughTheirWireForms) {
  const Time t = from_epoch_seconds(1784887872);
  EXPECT_EQ(iso8601(t), "2026-07-24T10:11:12Z");
  EXPECT_EQ(parse_basic_iso8601(basic_iso8601(t)), t);
  EXPECT_EQ(parse_http_date(http_date(t)), t);
  EXPECT_EQ(parse_iso8601("2026-07-24T10:11:12.500Z"), t + std::chrono::milliseconds(500));
  EXPECT_FALSE(parse_basic_iso8601("20260230T000000Z"));
  EXPECT_FALSE(parse_basic_iso8601("20260724T101112"));
}

}  // namespace
}  // namespace deputy
