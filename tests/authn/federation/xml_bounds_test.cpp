#include "authn/federation/xml_bounds.h"

#include <gtest/gtest.h>

#include <string>

namespace deputy::authn {
namespace {

std::string repeated(std::size_t times, std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

/// An element with that many attributes, each of its own name.
std::string with_attributes(std::size_t count, const char* prefix = "a") {
  std::string element = "<x";
  for (std::size_t i = 0; i < count; ++i) element += " " + std::string(prefix) + std::to_string(i) + "=''";
  return element + "/>";
}

std::string nested(std::size_t depth, const std::string& begin = "<a>") {
  return repeated(depth, begin) + repeated(depth, "</a>");
}

TEST(XmlBoundsTest, OrdinaryDocumentsPass) {
  for (const char* text :
       {"<a/>", "<?xml version='1.0' encoding='UTF-8'?>\n<a b = \"c>d\"\tx:e='\"'>f<!-- <g h i -->&amp;</a >",
        "<a><![CDATA[<b c=\"]]></a>", "<a><?p <?>?></a>", "<a b='&lt;&gt;&amp;&quot;&apos;&#9;'>&#x41;&lt;</a>",
        "<a><![CDATA[&b;]]><!-- &c; --></a>", "<a\n/>", "no XML, but small"}) {
    EXPECT_TRUE(is_bounded_xml(text)) << text;
  }
}

TEST(XmlBoundsTest, MarkupThatCouldBeReadInTwoWaysDoesNot) {
  for (const char* text : {"<a",
                           "<a b",
                           "<a b=",
                           "<a b='",
                           "<a b=c/>",
                           "<a b='c'd='e'/>",
                           "<a b='<'/>",
                           "<a =''/>",
                           "<a/",
                           "<a>",
                           "</a>",
                           "<a></a",
                           "<a></a<b/>",
                           "<>",
                           "< a/>",
                           "<a 'b'/>",
                           "<!-- -- ",
                           "<a><![CDATA[ ]]</a>",
                           "<?x",
                           "<!DOCTYPE a><a/>",
                           "<!doctype a><a/>",
                           "<!ENTITY a 'b'>",
                           "<![INCLUDE[<a/>]]>"}) {
    EXPECT_FALSE(is_bounded_xml(text)) << text;
  }
  EXPECT_FALSE(is_bounded_xml(std::string("<a>\0</a>", 8)));
  EXPECT_FALSE(is_bounded_xml(std::string("<\0a\0/\0>\0", 8))) << "UTF-16";
}

TEST(XmlBoundsTest, EachBoundHoldsExactly) {
  using B = XmlBounds;
  EXPECT_TRUE(is_bounded_xml(with_attributes(B::kAttributes)));
  EXPECT_FALSE(is_bounded_xml(with_attributes(B::kAttributes + 1)));
  EXPECT_TRUE(is_bounded_xml(nested(B::kDepth)));
  EXPECT_FALSE(is_bounded_xml(nested(B::kDepth + 1)));
  EXPECT_TRUE(is_bounded_xml("<a>" + repeated(B::kElements - 1, "<b/>") + "</a>"));
  EXPECT_FALSE(is_bounded_xml("<a>" + repeated(B::kElements, "<b/>") + "</a>"));
  EXPECT_FALSE(is_bounded_xml("<a>" + repeated(B::kElements, "<!---->") + "</a>")) << "comments are work too";
  const std::size_t full = B::kAttributesInAll / B::kAttributes;
  EXPECT_TRUE(is_bounded_xml("<a>" + repeated(full, with_attributes(B::kAttributes)) + "</a>"));
  EXPECT_FALSE(is_bounded_xml("<a b=''>" + repeated(full, with_attributes(B::kAttributes)) + "</a>"));
  EXPECT_TRUE(is_bounded_xml(std::string(B::kBytes, 'x')));
  EXPECT_FALSE(is_bounded_xml(std::string(B::kBytes + 1, 'x')));
}

TEST(XmlBoundsTest, NamespacesCountAsLongAsTheyAreInScope) {
  const std::size_t each = XmlBounds::kNamespaces / 2;
  std::string open = with_attributes(each, "xmlns:n");
  open.replace(open.size() - 2, 2, ">");
  const std::string sibling = open + "</x>";
  EXPECT_TRUE(is_bounded_xml("<r>" + repeated(50, sibling) + "</r>")) << "one behind the other";
  EXPECT_TRUE(is_bounded_xml(open + sibling + sibling + "</x>"));
  EXPECT_FALSE(is_bounded_xml(open + open + "<y xmlns='z'/></x></x>")) << "one in the other";
}

}  // namespace
}  // namespace deputy::authn
