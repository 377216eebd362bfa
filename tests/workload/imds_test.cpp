// docs/wire.md, 9.1.
#include "workload/imds.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "workload/world.h"

namespace deputy::workload {
namespace {

using std::chrono::seconds;

class ImdsTest : public testing::Test {
 protected:
  http::Response send(std::string_view method, std::string_view target, std::vector<http::Header> headers = {}) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.headers = std::move(headers);
    return imds.answer(request);
  }
  std::string token(std::string_view ttl = "21600") {
    return send("PUT", "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", ttl}}).body;
  }
  http::Response get(std::string_view target) {
    const std::string shown = token();
    return send("GET", target, {{"X-aws-ec2-metadata-token", shown}});
  }

  FakeSource source;
  FakeClock clock{source};
  std::unique_ptr<crypto::Entropy> entropy = crypto::seeded_entropy(1);
  Instance instance{.id = "i-0123456789abcdef0", .account = "111111111111", .launched = source.time};
  Imds imds{instance, source, clock, *entropy};
};

TEST_F(ImdsTest, GivesTokensForOneSecondToSixHours) {
  for (const char* ttl : {"1", "60", "21600", "00060"}) {
    const auto answer = send("PUT", "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", ttl}});
    EXPECT_EQ(answer.status, 200) << ttl;
    EXPECT_EQ(answer.body.size(), 56U);
    ASSERT_NE(header(answer, "x-aws-ec2-metadata-token-ttl-seconds"), nullptr);
  }
  for (const char* ttl : {"", "0", "21601", "-1", "+5", "6h", "60 ", "999999", "99999999999999999999"}) {
    EXPECT_EQ(send("PUT", "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", ttl}}).status, 400) << ttl;
  }
  EXPECT_EQ(send("PUT", "/latest/api/token").status, 400);
}

TEST_F(ImdsTest, GivesNoTokenToWhatCameThroughAProxy) {
  const auto answer = send("PUT", "/latest/api/token",
                           {{"X-Forwarded-For", "203.0.113.7"}, {"X-aws-ec2-metadata-token-ttl-seconds", "60"}});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body.find(token()), std::string::npos);
}

TEST_F(ImdsTest, TellsNothingWithoutAToken) {
  for (const char* path : {"/", "/latest/meta-data/", "/latest/meta-data/iam/security-credentials/web", "/nowhere"}) {
    EXPECT_EQ(send("GET", path).status, 401) << path;
  }
  EXPECT_EQ(source.sessions, 0);
}

TEST_F(ImdsTest, TakesNoTokenThatItDidNotGive) {
  const std::string good = token("60");
  const auto with = [&](const std::string& shown) {
    return send("GET", "/latest/meta-data/instance-id", {{"X-aws-ec2-metadata-token", shown}}).status;
  };
  EXPECT_EQ(with(good), 200);
  EXPECT_EQ(with(""), 401);
  EXPECT_EQ(with(good + "="), 401);
  EXPECT_EQ(with(std::string(56, 'A')), 401);
  for (std::size_t i = 0; i < 54; ++i) {
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(with(changed), 401) << i;
  }
  source.time += seconds(59);
  EXPECT_EQ(with(good), 200);
  source.time += seconds(1);
  EXPECT_EQ(with(good), 401) << "it ended";
  Imds another(instance, source, clock, *entropy);
  http::Request request;
  request.method = "GET";
  request.target = "/latest/meta-data/instance-id";
  const std::string foreign = token();
  request.headers = {{"X-aws-ec2-metadata-token", foreign}};
  EXPECT_EQ(another.answer(request).status, 401) << "of another instance";
}

TEST_F(ImdsTest, AnswersWithoutATokenOnlyWhenVersion1IsAllowed) {
  Instance old = instance;
  old.allows_v1 = true;
  Imds v1(old, source, clock, *entropy);
  http::Request request;
  request.method = "GET";
  request.target = "/latest/meta-data/instance-id";
  EXPECT_EQ(v1.answer(request).body, "i-0123456789abcdef0");
  request.headers = {{"X-aws-ec2-metadata-token", "wrong"}};
  EXPECT_EQ(v1.answer(request).status, 401);
}

