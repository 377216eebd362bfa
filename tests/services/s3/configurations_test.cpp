// Configurations of buckets: what is put comes back, what is not there is said as S3 says it, each is asked for by its
// own permission. Their rules one by one are in tests/wire/s3-configurations.json.
#include "services/s3/configurations.h"

#include "services/s3/bucket_settings.h"
#include "services/s3/bucket_tags.h"
#include "services/s3/buckets.h"
#include "services/s3/cors.h"
#include "services/s3/lifecycle.h"
#include "services/s3/versioning.h"
#include "support/world.h"

namespace deputy::s3 {
namespace {

using tests::kB;
using tests::key;
using tests::refused;
using tests::root;
using tests::World;

class ConfigurationsTest : public testing::Test {
 protected:
  ConfigurationsTest() { make("a-bucket"); }
  void make(const char* name) {
    CreateBucket::Input in{};
    in.bucket = name;
    world.must<CreateBucket>(in);
  }
  template <class Op>
  static typename Op::Input of(const char* bucket = "a-bucket") {
    typename Op::Input in{};
    in.bucket = bucket;
    return in;
  }
  [[nodiscard]] const directory::Bucket& bucket() const { return *world.snapshot().bucket("a-bucket"); }

  World world;
};

PutBucketCors::Input cors(const char* origin) {
  PutBucketCors::Input in{};
  in.bucket = "a-bucket";
  in.cors_configuration.cors_rules.push_back({.allowed_methods = {"GET"}, .allowed_origins = {origin}});
  return in;
}

TEST_F(ConfigurationsTest, WhatIsPutComesBackAndGoes) {
  EXPECT_TRUE(refused(world.call<GetBucketCors>(of<GetBucketCors>()), "NoSuchCORSConfiguration", 404,
                      "The CORS configuration does not exist"));
  world.must<PutBucketCors>(cors("http://*.Example.com & <others>"));
  world.must<PutBucketTagging>({.bucket = "a-bucket", .tagging = {.tag_set = {{"Team", "red"}, {"team", "blue"}}}});
  const auto shown = world.must<GetBucketCors>(of<GetBucketCors>());
  ASSERT_TRUE(shown.cors_rules && shown.cors_rules->size() == 1);
  EXPECT_EQ(shown.cors_rules->front().allowed_origins, std::vector<std::string>{"http://*.Example.com & <others>"});
  EXPECT_EQ(world.must<GetBucketTagging>(of<GetBucketTagging>()).tag_set.size(), 2U) << "keys differ by their case";
  world.must<DeleteBucketCors>(of<DeleteBucketCors>());
  world.must<DeleteBucketCors>(of<DeleteBucketCors>());
  EXPECT_FALSE(world.call<GetBucketCors>(of<GetBucketCors>()));
  EXPECT_TRUE(bucket().configurations.empty());
  EXPECT_EQ(bucket().tags.size(), 2U);
}

TEST_F(ConfigurationsTest, ABucketOfThatNameMadeAnewHasNone) {
  world.must<PutBucketCors>(cors("*"));
  world.must<DeleteBucket>({"a-bucket", {}});
  make("a-bucket");
  EXPECT_FALSE(world.call<GetBucketCors>(of<GetBucketCors>()));
}

TEST_F(ConfigurationsTest, NobodyElseSeesOrPutsThem) {
  EXPECT_FALSE(world.call<GetBucketEncryption>(of<GetBucketEncryption>(), root(kB)));
  EXPECT_FALSE(world.call<PutBucketCors>(cors("*"), root(kB)));
  auto in = cors("*");
  in.expected_bucket_owner = kB;
  EXPECT_TRUE(refused(world.call<PutBucketCors>(in), "AccessDenied", 403, "Access Denied"));
  EXPECT_TRUE(refused(world.call<GetBucketCors>(of<GetBucketCors>("no-bucket"), root(kB)), "NoSuchBucket", 404,
                      "The specified bucket does not exist"))
      << "whoever asks";
}

TEST_F(ConfigurationsTest, ThePermissionsHaveTheirOwnNames) {
  const auto action = [&](const authz::Accesses& accesses) { return std::string(accesses.at(0).action.name); };
  EXPECT_EQ(action(world.accesses<GetBucketCors>(of<GetBucketCors>())), "s3:GetBucketCORS");
  EXPECT_EQ(action(world.accesses<DeleteBucketCors>(of<DeleteBucketCors>())), "s3:PutBucketCORS");
  EXPECT_EQ(action(world.accesses<DeleteBucketTagging>(of<DeleteBucketTagging>())), "s3:PutBucketTagging");
  EXPECT_EQ(action(world.accesses<DeleteBucketWebsite>(of<DeleteBucketWebsite>())), "s3:DeleteBucketWebsite");
  EXPECT_EQ(action(world.accesses<DeleteBucketLifecycle>(of<DeleteBucketLifecycle>())), "s3:PutLifecycleConfiguration");
  EXPECT_EQ(action(world.accesses<GetObjectLockConfiguration>(of<GetObjectLockConfiguration>())),
            "s3:GetBucketObjectLockConfiguration");
  EXPECT_EQ(action(world.accesses<ListBucketInventoryConfigurations>(of<ListBucketInventoryConfigurations>())),
            "s3:GetInventoryConfiguration");
}

/// Replication acts by a role, which the caller hands to S3.
TEST_F(ConfigurationsTest, ReplicationAsksToPassItsRole) {
  auto in = of<PutBucketReplication>();
  in.replication_configuration.role = "arn:aws:iam::111111111111:role/replicate";
  const auto accesses = world.accesses<PutBucketReplication>(in);
  ASSERT_EQ(accesses.size(), 2U);
  EXPECT_EQ(accesses[1].action.name, "iam:PassRole");
  EXPECT_EQ(accesses[1].resource, "arn:aws:iam::111111111111:role/replicate");
  EXPECT_EQ(key(accesses[1], policy::Key::kPassedToService), "s3.amazonaws.com");
}

TEST_F(ConfigurationsTest, VersioningStaysWhileReplicationNeedsIt) {
  make("another");
  for (const char* name : {"a-bucket", "another"}) {
    world.must<PutBucketVersioning>({.bucket = name, .versioning_configuration = {.status = "Enabled"}});
  }
  auto in = of<PutBucketReplication>();
  in.replication_configuration.role = "arn:aws:iam::111111111111:role/replicate";
  in.replication_configuration.rules.push_back(
      {.status = "Enabled", .destination = {.bucket = "arn:aws:s3:::another"}});
  world.must<PutBucketReplication>(in);
  const auto shown = world.must<GetBucketReplication>(of<GetBucketReplication>());
  EXPECT_FALSE(shown.replication_configuration->rules.at(0).id.value_or("").empty()) << "an ID is made up";
  const PutBucketVersioning::Input suspend{.bucket = "a-bucket", .versioning_configuration = {.status = "Suspended"}};
  const auto still = world.call<PutBucketVersioning>(suspend);
  ASSERT_FALSE(still);
  EXPECT_EQ(still.error().code(), "InvalidBucketState");
  world.must<DeleteBucketReplication>(of<DeleteBucketReplication>());
  world.must<PutBucketVersioning>(suspend);
}

TEST_F(ConfigurationsTest, ThoseWithAnIdAreListedInPages) {
  const auto id = [](int i) { return "id-" + std::to_string(1000 + i); };
  for (int i = 0; i < 101; ++i) {
    auto in = of<PutBucketMetricsConfiguration>();
    in.id = in.metrics_configuration.id = id(100 - i);
    world.must<PutBucketMetricsConfiguration>(in);
  }
  auto in = of<ListBucketMetricsConfigurations>();
  const auto first = world.must<ListBucketMetricsConfigurations>(in);
  EXPECT_EQ(first.is_truncated, true);
  ASSERT_EQ(first.metrics_configuration_list->size(), 100U);
  EXPECT_EQ(first.metrics_configuration_list->front().id, id(0));
  in.continuation_token = first.next_continuation_token;
  const auto second = world.must<ListBucketMetricsConfigurations>(in);
  EXPECT_EQ(second.is_truncated, false);
  ASSERT_EQ(second.metrics_configuration_list->size(), 1U);
  EXPECT_EQ(second.metrics_configuration_list->front().id, id(100));
  EXPECT_FALSE(world.must<ListBucketAnalyticsConfigurations>(of<ListBucketAnalyticsConfigurations>())
                   .analytics_configuration_list)
      << "others have their own";
}

TEST_F(ConfigurationsTest, ThereIsAnEndToThem) {
  auto large = cors("*");
  large.cors_configuration.cors_rules.front().allowed_origins.assign(2, std::string(kMostCorsBytes, 'a'));
  EXPECT_FALSE(world.call<PutBucketCors>(large));
  auto notify = of<PutBucketNotificationConfiguration>();
  auto& topics = notify.notification_configuration.topic_configurations.emplace();
  topics.push_back({.id = std::string(kMostConfigurationBytes, 'a'),
                    .topic_arn = "arn:aws:sns:us-east-1:111111111111:t",
                    .events = {"s3:ObjectCreated:*"}});
  const auto refusal = world.call<PutBucketNotificationConfiguration>(notify);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code(), "InvalidRequest");
  EXPECT_TRUE(bucket().configurations.empty());
}

TEST_F(ConfigurationsTest, ALifecycleRuleGetsAnIdAndItsSizes) {
  auto in = of<PutBucketLifecycleConfiguration>();
  in.transition_default_minimum_object_size = "varies_by_storage_class";
  in.lifecycle_configuration.emplace().rules.push_back(
      {.expiration = shapes::LifecycleExpiration{.days = 1}, .prefix = "", .status = "Enabled"});
  EXPECT_EQ(world.must<PutBucketLifecycleConfiguration>(in).transition_default_minimum_object_size,
            "varies_by_storage_class");
  auto shown = world.must<GetBucketLifecycleConfiguration>(of<GetBucketLifecycleConfiguration>());
  EXPECT_EQ(shown.transition_default_minimum_object_size, "varies_by_storage_class");
  ASSERT_EQ(shown.rules->size(), 1U);
  EXPECT_EQ(shown.rules->front().id.value_or("").size(), 48U);
  EXPECT_EQ(shown.rules->front().prefix, "") << "empty, and there";
  in.transition_default_minimum_object_size.reset();
  world.must<PutBucketLifecycleConfiguration>(in);
  shown = world.must<GetBucketLifecycleConfiguration>(of<GetBucketLifecycleConfiguration>());
  EXPECT_EQ(shown.transition_default_minimum_object_size, "all_storage_classes_128K");
  world.must<DeleteBucketLifecycle>(of<DeleteBucketLifecycle>());
  EXPECT_TRUE(bucket().configurations.empty());
}

TEST_F(ConfigurationsTest, ANewBucketMayHaveTags) {
  CreateBucket::Input in{};
  in.bucket = "tagged";
  in.create_bucket_configuration.emplace().tags.emplace().push_back({"Team", "red"});
  const auto accesses = world.accesses<CreateBucket>(in);
  ASSERT_EQ(accesses.size(), 2U);
  EXPECT_EQ(accesses[1].action.name, "s3:TagResource");
  EXPECT_EQ(accesses[0].request_tags, (directory::Tags{{"Team", "red"}}));
  world.must<CreateBucket>(in);
  EXPECT_EQ(world.snapshot().bucket("tagged")->tags, (directory::Tags{{"Team", "red"}}));
  EXPECT_TRUE(refused(world.call<CreateBucket>(in), "BucketAlreadyOwnedByYou", 409,
                      "Your previous request to create the named bucket succeeded and you already own it."));
  in.create_bucket_configuration.reset();
  world.must<CreateBucket>(in);
  EXPECT_EQ(world.snapshot().bucket("tagged")->tags.size(), 1U) << "made again without tags, it keeps its own";
}

// ---- Pages of other origins

struct CrossingCase {
  const char *origin, *method, *headers;
  const char* allowed;  // Access-Control-Allow-Origin; null: refused
};
constexpr CrossingCase kCrossings[] = {
    {"https://app.example", "GET", "", "https://app.example"},
    {"https://app.example", "GET", "x-custom, X-AMZ-Date", "https://app.example"},
    {"https://app.example", "GET", "other", nullptr},
    {"https://app.example", "PUT", "", nullptr},
    {"https://APP.example", "GET", "", nullptr},
    {"https://a.b.wild.example", "GET", "", "https://a.b.wild.example"},
    {"https://wild.example", "GET", "", nullptr},
    {"http://a.wild.example", "GET", "", nullptr},
    {"https://anybody.example", "HEAD", "whatever", "*"},
};

TEST_F(ConfigurationsTest, PagesOfOtherOriginsAreLetInByTheFirstRuleThatFits) {
  PutBucketCors::Input in = of<PutBucketCors>();
  in.cors_configuration.cors_rules = {
      {.allowed_headers = std::vector<std::string>{"X-Custom", "x-amz-*"},
       .allowed_methods = {"GET"},
       .allowed_origins = {"https://app.example", "https://*.wild.example"},
       .expose_headers = std::vector<std::string>{"ETag", "x-amz-meta-a"},
       .max_age_seconds = 60},
      {.allowed_headers = std::vector<std::string>{"*"}, .allowed_methods = {"HEAD"}, .allowed_origins = {"*"}}};
  world.must<PutBucketCors>(in);
  for (const CrossingCase& c : kCrossings) {
    const auto headers = cross_origin(
        world.snapshot(), {.bucket = "a-bucket", .origin = c.origin, .method = c.method, .headers = c.headers});
    ASSERT_EQ(headers.ok(), c.allowed != nullptr) << c.origin << " " << c.method << " " << c.headers;
    if (!headers) {
      EXPECT_EQ(headers.error().code(), "AccessForbidden");
      continue;
    }
    EXPECT_EQ(headers->front().second, c.allowed);
  }
  const auto all = cross_origin(
      world.snapshot(),
      {.bucket = "a-bucket", .origin = "https://app.example", .method = "GET", .headers = "X-Custom,x-amz-date"});
  const services::CrossOriginHeaders expected = {
      {"Access-Control-Allow-Origin", "https://app.example"},
      {"Access-Control-Allow-Methods", "GET"},
      {"Access-Control-Allow-Headers", "x-custom, x-amz-date"},
      {"Access-Control-Expose-Headers", "ETag, x-amz-meta-a"},
      {"Access-Control-Max-Age", "60"},
      {"Access-Control-Allow-Credentials", "true"},
      {"Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"}};
  EXPECT_EQ(*all, expected);
}

}  // namespace
}  // namespace deputy::s3
