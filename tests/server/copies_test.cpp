// Copies of the whole directory by name: what they keep, how the way back leads, and that nothing of what came between
// stays.
#include "server/copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "server/site.h"

namespace deputy::server {
namespace {

using directory::Changes;
using testing::ElementsAre;
using testing::IsEmpty;

class CopiesTest : public testing::Test {
 protected:
  void create(const std::string& name, const std::string& key = "") {
    site.write([&](Changes& changes) {
      directory::User user;
      user.account = owner();
      user.id = UniqueId("AIDA" + name);
      user.path = "/";
      user.name = name;
      if (!key.empty()) {
        user.access_keys.push_back({key, "sealed", true, {}});
        changes.claim_access_key(key);
      }
      changes.create(user);
    });
  }
  void erase(const std::string& name) {
    site.write([&](Changes& changes) { changes.erase(*site.snapshot()->user(owner(), name)); });
  }
  [[nodiscard]] bool exists(const std::string& name) const { return site.snapshot()->user(owner(), name) != nullptr; }
  [[nodiscard]] const AccountId& owner() const { return site.people.account.id; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const Copies::Copy& copy : copies.list()) all.push_back(copy.name);
    return all;
  }
  /// All that the store holds, without the revisions: "key=value".
  [[nodiscard]] std::vector<std::string> stored() const {
    std::vector<std::string> all;
    const auto entries = site.rooms.state.stored("");
    EXPECT_TRUE(entries.ok());
    for (const store::Entry& entry : *entries) all.push_back(entry.key + "=" + entry.value);
    return all;
  }
  Copies::Copy saved(const std::string& name) {
    const auto copy = copies.save(name, site.clock.now());
    EXPECT_TRUE(copy.ok());
    return copy ? *copy : Copies::Copy{};
  }
  template <class T>
  static std::string refusal(const Result<T>& result) {
    return result ? std::string() : result.error().code() + ": " + result.error().message();
  }

  Site site;
  Copies& copies = site.rooms.copies;
};

TEST_F(CopiesTest, WhatCameAfterACopyGoesAndWhatWentComesBack) {
  create("early", "AKIAEARLY");
  create("changed");
  const auto before = stored();
  const Copies::Copy copy = saved("clean");
  EXPECT_EQ(copy.entries, before.size());
  EXPECT_EQ(copy.revision, site.snapshot()->revision());
  EXPECT_EQ(copy.saved, site.clock.now());

  create("late", "AKIALATE");
  erase("early");
  site.write([&](Changes& changes) {
    directory::User user = *site.snapshot()->user(owner(), "changed");
    user.path = "/other/";
    changes.update(user);
  });
  const auto revision = site.snapshot()->revision();
  const auto restored = copies.restore("clean");
  ASSERT_TRUE(restored.ok()) << restored.error().message();
  // late and its key went, early came back, changed changed back. The key of early was there all the time.
  EXPECT_EQ(restored->changed, 4U);
  EXPECT_EQ(restored->copy.name, "clean");
  EXPECT_EQ(stored(), before);
  EXPECT_TRUE(exists("early"));
  EXPECT_FALSE(exists("late"));
  EXPECT_EQ(site.snapshot()->user(owner(), "changed")->path, "/");
  EXPECT_TRUE(site.snapshot()->access_key("AKIAEARLY"));
  EXPECT_FALSE(site.snapshot()->access_key("AKIALATE"));
  EXPECT_GT(site.snapshot()->revision(), revision) << "time does not run backwards";
}

TEST_F(CopiesTest, WhereNothingChangedNothingIsWritten) {
  saved("clean");
  const auto revision = site.snapshot()->revision();
  EXPECT_EQ(copies.restore("clean")->changed, 0U);
  EXPECT_EQ(site.snapshot()->revision(), revision);
}

TEST_F(CopiesTest, ACopyIsRestoredAsOftenAsOneLikes) {
  const auto before = stored();
  saved("clean");
  for (int i = 0; i < 3; ++i) {
    create("u" + std::to_string(i));
    EXPECT_EQ(copies.restore("clean")->changed, 1U);
    EXPECT_EQ(stored(), before);
  }
}

TEST_F(CopiesTest, ANameIsOfTheLastThatWasSaved) {
  saved("b");
  create("late");
  saved("a");
  EXPECT_THAT(names(), ElementsAre("a", "b"));
  saved("b");  // replaced
  EXPECT_THAT(names(), ElementsAre("a", "b"));
  erase("late");
  EXPECT_TRUE(copies.restore("b").ok());
  EXPECT_TRUE(exists("late"));
}

TEST_F(CopiesTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(refusal(copies.restore("clean")), "SnapshotNotFoundException: There is no snapshot clean.");
  EXPECT_EQ(refusal(copies.remove("clean")), "SnapshotNotFoundException: There is no snapshot clean.");
  saved("clean");
  EXPECT_EQ(copies.remove("clean")->name, "clean");
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_FALSE(copies.restore("clean").ok());
}

TEST_F(CopiesTest, ThereIsRoomForSoMany) {
  for (std::size_t i = 0; i < Copies::kMost; ++i) saved("c" + std::to_string(i));
  EXPECT_EQ(refusal(copies.save("more", site.clock.now())),
            "LimitExceededException: There is no room for another snapshot: delete one (deputy snapshot delete NAME).");
  saved("c0");  // in the place of its own
  EXPECT_TRUE(copies.remove("c1").ok());
  saved("more");
}

TEST_F(CopiesTest, ClearedIsAllButTheServersOwn) {
  create("dana", "AKIADANA");
  const std::size_t before = stored().size();
  const auto went = copies.clear();
  ASSERT_TRUE(went.ok()) << went.error().message();
  ASSERT_EQ(stored().size(), 1U);
  EXPECT_TRUE(stored().front().starts_with("token-key/"));
  EXPECT_EQ(*went, before - 1);
  EXPECT_EQ(site.snapshot()->account(owner()), nullptr);
  EXPECT_FALSE(site.snapshot()->access_key("AKIADANA"));
  EXPECT_FALSE(site.snapshot()->token_keys().empty()) << "or no session could be made";
  EXPECT_EQ(*copies.clear(), 0U);
}

TEST_F(CopiesTest, UsesOfWhatGoesAreForgotten) {
  saved("clean");
  create("dana", "AKIADANA");
  site.rooms.usage.used("AKIADANA", site.clock.now(), "us-east-1", "iam");
  site.write([&](Changes& changes) {
    for (const auto& [id, use] : site.rooms.usage.take_changed(10)) changes.remember_use(id, use);
  });
  ASSERT_TRUE(site.rooms.usage.last("AKIADANA"));
  ASSERT_TRUE(copies.restore("clean").ok());
  EXPECT_FALSE(site.rooms.usage.last("AKIADANA"));
}

/// Others go on writing meanwhile: a restore is decided anew until it fits, or says that it did not.
TEST_F(CopiesTest, OthersMayWriteMeanwhile) {
  const auto before = stored();
  saved("clean");
  std::thread others([this] {
    for (int i = 0; i < 200; ++i) {
      site.write([&](Changes& changes) {
        changes.remember_use("AKIA" + std::to_string(i % 7), {site.clock.now(), "r" + std::to_string(i), "iam"});
      });
    }
  });
  for (int i = 0; i < 20; ++i) {
    const auto restored = copies.restore("clean");
    EXPECT_TRUE(restored.ok() || restored.error().code() == "ServiceUnavailable");
  }
  others.join();
  ASSERT_TRUE(copies.restore("clean").ok());
  EXPECT_EQ(stored(), before);
}

}  // namespace
}  // namespace deputy::server
