#include "objects/sweep.h"

#include <fmt/format.h>

#include <set>

#include "objects/bucket.h"

namespace deputy::objects {
namespace {

const Time kNow = *parse_basic_iso8601("20260724T101112Z");

class SweepTest : public testing::Test {
 protected:
  directory::ObjectVersion object(const std::string& bucket, const std::string& key, int pieces = 0) {
    directory::ObjectVersion version = version_of(key, "1");
    version.bucket = bucket;
    for (int i = 0; i < pieces; ++i) {
      directory::Piece piece;
      piece.blob = fmt::format("blob-{}-{}", key, i) + std::string(pieces > 1000 ? 20 : 0, 'x');
      version.pieces.push_back(piece);
    }
    return version;
  }
  /// Commits what the sweep says until it is done. How many commits there were.
  int run(Sweep& sweep) {
    for (int steps = 0, commits = 0; steps < 1000; ++steps) {
      const auto step = sweep.next(kNow, fmt::format("id{}", steps));
      EXPECT_TRUE(step);
      if (!step) return -1;
      if (!step->changes.empty()) {
        store::Commit commit;
        for (const auto& guard : step->changes.guards()) commit.given.push_back({guard.key, guard.revision});
        for (const auto& write : step->changes.writes()) commit.changes.push_back({write.key, write.value});
        EXPECT_TRUE(store_->commit(std::move(commit)));
        ++commits;
      }
      if (step->done) return commits;
    }
    ADD_FAILURE() << "it has no end";
    return -1;
  }
  std::vector<std::string> keys(std::string_view prefix) {
    std::vector<std::string> found;
    const auto scanned = store_->scan(prefix);
    for (const store::Entry& entry : scanned->first) found.push_back(entry.key);
    return found;
  }
  std::vector<directory::UnusedBytes> unused() {
    std::vector<directory::UnusedBytes> all;
    directory::PolicyPool no_policies;
    const auto scanned = store_->scan(directory::kUnused);
    for (const store::Entry& entry : scanned->first) {
      all.push_back(*directory::decode<directory::UnusedBytes>(entry.value, no_policies));
    }
    return all;
  }

  std::unique_ptr<store::Store> store_ = store::open_memory();
  std::set<std::string, std::less<>> buckets_;
  Sweep sweep_{pages_of(*store_), [this](std::string_view id) { return buckets_.contains(id); }};
};

TEST_F(SweepTest, RemovesWhatBelongsToNoBucketAndLeavesItsBytesToBeRemoved) {
  buckets_ = {"B"};
  directory::Upload upload = upload_of("k", "u1");
  upload.bucket = "C";
  directory::Part part;
  part.bucket = "C";
  part.upload = "u1";
  part.number = 1;
  part.blob = "blob-of-part";
  Writes writes;
  writes.newest(object("A", "a", 2)).newest(object("B", "b", 1)).newest(object("B0", "c")).other(object("A", "d", 1));
  writes.upload(upload).part(part).add("object/D/damaged", "?");
  writes.commit(*store_);
  EXPECT_GT(run(sweep_), 0);
  EXPECT_EQ(keys("object/"), std::vector<std::string>{"object/B/b"});
  EXPECT_TRUE(keys("version/").empty());
  EXPECT_TRUE(keys("upload/").empty());
  EXPECT_TRUE(keys("part/").empty());
  std::set<std::string> blobs, uploads;
  for (const directory::UnusedBytes& each : unused()) {
    EXPECT_EQ(each.since, kNow);
    blobs.insert(each.blobs.begin(), each.blobs.end());
    if (!each.upload.empty()) uploads.insert(each.bucket + " " + each.upload);
  }
  EXPECT_EQ(blobs, (std::set<std::string>{"blob-a-0", "blob-a-1", "blob-d-0", "blob-of-part"}));
  EXPECT_EQ(uploads, std::set<std::string>{"C u1"});
  EXPECT_EQ(run(sweep_), 0) << "and then there is nothing to do";
}

TEST_F(SweepTest, PassesOverABucketWithOneLook) {
  buckets_ = {"B"};
  Writes writes;
  for (int i = 0; i < 5000; ++i) writes.newest(object("B", fmt::format("{:05}", i)));
  for (int i = 0; i < 70; ++i) writes.newest(object("X", fmt::format("{:05}", i)));
  writes.commit(*store_);
  std::size_t read = 0;
  const Read pages = pages_of(*store_);
  Sweep counted(
      [&](std::span<const Range> ranges) {
        auto moment = pages(ranges);
        for (const Page& page : moment->pages) read += page.entries.size();
        return moment;
      },
      [&](std::string_view id) { return buckets_.contains(id); });
  EXPECT_EQ(run(counted), 3) << "thirty a commit";
  EXPECT_LT(read, 100U);
  EXPECT_EQ(keys("object/").size(), 5000U);
}

TEST_F(SweepTest, LooksAtABoundedNumberOfBucketsAStep) {
  Writes writes;
  for (int i = 0; i < 250; ++i) {
    buckets_.insert(fmt::format("B{:03}", i));
    writes.newest(object(fmt::format("B{:03}", i), "k"));
  }
  writes.newest(object("X", "k")).commit(*store_);
  int steps = 0;
  for (bool done = false; !done; ++steps) {
    const auto step = sweep_.next(kNow, "id");
    ASSERT_TRUE(step);
    if (!step->changes.empty()) break;
    done = step->done;
  }
  EXPECT_EQ(steps, 2);
}

TEST_F(SweepTest, AnObjectOfManyPiecesFitsACommit) {
  Writes().newest(object("X", "k", 10'000)).commit(*store_);
  Writes().newest(object("X", "l", 10'000)).commit(*store_);
  Writes().newest(object("X", "m", 10'000)).commit(*store_);
  EXPECT_GT(run(sweep_), 1);
  std::size_t blobs = 0;
  for (const directory::UnusedBytes& each : unused()) blobs += each.blobs.size();
  EXPECT_EQ(blobs, 30'000U);
}

}  // namespace
}  // namespace deputy::objects
