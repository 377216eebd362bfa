#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "base/encoding.h"

namespace deputy {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  JsonWriter(out).value(text);
  return out;
}
std::string json_of(std::int64_t number) {
  std::string out;
  JsonWriter(out).value(number);
  return out;
}

TEST(JsonWriterTest, TextIsEscapedWhereJsonAsksForIt) {
  EXPECT_EQ(json_of(""), "\"\"");
  EXPECT_EQ(json_of(std::string_view()), "\"\"") << "an empty text that points nowhere";
  EXPECT_EQ(json_of("plain text of more than eight bytes"), "\"plain text of more than eight bytes\"");
  EXPECT_EQ(json_of("a\"b\\c\nd\re\tf"), R"("a\"b\\c\nd\re\tf")");
  EXPECT_EQ(json_of(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\\u007f\"");
  EXPECT_EQ(json_of("\xc3\xa9 \xf0\x9f\x94\x91 \"\xc3\xa9\""), "\"\xc3\xa9 \xf0\x9f\x94\x91 \\\"\xc3\xa9\\\"\"");
}

TEST(JsonWriterTest, BytesThatAreNoUtf8AreReplacedWhereverTheyStand) {
  const std::string bad = "\xef\xbf\xbd";
  EXPECT_EQ(json_of("\xff"), "\"" + bad + "\"");
  EXPECT_EQ(json_of("\xff\"x"), "\"" + bad + "\\\"x\"") << "before an escape, too";
  EXPECT_EQ(json_of("\xc3\xa9\xc3\"\xed\xa0\x80"), "\"\xc3\xa9" + bad + "\\\"" + bad + bad + bad + "\"");
  for (int byte = 0; byte < 256; ++byte) {
    for (const char* around : {"", "\"", "\n", "\xc3\xa9"}) {
      const std::string text = around + std::string(1, static_cast<char>(byte)) + around;
      EXPECT_TRUE(is_utf8(json_of(text))) << byte;
    }
  }
}

/// Short, middling and long texts go different ways, and each has an end that overlaps what came before.
TEST(JsonWriterTest, AByteThatNeedsAnEscapeIsSeenWhereverItStands) {
  for (std::size_t size = 1; size < 300; size += size < 70 ? 1 : 37) {
    const std::string plain(size, 'x');
    EXPECT_EQ(json_of(plain), "\"" + plain + "\"");
    for (std::size_t at = 0; at < size; ++at) {
      for (const auto& [byte, escaped] : {std::pair("\"", "\\\""), std::pair("\\", "\\\\"),
                                          std::pair("\x1f", "\\u001f"), std::pair("\xe9", "\xef\xbf\xbd")}) {
        std::string text = plain;
        text.replace(at, 1, byte);
        ASSERT_EQ(json_of(text), "\"" + std::string(at, 'x') + escaped + std::string(size - at - 1, 'x') + "\"") << at;
      }
    }
  }
}

TEST(JsonWriterTest, NumbersAreWritten) {
  EXPECT_EQ(json_of(0), "0");
  EXPECT_EQ(json_of(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(json_of(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
}

TEST(JsonWriterTest, CommasStandBetweenMembers) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("a").value(1).key("b").begin_array().value("x").null().value(true).end_array();
  json.key("c").begin_object().end_object().key("d").raw("[1]").end_object();
  EXPECT_EQ(out, R"({"a":1,"b":["x",null,true],"c":{},"d":[1]})");
}

}  // namespace
}  // namespace deputy
