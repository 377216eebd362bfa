#include "protocol/xml_writer.h"

#include <gtest/gtest.h>

namespace deputy::protocol {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  escape_xml(out, text);
  return out;
}

TEST(XmlWriterTest, AByteThatNeedsAnEscapeIsSeenWhereverItStands) {
  constexpr std::pair<std::string_view, std::string_view> kEscapes[] = {
      {"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"\x01", "&#x1;"}, {"\r", "&#xd;"}, {"\n", "\n"}};
  for (std::size_t size = 1; size < 1100; size += size < 40 ? 1 : 53) {  // beyond two pieces
    const std::string plain(size, 'x');
    EXPECT_EQ(escaped(plain), plain);
    for (std::size_t at = 0; at < size; ++at) {
      for (const auto& [byte, form] : kEscapes) {
        std::string text = plain;
        text.replace(at, 1, byte);
        ASSERT_EQ(escaped(text), std::string(at, 'x').append(form) + std::string(size - at - 1, 'x')) << at;
      }
    }
  }
}

TEST(XmlWriterTest, ElementsOfEveryLengthStandOnTheirLines) {
  for (const std::size_t size : {1U, 60U, 155U, 157U, 160U, 400U}) {
    const std::string name(size, 'n');
    std::string out;
    XmlWriter xml(out, XmlWriter::Layout::kIndented);
    xml.open(name, "a", "v\"").open(name).text(name, "<").empty(name).close(name).close(name);
    EXPECT_EQ(out, "<" + name + " a=\"v&quot;\">\n  <" + name + ">\n    <" + name + ">&lt;</" + name + ">\n    <" +
                       name + "/>\n  </" + name + ">\n</" + name + ">\n");
    std::string compact;
    XmlWriter(compact, XmlWriter::Layout::kCompact).open(name).text(name, "x").close(name);
    EXPECT_EQ(compact, "<" + name + "><" + name + ">x</" + name + "></" + name + ">");
  }
}

}  // namespace
}  // namespace deputy::protocol
