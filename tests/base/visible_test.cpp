#include "base/visible.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/json_writer.h"

namespace deputy {
namespace {

TEST(Visible, TextThatPeopleWriteStaysAsItIs) {
  for (const char* text : {"", "arn:aws:iam::111111111111:user/alice", "Jürgen Müller", "株式会社", "می‌خواهم",
                           "👩‍👧", "שלום", "a…b", "e\u0301"}) {
    EXPECT_EQ(visible(text), text);
  }
}

TEST(Visible, WhatSteersATerminalIsReplaced) {
  const std::pair<std::string_view, const char*> cases[] = {
      {"\x1b]0;pwned\a@a.bb", "?]0;pwned?@a.bb"},
      {"a\r\nb\tc", "a??b?c"},
      {std::string_view("\0\x7f", 2), "??"},
      {"\u0080\u009b31m\u009f", "??31m?"},
      {"good\u202edab", "good?dab"},
      {"\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069", "???????????"},
      {"line\u2028paragraph\u2029", "line?paragraph?"},
      {"\ufeff\u200b\u2060\u00ad", "????"},
      {"\U000e0041\U0010ffff\ufffe", "???"},
      {"\x9b"
       "31m",
       "?31m"},
      {"\xc2", "?"},
      {"\xe2\x80", "??"},
      {"\xed\xa0\x80", "???"},
      {"\xf4\x90\x80\x80", "????"},
      {"\ufffd", "\ufffd"},
  };
  for (const auto& [text, shown] : cases) EXPECT_EQ(visible(text), shown) << hex(text);
}

TEST(Visible, LongTextIsCutBetweenCharactersAndSaysSo) {
  EXPECT_EQ(visible("abcdefgh", 8), "abcdefgh");
  EXPECT_EQ(visible("abcdefghi", 8), "abcde…");
  EXPECT_EQ(visible("äöüäö", 8), "äö…");
  EXPECT_EQ(visible("äöüß", 8), "äöüß");
  EXPECT_EQ(visible("abc", 2), "");  // no room for the mark
  EXPECT_EQ(visible("\x1b[m\x1b[m\x1b[m", 9), "?[m?[m?[m");
  EXPECT_EQ(visible(std::string(10'000'000, '\x01')).size(), kMostVisible);
  EXPECT_EQ(cut("aä", 2), "a");
  EXPECT_EQ(cut("aä", 3), "aä");
  EXPECT_EQ(cut("👩b", 3), "");
  EXPECT_EQ(cut("👩b", 4), "👩");
  EXPECT_EQ(cut(std::string(64, '\x80'), 32).size(), 28U);
}

/// Every code point, and every pair of bytes: what comes out can be shown, and is shown as it is a second time.
TEST(Visible, NothingHiddenComesThrough) {
  std::string all;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) all += {static_cast<char>(a), static_cast<char>(b), 'x'};
  }
  const std::string shown = visible(all, all.size());
  EXPECT_TRUE(is_utf8(shown));
  for (std::string_view rest = shown; !rest.empty();) EXPECT_FALSE(is_hidden(next_code_point(rest)));
  EXPECT_EQ(visible(shown, shown.size()), shown);
}

TEST(Visible, JsonKeepsItsValues) {
  EXPECT_EQ(visible_json("{\"a\":\"\u009b\u202e\",\n \"b\":\"ä\"}"), "{\"a\":\"\\u009b\\u202e\",\n \"b\":\"ä\"}");
  EXPECT_EQ(visible_json("\"\U000e0041\x7f\xff\""), "\"\\udb40\\udc41\\u007f\\ufffd\"");
}

TEST(Visible, TheJsonWriterEscapesWhatIsHidden) {
  std::string out;
  JsonWriter(out).value("\u009b31m\u202e\x7f\u2028\U000e0041ä\xff");
  EXPECT_EQ(out, "\"\\u009b31m\\u202e\\u007f\\u2028\\udb40\\udc41ä\ufffd\"");
  out.clear();
  JsonWriter(out).value("\x7f");
  EXPECT_EQ(out, "\"\\u007f\"");
}

}  // namespace
}  // namespace deputy
