// Golden answers, to the byte (docs/wire.md, section 1).
#include "protocol/encode.h"

#include <gtest/gtest.h>

#include "protocol/iam/create_virtual_mfa_device.h"
#include "protocol/iam/delete_role.h"
#include "protocol/iam/get_account_summary.h"
#include "protocol/iam/get_role.h"
#include "protocol/iam/list_roles.h"
#include "protocol/organizations/describe_organization.h"
#include "protocol/organizations/leave_organization.h"
#include "protocol/organizations/list_accounts.h"
#include "protocol/requests.h"
#include "protocol/s3/create_bucket.h"
#include "protocol/s3/delete_bucket.h"
#include "protocol/s3/get_bucket_acl.h"
#include "protocol/s3/get_bucket_location.h"
#include "protocol/s3/get_bucket_policy.h"
#include "protocol/s3/get_public_access_block.h"
#include "protocol/s3/head_bucket.h"
#include "protocol/s3/list_buckets.h"
#include "protocol/s3/list_objects_v2.h"
#include "protocol/sts/assume_role.h"
#include "protocol/sts/get_caller_identity.h"

namespace deputy::protocol {
namespace {

const Time kThen = *parse_iso8601("2026-07-24T10:11:12Z");
const ReplyContext kId{.request_id = "c6104cbe-af31-11e0-8154-cbc7ccf896c7", .extended_id = "ext=="};

TEST(EncodeQueryTest, AssumeRole) {
  const sts::shapes::AssumeRole::Output out{
      .assumed_role_user = sts::shapes::AssumedRoleUser{.assumed_role_id = "AROA:dev", .arn = "arn:x"},
      .credentials = sts::shapes::Credentials{
          .access_key_id = "ASIA", .secret_access_key = "a/+b", .session_token = "t=", .expiration = kThen}};
  const http::Response response = encode_reply<sts::shapes::AssumeRole>(out, kId);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Content-Type"), "text/xml");
  EXPECT_EQ(header(response, "x-amzn-RequestId"), kId.request_id);
  EXPECT_EQ(header(response, "x-amz-sts-extended-request-id"), "ext==");
  EXPECT_EQ(response.body, R"(<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>AROA:dev</AssumedRoleId>
      <Arn>arn:x</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIA</AccessKeyId>
      <SecretAccessKey>a/+b</SecretAccessKey>
      <SessionToken>t=</SessionToken>
      <Expiration>2026-07-24T10:11:12Z</Expiration>
    </Credentials>
  </AssumeRoleResult>
  <ResponseMetadata>
    <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
  </ResponseMetadata>
</AssumeRoleResponse>
)");
}

TEST(EncodeQueryTest, DocumentsArePercentEncodedAndEmptyStructuresAreElements) {
  const iam::shapes::GetRole::Output out{.role = {.path = "/",
                                                  .role_name = "R",
                                                  .role_id = "AROA",
                                                  .arn = "arn",
                                                  .create_date = kThen,
                                                  .assume_role_policy_document = "{\"a\": \"*%3A\"}",
                                                  .description = "<&\">",
                                                  .tags = std::vector<iam::shapes::Tag>{},
                                                  .role_last_used = iam::shapes::RoleLastUsed{}}};
  EXPECT_EQ(encode_reply<iam::shapes::GetRole>(out, kId).body,
            R"(<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <GetRoleResult>
    <Role>
      <Path>/</Path>
      <RoleName>R</RoleName>
      <RoleId>AROA</RoleId>
      <Arn>arn</Arn>
      <CreateDate>2026-07-24T10:11:12Z</CreateDate>
      <AssumeRolePolicyDocument>%7B%22a%22%3A%20%22%2A%253A%22%7D</AssumeRolePolicyDocument>
      <Description>&lt;&amp;&quot;&gt;</Description>
      <Tags/>
      <RoleLastUsed/>
    </Role>
  </GetRoleResult>
  <ResponseMetadata>
    <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
  </ResponseMetadata>
</GetRoleResponse>
)");
}

TEST(EncodeQueryTest, AnOperationWithoutAnOutputHasNoResult) {
  EXPECT_EQ(encode_reply<iam::shapes::DeleteRole>({}, kId).body,
            R"(<DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <ResponseMetadata>
    <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
  </ResponseMetadata>
</DeleteRoleResponse>
)");
}

TEST(EncodeQueryTest, ListsMapsBooleansAndBlobs) {
  const std::string lists = encode_reply<iam::shapes::ListRoles>({.roles = {}, .is_truncated = false}, kId).body;
  EXPECT_NE(lists.find("    <Roles/>\n    <IsTruncated>false</IsTruncated>\n"), std::string::npos) << lists;
  const std::string map = encode_reply<iam::shapes::GetAccountSummary>({.summary_map = {{{"Users", 3}}}}, kId).body;
  EXPECT_NE(map.find("    <SummaryMap>\n      <entry>\n        <key>Users</key>\n        <value>3</value>\n"
                     "      </entry>\n    </SummaryMap>\n"),
            std::string::npos)
      << map;
  const std::string blob = encode_reply<iam::shapes::CreateVirtualMFADevice>(
                               {.virtual_mfa_device = {.serial_number = "s", .base32_string_seed = "SEED"}}, kId)
                               .body;
  EXPECT_NE(blob.find("<Base32StringSeed>U0VFRA==</Base32StringSeed>"), std::string::npos) << blob;
}

TEST(EncodeQueryTest, JsonWhereItWasAskedFor) {
  ReplyContext json = kId;
  json.json = true;
  const http::Response response =
      encode_reply<sts::shapes::GetCallerIdentity>({.arn = "arn", .user_id = "AIDA", .account = "111111111111"}, json);
  EXPECT_EQ(header(response, "Content-Type"), "application/json");
  EXPECT_EQ(response.body,
            R"({"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Arn":"arn","UserId":"AIDA",)"
            R"("Account":"111111111111"},"ResponseMetadata":{"RequestId":"c6104cbe-af31-11e0-8154-cbc7ccf896c7"}}})");
  EXPECT_EQ(encode_error(service(ServiceId::kSts), Error("AccessDenied", 403, "no"), json).body,
            R"({"Error":{"Code":"AccessDenied","Message":"no","Type":"Sender"},)"
            R"("RequestId":"c6104cbe-af31-11e0-8154-cbc7ccf896c7"})");
  EXPECT_TRUE(accepts_json(request("GET /", {{"Accept", "application/json"}})));
  EXPECT_FALSE(accepts_json(request("GET /", {{"Accept", "*/*"}})));
  EXPECT_FALSE(accepts_json(request("GET /")));
}

TEST(EncodeQueryTest, Errors) {
  const http::Response response = encode_error(
      service(ServiceId::kIam), Error("NoSuchEntity", 404, "The user with name <a> cannot be found."), kId);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(header(response, "Content-Type"), "text/xml");
  EXPECT_EQ(header(response, "x-amz-sts-extended-request-id"), "-");
  EXPECT_EQ(response.body, R"(<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <Error>
    <Type>Sender</Type>
    <Code>NoSuchEntity</Code>
    <Message>The user with name &lt;a&gt; cannot be found.</Message>
  </Error>
  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
</ErrorResponse>
)");
}

TEST(EncodeQueryTest, TheDispatchersErrorHasAnOlderNamespaceAndAnEmptyMessageNoElement) {
  const std::string action = encode_error(service(ServiceId::kSts), Error("InvalidAction", 400, "x"), kId).body;
  EXPECT_TRUE(action.starts_with("<ErrorResponse xmlns=\"http://webservices.amazon.com/AWSFault/2005-15-09\">\n"));
  const std::string input = encode_error(service(ServiceId::kSts), Error("MalformedInput", 400, ""), kId).body;
  EXPECT_EQ(input.find("Message"), std::string::npos);
  const std::string fault = encode_error(service(ServiceId::kSts), Error("InternalFailure", 500, "x"), kId).body;
  EXPECT_NE(fault.find("<Type>Receiver</Type>"), std::string::npos);
}

constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kS3 = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

std::string document(std::string_view root, std::string_view inside) {
  return std::string(kDeclaration) + "<" + std::string(root) + std::string(kS3) + ">" + std::string(inside) + "</" +
         std::string(root) + ">";
}

TEST(EncodeRestTest, ListBuckets) {
  const s3::shapes::ListBuckets::Output out{
      .owner = s3::shapes::Owner{.id = "0f"},
      .buckets = std::vector<s3::shapes::Bucket>{{.name = "b", .creation_date = kThen}}};
  const http::Response response = encode_reply<s3::shapes::ListBuckets>(out, kId);
  EXPECT_EQ(header(response, "Content-Type"), "application/xml");
  EXPECT_EQ(header(response, "x-amz-request-id"), kId.request_id);
  EXPECT_EQ(header(response, "x-amz-id-2"), "ext==");
  EXPECT_EQ(header(response, "x-amzn-RequestId"), "-");
  EXPECT_EQ(header(response, "Server"), "AmazonS3");
  EXPECT_EQ(response.body, document("ListAllMyBucketsResult",
                                    "<Owner><ID>0f</ID></Owner><Buckets><Bucket><Name>b</Name>"
                                    "<CreationDate>2026-07-24T10:11:12.000Z</CreationDate></Bucket></Buckets>"));
}

TEST(EncodeRestTest, ListsWithoutWrapper) {
  const s3::shapes::ListObjectsV2::Output out{
      .name = "b",
      .prefix = "",
      .key_count = 2,
      .max_keys = 1000,
      .delimiter = "/",
      .is_truncated = false,
      .contents = std::vector<s3::shapes::Object>{{.key = "a", .e_tag = "\"e\"", .size = 5'000'000'000}},
      .common_prefixes = std::vector<s3::shapes::CommonPrefix>{{.prefix = "p/"}, {.prefix = "q/"}}};
  EXPECT_EQ(encode_reply<s3::shapes::ListObjectsV2>(out, kId).body,
            document("ListBucketResult",
                     "<Name>b</Name><Prefix></Prefix><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>"
                     "<Delimiter>/</Delimiter><IsTruncated>false</IsTruncated><Contents><Key>a</Key>"
                     "<ETag>&quot;e&quot;</ETag><Size>5000000000</Size></Contents><CommonPrefixes><Prefix>p/</Prefix>"
                     "</CommonPrefixes><CommonPrefixes><Prefix>q/</Prefix></CommonPrefixes>"));
}

TEST(EncodeRestTest, TheLocationOfABucketIsABareValue) {
  EXPECT_EQ(encode_reply<s3::shapes::GetBucketLocation>({.location_constraint = "eu-west-1"}, kId).body,
            document("LocationConstraint", "eu-west-1"));
  EXPECT_EQ(encode_reply<s3::shapes::GetBucketLocation>({}, kId).body,
            std::string(kDeclaration) + "<LocationConstraint" + std::string(kS3) + "/>");
}

TEST(EncodeRestTest, HeadersStatusAndPayloads) {
  const http::Response created = encode_reply<s3::shapes::CreateBucket>({.location = "/b"}, kId);
  EXPECT_EQ(header(created, "Location"), "/b");
  EXPECT_EQ(header(created, "Content-Type"), "-");
  EXPECT_EQ(created.body, "");
  EXPECT_EQ(encode_reply<s3::shapes::DeleteBucket>({}, kId).status, 204);
  const http::Response head = encode_reply<s3::shapes::HeadBucket>({.bucket_region = "eu-west-1"}, kId);
  EXPECT_EQ(header(head, "x-amz-bucket-region"), "eu-west-1");
  EXPECT_EQ(header(head, "content-type"), "application/xml");
  const http::Response policy = encode_reply<s3::shapes::GetBucketPolicy>({.policy = "{ }"}, kId);
  EXPECT_EQ(header(policy, "Content-Type"), "application/json");
  EXPECT_EQ(policy.body, "{ }");
  EXPECT_EQ(
      encode_reply<s3::shapes::GetPublicAccessBlock>(
          {.public_access_block_configuration = s3::shapes::PublicAccessBlockConfiguration{.block_public_acls = true}},
          kId)
          .body,
      document("PublicAccessBlockConfiguration", "<BlockPublicAcls>true</BlockPublicAcls>"));
}

TEST(EncodeRestTest, Errors) {
  const Error error = Error("NoSuchBucket", 404, "The specified bucket does not exist").with("BucketName", "b");
  EXPECT_EQ(encode_error(service(ServiceId::kS3), error, kId).body,
            std::string(kDeclaration) +
                "<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message>"
                "<BucketName>b</BucketName><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>"
                "<HostId>ext==</HostId></Error>");
  ReplyContext head = kId;
  head.head = true;
  EXPECT_EQ(encode_error(service(ServiceId::kS3), error, head).body, "");
  const Error region = Error("AuthorizationHeaderMalformed", 400, "x").with("Region", "eu-west-1");
  EXPECT_EQ(header(encode_error(service(ServiceId::kS3), region, kId), "x-amz-bucket-region"), "eu-west-1");
}

TEST(EncodeRestTest, AnErrorOfS3ControlIsInAnEnvelope) {
  const Error error = Error("NoSuchPublicAccessBlockConfiguration", 404, "none").with("AccountId", "111111111111");
  const http::Response response = encode_error(service(ServiceId::kS3control), error, kId);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(header(response, "Server"), "AmazonS3");
  EXPECT_TRUE(response.body.starts_with(
      std::string(kDeclaration) +
      "<ErrorResponse xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\"><Error>"
      "<Code>NoSuchPublicAccessBlockConfiguration</Code><Message>none</Message><AccountId>111111111111</AccountId>"
      "</Error><RequestId>"))
      << response.body;
  EXPECT_TRUE(response.body.ends_with("</HostId></ErrorResponse>")) << response.body;
}

TEST(EncodeRestTest, GrantsShowTheTypeOfTheirGrantee) {
  s3::shapes::GetBucketAcl::Output output;
  output.owner.emplace().id = "o";
  auto& grants = output.grants.emplace();
  grants.push_back({.grantee = s3::shapes::Grantee{.type = "CanonicalUser", .id = "o"}, .permission = "FULL_CONTROL"});
  grants.push_back({.grantee = s3::shapes::Grantee{.type = "Group", .uri = "u"}, .permission = "READ"});
  const std::string type = "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=";
  EXPECT_EQ(
      encode_reply<s3::shapes::GetBucketAcl>(output, kId).body,
      document("AccessControlPolicy",
               "<Owner><ID>o</ID></Owner><AccessControlList><Grant>" + type +
                   "\"CanonicalUser\"><ID>o</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant><Grant>" + type +
                   "\"Group\"><URI>u</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList>"));
}

TEST(EncodeRestTest, CharactersThatXmlCannotHoldAreReferences) {
  const Error error("InvalidArgument", 400, std::string("a\x01\r\n\t\x1F", 6));
  EXPECT_NE(encode_error(service(ServiceId::kS3), error, kId).body.find("<Message>a&#x1;&#xd;\n\t&#x1f;</Message>"),
            std::string::npos);
}

TEST(EncodeJsonTest, RepliesAndErrors) {
  const organizations::shapes::ListAccounts::Output out{
      .accounts = std::vector<organizations::shapes::Account>{
          {.id = "111111111111", .joined_timestamp = kThen + std::chrono::milliseconds(50)}}};
  const http::Response response = encode_reply<organizations::shapes::ListAccounts>(out, kId);
  EXPECT_EQ(header(response, "Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(response.body, R"({"Accounts":[{"Id":"111111111111","JoinedTimestamp":1784887872.050}]})");
  EXPECT_EQ(encode_reply<organizations::shapes::LeaveOrganization>({}, kId).body, "{}");

  const Service& service = protocol::service(ServiceId::kOrganizations);
  EXPECT_EQ(encode_error(service, Error("AccountNotFoundException", 400, "gone").with("Reason", "X"), kId).body,
            R"({"__type":"AccountNotFoundException","Message":"gone","Reason":"X"})");
  const http::Response denied = encode_error(service, Error("AccessDenied", 403, "no"), kId);
  EXPECT_EQ(denied.status, 400);
  EXPECT_EQ(denied.body, R"({"__type":"AccessDeniedException","Message":"no"})");
  EXPECT_EQ(encode_error(service, Error("UnknownOperationException", 400, ""), kId).body,
            R"({"__type":"UnknownOperationException"})");
  EXPECT_EQ(encode_error(service, Error("SerializationException", 400, "bad"), kId).body,
            R"({"__type":"SerializationException","message":"bad"})");
}

TEST(EncodeTest, ExceptionsAreCalledAsSdksCallThem) {
  EXPECT_EQ(exception_name(service(ServiceId::kIam), Error("NoSuchEntity", 404, "")), "NoSuchEntityException");
  EXPECT_EQ(exception_name(service(ServiceId::kIam), Error("AccessDenied", 403, "")), "AccessDenied");
  EXPECT_EQ(exception_name(service(ServiceId::kIam), Error("ValidationError", 400, "")), "ValidationException");
  EXPECT_EQ(exception_name(service(ServiceId::kS3), Error("NoSuchBucket", 404, "")), "NoSuchBucket");
}

TEST(EncodeTest, WhatIsNotThereSaysSoByName) {
  const Error error = not_implemented(*service(ServiceId::kS3).find("CreateSession"));
  EXPECT_EQ(error.status(), 501);
  EXPECT_TRUE(error.is("NotImplemented"));
  EXPECT_NE(error.message().find("s3:CreateSession"), std::string::npos);
}

TEST(EncodeTest, TheExtendedIdOfSts) {
  EXPECT_EQ(sts_extended_id("us-east-1", kThen, "ABCDEFGH"), base64("1:us-east-1:S:1784887872000:R:ABCDEFGH"));
}

}  // namespace
}  // namespace deputy::protocol
