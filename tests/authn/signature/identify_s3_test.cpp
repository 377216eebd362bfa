// docs/wire.md, 3.3: S3's refusals with their extra elements, and the order in which they come.
#include <gmock/gmock.h>

#include "authn/world.h"

namespace deputy::authn {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kAlice = "ok arn:aws:iam::111111111111:user/team/alice";
constexpr std::string_view kSession = "ok arn:aws:sts::111111111111:assumed-role/Deploy/dev-session";
constexpr std::string_view kUnknownKey =
    "403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.";
constexpr std::string_view kBadToken = "400 InvalidToken: The provided token is malformed or otherwise invalid.";
constexpr std::string_view kNotSigned =
    "403 AccessDenied: There were headers present in the request which were not signed";
constexpr std::string_view kWrongSignature =
    "403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check "
    "your "
    "key and signing method.";
const std::string kHeader = "400 AuthorizationHeaderMalformed: The authorization header is malformed; ";
const std::string kQuery = "400 AuthorizationQueryParametersError: ";

class IdentifyS3Test : public testing::Test {
 protected:
  std::string ask(const TestRequest& request, const Scheme& scheme = kS3) {
    last_ = identifier_.identify(request.view(), scheme, *world_.snapshot, now_);
    return answer(last_);
  }
  std::string ask(const Signer& signer) {
    TestRequest request = s3_request();
    signer.sign(request);
    return ask(request);
  }
  /// "Name=value|Name=value"
  std::string details() const {
    std::string out;
    for (const auto& [name, value] : last_.error().details()) out += (out.empty() ? "" : "|") + name + "=" + value;
    return out;
  }
  static Signer session(const Credentials& c) {
    Signer s = Signer::s3();
    s.key = c.access_key_id;
    s.secret = c.secret_access_key;
    s.token = c.session_token;
    s.signed_headers += ";x-amz-security-token";
    return s;
  }
  static Signer presigner() {
    Signer s = Signer::s3();
    s.signed_headers = "host";
    return s;
  }
  TestRequest presigned(const Signer& signer, const std::string& expires = "60") {
    TestRequest request = s3_request();
    signer.presign(request, expires, "UNSIGNED-PAYLOAD");
    return request;
  }