TEST_F(ImdsTest, ListsWhatThereIs) {
  EXPECT_EQ(get("/").body, "latest");
  EXPECT_EQ(get("/latest").body, "dynamic\nmeta-data");
  EXPECT_EQ(get("/latest/").body, "dynamic\nmeta-data");
  EXPECT_EQ(get("/latest/meta-data").body, "iam/\ninstance-id\ninstance-type\nplacement/\nservices/");
  EXPECT_EQ(get("/latest/meta-data/placement/").body, "availability-zone\nregion");
  EXPECT_EQ(get("/latest/meta-data/placement/region").body, "us-east-1");
  EXPECT_EQ(get("/latest/meta-data/placement/region/").body, "us-east-1");
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").body, "web");
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/web/").body,
            get("/latest/meta-data/iam/security-credentials/web").body);
  for (const char* path : {"/latest/nope", "/latest/meta-data/instance-i", "/latestmeta-data", "/2026-01-01/meta-data/",
                           "/latest/meta-data/iam/security-credentials/other", "/latest/user-data", "/latest//",
                           "/latest/meta-data/iam/security-credentials-extended/"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

TEST_F(ImdsTest, ShowsCredentialsAsAwsShowsThem) {
  const auto answer = get("/latest/meta-data/iam/security-credentials/web");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(*header(answer, "content-type"), "text/plain");
  EXPECT_EQ(answer.body,
            "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2026-07-24T10:00:00Z\",\n  \"Type\" : \"AWS-HMAC\",\n"
            "  \"AccessKeyId\" : \"ASIA1\",\n  \"SecretAccessKey\" : \"secret1\",\n  \"Token\" : \"token1\",\n"
            "  \"Expiration\" : \"2026-07-24T16:00:00Z\"\n}");
}

TEST_F(ImdsTest, SaysWhyThereAreNoCredentials) {
  source.refusal = Refusal{"AccessDenied", "User: ec2.amazonaws.com is not authorized to perform: sts:AssumeRole"};
  const auto answer = get("/latest/meta-data/iam/security-credentials/web");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body,
            "{\n  \"Code\" : \"AssumeRoleUnauthorizedAccess\",\n  \"Message\" : \"EC2 cannot assume the role web. "
            "Please see documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/"
            "troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc.\",\n"
            "  \"LastUpdated\" : \"2026-07-24T10:00:00Z\"\n}");
}

TEST_F(ImdsTest, AnInstanceWithoutARoleHasNoIam) {
  source.instance_profile.role_arn.clear();
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").status, 404);
  EXPECT_EQ(get("/latest/meta-data/iam/info").status, 404);
  EXPECT_EQ(get("/latest/meta-data/").body, "instance-id\ninstance-type\nplacement/\nservices/");
}

TEST_F(ImdsTest, InfoNamesTheProfile) {
  EXPECT_EQ(get("/latest/meta-data/iam/info").body,
            "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2026-07-24T10:00:00Z\",\n  \"InstanceProfileArn\" : "
            "\"arn:aws:iam::111111111111:instance-profile/web\",\n  \"InstanceProfileId\" : \"AIPAEXAMPLE\"\n}");
  source.instance_profile.arn.clear();
  EXPECT_EQ(get("/latest/meta-data/iam/info").status, 404) << "the role came without a profile";
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").body, "web");
}

TEST_F(ImdsTest, OnLoopbackTakesNoNameOfSomebodysChoosing) {
  Instance local = instance;
  local.on_loopback = true;
  Imds mine(local, source, clock, *entropy);
  const auto ask = [&](std::string_view host) {
    http::Request request;
    request.method = "PUT";
    request.target = "/latest/api/token";
    request.headers = {{"Host", host}, {"X-aws-ec2-metadata-token-ttl-seconds", "60"}};
    return mine.answer(request).status;
  };
  for (const char* good : {"127.0.0.1:1338", "127.0.0.1", "[::1]:1338", "localhost:1338", "169.254.169.254"}) {
    EXPECT_EQ(ask(good), 200) << good;
  }
  for (const char* bad : {"attacker.example:1338", "127.0.0.1.attacker.example", "localhost.attacker.example", "a",
                          "[evil]", "[::1].evil", "[::1]evil", "[::1", "...", "999.999.999.999", "0", "1.2.3",
                          "127.0.0.1:x", "127.0.0.1:80:80", "[127.0.0.1]", "::1", ""}) {
    EXPECT_EQ(ask(bad), 403) << bad;
  }
  const auto anywhere =
      send("PUT", "/latest/api/token", {{"Host", "imds:1338"}, {"X-aws-ec2-metadata-token-ttl-seconds", "60"}});
  EXPECT_EQ(anywhere.status, 200) << "elsewhere a name may be right";
}

TEST_F(ImdsTest, TakesOtherMethodsNowhere) {
  for (const char* method : {"POST", "DELETE", "OPTIONS", "PATCH"}) {
    EXPECT_EQ(send(method, "/latest/api/token").status, 405) << method;
    EXPECT_EQ(send(method, "/latest/meta-data/").status, 405) << method;
  }
  EXPECT_EQ(send("GET", "/latest/api/token").status, 405);
  EXPECT_EQ(send("PUT", "/latest/meta-data/").status, 405);
  EXPECT_EQ(send("PUT", "/2021-03-23/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}}).status, 403);
}

}  // namespace
}  // namespace deputy::workload
