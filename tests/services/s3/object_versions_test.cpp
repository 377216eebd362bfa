// Versions of one key, against a list of them that a reader can check: whatever is written and deleted, in whatever state
// of the bucket's versioning, what is read, listed and left over is what the list says.
#include <algorithm>
#include <random>

#include "services/s3/buckets.h"
#include "services/s3/get_object.h"
#include "services/s3/listings.h"
#include "services/s3/put_object.h"
#include "services/s3/versioning.h"
#include "support/world.h"

namespace deputy::s3 {
namespace {

using tests::World;

constexpr const char* kBucket = "a-bucket";

/// The versions of a key, newest first.
struct Model {
  struct Version {
    std::string id;  // as it is shown
    std::string content;
    bool marker = false;
  };
  std::vector<Version> versions;
  bool enabled = false, ever = false;

  void put(Version version) {
    if (version.id == "null") std::erase_if(versions, [](const auto& v) { return v.id == "null"; });
    versions.insert(versions.begin(), std::move(version));
  }
  [[nodiscard]] const Version* find(const std::string& id) const {
    const auto found = std::find_if(versions.begin(), versions.end(), [&](const auto& v) { return v.id == id; });
    return found == versions.end() ? nullptr : &*found;
  }
};

class ObjectVersionsTest : public testing::Test {
 protected:
  ObjectVersionsTest() {
    CreateBucket::Input in{};
    in.bucket = kBucket;
    world.must<CreateBucket>(in);
  }
  void set_versioning(const char* status) {
    PutBucketVersioning::Input in{};
    in.bucket = kBucket;
    in.versioning_configuration.status = status;
    world.must<PutBucketVersioning>(in);
  }
  std::optional<std::string> put(const std::string& content, const std::string& key = "k") {
    PutObject::Input in{};
    in.bucket = kBucket;
    in.key = key;
    world.body = content;
    return world.must<PutObject>(in).version_id;
  }
  Result<GetObject::Output> get(const std::optional<std::string>& version, const std::string& key = "k") {
    GetObject::Input in{};
    in.bucket = kBucket;
    in.key = key;
    in.version_id = version;
    return world.call<GetObject>(in);
  }
  DeleteObject::Output erase(const std::optional<std::string>& version, const std::string& key = "k") {
    DeleteObject::Input in{};
    in.bucket = kBucket;
    in.key = key;
    in.version_id = version;
    return world.must<DeleteObject>(in);
  }
  ListObjectVersions::Output versions() {
    ListObjectVersions::Input in{};
    in.bucket = kBucket;
    return world.must<ListObjectVersions>(in);
  }
  void check(const Model& model) {
    std::vector<std::string> shown, expected, markers, expected_markers;
    const auto out = versions();
    if (out.versions) {
      for (const auto& v : *out.versions) shown.push_back(*v.version_id + (*v.is_latest ? " latest" : ""));
    }
    if (out.delete_markers) {
      for (const auto& m : *out.delete_markers) markers.push_back(*m.version_id + (*m.is_latest ? " latest" : ""));
    }
    for (const auto& v : model.versions) {
      (v.marker ? expected_markers : expected).push_back(v.id + (&v == model.versions.data() ? " latest" : ""));
    }
    ASSERT_EQ(shown, expected);
    ASSERT_EQ(markers, expected_markers);
    const auto newest = get({});
    const bool exists = !model.versions.empty() && !model.versions.front().marker;
    ASSERT_EQ(newest.ok(), exists);
    if (exists) {
      ASSERT_EQ(world.sent->version->content, model.versions.front().content);
    }
    for (const auto& v : model.versions) {
      const auto got = get(v.id);
      ASSERT_EQ(got.ok(), !v.marker) << v.id;
      if (got) {
        ASSERT_EQ(world.sent->version->content, v.content) << v.id;
      }
    }
    const auto attempt = [&] {
      DeleteBucket::Input in{};
      in.bucket = kBucket;
      return world.attempt<DeleteBucket>(in);
    }();
    ASSERT_EQ(attempt.ok(), model.versions.empty());
  }

  World world;
};

TEST_F(ObjectVersionsTest, AreWhatAListSaysWhateverIsDone) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    Model model;
    for (int step = 0; step < 40; ++step) {
      world.now += std::chrono::milliseconds(random() % 3);  // two at one moment, too
      const unsigned what = random() % 10;
      if (what < 4) {
        const std::string content = std::to_string(step);
        const auto id = put(content);
        ASSERT_EQ(id.has_value(), model.enabled);
        model.put({id.value_or("null"), content, false});
      } else if (what < 6) {
        const auto out = erase({});
        ASSERT_EQ(out.delete_marker.value_or(false), model.ever);
        if (model.ever) {
          model.put({*out.version_id, "", true});
        } else {
          model.versions.clear();
        }
      } else if (what < 9) {
        if (model.versions.empty()) continue;
        const Model::Version gone = model.versions[random() % model.versions.size()];
        const auto out = erase(gone.id);
        ASSERT_EQ(out.delete_marker.value_or(false), gone.marker);
        std::erase_if(model.versions, [&](const auto& v) { return v.id == gone.id; });
      } else {
        model.enabled = !model.enabled;
        model.ever = true;
        set_versioning(model.enabled ? "Enabled" : "Suspended");
      }
      ASSERT_NO_FATAL_FAILURE(check(model)) << "step " << step;
    }
    // The next one begins with a bucket of its own.
    for (const auto& v : std::vector<Model::Version>(model.versions)) erase(v.id);
    DeleteBucket::Input gone{};
    gone.bucket = kBucket;
    world.must<DeleteBucket>(gone);
    CreateBucket::Input in{};
    in.bucket = kBucket;
    world.must<CreateBucket>(in);
  }
}

TEST_F(ObjectVersionsTest, ManyOfSeveralKeysGoAtOnce) {
  set_versioning("Enabled");
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    std::map<std::string, std::vector<std::string>> ids;
    for (int i = 0; i < 12; ++i) {
      world.now += std::chrono::milliseconds(1);
      const std::string key(1, static_cast<char>('a' + random() % 3));
      ids[key].push_back(*put("x", key));
    }
    DeleteObjects::Input in{};
    in.bucket = kBucket;
    std::map<std::string, std::vector<std::string>> left;
    for (const auto& [key, versions] : ids) {
      for (const std::string& id : versions) {
        if (random() % 2 == 0) {
          left[key].insert(left[key].begin(), id);
          continue;
        }
        in.delete_.objects.push_back({.key = key, .version_id = id, .e_tag = {}, .last_modified_time = {}, .size = {}});
      }
    }
    if (!in.delete_.objects.empty()) {
      const auto out = world.must<DeleteObjects>(in);
      EXPECT_EQ(out.deleted->size(), in.delete_.objects.size());
    }
    std::map<std::string, std::vector<std::string>> shown;
    const auto listed = versions();
    if (listed.versions) {
      for (const auto& v : *listed.versions) shown[*v.key].push_back(*v.version_id);
    }
    ASSERT_EQ(shown, left) << round;
    for (const auto& [key, versions] : left) {
      for (const std::string& id : versions) erase(id, key);
    }
    ASSERT_FALSE(versions().versions) << round;
  }
}

}  // namespace
}  // namespace deputy::s3
