#include "objects/answers.h"

#include "objects/bucket.h"

namespace deputy::objects {
namespace {

class AnswersTest : public testing::Test {
 protected:
  Versions versions(const std::string& key, const std::string& version) {
    const auto at = read_versions({kBucket, key, version}, read_);
    EXPECT_TRUE(at) << at.error().message;
    return answer(*at, version);
  }
  static std::string name(const VersionPtr& version) { return version == nullptr ? "-" : version->version; }
  /// "newest named next"
  std::string seen(const std::string& key, const std::string& version) {
    const Versions found = versions(key, version);
    return name(found.newest) + " " + name(found.named) + " " + name(found.next);
  }
  void put(const Writes& writes) { writes.commit(*store_); }

  std::unique_ptr<store::Store> store_ = store::open_memory();
  Read read_ = pages_of(*store_);
};

TEST_F(AnswersTest, VersionsAreFoundByWhatClientsCallThem) {
  directory::ObjectVersion null_one = version_of("k", "3"), newest = version_of("k", "1");
  null_one.is_null = true;
  newest.null_version = "3";
  directory::ObjectVersion alone = version_of("alone", "7");
  alone.is_null = true;
  Writes writes;
  writes.newest(newest).other(version_of("k", "2")).other(null_one).other(version_of("k", "4")).newest(alone);
  writes.newest(version_of("k!", "0")).other(version_of("k!", "2"));
  put(writes);
  struct Case {
    const char *key, *version, *seen;
  };
  const Case cases[] = {
      {"k", "", "1 - 2"},      {"k", "1", "1 1 2"},         {"k", "2", "1 2 2"},      {"k", "4", "1 4 2"},
      {"k", "5", "1 - 2"},     {"k", "3", "1 - 2"},  // it goes by "null"
      {"k", "null", "1 3 2"},  {"alone", "null", "7 7 -"},  {"alone", "7", "7 - -"},  {"k!", "null", "0 - 2"},
      {"absent", "", "- - -"}, {"absent", "null", "- - -"}, {"absent", "1", "- - -"},
  };
  for (const Case& c : cases) EXPECT_EQ(seen(c.key, c.version), c.seen) << c.key << " " << c.version;
  EXPECT_EQ(versions("k", "").newest->revision, 1U);
}

TEST_F(AnswersTest, ADamagedEntryIsNotTakenForAbsent) {
  put(Writes().add(directory::newest_key(kBucket, "k"), "no object"));
  const auto at = read_versions({kBucket, "k", ""}, read_);
  ASSERT_FALSE(at);
  EXPECT_EQ(at.error().kind, Fault::Kind::kDamaged);
}

TEST_F(AnswersTest, PartsOfAnUploadComeByNumber) {
  directory::Part part;
  part.bucket = kBucket;
  part.upload = "u1";
  Writes writes;
  writes.upload(upload_of("k", "u1")).upload(upload_of("k", "u2")).upload(upload_of("other", "u1x"));
  for (const std::uint32_t number : {1U, 2U, 9U, 10U, 100U, 10000U}) {
    part.number = number;
    writes.part(part);
  }
  part.upload = "u10";
  writes.part(part);
  put(writes);
  const auto numbers = [&](const OfUpload& of) {
    const auto seen = read_upload(of, read_);
    EXPECT_TRUE(seen);
    std::string text = seen->upload == nullptr ? "-" : seen->upload->id;
    for (const PartPtr& each : seen->parts) text += " " + std::to_string(each->number);
    return text + (seen->more ? " …" : "");
  };
  EXPECT_EQ(numbers({kBucket, "k", "u1", 0, 10'000}), "u1 1 2 9 10 100 10000");
  EXPECT_EQ(numbers({kBucket, "k", "u1", 2, 2}), "u1 9 10 …");
  EXPECT_EQ(numbers({kBucket, "k", "u1", 10000, 2}), "u1");
  EXPECT_EQ(numbers({kBucket, "k", "u1", 4294967295U, 2}), "u1");
  EXPECT_EQ(numbers({kBucket, "k", "u1", 0, 0}), "u1");
  EXPECT_EQ(numbers({kBucket, "k", "u2", 0, 9}), "u2");
  EXPECT_EQ(numbers({kBucket, "x", "u1", 0, 9}), "-") << "the id alone is not enough";
}

TEST_F(AnswersTest, ABucketIsEmptyWithoutAnyVersion) {
  const auto empty = [&] { return *read_emptiness({kBucket}, read_); };
  put(Writes().add("object/BUCKETBUCKET0/k", "of another").upload(upload_of("k", "u")));
  EXPECT_TRUE(empty());
  directory::ObjectVersion marker = version_of("k", "1");
  marker.is_marker = true;
  put(Writes().newest(marker));
  EXPECT_FALSE(empty());
}

}  // namespace
}  // namespace deputy::objects
