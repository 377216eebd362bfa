// ListObjectsV2 of buckets that hold nothing: what it asks for, and what of the question its answer repeats.
#include "services/s3/listings.h"
#include "services/s3/buckets.h"
#include "support/world.h"

namespace deputy::s3 {
namespace {

using policy::Key;
using tests::kA;
using tests::kB;
using tests::key;
using tests::refused;
using tests::root;
using tests::World;

class ObjectsTest : public testing::Test {
 protected:
  ObjectsTest() {
    CreateBucket::Input in{};
    in.bucket = "a-bucket";
    world.must<CreateBucket>(in);
  }
  static ListObjectsV2::Input of(const char* bucket = "a-bucket") {
    ListObjectsV2::Input in{};
    in.bucket = bucket;
    return in;
  }

  World world;
};

TEST_F(ObjectsTest, AnEmptyBucketIsShownWhole) {
  const auto out = world.must<ListObjectsV2>(of());
  EXPECT_EQ(out.name, "a-bucket");
  EXPECT_EQ(out.prefix, "") << "there though it was not asked for";
  EXPECT_EQ(out.key_count, 0);
  EXPECT_EQ(out.max_keys, 1000);
  EXPECT_EQ(out.is_truncated, false);
  EXPECT_FALSE(out.delimiter || out.start_after || out.continuation_token || out.encoding_type || out.contents);
}

TEST_F(ObjectsTest, TheAnswerRepeatsTheQuestion) {
  struct {
    const char *encoding, *sent, *shown;
  } const cases[] = {{nullptr, "a b/\xc3\xbc", "a b/\xc3\xbc"}, {"url", "a b/\xc3\xbc", "a%20b/%C3%BC"}};
  for (const auto& c : cases) {
    ListObjectsV2::Input in = of();
    in.prefix = in.delimiter = in.start_after = c.sent;
    if (c.encoding != nullptr) in.encoding_type = c.encoding;
    const auto out = world.must<ListObjectsV2>(in);
    EXPECT_EQ(out.prefix, c.shown);
    EXPECT_EQ(out.delimiter, c.shown);
    EXPECT_EQ(out.start_after, c.shown);
    EXPECT_EQ(out.encoding_type, in.encoding_type);
  }
  ListObjectsV2::Input in = of();
  in.delimiter = "";
  EXPECT_FALSE(world.must<ListObjectsV2>(in).delimiter);
}

TEST_F(ObjectsTest, MaxKeysIsAThousandAtMost) {
  struct {
    std::int32_t sent, shown;
  } const cases[] = {{0, 0}, {1, 1}, {1000, 1000}, {1001, 1000}, {2147483647, 1000}};
  for (const auto& c : cases) {
    ListObjectsV2::Input in = of();
    in.max_keys = c.sent;
    EXPECT_EQ(world.must<ListObjectsV2>(in).max_keys, c.shown) << c.sent;
  }
  ListObjectsV2::Input in = of();
  in.max_keys = -1;
  const auto result = world.call<ListObjectsV2>(in);
  EXPECT_TRUE(refused(result, "InvalidArgument", 400, "Argument maxKeys must be an integer between 0 and 2147483647"));
  EXPECT_EQ(result.error().details(), (Error::Details{{"ArgumentName", "maxKeys"}, {"ArgumentValue", "-1"}}));
}

TEST_F(ObjectsTest, ThePermissionSeesWhatIsAskedFor) {
  const auto plain = world.accesses<ListObjectsV2>(of());
  EXPECT_EQ(plain.at(0).action.name, "s3:ListBucket");
  EXPECT_EQ(plain.at(0).resource, "arn:aws:s3:::a-bucket");
  EXPECT_EQ(key(plain.at(0), Key::kS3ResourceAccount), kA);
  for (const Key absent : {Key::kS3Prefix, Key::kS3Delimiter, Key::kS3MaxKeys}) EXPECT_EQ(key(plain.at(0), absent), "");
  ListObjectsV2::Input in = of();
  in.prefix = "home/";
  in.delimiter = "/";
  in.max_keys = 7;
  const auto asked = world.accesses<ListObjectsV2>(in);
  EXPECT_EQ(key(asked.at(0), Key::kS3Prefix), "home/");
  EXPECT_EQ(key(asked.at(0), Key::kS3Delimiter), "/");
  EXPECT_EQ(key(asked.at(0), Key::kS3MaxKeys), "7");
}

TEST_F(ObjectsTest, BucketsAreFoundAsInAllOperations) {
  EXPECT_TRUE(
      refused(world.call<ListObjectsV2>(of("nowhere")), "NoSuchBucket", 404, "The specified bucket does not exist"));
  ListObjectsV2::Input in = of();
  in.expected_bucket_owner = kB;
  EXPECT_TRUE(refused(world.call<ListObjectsV2>(in), "AccessDenied", 403, "Access Denied"));
  EXPECT_EQ(world.call<ListObjectsV2>(of(), root(kB)).error().code(), "AccessDenied");
}

}  // namespace
}  // namespace deputy::s3
