#include <gtest/gtest.h>

#include "protocol/requests.h"
#include "protocol/rest.h"
#include "protocol/s3/create_bucket.h"
#include "protocol/s3/list_buckets.h"
#include "protocol/s3/list_objects_v2.h"
#include "protocol/s3/put_bucket_acl.h"
#include "protocol/s3/put_bucket_policy.h"
#include "protocol/s3/put_object.h"

namespace deputy::protocol {
namespace {

using s3::shapes::CreateBucket;
using s3::shapes::ListBuckets;
using s3::shapes::ListObjectsV2;
using s3::shapes::PutBucketAcl;
using s3::shapes::PutBucketPolicy;
using s3::shapes::PutObject;

template <class Op>
Result<typename Op::Input> decode(std::string_view line, std::vector<http::Header> headers = {},
                                  std::string_view body = {}) {
  const http::Request sent = request(line, std::move(headers), body);
  TRY(const Call call, find_operation({}, sent));
  EXPECT_EQ(call.operation, &Op::model);
  typename Op::Input input;
  TRY_VOID(protocol::decode(call, sent, &input));
  return input;
}

template <class Op>
std::string error(std::string_view line, std::vector<http::Header> headers = {}, std::string_view body = {}) {
  const auto decoded = decode<Op>(line, std::move(headers), body);
  if (decoded) return "fine";
  std::string out = decoded.error().code() + ": " + decoded.error().message();
  for (const auto& [name, value] : decoded.error().details()) out += " [" + name + "=" + value + "]";
  return out;
}

TEST(RestDecodeTest, MembersComeFromPathQueryAndHeaders) {
  const auto in = decode<ListObjectsV2>(
      "GET /b?list-type=2&delimiter=%2F&prefix=a+b&max-keys=7&encoding-type=url",
      {{"x-amz-expected-bucket-owner", "111111111111"}, {"x-amz-optional-object-attributes", "RestoreStatus"}});
  ASSERT_TRUE(in) << in.error().message();
  EXPECT_EQ(in->bucket, "b");
  EXPECT_EQ(in->delimiter, "/");
  EXPECT_EQ(in->prefix, "a b");
  EXPECT_EQ(in->max_keys, 7);
  EXPECT_EQ(in->encoding_type, "url");
  EXPECT_EQ(in->expected_bucket_owner, "111111111111");
  EXPECT_EQ(in->optional_object_attributes, std::vector<std::string>{"RestoreStatus"});
  EXPECT_FALSE(in->start_after);
}

TEST(RestDecodeTest, ABodyMayBeXmlBytesOrText) {
  const auto bucket = decode<CreateBucket>(
      "PUT /b", {},
      "<?xml version=\"1.0\"?>\n<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n"
      "  <LocationConstraint>eu-west-1</LocationConstraint>\n"
      "  <Tags><Tag><Key>a</Key><Value>&lt;b&gt;</Value></Tag><Tag><Key>c</Key><Value/></Tag></Tags>\n"
      "</CreateBucketConfiguration>");
  ASSERT_TRUE(bucket) << bucket.error().message();
  ASSERT_TRUE(bucket->create_bucket_configuration);
  EXPECT_EQ(bucket->create_bucket_configuration->location_constraint, "eu-west-1");
  ASSERT_EQ(bucket->create_bucket_configuration->tags->size(), 2U);
  EXPECT_EQ(bucket->create_bucket_configuration->tags->at(0).value, "<b>");
  EXPECT_FALSE(decode<CreateBucket>("PUT /b")->create_bucket_configuration);

  const std::string bytes("a\0\xFF", 3);
  const auto object = decode<PutObject>("PUT /b/k", {{"x-amz-meta-Color", "red"}}, bytes);
  ASSERT_TRUE(object) << object.error().message();
  EXPECT_FALSE(object->body) << "bytes are taken in by who runs the operation";
  ASSERT_EQ(object->metadata.size(), 1U);
  EXPECT_EQ(object->metadata[0], (std::pair<std::string, std::string>("color", "red")));

  EXPECT_EQ(decode<PutBucketPolicy>("PUT /b?policy", {}, "{}")->policy, "{}");
}

constexpr std::string_view kMalformed =
    "MalformedXML: The XML you provided was not well-formed or did not validate against our published schema";

TEST(RestDecodeTest, TheSchemaIsStrict) {
  const auto with = [](std::string_view inside) {
    return error<CreateBucket>("PUT /b", {},
                               "<CreateBucketConfiguration>" + std::string(inside) + "</CreateBucketConfiguration>");
  };
  EXPECT_EQ(with(""), "fine");
  EXPECT_EQ(with(" \n "), "fine");
  EXPECT_EQ(with("<!-- a comment -->"), "fine");
  EXPECT_EQ(with("<Unknown/>"), kMalformed);
  EXPECT_EQ(with("text"), kMalformed);
  EXPECT_EQ(with("<LocationConstraint>EU</LocationConstraint><LocationConstraint>EU</LocationConstraint>"), kMalformed);
  EXPECT_EQ(with("<Tags><Tag><Key>a</Key></Tag></Tags>"), kMalformed);  // Value is required
  EXPECT_EQ(with("<Tags><Label/></Tags>"), kMalformed);
  EXPECT_EQ(with("<LocationConstraint>eu-west-1"), kMalformed);
  const std::string empty = "<CreateBucketConfiguration/>";
  EXPECT_EQ(error<CreateBucket>("PUT /b", {}, "<?xml version=\"1.0\"?>\n" + empty + "\n<!-- the end -->\n"), "fine");
  EXPECT_EQ(error<CreateBucket>("PUT /b", {}, empty + empty), kMalformed);
  EXPECT_EQ(error<CreateBucket>("PUT /b", {}, empty + "words"), kMalformed);
  EXPECT_EQ(error<CreateBucket>("PUT /b", {}, "words" + empty), kMalformed);
  EXPECT_EQ(error<CreateBucket>("PUT /b", {}, "<!-- nothing else -->"), kMalformed);
  EXPECT_EQ(error<CreateBucket>("PUT /b", {}, "<Other/>"), kMalformed);
  EXPECT_EQ(error<CreateBucket>("PUT /b", {}, "{}"), kMalformed);
  EXPECT_EQ(error<CreateBucket>("PUT /b", {}, "<CreateBucketConfiguration>\xFF</CreateBucketConfiguration>"),
            kMalformed);
  EXPECT_EQ(error<CreateBucket>("PUT /b", {},
                                "<!DOCTYPE x [<!ENTITY e \"eu-west-1\">]><CreateBucketConfiguration>"
                                "<LocationConstraint>&e;</LocationConstraint></CreateBucketConfiguration>"),
            kMalformed);
  EXPECT_EQ(with("<LocationConstraint>mars-1</LocationConstraint>"), "fine");
}

TEST(RestDecodeTest, BadValuesAreInvalidArgumentsAndNeverClauses) {
  EXPECT_EQ(error<ListObjectsV2>("GET /b?list-type=2&max-keys=x"),
            "InvalidArgument: Provided max-keys not an integer or within integer range [ArgumentName=max-keys] "
            "[ArgumentValue=x]");
  EXPECT_EQ(error<ListObjectsV2>("GET /b?list-type=2&max-keys=-1"),
            "InvalidArgument: Argument maxKeys must be an integer between 0 and 2147483647 [ArgumentName=maxKeys] "
            "[ArgumentValue=-1]");
  EXPECT_EQ(error<ListBuckets>("GET /?max-buckets=0"),
            "InvalidArgument: Argument max-buckets must be an integer between 1 and 10000 [ArgumentName=max-buckets] "
            "[ArgumentValue=0]");
  EXPECT_EQ(error<ListObjectsV2>("GET /b?list-type=2&encoding-type=rot13"),
            "InvalidArgument: Invalid Encoding Method specified in Request [ArgumentName=encoding-type] "
            "[ArgumentValue=rot13]");
  EXPECT_EQ(error<ListObjectsV2>("GET /b?list-type=2", {{"x-amz-expected-bucket-owner", "me"}}),
            "InvalidBucketOwnerAWSAccountID: The value of the expected bucket owner parameter must be an AWS Account "
            "ID... [me]");
  EXPECT_EQ(error<PutBucketPolicy>("PUT /b?policy"), "MissingRequestBodyError: Request Body is empty");
  EXPECT_EQ(error<CreateBucket>("PUT /b", {{"x-amz-object-ownership", "Mine"}}),
            "InvalidArgument: Invalid x-amz-object-ownership header: Mine [ArgumentName=x-amz-object-ownership]");
  EXPECT_EQ(error<CreateBucket>("PUT /b", {{"x-amz-acl", "open"}}),
            "InvalidArgument:  [ArgumentName=x-amz-acl] [ArgumentValue=open]")
      << "without words";
  EXPECT_EQ(error<CreateBucket>("PUT /b", {{"x-amz-acl", "log-delivery-write"}}), "fine");
}

constexpr std::string_view kInstance = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

TEST(RestDecodeTest, AGranteeHasItsTypeInAnAttribute) {
  const auto document = [](std::string_view grantee) {
    return "<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>o</ID></Owner>"
           "<AccessControlList><Grant>" +
           std::string(grantee) + "<Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>";
  };
  const std::string group =
      document("<Grantee " + std::string(kInstance) + " xsi:type=\"Group\"><URI>u</URI></Grantee>");
  const auto in = decode<PutBucketAcl>("PUT /b?acl", {}, group);
  ASSERT_TRUE(in) << in.error().message();
  const auto& grant = in->access_control_policy->grants->at(0);
  EXPECT_EQ(grant.grantee->type, "Group");
  EXPECT_EQ(grant.grantee->uri, "u");
  EXPECT_EQ(grant.permission, "READ");
  EXPECT_EQ(in->access_control_policy->owner->id, "o");
  constexpr std::string_view kMalformedAcl =
      "MalformedACLError: The XML you provided was not well-formed or did not validate against our published schema";
  const auto refused = [&](std::string_view grantee) {
    return error<PutBucketAcl>("PUT /b?acl", {}, document(grantee));
  };
  EXPECT_EQ(refused("<Grantee " + std::string(kInstance) + " a:type=\"CanonicalUser\"><ID>i</ID></Grantee>"), "fine");
  EXPECT_EQ(refused("<Grantee><ID>i</ID></Grantee>"), kMalformedAcl);
  EXPECT_EQ(refused("<Grantee " + std::string(kInstance) + " xsi:type=\"Everybody\"><ID>i</ID></Grantee>"),
            kMalformedAcl);
  EXPECT_EQ(error<PutBucketAcl>("PUT /b?acl", {}, "<AccessControlPolicy><Nothing/></AccessControlPolicy>"),
            kMalformedAcl);
  EXPECT_EQ(error<PutBucketAcl>("PUT /b?acl"), "fine") << "what is missing is told by the operation";
}

}  // namespace
}  // namespace deputy::protocol
