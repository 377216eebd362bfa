// SAML's documents, read: what the end-to-end tests (tests/e2e/test_saml.py) cannot see from outside.
#include <gtest/gtest.h>

#include "authn/federation/saml_assertion.h"
#include "authn/federation/saml_metadata.h"
#include "authn/federation/saml_xml.h"
#include "base/encoding.h"

namespace deputy::authn {
namespace {

class SamlTest : public testing::Test {
 protected:
  void SetUp() override {
    if (library == nullptr) GTEST_SKIP() << "libxmlsec1-openssl is not installed here";
  }
  bool reads(std::string_view text, bool strict = true) {
    return XmlDocument::parse(*library, text, strict).has_value();
  }

  const SamlLibrary* library = SamlLibrary::get();
};

TEST_F(SamlTest, OnlyElementsAndTextAreXmlHere) {
  EXPECT_TRUE(reads("<a b='c'>d&amp;<![CDATA[<e>]]></a>"));
  for (const char* text :
       {"", "a", "<a>", "<a></b>", "<a><!-- c --></a>", "<a><?p i?></a>", "<!-- c --><a/>", "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<!DOCTYPE a SYSTEM 'http://127.0.0.1/'><a/>", "<a>&x;</a>",
        "<a b='1' b='2'/>", "<a/><b/>", "<x:a/>\xff"}) {
    EXPECT_FALSE(reads(text)) << text;
  }
  EXPECT_TRUE(reads("<!-- c --><a><!-- d --></a>", false));
  EXPECT_FALSE(reads("<!DOCTYPE a><a/>", false));
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<a>";
  EXPECT_FALSE(reads(deep));
}

TEST_F(SamlTest, TextIsAllOrNothing) {
  const auto document = XmlDocument::parse(*library, "<a><b>  x<![CDATA[ y]]>z\n</b><c>x<d/>y</c><e/></a>");
  const auto children = document->root().children();
  ASSERT_EQ(children.size(), 3U);
  EXPECT_EQ(children[0].text(), "x yz");
  EXPECT_EQ(children[1].text(), std::nullopt);
  EXPECT_EQ(children[2].text(), "");
}

TEST_F(SamlTest, AnElementIsFoundByItsNamespaceAndOnlyIfItIsAlone) {
  const auto document =
      XmlDocument::parse(*library, "<a xmlns='urn:x'><b/><y:b xmlns:y='urn:y' Z='1' y:Z='2'/><c/><c/></a>");
  const XmlElement root = document->root();
  EXPECT_TRUE(root.child("urn:x", "b").has_value());
  EXPECT_EQ(root.child("urn:y", "b")->attribute("Z"), "1");
  EXPECT_FALSE(root.child("urn:x", "c").has_value());
  EXPECT_EQ(root.children("urn:x", "c").size(), 2U);
  EXPECT_FALSE(root.child("", "b").has_value());
}

TEST(SamlTimeTest, IsUtcAndNothingElse) {
  EXPECT_EQ(parse_saml_time("2026-07-24T10:11:12Z"), parse_iso8601("2026-07-24T10:11:12Z"));
  EXPECT_EQ(parse_saml_time("2026-07-24T10:11:12.1234567Z"), parse_iso8601("2026-07-24T10:11:12Z"));
  for (const char* text : {"", "Z", "2026-07-24T10:11:12", "2026-07-24T10:11:12+02:00", "2026-07-24T10:11:12.Z",
                           "2026-07-24T10:11:12.xZ", "2026-13-24T10:11:12Z", "-2026-07-24T10:11:12Z"}) {
    EXPECT_FALSE(parse_saml_time(text)) << text;
  }
}

TEST_F(SamlTest, WithoutAProviderNothingIsRead) {
  const auto refused = believe_saml("anything", nullptr, {}, Time());
  EXPECT_EQ(refused.error().message(), "Specified provider doesn't exist");
}

}  // namespace
}  // namespace deputy::authn
