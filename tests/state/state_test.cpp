#include "state/state.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "directory/codec.h"
#include "store/memory/memory.h"

namespace deputy::state {
namespace {

directory::Account account(const char* id) {
  directory::Account a;
  a.id = *AccountId::parse(id);
  a.name = "An account";
  return a;
}

directory::Role role(const AccountId& owner, std::string name) {
  directory::Role r;
  r.account = owner;
  r.id = UniqueId("AROAAAAAAAAAAAAAAAAAA");
  r.path = "/";
  r.name = std::move(name);
  r.trust = directory::PolicyText(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}})");
  return r;
}

store::Result<store::Revision> commit(State& state, const directory::Changes& changes) {
  std::promise<store::Result<store::Revision>> outcome;
  state.commit(changes, [&](auto r) { outcome.set_value(std::move(r)); });
  return outcome.get_future().get();
}

std::unique_ptr<State> open() { return std::move(State::open(store::open_memory(), {})).value(); }

TEST(StateTest, EveryoneReadsTheirOwnWrites) {
  const auto state = open();
  const auto owner = account("111111111111");
  directory::Changes first;
  first.create(owner);
  ASSERT_TRUE(commit(*state, first));

  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < 50; ++i) {
        const std::string name = "role-" + std::to_string(w) + "-" + std::to_string(i);
        directory::Changes changes;
        changes.create(role(owner.id, name));
        const auto done = commit(*state, changes);
        ASSERT_TRUE(done);
        const auto* found = state->snapshot()->role(owner.id, name);
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->revision, *done);
        EXPECT_GE(state->snapshot()->revision(), *done);
      }
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(state->snapshot()->account(owner.id)->roles.size(), 200U);
}

TEST(StateTest, TheSecondOfTwoWritersConflicts) {
  const auto state = open();
  const auto owner = account("111111111111");
  directory::Changes first;
  first.create(owner);
  first.create(role(owner.id, "Deploy"));
  ASSERT_TRUE(commit(*state, first));

  directory::Role mine = *state->snapshot()->role(owner.id, "Deploy");
  directory::Changes one, two, same_name;
  one.update(mine);
  two.update(mine);
  same_name.create(role(owner.id, "DEPLOY"));
  EXPECT_TRUE(commit(*state, one));
  EXPECT_EQ(commit(*state, two).error().code, store::Error::Code::kConflict);
  EXPECT_EQ(commit(*state, same_name).error().code, store::Error::Code::kConflict);
}

/// The keys that a store holds.
std::vector<std::string> keys(store::Store& store) {
  std::vector<std::string> found;
  const auto scanned = store.scan("");
  for (const store::Entry& entry : scanned->first) found.push_back(entry.key);
  return found;
}

void put(store::Store& store, std::initializer_list<store::Change> changes) {
  ASSERT_TRUE(store.commit({.given = {}, .changes = changes}));
}

constexpr const char* kOne = "111111111111";
constexpr const char* kTwo = "222222222222";

TEST(StateTest, WhatBelongsToNoAccountIsDeletedAtStart) {
  auto memory = store::open_memory();
  store::Store& store = *memory;
  directory::Account one = account(kOne);
  one.alias = "one";
  const directory::Role stays = role(one.id, "Stays");
  directory::Bucket bucket{.account = *AccountId::parse(kTwo), .name = "b", .region = "us-east-1", .created = {}};
  put(store, {{"account/111111111111", directory::encode(one)},
              {"account/111111111111/role/stays", directory::encode(stays)},
              {"alias/one", ""},
              {"account/222222222222/user/u", "whatever it was"},
              {"bucket/b", directory::encode(bucket)},
              {"access-key/AKIANOBODYHASTHISKEY", ""},
              {"alias/two", ""}});
  const auto state = State::open(std::move(memory), {});
  ASSERT_TRUE(state);
  EXPECT_EQ(keys(store),
            (std::vector<std::string>{"account/111111111111", "account/111111111111/role/stays", "alias/one"}));
  EXPECT_NE((*state)->snapshot()->role(one.id, "Stays"), nullptr);
}

TEST(StateTest, AnAccountMadeAnewFindsNothingOfTheOldOne) {
  auto memory = store::open_memory();
  store::Store& store = *memory;
  const auto state = std::move(State::open(std::move(memory), {})).value();
  for (int i = 0; i < 120; ++i) {  // more than one commit deletes
    put(store,
        {{"account/111111111111/role/left-" + std::to_string(i), directory::encode(role(account(kOne).id, "x"))}});
  }
  put(store, {{"account/222222222222/role/other", directory::encode(role(account(kTwo).id, "other"))}});

  directory::Changes changes;
  changes.create(account(kOne));
  ASSERT_TRUE(commit(*state, changes));
  EXPECT_EQ(keys(store), (std::vector<std::string>{"account/111111111111", "account/222222222222/role/other"}));
  EXPECT_EQ(commit(*state, changes).error().code, store::Error::Code::kConflict);
}

