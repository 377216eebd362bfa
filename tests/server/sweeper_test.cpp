// Bytes that nothing needs go, and none that something needs: with its grace, beside copies of the directory, and after a
// process that was killed.
#include "server/sweeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "blobs/files.h"
#include "directory/codec.h"
#include "server/site.h"

namespace deputy::server {
namespace {

using directory::Changes;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kBucket = "b1";

class SweeperTest : public testing::Test {
 protected:
  SweeperTest() {
    site.write([&](Changes& changes) {
      directory::Bucket bucket;
      bucket.account = site.people.account.id;
      bucket.name = "bucket";
      bucket.id = kBucket;
      bucket.region = "us-east-1";
      changes.create(bucket);
    });
  }
  std::string put_bytes(const std::string& bytes = "bytes") {
    auto draft = site.rooms.blobs.begin();
    EXPECT_TRUE(draft.ok() && (*draft)->write(bytes).ok() && (*draft)->finish().ok());
    (*draft)->keep();
    return (*draft)->name();
  }
  [[nodiscard]] bool has(const std::string& blob) const { return site.rooms.blobs.open(blob).ok(); }

  static directory::ObjectVersion object(const std::string& key, const std::string& blob) {
    directory::ObjectVersion version;
    version.bucket = kBucket;
    version.key = key;
    version.version = std::string(32, 'v');
    version.size = 5;
    directory::Piece piece;
    piece.blob = blob;
    piece.size = 5;
    version.pieces.push_back(std::move(piece));
    return version;
  }
  void put(const std::string& key, const std::string& blob) {
    site.write([&](Changes& changes) { changes.put(directory::newest_key(kBucket, key), object(key, blob), 0); });
  }
  /// As DeleteObject does.
  void erase(const std::string& key, const std::string& blob) {
    const std::string stored = directory::newest_key(kBucket, key);
    site.write([&](Changes& changes) {
      changes.remove(stored, revision(stored));
      leave(changes, "of " + key, {blob});
    });
  }
  void leave(Changes& changes, const std::string& id, std::vector<std::string> blobs) const {
    directory::UnusedBytes unused;
    unused.id = id;
    unused.since = site.clock.now();
    unused.blobs = std::move(blobs);
    changes.leave_unused(unused);
  }
  [[nodiscard]] store::Revision revision(const std::string& key) const {
    const auto entries = site.rooms.state.stored(key);
    return entries && !entries->empty() ? entries->front().revision : 0;
  }
  [[nodiscard]] std::vector<std::string> keys(std::string_view prefix) const {
    std::vector<std::string> all;
    const auto entries = site.rooms.state.stored(prefix);
    EXPECT_TRUE(entries.ok());
    for (const store::Entry& entry : *entries) all.push_back(entry.key);
    return all;
  }
  /// Until there is nothing more to do.
  void sweep() {
    int pieces = 0;
    while (sweeper.sweep()) ASSERT_LT(++pieces, 1000) << "it finds no end";
  }
  void wait() { site.clock.move(Sweeper::kGrace + std::chrono::seconds(1)); }

