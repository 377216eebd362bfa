// The rows of docs/wire.md, 3.1 and 3.2: each fault alone, and several at once in the order in which AWS looks.
#include <gmock/gmock.h>

#include "authn/signature/identify_fixture.h"

namespace deputy::authn {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kWrongSignature =
    "403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check "
    "your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details.";
constexpr std::string_view kInvalidToken =
    "403 InvalidClientTokenId: The security token included in the request is invalid.";
constexpr std::string_view kInvalidTokenNoStop =
    "403 InvalidClientTokenId: The security token included in the request is invalid";
constexpr std::string_view kExpiredToken = "403 ExpiredToken: The security token included in the request is expired";
constexpr std::string_view kSession = "ok arn:aws:sts::111111111111:assumed-role/Deploy/dev-session";

// ---- Who it is

TEST_F(IdentifyTest, ALongTermKeyIsItsUser) {
  EXPECT_EQ(ask(Signer{}), kAlice);
  EXPECT_EQ(last_->kind, directory::Caller::Kind::kUser);
  EXPECT_EQ(last_->user_id, "AIDAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(last_->access_key_id, kAliceKey);
  EXPECT_EQ(last_->user, world_.snapshot->user(world_.account.id, "alice"));
  EXPECT_EQ(last_->account_id(), world_.account.id);
  EXPECT_FALSE(last_->is_temporary());
}

TEST_F(IdentifyTest, ARootKeyIsTheRootUser) {
  Signer root;
  root.key = "AKIAROOTROOTROOTROOT";
  root.secret = "root secret";
  EXPECT_EQ(ask(root), "ok arn:aws:iam::111111111111:root");
  EXPECT_EQ(last_->kind, directory::Caller::Kind::kRoot);
  EXPECT_EQ(last_->user_id, "111111111111");
  EXPECT_EQ(last_->user, nullptr);
}

TEST_F(IdentifyTest, ASessionIsItsRole) {
  EXPECT_EQ(ask(Signer::with(world_.issue(world_.role_session()))), kSession);
  EXPECT_EQ(last_->kind, directory::Caller::Kind::kRoleSession);
  EXPECT_EQ(last_->user_id, "AROAAAAAAAAAAAAAAAAAA:dev-session");
  EXPECT_EQ(last_->role, world_.snapshot->role(world_.account.id, "Deploy"));
  EXPECT_TRUE(last_->is_temporary());
  EXPECT_EQ(last_->session->name, "dev-session");
}

TEST_F(IdentifyTest, AGetSessionTokenSessionFollowsItsUserThroughAChangeOfName) {
  const Signer signer = Signer::with(world_.issue(world_.user_session(false)));
  EXPECT_EQ(ask(signer), kAlice);
  EXPECT_EQ(last_->kind, directory::Caller::Kind::kUser);
  EXPECT_TRUE(last_->is_temporary());
  const directory::User before = *world_.snapshot->user(world_.account.id, "alice");
  directory::User after = before;
  after.name = "alicia";
  world_.write([&](auto& c) { c.rename(before, after); });
  EXPECT_EQ(ask(signer), "ok arn:aws:iam::111111111111:user/team/alicia");
}

TEST_F(IdentifyTest, AFederatedUserHasItsOwnName) {
  directory::Session session = world_.user_session(std::nullopt);
  session.kind = directory::Session::Kind::kFederatedUser;
  session.name = "bob";
  EXPECT_EQ(ask(Signer::with(world_.issue(session))), "ok arn:aws:sts::111111111111:federated-user/bob");
  EXPECT_EQ(last_->user_id, "111111111111:bob");
  EXPECT_EQ(last_->user->name, "alice");
}

TEST_F(IdentifyTest, AnUnsignedRequestIsAnonymous) {
  EXPECT_EQ(ask(sts_request()), "ok ");
  EXPECT_EQ(last_->kind, directory::Caller::Kind::kAnonymous);
  EXPECT_EQ(last_->account, nullptr);
}

TEST_F(IdentifyTest, AnyRegionIsAcceptedWhereTheSchemeNamesNone) {
  Signer signer;
  signer.service = "iam";
  signer.region = "eu-central-1";
  EXPECT_EQ(ask(signer, kIam), kAlice);
  for (const char* region :
       {"", "EU-CENTRAL-1", "eu central", "eu_central_1", "a-region-that-is-longer-than-any-of-aws"}) {
    signer.region = region;
    EXPECT_EQ(ask(signer, kIam), "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. ")
        << region;
  }
}

TEST_F(IdentifyTest, ASecondRequestIsCheckedLikeTheFirst) {
  const Signer signer = Signer::with(world_.issue(world_.role_session()));
  TestRequest request = sts_request();
  signer.sign(request);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(request), kSession);
  request.body += "x";
  EXPECT_EQ(ask(request), kWrongSignature);
}

TEST_F(IdentifyTest, AReplacedSecretIsTheOnlyOne) {
  EXPECT_EQ(ask(Signer{}), kAlice);
  directory::User alice = *world_.snapshot->user(world_.account.id, "alice");
  alice.access_keys[0] = seal_access_key(*world_.vault, *world_.entropy, kAliceKey, "another secret", now_);
  world_.write([&](auto& c) { c.update(alice); });
  EXPECT_EQ(ask(Signer{}), kWrongSignature);
  Signer renewed;
  renewed.secret = "another secret";
  EXPECT_EQ(ask(renewed), kAlice);
}

// ---- Each row alone

TEST_F(IdentifyTest, Row4BadEscapesInTheQuery) {
  TestRequest request = sts_request();
  request.target = "/?a=%2";
  EXPECT_EQ(ask(request), "400 MalformedQueryString: Incomplete trailing escape % sequence");
  request.target = "/?a=%zz";
  EXPECT_EQ(ask(request), "400 MalformedQueryString: Illegal hex character in escape % pattern: %zz");
  request.target = "/?";
  for (int i = 0; i < 1001; ++i) request.target += "a&";
  EXPECT_THAT(ask(request), StartsWith("400 MalformedQueryString"));
}

TEST_F(IdentifyTest, Row5NoneOrBothMechanisms) {
  EXPECT_EQ(ask(sts_request()), "ok ") << "the anonymous caller, whom few operations take";
  EXPECT_EQ(unsigned_request(Dialect::kQuery).message(), "Request is missing Authentication Token");
  TestRequest request = sts_request();
  Signer{}.sign(request);
  request.target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256";
  EXPECT_EQ(ask(request), "403 SignatureDoesNotMatch: ");
  request = sts_request();
  Signer{}.sign(request);
  request.headers.emplace_back("authorization", request.get("Authorization"));
  EXPECT_EQ(ask(request), "403 SignatureDoesNotMatch: ");
}

TEST_F(IdentifyTest, Row6aOtherSchemes) {
  for (const auto& [header, algorithm] : std::vector<std::pair<std::string, std::string>>{
           {"AWS AKIA:sig", "AWS"},
           {"Bearer abc", "Bearer"},
           {"AWS4-ECDSA-P256-SHA256 Credential=a", "AWS4-ECDSA-P256-SHA256"},
           {"aws4-hmac-sha256 Credential=a", "aws4-hmac-sha256"},
           {"", ""}}) {
    TestRequest request = sts_request();
    request.set("Authorization", header);
    EXPECT_EQ(ask(request), "400 IncompleteSignature: Unsupported AWS 'algorithm': '" + algorithm + "'.");
  }
}

TEST_F(IdentifyTest, Row6bAPartWithoutEqualsSign) {
  TestRequest request = sts_request();
  const std::string header = "AWS4-HMAC-SHA256 Credential=a, nonsense";
  request.set("Authorization", header);
  EXPECT_EQ(ask(request),
            "400 IncompleteSignature: Invalid key=value pair (missing equal-sign) in Authorization header (hashed with "
            "SHA-256 and encoded with Base64): '" +
                base64(crypto::sha256(header).view()) + "'.");
}

TEST_F(IdentifyTest, Row6cTheLastOfRepeatedPartsCounts) {
  TestRequest request = sts_request();
  Signer{}.sign(request);
  std::string header = request.get("Authorization");
  request.set("Authorization", header + ", Signature=0");
  EXPECT_EQ(ask(request), kWrongSignature);
  request.set("Authorization", header.replace(header.find("Cred"), 0, "Signature=0,SignedHeaders=x,Credential=y,"));
  EXPECT_EQ(ask(request), kAlice);
}

TEST_F(IdentifyTest, Row6dMissingParts) {
  TestRequest request = sts_request();
  const auto refusal = [&](const std::string& header, const std::string& sentences) {
    request.set("Authorization", header);
    EXPECT_EQ(ask(request), "400 IncompleteSignature: " + sentences +
                                " (Hashed with SHA-256 and encoded with Base64) Authorization=" +
                                base64(crypto::sha256(header).view()));
  };
  const std::string credential = "Authorization header requires 'Credential' parameter.",
                    signature = "Authorization header requires 'Signature' parameter.",
                    headers = "Authorization header requires 'SignedHeaders' parameter.",
                    date = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
  refusal("AWS4-HMAC-SHA256", credential + " " + signature + " " + headers + " " + date);
  refusal("AWS4-HMAC-SHA256 ", credential + " " + signature + " " + headers + " " + date);
  refusal("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c", date);
  request.set("Date", "x");
  refusal("AWS4-HMAC-SHA256 SignedHeaders=b", credential + " " + signature);
  refusal("AWS4-HMAC-SHA256 credential=a, Signature=c", credential + " " + headers);  // names have their case
}

TEST_F(IdentifyTest, Row7Presigned) {
  TestRequest request = sts_request();
  request.method = "GET";
  request.body.clear();
  request.target = "/?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256";
  EXPECT_EQ(ask(request), "403 MissingAuthenticationToken: Request is missing Authentication Token");
  request.target = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256";
  EXPECT_EQ(ask(request),
            "400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string "
            "parameters must include 'X-Amz-Signature'. AWS query-string parameters must include "
            "'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the "
            "query-string parameters.");
  request.target += "&X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-SignedHeaders=host";
  EXPECT_EQ(
      ask(request),
      "400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string "
      "parameters.");
}

TEST_F(IdentifyTest, Row7cTheFirstOfRepeatedParametersCounts) {
  Signer signer;
  signer.signed_headers = "host";
  TestRequest request = sts_request();
  request.method = "GET";
  request.target = "/?" + request.body;
  request.body.clear();
  signer.presign(request, "60", crypto::sha256("").hex());
  EXPECT_EQ(ask(request), kAlice);
  TestRequest repeated = request;
  repeated.target += "&X-Amz-Signature=0";
  EXPECT_EQ(ask(repeated), kAlice);
  repeated.target = request.target;
  repeated.target.replace(2, 0, "X-Amz-Signature=0&");
  EXPECT_EQ(ask(repeated), kWrongSignature);
  // Any other parameter is covered by the signature.
  repeated.target = request.target + "&Action=Other";
  EXPECT_EQ(ask(repeated), kWrongSignature);
}

TEST_F(IdentifyTest, Row8HostMustBeSigned) {
  Signer signer;
  for (const char* list : {"x-amz-date", "", ";", "hosts;x-amz-date"}) {
    signer.signed_headers = list;
    EXPECT_EQ(ask(signer),
              "403 SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
}

TEST_F(IdentifyTest, AJsonServiceTakesNoAmzHeaderThatIsNotSigned) {
  Signer signer;
  signer.service = "organizations";
  TestRequest request = sts_request();
  request.set("X-Amz-Target", "AWSOrganizationsV20161128.DescribeOrganization");
  request.set("X-Amz-Meta", "x");
  request.set("X-Amz-Content-Sha256", crypto::sha256(request.body).hex());
  const auto asked = [&](std::string_view list) {
    TestRequest sent = request;
    signer.signed_headers = list;
    signer.sign(sent);
    return ask(sent, kOrganizations);
  };
  EXPECT_EQ(asked("host;x-amz-meta;x-amz-target"), kAlice);
  EXPECT_EQ(asked("host;x-amz-date;x-amz-meta"),
            "400 InvalidSignatureException: 'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");
  EXPECT_EQ(asked("host;x-amz-target"),
            "400 InvalidSignatureException: 'X-Amz-Meta' must be a 'SignedHeader' in the AWS Authorization.");
}

TEST_F(IdentifyTest, Row9Dates) {
  for (const char* date :
       {"", "2026-07-24T10:11:12Z", "20260724T101112", "20261324T101112Z", "20260724T101112z", "now"}) {
    TestRequest request = sts_request();
    Signer{}.sign(request);
    request.set("X-Amz-Date", date);
    EXPECT_EQ(ask(request), "400 IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '" +
                                std::string(date) + "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
  TestRequest request = sts_request();
  request.set("Date", "Fri, 24 Jul 2026 10:11:12 GMT");
  Signer signer;
  signer.signed_headers = "date;host";
  signer.sign(request);
  request.remove("X-Amz-Date");
  EXPECT_EQ(ask(request), kAlice);
  request.set("Date", "Friday, 24-Jul-26 10:11:12 GMT");
  EXPECT_THAT(ask(request), StartsWith("400 IncompleteSignature: Date must be in ISO-8601"));
}

TEST_F(IdentifyTest, Rows10And11Skew) {
  using std::chrono::minutes;
  using std::chrono::seconds;
  now_ = world_.now + minutes(15);
  EXPECT_EQ(ask(Signer{}), kAlice);
  now_ = world_.now - minutes(15);
  EXPECT_EQ(ask(Signer{}), kAlice);
  now_ = world_.now + minutes(15) + seconds(1);
  EXPECT_EQ(ask(Signer{}),
            "403 SignatureDoesNotMatch: Signature expired: 20260724T101112Z is now earlier than 20260724T101113Z "
            "(20260724T102613Z - 15 min.)");
  now_ = world_.now - minutes(15) - seconds(1);
  EXPECT_EQ(ask(Signer{}),
            "403 SignatureDoesNotMatch: Signature not yet current: 20260724T101112Z is still later than "
            "20260724T101111Z (20260724T095611Z + 15 min.)");
}

TEST_F(IdentifyTest, PresignedUrlsLastFifteenMinutesWhateverTheySay) {
  for (const char* expires : {"1", "604800", "-5", "soon", ""}) {
    Signer signer;
    signer.signed_headers = "host";
    TestRequest request = sts_request();
    signer.presign(request, expires, crypto::sha256(request.body).hex());
    now_ = world_.now + std::chrono::minutes(15);
    EXPECT_EQ(ask(request), kAlice) << expires;
    now_ += std::chrono::seconds(1);
    EXPECT_THAT(ask(request), StartsWith("403 SignatureDoesNotMatch: Signature expired: ")) << expires;
  }
}

TEST_F(IdentifyTest, Row12CredentialsHaveFiveParts) {
  for (const char* credential :
       {"", "AKIA", "AKIA/20260724/us-east-1/sts", "AKIA/20260724/us-east-1/sts/aws4_request/x"}) {
    TestRequest request = sts_request();
    request.set("X-Amz-Date", "20260724T101112Z");
    request.set("Authorization",
                std::string("AWS4-HMAC-SHA256 Credential=") + credential + ", SignedHeaders=host, Signature=0");
    EXPECT_EQ(ask(request), std::string("400 IncompleteSignature: Credential must have exactly 5 slash-delimited "
                                        "elements, e.g. keyid/date/region/service/term, got '") +
                                credential + "'");
  }
}

TEST_F(IdentifyTest, Row13EveryWrongPartOfTheScopeIsNamed) {
  Signer signer;
  signer.region = "eu-west-1";
  EXPECT_EQ(ask(signer), "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. ");
  signer = {};
  signer.service = "iam";
  EXPECT_EQ(ask(signer), "403 SignatureDoesNotMatch: Credential should be scoped to correct service: 'sts'. ");
  signer = {};
  signer.terminator = "aws4";
  EXPECT_EQ(
      ask(signer),
      "403 SignatureDoesNotMatch: Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'. ");
  signer = {};
  signer.date = "20260723";
  const std::string date =
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260723' != "
      "'20260724', "
      "from '20260724T101112Z'.";
  EXPECT_EQ(ask(signer), "403 SignatureDoesNotMatch: " + date);
  signer.region = "eu-west-1";
  signer.service = "iam";
  signer.terminator = "aws4";
  EXPECT_EQ(
      ask(signer),
      "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. Credential should be scoped to "
      "correct service: 'sts'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'. " +
          date);
}

TEST_F(IdentifyTest, Row14KeysNobodyIssued) {
  Signer signer;
  for (const char* key : {"AKIAUNKNOWNUNKNOWNUN", "", "alice", "AKIAIOSFODNN7EXAMPLe"}) {
    signer.key = key;
    EXPECT_EQ(ask(signer), kInvalidToken) << key;
  }
  signer.key = "AKIAINACTIVEINACTIVE";
  signer.secret = "inactive secret";
  EXPECT_EQ(ask(signer), kInvalidToken);
  signer.token = "any";
  EXPECT_EQ(ask(signer), kInvalidToken);
  world_.write([&](auto& c) { c.erase(*world_.snapshot->user(world_.account.id, "alice")); });
  EXPECT_EQ(ask(Signer{}), kInvalidToken);
}

TEST_F(IdentifyTest, Row15aTokensThatDoNotFitTheKey) {
  const Credentials one = world_.issue(world_.role_session()), two = world_.issue(world_.role_session());
  Signer signer = Signer::with(one);
  signer.token.clear();
  signer.signed_headers = "host;x-amz-date";
  EXPECT_EQ(ask(signer), kInvalidToken);
  signer = Signer::with(one);
  signer.token = two.session_token;
  EXPECT_EQ(ask(signer), kInvalidToken);
  signer.token = "no token at all";
  EXPECT_EQ(ask(signer), kInvalidTokenNoStop);
  signer.token = one.session_token.substr(4);
  EXPECT_EQ(ask(signer), kInvalidTokenNoStop);
}

TEST_F(IdentifyTest, Row15bExpiredSessions) {
  const Signer signer = Signer::with(world_.issue(world_.role_session()));
  Signer later = signer;
  now_ = world_.now + std::chrono::hours(1) - std::chrono::seconds(1);
  later.time = basic_iso8601(now_);
  EXPECT_EQ(ask(later), kSession);
  now_ += std::chrono::seconds(1);
  later.time = basic_iso8601(now_);
  EXPECT_EQ(ask(later), kExpiredToken);
}

TEST_F(IdentifyTest, Row15cSessionsEndWithTheirIssuer) {
  const Signer role = Signer::with(world_.issue(world_.role_session()));
  const Signer user = Signer::with(world_.issue(world_.user_session(false)));
  EXPECT_EQ(ask(role), kSession);
  EXPECT_EQ(ask(user), kAlice);
  world_.write([&](auto& c) {
    c.erase(*world_.snapshot->role(world_.account.id, "Deploy"));
    c.erase(*world_.snapshot->user(world_.account.id, "alice"));
  });
  EXPECT_EQ(ask(role), kInvalidToken);
  EXPECT_EQ(ask(user), kInvalidToken);
  world_.write([&](auto& c) {  // the same names, but others
    world_.deploy.id = UniqueId("AROABBBBBBBBBBBBBBBBB");
    world_.alice.id = UniqueId("AIDABBBBBBBBBBBBBBBBB");
    c.create(world_.deploy);
    c.create(world_.alice);
  });
  EXPECT_EQ(ask(role), kInvalidToken);
  EXPECT_EQ(ask(user), kInvalidToken);
}

TEST_F(IdentifyTest, Row16WrongSignatures) {
  Signer signer;
  signer.secret = "another";
  EXPECT_EQ(ask(signer), kWrongSignature);
  for (const std::string& signature : {std::string(), std::string("0"), std::string(64, '0'), std::string(64, 'g')}) {
    TestRequest request = sts_request();
    Signer{}.sign(request);
    std::string header = request.get("Authorization");
    request.set("Authorization", header.substr(0, header.rfind('=') + 1) + signature);
    EXPECT_EQ(ask(request), kWrongSignature);
  }
  TestRequest request = sts_request();
  Signer{}.sign(request);
  std::string header = request.get("Authorization");
  for (char& c : header) c = c >= 'a' && c <= 'f' && &c > &header[header.rfind('=')] ? static_cast<char>(c - 32) : c;
  request.set("Authorization", header);
  EXPECT_EQ(ask(request), kWrongSignature) << "hex digits are lower case";
}

TEST_F(IdentifyTest, ASignedHeaderThatIsMissingFitsNoSignature) {
  Signer signer;
  signer.signed_headers = "host;x-amz-date;x-missing";
  EXPECT_EQ(ask(signer), kWrongSignature);
  signer.signed_headers = "host;;x-amz-date";
  EXPECT_EQ(ask(signer), kWrongSignature);
  signer.signed_headers = "host;x-amz-date";
  for (int i = 0; i < 200; ++i) signer.signed_headers += ";x" + std::to_string(i);
  TestRequest request = sts_request();
  request.set("X-Amz-Date", signer.time);
  request.set("Authorization", "AWS4-HMAC-SHA256 Credential=" + signer.credential() +
                                   ",SignedHeaders=" + signer.signed_headers + ",Signature=0");
  EXPECT_EQ(ask(request), kWrongSignature);
}

TEST_F(IdentifyTest, OrderAndCaseOfSignedHeadersDoNotMatter) {
  Signer signer;
  signer.signed_headers = "host;x-amz-date";
  TestRequest request = sts_request();
  signer.sign(request);
  std::string header = request.get("Authorization");
  const std::size_t at = header.find("host;x-amz-date");
  request.set("Authorization", header.replace(at, 15, "X-Amz-Date;HOST"));
  EXPECT_EQ(ask(request), kAlice);
}

TEST_F(IdentifyTest, Row17ASuperfluousTokenIsNoticedAfterTheSignature) {
  Signer signer;
  signer.token = "any";
  signer.signed_headers += ";x-amz-security-token";
  EXPECT_EQ(ask(signer), kInvalidTokenNoStop);
  signer.secret = "another";
  EXPECT_EQ(ask(signer), kWrongSignature);
}

TEST_F(IdentifyTest, IamTakesOnlySomeSessions) {
  directory::Session federated = world_.user_session(std::nullopt);
  federated.kind = directory::Session::Kind::kFederatedUser;
  federated.name = "bob";
  directory::Session with_mfa = world_.user_session(true);
  with_mfa.mfa_time = now_;
  const std::pair<directory::Session, std::string_view> cases[] = {
      {world_.role_session(), kSession},
      {world_.user_session(false), kInvalidTokenNoStop},
      {world_.user_session(std::nullopt), kInvalidTokenNoStop},
      {with_mfa, kAlice},
      {federated, kInvalidTokenNoStop},
  };
  for (const auto& [session, expected] : cases) {
    Signer signer = Signer::with(world_.issue(session));
    signer.service = "iam";
    EXPECT_EQ(ask(signer, kIam), expected);
    signer.service = "sts";
    EXPECT_THAT(ask(signer), StartsWith("ok "));
  }
}

TEST_F(IdentifyTest, APresignedTokenIsLookedForInTheQueryAlone) {
  Signer signer = Signer::with(world_.issue(world_.role_session()));
  signer.signed_headers = "host";
  TestRequest request = sts_request();
  signer.presign(request, "60", crypto::sha256(request.body).hex());
  EXPECT_EQ(ask(request), kSession);
  // A token that was added after signing does not count.
  Signer without = signer;
  without.token.clear();
  request = sts_request();
  without.presign(request, "60", crypto::sha256(request.body).hex());
  TestRequest added = request;
  added.target += "&X-Amz-Security-Token=" + percent_encode(signer.token);
  EXPECT_EQ(ask(added), kWrongSignature);
  added = request;
  added.set("X-Amz-Security-Token", signer.token);
  EXPECT_EQ(ask(added), kInvalidToken);
}

// ---- Several faults at once: the first in AWS's order answers

struct Fault {
  const char* name;
  std::function<void(Signer&)> sign_so;
  std::string_view answer;
};

TEST_F(IdentifyTest, TheFirstFaultInAwssOrderAnswers) {
  const Credentials session = world_.issue(world_.role_session());
  directory::Session old = world_.role_session();
  old.expires = world_.now - std::chrono::seconds(1);
  const Credentials expired = world_.issue(old);
  directory::Session orphan = world_.role_session();
  orphan.issuer = UniqueId("AROACCCCCCCCCCCCCCCCC");
  const Credentials orphaned = world_.issue(orphan);
  orphan.expires = world_.now - std::chrono::seconds(1);
  const Credentials expired_orphan = world_.issue(orphan);
  const auto use = [](const Credentials& c) {
    return [c](Signer& s) {
      s.key = c.access_key_id;
      s.secret = s.secret == "wrong" ? s.secret : c.secret_access_key;
      s.token = c.session_token;
    };
  };

  const Fault in_order[] = {
      {"host unsigned", [](Signer& s) { s.signed_headers = "x-amz-date"; }, "403 SignatureDoesNotMatch: 'Host' or"},
      {"bad date", [](Signer& s) { s.time = "never"; }, "400 IncompleteSignature: Date must be"},
      {"old date", [](Signer& s) { s.time = s.time == "never" ? s.time : "20260724T091112Z"; },
       "403 SignatureDoesNotMatch: Signature expired"},
      {"four parts", [](Signer& s) { s.terminator += "/x"; }, "400 IncompleteSignature: Credential must have"},
      {"wrong service", [](Signer& s) { s.service = "iam"; },
       "403 SignatureDoesNotMatch: Credential should be scoped to correct service"},
      {"unknown key", [](Signer& s) { s.key = "AKIAUNKNOWNUNKNOWNUN"; }, kInvalidToken},
      {"wrong secret", [](Signer& s) { s.secret = "wrong"; }, kWrongSignature},
      {"superfluous token", [](Signer& s) { s.token = "any"; }, kInvalidTokenNoStop},
  };
  for (std::size_t first = 0; first < std::size(in_order); ++first) {
    for (std::size_t second = first; second < std::size(in_order); ++second) {
      Signer signer;
      in_order[first].sign_so(signer);
      in_order[second].sign_so(signer);
      EXPECT_THAT(ask(signer), StartsWith(std::string(in_order[first].answer)))
          << in_order[first].name << " before " << in_order[second].name;
    }
  }

  const Fault of_sessions[] = {
      {"expired, issuer gone, wrong signature",
       [&](Signer& s) {
         s.secret = "wrong";
         use(expired_orphan)(s);
       },
       kExpiredToken},
      {"expired, right signature", use(expired), kExpiredToken},
      {"issuer gone, wrong signature",
       [&](Signer& s) {
         s.secret = "wrong";
         use(orphaned)(s);
       },
       kInvalidToken},
      {"another's expired token",
       [&](Signer& s) {
         use(session)(s);
         s.token = expired.session_token;
       },
       kInvalidToken},
      {"undecodable token, wrong signature",
       [&](Signer& s) {
         s.secret = "wrong";
         use(session)(s);
         s.token = "x";
       },
       kInvalidTokenNoStop},
      {"wrong scope, expired",
       [&](Signer& s) {
         use(expired)(s);
         s.region = "eu-west-1";
       },
       "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. "},
      {"nothing", use(session), kSession},
  };
  for (const Fault& fault : of_sessions) {
    Signer signer;
    signer.signed_headers += ";x-amz-security-token";
    fault.sign_so(signer);
    EXPECT_EQ(ask(signer), fault.answer) << fault.name;
  }
}

}  // namespace
}  // namespace deputy::authn