TEST(StateTest, MakingAnAccountThatExistsDeletesNothingOfIt) {
  auto memory = store::open_memory();
  store::Store& store = *memory;
  const auto state = std::move(State::open(std::move(memory), {})).value();
  directory::Changes first, again;
  first.create(account(kOne));
  first.create(role(account(kOne).id, "Deploy"));
  ASSERT_TRUE(commit(*state, first));
  again.create(account(kOne));
  EXPECT_EQ(commit(*state, again).error().code, store::Error::Code::kConflict);
  EXPECT_EQ(keys(store), (std::vector<std::string>{"account/111111111111", "account/111111111111/role/deploy"}));
}

TEST(StateTest, WhatCannotBeReadBackIsNotWritten) {
  auto memory = store::open_memory();
  store::Store& store = *memory;
  const auto state = std::move(State::open(std::move(memory), {})).value();
  directory::Changes changes, early, late, no_policy;
  changes.create(account(kOne));
  ASSERT_TRUE(commit(*state, changes));
  directory::SamlProvider provider;
  provider.account = account(kOne).id;
  provider.name = "idp";
  provider.valid_until = Time{std::chrono::milliseconds{-1}};
  early.create(provider);
  directory::Bucket bucket{.account = account(kOne).id, .name = "b", .region = "us-east-1", .created = {}};
  bucket.created = Time{std::chrono::milliseconds{253402300800000}};
  late.create(bucket);
  directory::Role broken = role(account(kOne).id, "broken");
  broken.trust = directory::PolicyText("no policy");
  no_policy.create(role(account(kOne).id, "whole"));
  no_policy.create(broken);
  for (const auto* bad : {&early, &late, &no_policy}) {
    const auto done = commit(*state, *bad);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, store::Error::Code::kUnreadable) << done.error().message;
  }
  EXPECT_EQ(keys(store), (std::vector<std::string>{"account/111111111111"}));
  EXPECT_EQ(state->snapshot()->role(account(kOne).id, "whole"), nullptr);
}

TEST(StateTest, AnEntryThatCannotBeReadIsSetAsideAndLeftAlone) {
  auto memory = store::open_memory();
  store::Store& store = *memory;
  put(store, {{"account/111111111111", directory::encode(account(kOne))},
              {"account/111111111111/role/deploy", std::string("\x01\x63\x01x", 4)},
              {"alias/nobodys", ""}});
  const auto state = std::move(State::open(std::move(memory), {})).value();
  const directory::Unreadable* entry = state->snapshot()->unreadable().get("account/111111111111/role/deploy");
  ASSERT_NE(entry, nullptr);
  EXPECT_NE(entry->reason.find("field 99"), std::string::npos) << entry->reason;
  EXPECT_EQ(keys(store).size(), 3U);  // what seems to be nobody's may belong to it

  directory::Changes over, other, elsewhere, remove;
  over.create(role(account(kOne).id, "Deploy"));
  EXPECT_EQ(commit(*state, over).error().code, store::Error::Code::kUnreadable);
  directory::Role forged = role(account(kOne).id, "Deploy");
  forged.revision = entry->revision;
  other.update(forged);
  EXPECT_EQ(commit(*state, other).error().code, store::Error::Code::kUnreadable);
  elsewhere.create(role(account(kOne).id, "Other"));
  EXPECT_TRUE(commit(*state, elsewhere));

  remove.erase(forged);
  ASSERT_TRUE(commit(*state, remove));
  EXPECT_TRUE(state->snapshot()->unreadable().empty());
  EXPECT_TRUE(commit(*state, over));
}

directory::ObjectVersion object(std::string key) {
  directory::ObjectVersion version;
  version.bucket = "BUCKET";
  version.key = std::move(key);
  version.version = "1";
  return version;
}

TEST(StateTest, WhatBucketsHoldMakesNoSnapshot) {
  const auto state = open();
  const auto before = state->snapshot();
  directory::Changes changes;
  changes.put(directory::newest_key("BUCKET", "k"), object("k"), 0);
  const auto done = commit(*state, changes);
  ASSERT_TRUE(done);
  EXPECT_EQ(state->snapshot(), before);
  const auto page = state->page("object/", "", 10);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->entries.size(), 1U);
  EXPECT_EQ(page->entries.front().revision, *done);
  EXPECT_EQ(commit(*state, changes).error().code, store::Error::Code::kConflict);

  const auto owner = account(kOne);
  directory::Changes both;
  both.create(owner);
  both.put(directory::newest_key("BUCKET", "l"), object("l"), 0);
  ASSERT_TRUE(commit(*state, both));
  EXPECT_NE(state->snapshot()->account(owner.id), nullptr);
}

