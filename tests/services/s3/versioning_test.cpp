// Versioning of buckets: from never to enabled or suspended, and never back.
#include "services/s3/versioning.h"

#include "services/s3/buckets.h"
#include "support/world.h"

namespace deputy::s3 {
namespace {

using tests::kB;
using tests::refused;
using tests::root;
using tests::World;

class VersioningTest : public testing::Test {
 protected:
  VersioningTest() {
    CreateBucket::Input in{};
    in.bucket = "a-bucket";
    world.must<CreateBucket>(in);
  }
  static PutBucketVersioning::Input to(std::optional<std::string> status, std::optional<std::string> mfa_delete = {}) {
    PutBucketVersioning::Input in{};
    in.bucket = "a-bucket";
    in.versioning_configuration.status = std::move(status);
    in.versioning_configuration.mfa_delete = std::move(mfa_delete);
    return in;
  }
  std::string status() { return world.must<GetBucketVersioning>({"a-bucket", {}}).status.value_or("none"); }

  World world;
};

TEST_F(VersioningTest, AFreshBucketHasNoneAndMayBeginWithEither) {
  EXPECT_EQ(status(), "none");
  world.must<PutBucketVersioning>(to("Suspended"));
  EXPECT_EQ(status(), "Suspended");
  world.must<PutBucketVersioning>(to("Enabled", "Disabled"));
  EXPECT_EQ(status(), "Enabled");
  EXPECT_EQ(world.snapshot().bucket("a-bucket")->versioning, directory::Versioning::kEnabled);
}

TEST_F(VersioningTest, WhatIsRefusedChangesNothing) {
  EXPECT_TRUE(refused(world.call<PutBucketVersioning>(to({})), "IllegalVersioningConfigurationException", 400,
                      "The Versioning element must be specified"));
  EXPECT_TRUE(refused(world.call<PutBucketVersioning>(to("Enabled", "Enabled")), "NotImplemented", 501,
                      "Deputy does not implement MFA Delete."));
  auto elsewhere = to("Enabled");
  elsewhere.expected_bucket_owner = kB;
  EXPECT_TRUE(refused(world.call<PutBucketVersioning>(elsewhere), "AccessDenied", 403, "Access Denied"));
  elsewhere = to("Enabled");
  elsewhere.bucket = "no-bucket";
  EXPECT_TRUE(
      refused(world.call<PutBucketVersioning>(elsewhere), "NoSuchBucket", 404, "The specified bucket does not exist"));
  EXPECT_FALSE(world.call<PutBucketVersioning>(to("Enabled"), root(kB)));
  EXPECT_FALSE(world.call<GetBucketVersioning>({"a-bucket", {}}, root(kB)));
  EXPECT_EQ(status(), "none");
}

}  // namespace
}  // namespace deputy::s3