  Site site;
  Sweeper sweeper{site.rooms.state, site.rooms.blobs, site.rooms.copies, site.clock};
};

TEST_F(SweeperTest, UnusedBytesGoAfterTheirGrace) {
  const std::string unused = put_bytes(), used = put_bytes();
  put("a", unused);
  put("b", used);
  erase("a", unused);
  sweep();
  EXPECT_TRUE(has(unused)) << "somebody may still read them";
  wait();
  sweep();
  EXPECT_FALSE(has(unused));
  EXPECT_TRUE(has(used));
  EXPECT_THAT(keys(directory::kUnused), IsEmpty());
}

TEST_F(SweeperTest, WhatIsWrittenLaterIsFoundLater) {
  sweep();
  wait();
  sweep();
  for (int i = 0; i < 3; ++i) {
    const std::string blob = put_bytes();
    site.write([&](Changes& changes) { leave(changes, "u", {blob}); });
    sweep();
    wait();
    sweep();
    EXPECT_FALSE(has(blob)) << i;
  }
}

TEST_F(SweeperTest, MoreThanAPage) {
  std::vector<std::string> blobs;
  for (std::size_t i = 0; i < Sweeper::kEntries * 2 + 10; i += 30) {
    site.write([&](Changes& changes) {
      for (std::size_t k = i; k < i + 30; ++k) {
        blobs.push_back(put_bytes("x"));
        leave(changes, "u" + std::to_string(k), {blobs.back()});
      }
    });
  }
  wait();
  sweep();
  EXPECT_THAT(keys(directory::kUnused), IsEmpty());
  EXPECT_EQ(site.rooms.blobs.bytes(), 0U);
}

TEST_F(SweeperTest, OneEntryMayNameMoreThanAPieceRemoves) {
  std::vector<std::string> blobs;
  for (std::size_t i = 0; i < Sweeper::kBlobs * 2; ++i) blobs.push_back(put_bytes("x"));
  site.write([&](Changes& changes) {
    leave(changes, "a", {put_bytes()});
    leave(changes, "b", blobs);
    leave(changes, "c", {put_bytes()});
  });
  wait();
  sweep();
  EXPECT_THAT(keys(directory::kUnused), IsEmpty());
  EXPECT_EQ(site.rooms.blobs.bytes(), 0U);
}

TEST_F(SweeperTest, AnUploadThatEndedLeavesWhatBecameAnObject) {
  std::vector<std::string> blobs;
  for (std::uint32_t number = 1; number <= 120; ++number) {
    blobs.push_back(put_bytes("x"));
    site.write([&](Changes& changes) {
      directory::Part part;
      part.bucket = kBucket;
      part.upload = "up";
      part.number = number;
      part.blob = blobs.back();
      if (number == 1) part.former.push_back(put_bytes("an earlier one"));
      changes.put(directory::key_of(part), part, 0);
    });
  }
  site.write([&](Changes& changes) {
    directory::UnusedBytes unused;
    unused.id = "up";
    unused.since = site.clock.now();
    unused.bucket = kBucket;
    unused.upload = "up";
    unused.kept = {blobs[3], blobs[119]};
    changes.leave_unused(unused);
  });
  wait();
  sweep();
  EXPECT_THAT(keys(directory::kParts), IsEmpty());
  EXPECT_THAT(keys(directory::kUnused), IsEmpty());
  EXPECT_TRUE(has(blobs[3]) && has(blobs[119]));
  EXPECT_EQ(site.rooms.blobs.bytes(), 2U);
}

TEST_F(SweeperTest, AClockThatWasSetBackHoldsNothingUp) {
  const std::string blob = put_bytes();
  site.write([&](Changes& changes) { leave(changes, "u", {blob}); });
  wait();
  site.clock.move(-2 * Sweeper::kGrace);  // the clock was set back
  sweep();
  EXPECT_TRUE(has(blob));
  site.clock.move(3 * Sweeper::kGrace);
  sweep();
  EXPECT_FALSE(has(blob));
}

// ---- Buckets that are gone

TEST_F(SweeperTest, WhatABucketHeldGoesAfterIt) {
  const std::string object_bytes = put_bytes(), part_bytes = put_bytes(), former = put_bytes();
  put("a", object_bytes);
  site.write([&](Changes& changes) {
    directory::Part part;
    part.bucket = kBucket;
    part.upload = "up";
    part.number = 1;
    part.blob = part_bytes;
    part.former = {former};
    changes.put(directory::key_of(part), part, 0);
  });
  sweep();
  EXPECT_EQ(keys(directory::kObjects).size() + keys(directory::kParts).size(), 2U) << "the bucket is there";
  site.write([&](Changes& changes) { changes.erase(*site.snapshot()->bucket("bucket")); });
  wait();
  sweep();
  EXPECT_EQ(keys(directory::kObjects).size() + keys(directory::kParts).size(), 0U);
  EXPECT_TRUE(has(object_bytes)) << "somebody may still read them";
  wait();
  sweep();
  EXPECT_EQ(site.rooms.blobs.bytes(), 0U);
  EXPECT_THAT(keys(directory::kUnused), IsEmpty());
}

TEST_F(SweeperTest, WhileABucketCannotBeReadNothingIsTakenForNobodys) {
  auto store = store::open_memory();
  const directory::ObjectVersion version = object("a", put_bytes());
  const std::string key = directory::newest_key(kBucket, "a");
  store::Commit commit;
  commit.changes = {{"bucket/damaged", "garbage"}, {key, directory::encode(version)}};
  ASSERT_TRUE(store->commit(std::move(commit)).ok());
  const auto state = std::move(state::State::open(std::move(store), {})).value();
  ASSERT_FALSE(state->snapshot()->unreadable().empty());
  Sweeper other(*state, site.rooms.blobs, site.rooms.copies, site.clock);
  for (int i = 0; i < 10; ++i) other.sweep();
  EXPECT_EQ(state->stored(key)->size(), 1U);
}

// ---- Copies of the directory

TEST_F(SweeperTest, ACopyKeepsItsBytesUntilItGoes) {
  const std::string blob = put_bytes();
  put("a", blob);
  ASSERT_TRUE(site.rooms.copies.save("before", site.clock.now()).ok());
  erase("a", blob);
  wait();
  sweep();
  EXPECT_TRUE(has(blob));
  ASSERT_TRUE(site.rooms.copies.restore("before").ok());
  EXPECT_THAT(keys(directory::kObjects), ElementsAre(directory::newest_key(kBucket, "a")));
  EXPECT_THAT(keys(directory::kUnused), IsEmpty());
  wait();
  sweep();
  EXPECT_TRUE(has(blob)) << "it is an object's again";
  erase("a", blob);
  ASSERT_TRUE(site.rooms.copies.remove("before").ok());
  wait();
  sweep();
  EXPECT_FALSE(has(blob));
}

TEST_F(SweeperTest, WhatCameAfterACopyGoesWhenItIsRestored) {
  const std::string before = put_bytes(), after = put_bytes(), left = put_bytes();
  put("a", before);
  ASSERT_TRUE(site.rooms.copies.save("before", site.clock.now()).ok());
  put("b", after);
  site.write([&](Changes& changes) { leave(changes, "u", {left}); });
  const auto restored = site.rooms.copies.restore("before");
  ASSERT_TRUE(restored.ok());
  EXPECT_EQ(restored->changed, 2U) << "b, and what was left of another";
  EXPECT_TRUE(has(after)) << "somebody may still read it";
  wait();
  sweep();
  EXPECT_FALSE(has(after));
  EXPECT_FALSE(has(left));
  EXPECT_TRUE(has(before));
  ASSERT_TRUE(site.rooms.copies.clear().ok());
  wait();
  sweep();
  EXPECT_TRUE(has(before)) << "the copy has it still";
  ASSERT_TRUE(site.rooms.copies.restore("before").ok());
  EXPECT_TRUE(has(before));
  ASSERT_TRUE(site.rooms.copies.remove("before").ok());
  ASSERT_TRUE(site.rooms.copies.clear().ok());
  wait();
  sweep();
  EXPECT_EQ(site.rooms.blobs.bytes(), 0U);
  EXPECT_THAT(keys(directory::kUnused), IsEmpty());
}

TEST_F(SweeperTest, PartsOfACopyStay) {
  const std::string blob = put_bytes();
  directory::Part part;
  part.bucket = kBucket;
  part.upload = "up";
  part.number = 1;
  part.blob = blob;
  site.write([&](Changes& changes) { changes.put(directory::key_of(part), part, 0); });
  ASSERT_TRUE(site.rooms.copies.save("during", site.clock.now()).ok());
  site.write([&](Changes& changes) {
    directory::UnusedBytes unused;
    unused.id = "up";
    unused.since = site.clock.now();
    unused.bucket = kBucket;
    unused.upload = "up";
    changes.leave_unused(unused);
  });
  wait();
  sweep();
  EXPECT_TRUE(has(blob));
  ASSERT_TRUE(site.rooms.copies.remove("during").ok());
  wait();
  sweep();
  EXPECT_FALSE(has(blob));
  EXPECT_THAT(keys(directory::kParts), IsEmpty());
}

// ---- Drafts that an earlier process left behind

class LeftDrafts : public SweeperTest {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "deputy-left-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    start();
  }
  void TearDown() override {
    sweeper_.reset();
    files_ = nullptr;
    std::filesystem::remove_all(folder_);
  }
  void start() {
    sweeper_.reset();
    files_ = nullptr;
    auto files = blobs::Files::open(folder_ + "/objects", blobs::Form::kPlain, crypto::system_entropy());
    ASSERT_TRUE(files.ok());
    files_ = std::move(*files);
    sweeper_ = std::make_unique<Sweeper>(site.rooms.state, *files_, site.rooms.copies, site.clock);
  }
  /// As a process that was killed between finish() and keep() leaves it.
  std::string draft(char digit) {
    const std::string name = "p" + std::string(32, digit);
    std::ofstream(folder_ + "/objects/drafts/" + name) << "bytes";
    return name;
  }
  void sweep_all() {
    while (sweeper_->sweep()) {
    }
  }
  [[nodiscard]] bool is_draft(const std::string& name) const {
    return std::filesystem::exists(folder_ + "/objects/drafts/" + name);
  }
  [[nodiscard]] bool is_there(const std::string& name) const { return files_->open(name).ok(); }

