// Structures as XML documents and back: what is read is what was written, and the schema is strict.
#include "protocol/xml_document.h"

#include <gtest/gtest.h>

#include "protocol/operation.h"
#include "protocol/s3/get_bucket_lifecycle_configuration.h"
#include "protocol/s3/get_bucket_logging.h"
#include "protocol/s3/get_bucket_tagging.h"

namespace deputy::protocol {
namespace {

/// What of a document comes back, as the answer of `Op`; "refused" if it is malformed.
template <class Op>
std::string again(std::string_view root, std::string_view document) {
  typename Op::Output out;
  if (!read_document(*Op::model.output, root, document, &out)) return "refused";
  return write_document(*Op::model.output, root, &out);
}

std::string tags(std::string_view inside) {
  return again<s3::shapes::GetBucketTagging>("Tagging", "<Tagging>" + std::string(inside) + "</Tagging>");
}
std::string logging(std::string_view inside) {
  return again<s3::shapes::GetBucketLogging>("BucketLoggingStatus",
                                             "<BucketLoggingStatus>" + std::string(inside) + "</BucketLoggingStatus>");
}
std::string lifecycle(std::string_view inside) {
  return again<s3::shapes::GetBucketLifecycleConfiguration>(
      "LifecycleConfiguration", "<LifecycleConfiguration><Rule><Status>Enabled</Status>" + std::string(inside) +
                                    "</Rule></LifecycleConfiguration>");
}

TEST(XmlDocumentTest, TextsComeBackAsTheyWere) {
  const auto value = [](std::string_view text) {
    return tags("<TagSet><Tag><Key>k</Key><Value>" + std::string(text) + "</Value></Tag></TagSet>");
  };
  const auto written = [](std::string_view text) {
    return "<Tagging><TagSet><Tag><Key>k</Key><Value>" + std::string(text) + "</Value></Tag></TagSet></Tagging>";
  };
  for (const char* text : {"", " ", " a ", "&lt;&amp;&gt;&quot;", "\xc3\xbc\xf0\x9f\x98\x80", "a\tb\nc", "&#x1;"}) {
    EXPECT_EQ(value(text), written(text)) << text;
  }
  EXPECT_EQ(value("a<!-- b -->c<![CDATA[<d>]]>"), written("ac&lt;d&gt;"));
  EXPECT_EQ(value("a<b/>"), "refused");
}

TEST(XmlDocumentTest, ListsStandInAnElementOrInTheirParent) {
  const std::string tag = "<Tag><Key>k</Key><Value>v</Value></Tag>";
  EXPECT_EQ(tags("\n <TagSet>\n " + tag + " " + tag + "</TagSet> "),
            "<Tagging><TagSet>" + tag + tag + "</TagSet></Tagging>");
  EXPECT_EQ(tags(tag), "refused");
  EXPECT_EQ(tags("<TagSet>" + tag + "</TagSet><TagSet/>"), "refused") << "twice";
  // The same shape, flattened by one of its members alone.
  const std::string flat = "<Filter><And><Prefix>p</Prefix>" + tag + tag + "</And></Filter>";
  EXPECT_EQ(lifecycle(flat),
            "<LifecycleConfiguration><Rule>" + flat + "<Status>Enabled</Status></Rule></LifecycleConfiguration>");
  EXPECT_EQ(lifecycle("<Filter><And><Prefix>p</Prefix><Tag>" + tag + "</Tag></And></Filter>"), "refused");
}

TEST(XmlDocumentTest, AGranteeSaysOfWhatTypeItIs) {
  const auto granted = [](std::string_view attributes) {
    return logging("<LoggingEnabled><TargetBucket>b</TargetBucket><TargetGrants><Grant><Grantee" +
                   std::string(attributes) +
                   "><ID>i</ID></Grantee></Grant></TargetGrants><TargetPrefix/></LoggingEnabled>");
  };
  const std::string_view ns = R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")";
  EXPECT_NE(
      granted(std::string(ns) + R"( xsi:type="CanonicalUser")").find(std::string(ns) + R"( xsi:type="CanonicalUser">)"),
      std::string::npos);
  EXPECT_NE(
      granted(R"( xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="Group")").find(R"(xsi:type="Group")"),
      std::string::npos)
      << "whatever the prefix";
  EXPECT_EQ(granted(""), "refused");
  EXPECT_EQ(granted(R"( xsi:type="Somebody")"), "refused");
}

TEST(XmlDocumentTest, PrefixesOfNamespacesDoNotMatter) {
  s3::shapes::GetBucketTagging::Output out;
  EXPECT_TRUE(read_document(*s3::shapes::GetBucketTagging::model.output, "Tagging",
                            R"(<s3:Tagging xmlns:s3="x"><s3:TagSet/></s3:Tagging>)", &out));
  EXPECT_FALSE(read_document(*s3::shapes::GetBucketTagging::model.output, "Tagging", "<Tagging/>", &out)) << "required";
}

}  // namespace
}  // namespace deputy::protocol
