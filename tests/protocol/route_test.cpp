#include "protocol/route.h"

#include <gtest/gtest.h>

#include "protocol/absent.h"
#include "protocol/encode.h"
#include "protocol/requests.h"
#include "protocol/rest.h"

namespace deputy::protocol {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded; charset=utf-8";

std::string signed_for(std::string_view scope) {
  return "AWS4-HMAC-SHA256 Credential=AKIAAAAAAAAAAAAAAAAA/" + std::string(scope) +
         "/aws4_request, SignedHeaders=host;x-amz-date, Signature=00";
}

std::string place(const http::Request& request) {
  const Destination to = destination(request);
  return std::string(service(to.service).name) + " " + std::string(to.region);
}

/// "iam CreateUser", or the error.
std::string called(const http::Request& request) {
  const auto call = find_operation(destination(request), request);
  if (!call) return call.error().code() + " " + std::to_string(call.error().status()) + " " + call.error().message();
  return std::string(service(call->operation->service).name) + " " + std::string(call->operation->name);
}

TEST(DestinationTest, TheScopeOfTheSignatureSaysTheService) {
  const std::string iam = signed_for("20260724/eu-west-1/iam"), sts = signed_for("20260724/us-east-1/sts");
  EXPECT_EQ(place(request("POST /", {{"Authorization", iam}})), "iam eu-west-1");
  EXPECT_EQ(place(request("POST /", {{"authorization", sts}})), "sts us-east-1");
  EXPECT_EQ(place(request("GET /?a=b&X-Amz-Credential=AKIA%2F20260724%2Feu-west-1%2Fsts%2Faws4_request")),
            "sts eu-west-1");
  EXPECT_EQ(place(request("GET /?X-Amz-Credential=AKIA/20260724/eu-west-1/s3/aws4_request&Version=2010-05-08")),
            "s3 eu-west-1");
}

TEST(DestinationTest, AServiceThatIsNotHereIsToldByItsName) {
  const auto absent = [](const http::Request& sent) { return std::string(destination(sent).absent); };
  const std::string dynamodb = signed_for("20260724/us-east-1/dynamodb"), nobody = signed_for("20260724/us-east-1/s4"),
                    strange = signed_for("20260724/us-east-1/a<b"), s3 = signed_for("20260724/us-east-1/s3");
  EXPECT_EQ(absent(request("POST /", {{"Authorization", dynamodb}})), "dynamodb");
  EXPECT_EQ(absent(request("POST /", {{"Authorization", nobody}})), "") << "S3 says what is wrong with its scope";
  EXPECT_EQ(absent(request("POST /", {{"Authorization", nobody}, {"X-Amz-Target", "New.Call"}})), "s4");
  EXPECT_EQ(absent(request("POST /", {{"Authorization", strange}, {"X-Amz-Target", "New.Call"}})), "");
  EXPECT_EQ(absent(request("GET /", {{"Authorization", s3}})), "");
  EXPECT_EQ(absent(request("POST /", {{"X-Amz-Target", "DynamoDB_20120810.ListTables"}})), "DynamoDB_20120810");
  EXPECT_EQ(absent(request("POST /", {{"X-Amz-Target", "AWSOrganizationsV20161128.ListRoots"}})), "");
  EXPECT_EQ(absent(request("GET /bucket")), "");
}

TEST(RefuseAbsentTest, NamesWhatThereIs) {
  const http::Response refused = refuse_absent(request("GET /", {}), "lambda", "id");
  for (const Service* service : services()) {
    EXPECT_EQ(refused.body.find(service->signing_name) != std::string::npos, !service->operator_only) << service->name;
  }
}

TEST(DestinationTest, NamesBelowADomainAreAwss) {
  const std::vector<std::string> domains = {"corp.example"};
  const std::string scope = signed_for("20260724/eu-west-1/s3");
  const auto bucket = [&](std::string_view host) {
    return std::string(destination(request("GET /", {{"Host", host}, {"Authorization", scope}}), domains).bucket);
  };
  EXPECT_EQ(bucket("b.s3.corp.example:4566"), "b");
  EXPECT_EQ(bucket("b.c.S3.Corp.Example"), "b.c");
  EXPECT_EQ(bucket("b.corp.example"), "b");
  EXPECT_EQ(bucket("b.localhost"), "b");
  EXPECT_EQ(bucket("corp.example"), "");
  EXPECT_EQ(bucket("b.s3.evilcorp.example"), "");
  EXPECT_EQ(service(destination(request("GET /", {{"Host", "sts.corp.example"}}), domains).service).name, "sts");
}

/// S3 Control is told by the account in front of the host, or in a header, and by its paths. (docs/wire.md, 2)
TEST(DestinationTest, AnAccountInFrontOfTheHostIsS3Control) {
  const std::string scope = signed_for("20260724/eu-west-1/s3");
  const auto called = [&](std::string_view line, std::vector<http::Header> headers) {
    headers.push_back({"Authorization", scope});
    return place(request(line, std::move(headers)));
  };
  constexpr std::string_view kBlock = "GET /v20180820/configuration/publicAccessBlock";
  EXPECT_EQ(called(kBlock, {{"Host", "111111111111.localhost:4566"}}), "s3control eu-west-1");
  EXPECT_EQ(called(kBlock, {{"Host", "111111111111.deputy.example"}}), "s3control eu-west-1");
  EXPECT_EQ(called(kBlock, {{"Host", "111111111111.s3-control.eu-west-1.amazonaws.com"}}), "s3control eu-west-1");
  EXPECT_EQ(called(kBlock, {{"Host", "127.0.0.1:4566"}, {"x-amz-account-id", "111111111111"}}), "s3control eu-west-1");
  EXPECT_EQ(called(kBlock, {{"Host", "localhost:4566"}}), "s3 eu-west-1") << "an object of the bucket v20180820";
  EXPECT_EQ(called(kBlock, {{"Host", "11111111111.localhost:4566"}}), "s3 eu-west-1") << "eleven digits";
  EXPECT_EQ(called("GET /key", {{"Host", "111111111111.localhost:4566"}}), "s3 eu-west-1") << "a bucket of digits";
}

TEST(DestinationTest, AHostOfAwsComesFirst) {
  const std::string iam = signed_for("20260724/eu-west-1/iam");
  EXPECT_EQ(place(request("POST /", {{"Host", "sts.eu-central-1.amazonaws.com"}, {"Authorization", iam}})),
            "sts eu-central-1");
  EXPECT_EQ(place(request("POST /", {{"Host", "iam.amazonaws.com"}, {"Authorization", iam}})), "iam us-east-1");
}

TEST(DestinationTest, OnlyAHostOfAwsBindsTheRegionOfAScope) {  // docs/wire.md, 3.1 row 13
  const std::string sts = signed_for("20260724/eu-west-1/sts"), s3 = signed_for("20260724/eu-west-1/s3");
  const auto bound = [](std::string_view host, std::string_view authorization) {
    return destination(request("GET /", {{"Host", host}, {"Authorization", authorization}})).region_is_bound;
  };
  EXPECT_TRUE(bound("sts.amazonaws.com", sts));
  EXPECT_TRUE(bound("b.s3.us-east-1.amazonaws.com", s3));
  EXPECT_FALSE(bound("s3.amazonaws.com", s3));
  EXPECT_FALSE(bound("sts.localhost:4566", sts));
  EXPECT_FALSE(bound("deputy.example", sts));
}

TEST(DestinationTest, ANameOfAwsWithoutARegionIsGlobal) {
  const auto is_global = [](std::string_view host) {
    return destination(request("GET /", {{"Host", host}})).is_global;
  };
  EXPECT_TRUE(is_global("sts.amazonaws.com"));
  EXPECT_FALSE(is_global("sts.us-east-1.amazonaws.com"));
  EXPECT_FALSE(is_global("sts.localhost:4566"));
  EXPECT_FALSE(is_global("127.0.0.1:4566"));
}

TEST(DestinationTest, UnsignedRequestsAreToldByWhatTheyCarry) {
  EXPECT_EQ(place(request("POST /", {{"X-Amz-Target", "AWSOrganizationsV20161128.ListRoots"}})), "organizations ");
  EXPECT_EQ(place(request("POST /", {{"Content-Type", kForm}}, "Action=AssumeRoleWithSAML&Version=2011-06-15")),
            "sts ");
  EXPECT_EQ(place(request("GET /?Action=GetUser&Version=2010-05-08")), "iam ");
  EXPECT_EQ(place(request("GET /bucket")), "s3 ");
  EXPECT_EQ(place(request("GET /")), "s3 ");
}

TEST(DestinationTest, TheAdminServiceHasNoWayInHere) {
  const std::string deputy = signed_for("20260724/us-east-1/deputy");
  EXPECT_EQ(place(request("POST /", {{"X-Amz-Target", "DeputyAdmin.CreateAccount"}, {"Authorization", deputy}})),
            "s3 us-east-1");
}

/// Status, the start of the body or the Location of an early answer; "go on" if there is none.
std::string early(std::string_view line, std::vector<http::Header> headers = {}) {
  const std::string sts = signed_for("20260724/us-east-1/sts");
  headers.push_back({"Authorization", sts});
  const http::Request sent = request(line, std::move(headers));
  const auto answer = refuse_early(destination(sent), sent);
  if (!answer) return "go on";
  if (answer->error) return answer->error->code() + ": " + answer->error->message();
  return std::to_string(answer->response.status) + " " + header(answer->response, "location") + " " +
         answer->response.body;
}

TEST(EarlyTest, RefusesWhatTheServersBeforeAwsRefuse) {  // docs/wire.md, 3.1 rows 1 to 4
  const std::vector<http::Header> form = {{"Content-Type", kForm}};
  EXPECT_EQ(early("GET /%zz"), "400 - ");
  EXPECT_EQ(early("GET /a/../../b"), "400 - ");
  EXPECT_EQ(early("GET nowhere"), "400 - ");
  EXPECT_EQ(early("PUT /"), "302 https://aws.amazon.com/iam ");
  EXPECT_EQ(early("PUT /x"), "404 - <UnknownOperationException/>\n");
  EXPECT_EQ(early("GET /x"), "404 - <UnknownOperationException/>\n");
  EXPECT_EQ(early("POST /x", form), "go on");
  EXPECT_EQ(early("POST /"), "302 https://aws.amazon.com/iam ");
  EXPECT_EQ(early("POST /", {{"Content-Type", "application/json"}}), "302 https://aws.amazon.com/iam ");
  EXPECT_EQ(early("POST /", form), "go on");
  EXPECT_EQ(early("GET /?a=%4"), "MalformedQueryString: Incomplete trailing escape % sequence");
  EXPECT_EQ(early("GET /?a=%zz"), "MalformedQueryString: Illegal hex character in escape % pattern: %zz");
  EXPECT_EQ(early("OPTIONS /", {{"Origin", "https://x"}}), "200 - ");
}

TEST(EarlyTest, WithoutASignatureWhatNamesNoOperationIsToldFirst) {  // docs/wire.md, section 4
  const auto early_of = [](std::string_view line, std::string_view body = {}) {
    std::vector<http::Header> headers = {{"Host", "sts.amazonaws.com"}};
    if (!body.empty()) headers.push_back({"Content-Type", kForm});
    const http::Request sent = request(line, headers, body);
    const auto answer = refuse_early(destination(sent), sent);
    if (!answer || !answer->error) return std::string("go on");
    const http::Response response = encode_error(service(ServiceId::kSts), *answer->error, {.request_id = "id"});
    return std::to_string(response.status) + " " + header(response, "location") + " " + answer->error->message();
  };
  EXPECT_EQ(early_of("GET /"), "302 https://aws.amazon.com/iam ");
  EXPECT_EQ(early_of("GET /?Version=2011-06-15"), "302 https://aws.amazon.com/iam?Version=2011-06-15 ");
  EXPECT_EQ(early_of("POST /", "Action=AssumeRoleWithWebIdentity"),
            "400 - Could not find operation AssumeRoleWithWebIdentity for version NO_VERSION_SPECIFIED");
  EXPECT_EQ(early_of("POST /", "Action=Nope&Version=2011-06-15"),
            "400 - Could not find operation Nope for version 2011-06-15");
  EXPECT_EQ(early_of("POST /?Action=GetCallerIdentity", "Version=2011-06-15"), "go on");
  EXPECT_EQ(early_of("POST /", "Action=GetCallerIdentity&Version=2011-06-15"), "go on");
  EXPECT_EQ(early_of("GET /?Action=Nope&X-Amz-Algorithm=AWS4-HMAC-SHA256"), "go on");
}

TEST(EarlyTest, JsonServicesLookForJsonAndATargetFirst) {  // docs/wire.md, 3.2
  const std::string scope = signed_for("20260724/us-east-1/organizations");
  const auto early_of = [&](std::string_view line, std::string_view type, std::string_view target,
                            std::string_view body) {
    const http::Request sent =
        request(line, {{"Authorization", scope}, {"Content-Type", type}, {"X-Amz-Target", target}}, body);
    const auto answer = refuse_early(destination(sent), sent);
    if (!answer) return std::string("go on");
    if (answer->error) return encode_error(service(ServiceId::kOrganizations), *answer->error, {}).body;
    return std::to_string(answer->response.status) + " " + answer->response.body;
  };
  constexpr std::string_view kType = "application/x-amz-json-1.1", kTarget = "AWSOrganizationsV20161128.ListRoots";
  constexpr std::string_view kPage = "404 <UnknownOperationException/>\n";
  EXPECT_EQ(early_of("POST /", kType, kTarget, "{}"), "go on");
  EXPECT_EQ(early_of("POST /", kType, kTarget, ""), "go on");
  EXPECT_EQ(early_of("POST /", "application/json; charset=utf-8", kTarget, "{}"), "go on");
  EXPECT_EQ(early_of("POST /", "application/x-amz-json-1.1; charset=utf-8", kTarget, "{}"), "go on");
  EXPECT_EQ(early_of("GET /", kType, kTarget, ""), kPage);
  EXPECT_EQ(early_of("POST /x", kType, kTarget, "{}"), kPage);
  EXPECT_EQ(early_of("POST /", kForm, kTarget, "{}"), kPage);
  EXPECT_EQ(early_of("POST /", "text/plain", kTarget, "{}"), kPage);
  EXPECT_EQ(early_of("POST /", kType, kTarget, "{"), R"({"__type":"SerializationException"})");
  EXPECT_EQ(early_of("POST /", kType, "AWSOrganizationsV20161128.Nope", "{"), R"({"__type":"SerializationException"})");
  EXPECT_EQ(early_of("POST /", kType, "AWSOrganizationsV20161128.Nope", "{}"),
            R"({"__type":"UnknownOperationException"})");
  EXPECT_EQ(early_of("POST /%zz", kType, kTarget, "{}"), "400 ");
}

TEST(EarlyTest, S3TakesHeadersOf8192Bytes) {  // docs/wire.md, 3.3
  const auto refused = [](std::size_t size) {
    const std::string value(size - std::string("x-amz-meta-a: \r\n").size(), 'a');
    const http::Request sent = request("GET /b", {{"x-amz-meta-a", value}});
    return refuse_early(destination(sent), sent);
  };
  EXPECT_FALSE(refused(8192));
  const auto answer = refused(8193);
  ASSERT_TRUE(answer && answer->error);
  EXPECT_EQ(answer->error->code(), "RequestHeaderSectionTooLarge");
  EXPECT_EQ(answer->error->status(), 400);
  const Error::Details most{{"MaxSizeAllowed", "8192"}};
  EXPECT_EQ(answer->error->details(), most);
}

TEST(FindOperationTest, QueryServicesNameTheirOperationByActionAndVersion) {  // docs/wire.md, section 4
  const std::string sts = signed_for("20260724/us-east-1/sts");
  const auto call = [&](std::string_view body) {
    return called(request("POST /", {{"Authorization", sts}, {"Content-Type", kForm}}, body));
  };
  EXPECT_EQ(call("Action=AssumeRole&Version=2011-06-15"), "sts AssumeRole");
  EXPECT_EQ(call("Action=Nope&Version=2011-06-15"),
            "InvalidAction 400 Could not find operation Nope for version 2011-06-15");
  EXPECT_EQ(call("Action=AssumeRole"),
            "InvalidAction 400 Could not find operation AssumeRole for version NO_VERSION_SPECIFIED");
  EXPECT_EQ(call("Action=AssumeRole&Version="), "InvalidAction 400 Could not find operation AssumeRole for version ");
  EXPECT_EQ(call("Action=AssumeRole&Version=2000-01-01"),
            "InvalidAction 400 Could not find operation AssumeRole for version 2000-01-01");
  EXPECT_EQ(call("Action=&Version=2011-06-15"), "InvalidAction 400 Could not find operation  for version 2011-06-15");
  EXPECT_EQ(call("Action=GetCallerIdentity&Action=AssumeRole&Version=2011-06-15&Version=1"), "sts GetCallerIdentity");
}

TEST(FindOperationTest, WithoutAnActionTheAnswerIsARedirection) {
  const http::Request get = request("GET /?Version=2011-06-15");
  const auto call = find_operation(destination(get), get);
  ASSERT_FALSE(call);
  const http::Response response = encode_error(service(ServiceId::kSts), call.error(), {.request_id = "id"});
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(header(response, "location"), "https://aws.amazon.com/iam?Version=2011-06-15");
  EXPECT_EQ(header(response, "x-amzn-RequestId"), "id");
  EXPECT_EQ(response.body, "");
}

TEST(FindOperationTest, JsonServicesNameItInAHeader) {
  const std::string scope = signed_for("20260724/us-east-1/organizations");
  const auto call = [&](std::string_view line, std::string_view target) {
    return called(request(line, {{"Authorization", scope}, {"X-Amz-Target", target}}, "{}"));
  };
  EXPECT_EQ(call("POST /", "AWSOrganizationsV20161128.ListRoots"), "organizations ListRoots");
  for (const char* bad : {"AWSOrganizationsV20161128.Nope", "Other.ListRoots", "ListRoots", ""}) {
    EXPECT_EQ(call("POST /", bad), "UnknownOperationException 400 ") << bad;
  }
  EXPECT_EQ(call("GET /", "AWSOrganizationsV20161128.ListRoots"), "UnknownOperationException 400 ");
}

struct RestCase {
  std::string_view line, header, operation;
};

class RestRouteTest : public testing::TestWithParam<RestCase> {};

TEST_P(RestRouteTest, MethodPathAndQueryMeanOneOperation) {
  std::vector<http::Header> headers = {{"Host", "localhost:4566"}};
  if (!GetParam().header.empty()) headers.push_back({GetParam().header, "x"});
  EXPECT_EQ(called(request(GetParam().line, headers)), GetParam().operation);
}

constexpr std::string_view kNotAllowed =
    "MethodNotAllowed 405 The specified method is not allowed against this resource.";
constexpr std::string_view kBadUri = "InvalidURI 400 Couldn't parse the specified URI.";

INSTANTIATE_TEST_SUITE_P(
    S3, RestRouteTest,
    testing::Values(RestCase{"GET /", "", "s3 ListBuckets"}, RestCase{"GET /?max-buckets=3", "", "s3 ListBuckets"},
                    RestCase{"PUT /b", "", "s3 CreateBucket"}, RestCase{"PUT /b/", "", "s3 CreateBucket"},
                    RestCase{"DELETE /b", "", "s3 DeleteBucket"}, RestCase{"HEAD /b", "", "s3 HeadBucket"},
                    RestCase{"GET /b", "", "s3 ListObjects"}, RestCase{"GET /b?list-type=2", "", "s3 ListObjectsV2"},
                    RestCase{"GET /b?list-type=1", "", "s3 ListObjects"},
                    RestCase{"GET /b?location", "", "s3 GetBucketLocation"},
                    RestCase{"GET /b?location=", "", "s3 GetBucketLocation"},
                    RestCase{"GET /b?lifecycle", "", "s3 GetBucketLifecycleConfiguration"},
                    RestCase{"GET /b?analytics", "", "s3 ListBucketAnalyticsConfigurations"},
                    RestCase{"GET /b?analytics&id=1", "", "s3 GetBucketAnalyticsConfiguration"},
                    RestCase{"GET /b/k", "", "s3 GetObject"}, RestCase{"GET /b/a/b//c", "", "s3 GetObject"},
                    RestCase{"GET /b/k?uploadId=1", "", "s3 ListParts"}, RestCase{"PUT /b/k", "", "s3 PutObject"},
                    RestCase{"PUT /b/k", "x-amz-copy-source", "s3 CopyObject"},
                    RestCase{"PUT /b/k?partNumber=1&uploadId=2", "", "s3 UploadPart"},
                    RestCase{"PUT /b/k?partNumber=1&uploadId=2", "x-amz-copy-source", "s3 UploadPartCopy"},
                    RestCase{"POST /b/k?select&select-type=2", "", "s3 SelectObjectContent"},
                    RestCase{"DELETE /b?inventory", "", kNotAllowed}, RestCase{"DELETE /b?acl", "", kNotAllowed},
                    RestCase{"PUT /b/k?torrent", "", kNotAllowed}, RestCase{"POST /b", "", kNotAllowed},
                    RestCase{"PUT /", "", kNotAllowed}, RestCase{"PATCH /b/k", "", kNotAllowed},
                    RestCase{"GET /%zz", "", kBadUri}, RestCase{"GET /b/%", "", kBadUri},
                    RestCase{"GET /%FF", "", kBadUri}, RestCase{"GET //k", "", kBadUri},
                    RestCase{"GET /b?x=%4", "", kBadUri}, RestCase{"GET nowhere", "", kBadUri}));

TEST(TemplateTest, OperationsOfS3ControlAreToldByTheirPaths) {
  Destination control;
  control.service = ServiceId::kS3control;
  const auto named = [&](std::string_view line) {
    const auto call = find_operation(control, request(line, {{"x-amz-account-id", "111111111111"}}));
    return call ? std::string(call->operation->name) : call.error().code();
  };
  EXPECT_EQ(named("GET /v20180820/configuration/publicAccessBlock"), "GetPublicAccessBlock");
  EXPECT_EQ(named("PUT /v20180820/configuration/publicAccessBlock"), "PutPublicAccessBlock");
  EXPECT_EQ(named("DELETE /v20180820/configuration/publicAccessBlock"), "DeletePublicAccessBlock");
  EXPECT_EQ(named("GET /v20180820/tags/arn%3Aaws%3As3%3A%3A%3Ab"), "ListTagsForResource");
  EXPECT_EQ(named("POST /v20180820/tags/arn:aws:s3:us-east-1:111111111111:accesspoint/a"), "TagResource");
  EXPECT_EQ(named("DELETE /v20180820/tags/arn:aws:s3:::b?tagKeys=a&tagKeys=b"), "UntagResource");
  EXPECT_EQ(named("GET /v20180820/accesspoint/a"), "GetAccessPoint");
  EXPECT_EQ(named("GET /v20180820/accesspoint/a/policy"), "GetAccessPointPolicy");
  EXPECT_EQ(named("GET /v20180820/tags/"), "MethodNotAllowed");
  EXPECT_EQ(named("PATCH /v20180820/configuration/publicAccessBlock"), "MethodNotAllowed");
  EXPECT_EQ(named("GET /v20180820/nothing"), "MethodNotAllowed");
}

TEST(TemplateTest, ALabelIsWhatStandsForItInThePath) {
  constexpr std::string_view kTags = "/v20180820/tags/{resourceArn+}", kPolicy = "/v20180820/accesspoint/{name}/policy";
  EXPECT_EQ(path_label(kTags, "/v20180820/tags/a/b", "resourceArn"), "a/b");
  EXPECT_EQ(path_label(kTags, "/v20180820/tags/a", "name"), std::nullopt);
  EXPECT_EQ(path_label(kPolicy, "/v20180820/accesspoint/p/policy", "name"), "p");
  for (const char* other : {"/v20180820/tags/", "/v20180820/tags", "/tags/a", "v20180820/tags/a", ""}) {
    EXPECT_EQ(path_label(kTags, other, "resourceArn"), std::nullopt) << other;
  }
  for (const char* other :
       {"/v20180820/accesspoint//policy", "/v20180820/accesspoint/p/policy/x", "/v20180820/accesspoint/p"}) {
    EXPECT_EQ(path_label(kPolicy, other, "name"), std::nullopt) << other;
  }
}

TEST(S3PathTest, BucketAndKeyAreDecodedButNeverNormalized) {
  const http::Request by_path = request("GET /my%2Dbucket/a/../%C3%A9+b", {{"Host", "127.0.0.1"}});
  const auto call = find_operation({}, by_path);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->bucket, "my-bucket");
  EXPECT_EQ(call->key, "a/../\xC3\xA9+b");
  const http::Request by_host = request("GET /k", {{"Host", "My-Bucket.localhost:4566"}});
  const auto virtual_host = find_operation(destination(by_host), by_host);
  ASSERT_TRUE(virtual_host);
  EXPECT_EQ(virtual_host->bucket, "my-bucket");
  EXPECT_EQ(virtual_host->key, "k");
}

}  // namespace
}  // namespace deputy::protocol