  std::string folder_;
  std::unique_ptr<blobs::Files> files_;
  std::unique_ptr<Sweeper> sweeper_;
};

TEST_F(LeftDrafts, StayIfAnEntryNamesThem) {
  const std::string newest = draft('a'), part_blob = draft('b'), former = draft('c'), nobodys = draft('d');
  put("a", newest);
  site.write([&](Changes& changes) {
    directory::Part part;
    part.bucket = kBucket;
    part.upload = "up";
    part.number = 7;
    part.blob = part_blob;
    part.former = {former};
    changes.put(directory::key_of(part), part, 0);
  });
  start();
  EXPECT_TRUE(is_there(newest)) << "from the first moment on";
  sweep_all();
  for (const std::string& name : {newest, part_blob, former}) EXPECT_TRUE(is_there(name) && !is_draft(name)) << name;
  EXPECT_FALSE(is_there(nobodys));
}

TEST_F(LeftDrafts, StayIfTheirEntryMovesWhileEntriesAreRead) {
  const std::string moving = draft('a');
  start();
  site.rooms.state.set_witness(
      {.committed = [&](auto, auto readings) { sweeper_->committed(readings); }, .in_doubt = {}});
  ASSERT_TRUE(sweeper_->sweep()) << "the parts were read; there are none";
  ASSERT_TRUE(sweeper_->sweep()) << "the newest versions were read; there are none";
  put("a", moving);  // as if it had come from among the older versions
  sweep_all();
  EXPECT_TRUE(is_there(moving));
  EXPECT_FALSE(is_draft(moving));
}

TEST_F(LeftDrafts, StayWhereTheyAreInDoubt) {
  const std::string nobodys = draft('a');
  start();
  sweeper_->in_doubt();
  sweep_all();
  EXPECT_TRUE(is_draft(nobodys));
  start();
  sweep_all();
  EXPECT_FALSE(is_draft(nobodys)) << "the next start knows";
}

}  // namespace
}  // namespace deputy::server