TEST(StateTest, AWitnessHearsOfEveryCommitBeforeItsWriter) {
  const auto state = open();
  std::vector<std::string> heard;  // of the writer's thread, and then of those whom it has told
  state->set_witness({.committed =
                          [&](store::Revision revision, std::span<const directory::Reading> readings) {
                            for (const directory::Reading& reading : readings) {
                              std::string line = std::to_string(revision) + " " + reading.key;
                              const auto* version =
                                  std::get_if<std::shared_ptr<directory::ObjectVersion>>(&reading.entity);
                              if (version != nullptr) line += " " + std::to_string((*version)->revision);
                              heard.push_back(line + (reading.deletes ? " gone" : ""));
                            }
                          },
                      .in_doubt = [&] { heard.emplace_back("in doubt"); }});
  const auto wait = [&](const directory::Changes& changes) {
    std::promise<std::size_t> lines;
    state->commit(changes, [&](auto) { lines.set_value(heard.size()); });
    return lines.get_future().get();
  };
  directory::Changes one, two, three;
  one.create(account(kOne));
  EXPECT_EQ(wait(one), 1U);
  two.put(directory::newest_key("BUCKET", "k"), object("k"), 0);
  EXPECT_EQ(wait(two), 2U);
  EXPECT_EQ(wait(two), 2U) << "it conflicted";
  three.remove(directory::newest_key("BUCKET", "k"), 2);
  EXPECT_EQ(wait(three), 3U);
  EXPECT_EQ(heard,
            (std::vector<std::string>{"1 account/111111111111", "2 object/BUCKET/k 2", "3 object/BUCKET/k gone"}));
}

/// A store that takes nothing and says not whether it did.
class Doubtful final : public store::Store {
 public:
  store::Result<std::pair<std::vector<store::Entry>, store::Revision>> scan(std::string_view prefix) override {
    return memory_->scan(prefix);
  }
  store::Result<std::vector<Page>> pages(std::span<const Range> ranges) override { return memory_->pages(ranges); }
  void submit(store::Commit, Done done) override { done(store::Error{store::Error::Code::kUnavailable, "who knows"}); }
  store::Result<void> watch(store::Revision from, std::stop_token stop, const See& see) override {
    return memory_->watch(from, std::move(stop), see);
  }

 private:
  std::unique_ptr<store::Store> memory_ = store::open_memory();
};

TEST(StateTest, AWitnessHearsOfWhatIsInDoubt) {
  const auto state = std::move(State::open(std::make_unique<Doubtful>(), {})).value();
  int doubts = 0;
  state->set_witness({.committed = [](auto, auto) { FAIL() << "nobody knows that"; }, .in_doubt = [&] { ++doubts; }});
  directory::Changes changes;
  changes.put(directory::newest_key("BUCKET", "k"), object("k"), 0);
  EXPECT_EQ(commit(*state, changes).error().code, store::Error::Code::kUnavailable);
  EXPECT_EQ(doubts, 1);
}

TEST(StateTest, WhatAWitnessThrowsIsADoubtAndNoLostCommit) {
  const auto state = open();
  int doubts = 0;
  state->set_witness({.committed = [](auto, auto) { throw std::bad_alloc(); }, .in_doubt = [&] { ++doubts; }});
  directory::Changes changes;
  changes.create(account(kOne));
  EXPECT_TRUE(commit(*state, changes));
  EXPECT_EQ(doubts, 1);
  EXPECT_NE(state->snapshot()->account(*AccountId::parse(kOne)), nullptr);
}

TEST(StateTest, WhatBucketsHoldIsNotLoaded) {
  auto memory = store::open_memory();
  store::Store& store = *memory;
  put(store, {{"account/111111111111", directory::encode(account(kOne))},
              {"object/B/k", "nobody looks at it at start"},
              {"part/B/u/00001", "?"},
              {"unused-bytes/x", "?"},
              {"upload/B/k", "?"},
              {"version/B/k", "?"}});
  const auto state = State::open(std::move(memory), {});
  ASSERT_TRUE(state);
  EXPECT_NE((*state)->snapshot()->account(*AccountId::parse(kOne)), nullptr);
  EXPECT_TRUE((*state)->snapshot()->unreadable().empty());
  EXPECT_EQ((*state)->snapshot()->revision(), 1U);
  EXPECT_EQ(keys(store).size(), 6U);
}

TEST(StateTest, NothingMayBeUnderAPrefixThatACommitNeedsEmpty) {
  const auto state = open();
  directory::Changes write, needs;
  write.put(directory::newest_key("BUCKET", "k"), object("k"), 0);
  needs.create(account(kOne));
  needs.require_none_under(directory::objects_of("BUCKET"));
  ASSERT_TRUE(commit(*state, write));
  EXPECT_EQ(commit(*state, needs).error().code, store::Error::Code::kConflict);
  directory::Changes removes;
  removes.remove(directory::newest_key("BUCKET", "k"), 1);
  ASSERT_TRUE(commit(*state, removes));
  EXPECT_TRUE(commit(*state, needs));
}

}  // namespace
}  // namespace deputy::state