  World world_;
  Identifier identifier_{*world_.vault, world_.tokens};
  Time now_ = world_.now;
  Result<directory::Caller> last_ = directory::Caller{};
};

TEST_F(IdentifyS3Test, WhoeverSignedItIsTheCaller) {
  EXPECT_EQ(ask(Signer::s3()), kAlice);
  EXPECT_EQ(ask(session(world_.issue(world_.role_session()))), kSession);
  EXPECT_EQ(ask(presigned(presigner())), kAlice);
  Signer signer = session(world_.issue(world_.role_session()));
  signer.signed_headers = "host";
  EXPECT_EQ(ask(presigned(signer)), kSession);
}

TEST_F(IdentifyS3Test, AnUnsignedRequestIsAnonymous) {
  EXPECT_EQ(ask(s3_request()), "ok ");
  EXPECT_EQ(last_->kind, directory::Caller::Kind::kAnonymous);
  TestRequest request = s3_request();
  request.set("x-amz-security-token", world_.issue(world_.role_session()).session_token);
  EXPECT_EQ(ask(request), "ok ") << "a token proves nothing without its secret";
}

TEST_F(IdentifyS3Test, BadEscapesAreNoUri) {
  for (const char* target : {"/a%2", "/a%zz/b", "/a?b=%1"}) {
    TestRequest request = s3_request();
    request.target = target;
    EXPECT_EQ(ask(request), "400 InvalidURI: Couldn't parse the specified URI.");
  }
}

TEST_F(IdentifyS3Test, OtherSchemes) {
  TestRequest request = s3_request();
  const std::pair<std::string, std::string> cases[] = {
      {"AWS4-HMAC-SHA256",
       "400 InvalidArgument: Authorization header is invalid -- one and only one ' ' (space) required"},
      {"a b c", "400 InvalidArgument: Authorization header is invalid -- one and only one ' ' (space) required"},
      {"Bearer x", "400 InvalidArgument: Unsupported Authorization Type"},
      {"AWS4-ECDSA-P256-SHA256 Credential=x", "400 InvalidArgument: Unsupported Authorization Type"},
  };
  for (const auto& [header, expected] : cases) {
    request.set("Authorization", header);
    EXPECT_EQ(ask(request), expected);
    EXPECT_EQ(details(), "ArgumentName=Authorization|ArgumentValue=" + header);
  }
}

TEST_F(IdentifyS3Test, SignatureVersion2IsRefused) {
  constexpr std::string_view refusal =
      "400 InvalidRequest: The authorization mechanism you have provided is not supported. Please use "
      "AWS4-HMAC-SHA256.";
  TestRequest request = s3_request();
  request.set("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=");
  EXPECT_EQ(ask(request), refusal);
  request = s3_request();
  request.target = "/bucket/key?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=x%3D&Expires=1784887872";
  EXPECT_EQ(ask(request), refusal);
}

TEST_F(IdentifyS3Test, OnlyOneMechanism) {
  TestRequest request = s3_request();
  Signer::s3().sign(request);
  const std::string header = request.get("Authorization");
  const std::string refusal =
      "400 InvalidArgument: Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query "
      "string parameter or the Authorization header should be specified";
  request.target = "/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256";
  EXPECT_EQ(ask(request), refusal);
  EXPECT_EQ(details(), "ArgumentName=Authorization|ArgumentValue=" + header);
  request.target = "/bucket/key?Signature=x&AWSAccessKeyId=y";
  EXPECT_EQ(ask(request), refusal);
  request.target = "/bucket/key";
  request.headers.emplace_back("AUTHORIZATION", header);
  EXPECT_EQ(ask(request), refusal);
}

TEST_F(IdentifyS3Test, TheFormOfTheHeader) {
  TestRequest request = s3_request();
  for (const char* header : {"AWS4-HMAC-SHA256 x", "AWS4-HMAC-SHA256 Credential=a, Signature=b",
                             "AWS4-HMAC-SHA256 SignedHeaders=a, Signature=b", "AWS4-HMAC-SHA256  "}) {
    request.set("Authorization", header);
    EXPECT_EQ(
        ask(request),
        kHeader + "the authorization header requires three components: Credential, SignedHeaders, and Signature.");
  }
}

TEST_F(IdentifyS3Test, TheScope) {
  const std::tuple<std::function<void(Signer&)>, std::string, std::string> cases[] = {
      {[](Signer& s) { s.terminator += "/x"; },
       "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".", ""},
      {[](Signer& s) { s.key = ""; }, "a non-empty Access Key (AKID) must be provided in the credential.", ""},
      {[](Signer& s) { s.date = "2026-07-24"; },
       "incorrect date format \"2026-07-24\". This date in the credential must be in the format \"yyyyMMdd\".", ""},
      {[](Signer& s) { s.date = "20260723"; },
       "Invalid credential date \"20260723\". This date is not the same as X-Amz-Date: \"20260724\".", ""},
      {[](Signer& s) { s.region = "eu-west-1"; }, "the region 'eu-west-1' is wrong; expecting 'us-east-1'",
       "Region=us-east-1"},
      {[](Signer& s) { s.service = "sts"; }, "incorrect service \"sts\". This endpoint belongs to \"s3\".", ""},
      {[](Signer& s) { s.region = "eu-west-1", s.service = "sts"; },
       "the region 'eu-west-1' is wrong; expecting 'us-east-1'", "Region=us-east-1"},
      {[](Signer& s) { s.terminator = "aws4"; }, "incorrect terminal \"aws4\". This endpoint uses \"aws4_request\".",
       ""},
  };
  for (const auto& [fault, message, extra] : cases) {
    Signer signer = Signer::s3();
    fault(signer);
    EXPECT_EQ(ask(signer), kHeader + message);
    EXPECT_EQ(details(), extra);
    signer.signed_headers = "host";
    EXPECT_EQ(ask(presigned(signer)), kQuery + "Error parsing the X-Amz-Credential parameter; " + message);
    EXPECT_EQ(details(), extra);
  }
}

TEST_F(IdentifyS3Test, Dates) {
  TestRequest request = s3_request();
  Signer::s3().sign(request);
  request.set("x-amz-date", "yesterday");
  EXPECT_EQ(ask(request), "403 AccessDenied: AWS authentication requires a valid Date or x-amz-date header");
  request.remove("x-amz-date");
  EXPECT_EQ(ask(request),
            "403 RequestTimeTooSkewed: The difference between the request time and the current time is too large.");
  Signer signer = Signer::s3();
  signer.signed_headers = "date;host;x-amz-content-sha256";
  request = s3_request();
  request.set("Date", "Fri, 24 Jul 2026 10:11:12 GMT");
  signer.sign(request);
  request.remove("x-amz-date");
  EXPECT_EQ(ask(request), kAlice);
}

TEST_F(IdentifyS3Test, Skew) {
  now_ = world_.now + std::chrono::minutes(15);
  EXPECT_EQ(ask(Signer::s3()), kAlice);
  now_ += std::chrono::seconds(75);
  EXPECT_EQ(ask(Signer::s3()),
            "403 RequestTimeTooSkewed: The difference between the request time and the current time is too large.");
  EXPECT_EQ(details(),
            "RequestTime=20260724T101112Z|ServerTime=2026-07-24T10:27:27Z|MaxAllowedSkewMilliseconds=900000");
  now_ = world_.now - std::chrono::minutes(16);
  EXPECT_THAT(ask(Signer::s3()), StartsWith("403 RequestTimeTooSkewed"));
}

TEST_F(IdentifyS3Test, ContentHashes) {
  TestRequest request = s3_request();
  Signer::s3().sign(request);
  request.remove("x-amz-content-sha256");
  EXPECT_EQ(ask(request), "400 InvalidRequest: Missing required header for this request: x-amz-content-sha256");

  for (const char* value : {"unsigned-payload", "STREAMING-X", "e3b0c442", ""}) {
    request = s3_request();
    Signer::s3().sign(request);
    request.set("x-amz-content-sha256", value);
    EXPECT_THAT(ask(request), StartsWith("400 InvalidArgument: x-amz-content-sha256 must be UNSIGNED-PAYLOAD, "));
    EXPECT_EQ(details(), std::string("ArgumentName=x-amz-content-sha256|ArgumentValue=") + value);
  }

  for (const char* value : {"UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"}) {
    request = s3_request();
    request.body = "anything";
    request.set("x-amz-content-sha256", value);
    Signer::s3().sign(request);
    EXPECT_EQ(ask(request), kAlice) << value;
  }

  const std::string claimed = crypto::sha256("another body").hex();
  request = s3_request();
  request.body = "a body";
  request.set("x-amz-content-sha256", claimed);
  Signer::s3().sign(request);
  EXPECT_EQ(
      ask(request),
      "400 XAmzContentSHA256Mismatch: The provided 'x-amz-content-sha256' header does not match what was computed.");
  EXPECT_EQ(details(),
            "ClientComputedContentSHA256=" + claimed + "|S3ComputedContentSHA256=" + crypto::sha256("a body").hex());
}

TEST_F(IdentifyS3Test, EveryAmzHeaderMustBeSigned) {
  TestRequest request = s3_request();
  request.set("X-Amz-Acl", "public-read");
  request.set("x-amz-meta-a", "1");
  request.headers.emplace_back("X-AMZ-META-A", "2");
  Signer::s3().sign(request);
  EXPECT_EQ(ask(request), kNotSigned);
  EXPECT_EQ(details(), "HeadersNotSigned=x-amz-acl, x-amz-meta-a");

  Signer signer = Signer::s3();
  signer.signed_headers = "x-amz-content-sha256;x-amz-date";
  EXPECT_EQ(ask(signer), kNotSigned);
  EXPECT_EQ(details(), "HeadersNotSigned=host");

  TestRequest later = presigned(presigner());
  later.set("x-amz-acl", "public-read");
  EXPECT_EQ(ask(later), kNotSigned);
  EXPECT_EQ(details(), "HeadersNotSigned=x-amz-acl");
}

TEST_F(IdentifyS3Test, KeysNobodyHas) {
  Signer signer = Signer::s3();
  for (const char* key : {"AKIAUNKNOWNUNKNOWNUN", "AKIAINACTIVEINACTIVE"}) {
    signer.key = key;
    signer.secret = "inactive secret";
    EXPECT_EQ(ask(signer), kUnknownKey);
    EXPECT_EQ(details(), std::string("AWSAccessKeyId=") + key);
  }
  signer.token = "x";  // an inactive key is refused before its token is looked at
  signer.signed_headers += ";x-amz-security-token";
  EXPECT_EQ(ask(signer), kUnknownKey);
}

TEST_F(IdentifyS3Test, Tokens) {
  const Credentials one = world_.issue(world_.role_session()), two = world_.issue(world_.role_session());
  Signer signer = session(one);
  signer.token = two.session_token;
  EXPECT_EQ(ask(signer), kUnknownKey);
  signer.token = "garbage";
  EXPECT_EQ(ask(signer), kBadToken);
  EXPECT_EQ(details(), "Token-0=garbage");
  signer.token.clear();
  signer.signed_headers = Signer::s3().signed_headers;
  EXPECT_EQ(ask(signer), kUnknownKey);

  signer = session(one);
  now_ = world_.now + std::chrono::hours(1);
  signer.time = basic_iso8601(now_);
  EXPECT_EQ(ask(signer), "400 ExpiredToken: The provided token has expired.");
  EXPECT_EQ(details(), "Token-0=" + one.session_token);
}

TEST_F(IdentifyS3Test, ATokenWithALongTermKeyIsNoticedAfterTheSignature) {
  Signer signer = Signer::s3();
  signer.token = "any";
  signer.signed_headers += ";x-amz-security-token";
  EXPECT_EQ(ask(signer), kBadToken);
  signer.secret = "another";
  EXPECT_EQ(ask(signer), kWrongSignature);
}

TEST_F(IdentifyS3Test, IdenticalTokensAreOneAndConflictingOnesAreNone) {
  const Credentials c = world_.issue(world_.role_session());
  for (const auto& [other, expected] :
       {std::pair<std::string, std::string_view>{c.session_token, kSession}, {"another", kUnknownKey}}) {
    TestRequest request = s3_request();
    request.headers.emplace_back("X-Amz-Security-Token", c.session_token);
    request.headers.emplace_back("x-amz-security-token", other);
    Signer signer = session(c);
    signer.token.clear();  // they are there already
    signer.sign(request);
    EXPECT_EQ(ask(request), expected);
  }
  // A signed header wins over the query.
  TestRequest request = s3_request();
  request.set("X-Amz-Security-Token", c.session_token);
  request.target += "?X-Amz-Security-Token=another";
  Signer signer = session(c);
  signer.sign(request);
  EXPECT_EQ(ask(request), kSession);
}

TEST_F(IdentifyS3Test, SessionsEndWithTheirRole) {
  const Signer signer = session(world_.issue(world_.role_session()));
  EXPECT_EQ(ask(signer), kSession);
  world_.write([&](auto& c) { c.erase(*world_.snapshot->role(world_.account.id, "Deploy")); });
  EXPECT_EQ(ask(signer), kUnknownKey);
}

TEST_F(IdentifyS3Test, AWrongSignatureShowsWhatWasSigned) {
  Signer signer = Signer::s3();
  signer.secret = "another";
  EXPECT_EQ(ask(signer), kWrongSignature);
  std::vector<std::string> names;
  for (const auto& detail : last_.error().details()) names.push_back(detail.first);
  EXPECT_THAT(names, testing::ElementsAre("AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes",
                                          "CanonicalRequest", "CanonicalRequestBytes"));
  EXPECT_THAT(details(),
              StartsWith("AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE|StringToSign=AWS4-HMAC-SHA256\n20260724T101112Z\n"
                         "20260724/us-east-1/s3/aws4_request\n"));
  EXPECT_THAT(details(), HasSubstr("|StringToSignBytes=41 57 53 34 2d 48 "));
  EXPECT_THAT(details(), HasSubstr("|CanonicalRequest=GET\n/bucket/key\n\nhost:s3.us-east-1.amazonaws.com\n"));
  EXPECT_THAT(details(), HasSubstr("|CanonicalRequestBytes=47 45 54 0a 2f "));
}

// ---- Presigned URLs

TEST_F(IdentifyS3Test, PresignedParametersAreAllNeeded) {
  TestRequest request = s3_request();
  request.target += "?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256";
  EXPECT_EQ(ask(request), kQuery + "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"");
  EXPECT_EQ(ask(presigned(presigner(), "")),
            kQuery +
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
}

TEST_F(IdentifyS3Test, PresignedExpiry) {
  const std::pair<const char*, std::string> cases[] = {
      {"soon", kQuery + "X-Amz-Expires should be a number"},
      {"1.5", kQuery + "X-Amz-Expires should be a number"},
      {"-", kQuery + "X-Amz-Expires should be a number"},
      {"-1", kQuery + "X-Amz-Expires must be non-negative"},
      {"604801", kQuery +
                     "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be "
                     "less than 604800 seconds"},
      {"99999999999999999999999999", kQuery + "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                                              "X-Amz-Expires must be less than 604800 seconds"},
      {"604800", std::string(kAlice)},
      {"0", std::string(kAlice)},
  };
  for (const auto& [expires, expected] : cases) EXPECT_EQ(ask(presigned(presigner(), expires)), expected) << expires;

  now_ = world_.now + std::chrono::seconds(61);
  EXPECT_EQ(ask(presigned(presigner(), "60")), "403 AccessDenied: Request has expired");
  EXPECT_EQ(details(), "X-Amz-Expires=60|Expires=2026-07-24T10:12:12Z|ServerTime=2026-07-24T10:12:13Z");
  now_ = world_.now + std::chrono::days(6);
  EXPECT_EQ(ask(presigned(presigner(), "604800")), kAlice);
  now_ = world_.now - std::chrono::minutes(16);
  EXPECT_EQ(ask(presigned(presigner(), "60")), "403 AccessDenied: Request is not yet valid");
}

TEST_F(IdentifyS3Test, PresignedDatesHaveTheBasicForm) {
  Signer signer = presigner();
  signer.time = "2026-07-24T10:11:12Z";
  EXPECT_EQ(ask(presigned(signer)), kQuery + "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
}

TEST_F(IdentifyS3Test, PresignedBodies) {
  // Nothing is said about the body: it may be anything.
  TestRequest request = presigned(presigner());
  request.body = "anything";
  EXPECT_EQ(ask(request), kAlice);
  // A hash in the query, or in a signed header, counts.
  const std::string hash = crypto::sha256("a body").hex();
  for (const bool in_query : {true, false}) {
    request = s3_request();
    Signer signer = presigner();
    if (in_query) {
      request.target += "?X-Amz-Content-Sha256=" + hash;
    } else {
      request.set("x-amz-content-sha256", hash);
      signer.signed_headers = "host;x-amz-content-sha256";
    }
    signer.presign(request, "60", hash);
    request.body = "a body";
    EXPECT_EQ(ask(request), kAlice);
    request.body = "another body";
    EXPECT_THAT(ask(request), StartsWith("400 XAmzContentSHA256Mismatch"));
  }
}

TEST_F(IdentifyS3Test, APresignedRequestNeverHasItsChunksDecoded) {
  TestRequest request = s3_request();
  const std::string literal = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  request.set("x-amz-content-sha256", literal);
  Signer signer = presigner();
  signer.signed_headers = "host;x-amz-content-sha256";
  signer.presign(request, "60", literal);
  EXPECT_THAT(ask(request), StartsWith("400 XAmzContentSHA256Mismatch"));
}

TEST_F(IdentifyS3Test, APresignedUrlIsForOneMethodAndOnePath) {
  const TestRequest good = presigned(presigner());
  TestRequest changed = good;
  changed.method = "PUT";
  EXPECT_EQ(ask(changed), kWrongSignature);
  changed = good;
  changed.target.insert(7, "/");
  EXPECT_EQ(ask(changed), kWrongSignature);
  changed = good;
  changed.target += "&versionId=1";
  EXPECT_EQ(ask(changed), kWrongSignature);
  changed = good;
  changed.target.replace(changed.target.find("Expires=60"), 10, "Expires=6000");
  EXPECT_EQ(ask(changed), kWrongSignature);
}

// ---- The order

TEST_F(IdentifyS3Test, TheFirstFaultInS3sOrderAnswers) {
  const Credentials session_credentials = world_.issue(world_.role_session());
  const std::tuple<const char*, std::function<void(Signer&, TestRequest&)>, std::string> in_order[] = {
      {"skew", [](Signer& s, TestRequest&) { s.time = "20260724T091112Z"; }, "403 RequestTimeTooSkewed"},
      {"region", [](Signer& s, TestRequest&) { s.region = "eu-west-1"; }, kHeader + "the region"},
      {"service", [](Signer& s, TestRequest&) { s.service = "sts"; }, kHeader + "incorrect service"},
      {"terminator", [](Signer& s, TestRequest&) { s.terminator = "x"; }, kHeader + "incorrect terminal"},
      {"hash form", [](Signer&, TestRequest& r) { r.set("x-amz-content-sha256", "x"); }, "400 InvalidArgument"},
      {"unsigned header", [](Signer&, TestRequest& r) { r.set("x-amz-acl", "private"); }, std::string(kNotSigned)},
      {"unknown key", [](Signer& s, TestRequest&) { s.key = "AKIAUNKNOWNUNKNOWNUN"; }, std::string(kUnknownKey)},
      {"wrong secret", [](Signer& s, TestRequest&) { s.secret = "x"; }, std::string(kWrongSignature)},
      {"superfluous token",
       [](Signer& s, TestRequest&) {
         s.token = "x";
         s.signed_headers = "host;x-amz-content-sha256;x-amz-date;x-amz-security-token";
       },
       std::string(kBadToken)},
      {"body",
       [](Signer&, TestRequest& r) {
         if (r.get("x-amz-content-sha256").empty()) r.set("x-amz-content-sha256", std::string(64, '0'));
       },
       "400 XAmzContentSHA256Mismatch"},
  };
  for (std::size_t first = 0; first < std::size(in_order); ++first) {
    for (std::size_t second = first; second < std::size(in_order); ++second) {
      Signer signer = Signer::s3();
      TestRequest request = s3_request();
      std::get<1>(in_order[first])(signer, request);
      std::get<1>(in_order[second])(signer, request);
      signer.sign(request);
      EXPECT_THAT(ask(request), StartsWith(std::get<2>(in_order[first])))
          << std::get<0>(in_order[first]) << " before " << std::get<0>(in_order[second]);
    }
  }
}

}  // namespace
}  // namespace deputy::authn
