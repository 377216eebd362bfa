// What every store keeps. A store joins with
//
//   struct Memory { std::unique_ptr<Store> open(Revision history); };   // may keep a folder
//   INSTANTIATE_TYPED_TEST_SUITE_P(Memory, Conformance, Memory);
//
// A rule that only one store keeps is a bug, of that store or of store.h.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <thread>

#include "store/limits.h"
#include "store/store.h"

namespace deputy::store {

using Keys = std::vector<std::string>;

inline Change put(std::string key, std::string value) { return {std::move(key), std::move(value)}; }
inline Change drop(std::string key) { return {std::move(key), std::nullopt}; }

inline std::map<std::string, std::string> values(Store& store, std::string_view prefix = "") {
  std::map<std::string, std::string> found;
  const auto scanned = store.scan(prefix);
  if (!scanned) {
    ADD_FAILURE() << scanned.error().message;
    return found;
  }
  for (const Entry& entry : scanned->first) found[entry.key] = entry.value;
  return found;
}

/// The revision of a commit that must succeed.
inline Revision committed(Store& store, Commit commit) {
  const Result<Revision> outcome = store.commit(std::move(commit));
  if (!outcome) ADD_FAILURE() << outcome.error().message;
  return outcome ? *outcome : 0;
}

inline void expect_error(const Result<Revision>& outcome, Error::Code code) {
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, code) << outcome.error().message;
  EXPECT_FALSE(outcome.error().message.empty());
}

/// What a watch told, on a thread of its own, until it has told `enough` commits.
struct Told {
  Revision revision;
  std::vector<Change> changes;
};
inline std::vector<Told> watched(Store& store, Revision from, std::size_t enough) {
  std::vector<Told> told;
  std::stop_source stop;
  const Result<void> end = store.watch(from, stop.get_token(), [&](Revision revision, std::span<const Change> changes) {
    told.push_back({revision, {changes.begin(), changes.end()}});
    if (told.size() >= enough) stop.request_stop();
  });
  EXPECT_TRUE(end.ok());
  return told;
}

template <class Kind>
class Conformance : public testing::Test {
 protected:
  Kind kind_;
  std::unique_ptr<Store> store_ = kind_.open(kHistory);
};
TYPED_TEST_SUITE_P(Conformance);

TYPED_TEST_P(Conformance, IsEmptyAtRevisionZero) {
  const auto scanned = this->store_->scan("");
  ASSERT_TRUE(scanned.ok());
  EXPECT_TRUE(scanned->first.empty());
  EXPECT_EQ(scanned->second, 0U);
}

TYPED_TEST_P(Conformance, EachCommitTakesTheNextRevision) {
  EXPECT_EQ(committed(*this->store_, {{}, {put("a", "1"), put("b", "1")}}), 1U);
  EXPECT_EQ(committed(*this->store_, {{}, {put("a", "2")}}), 2U);
  const auto scanned = this->store_->scan("");
  ASSERT_TRUE(scanned.ok());
  EXPECT_EQ(scanned->second, 2U);
  ASSERT_EQ(scanned->first.size(), 2U);
  EXPECT_EQ(scanned->first[0].revision, 2U);  // of the key's last change, not of the store
  EXPECT_EQ(scanned->first[1].revision, 1U);
}

TYPED_TEST_P(Conformance, ScanIsInKeyOrderAndEndsWithThePrefix) {
  const std::string high = "a\xFF";
  committed(*this->store_, {{},
                            {put("a0", ""), put("a/2", ""), put("a", ""), put("a/1", ""), put("a.", ""), put("b", ""),
                             put(high, ""), put(high + "z", ""), put("\xFF\xFF", ""), put("\xFF", "")}});
  const auto keys = [&](std::string_view prefix) {
    std::vector<std::string> found;
    const auto scanned = this->store_->scan(prefix);
    EXPECT_TRUE(scanned.ok());
    for (const Entry& entry : scanned->first) found.push_back(entry.key);
    return found;
  };
  EXPECT_EQ(keys("a/"), (Keys{"a/1", "a/2"}));
  EXPECT_EQ(keys("a"), (Keys{"a", "a.", "a/1", "a/2", "a0", high, high + "z"}));
  EXPECT_EQ(keys(high), (Keys{high, high + "z"}));
  EXPECT_EQ(keys("\xFF"), (Keys{"\xFF", "\xFF\xFF"}));
  EXPECT_EQ(keys("a/1"), (Keys{"a/1"}));
  EXPECT_EQ(keys("c"), Keys{});
  EXPECT_EQ(keys("").size(), 10U);
}

TYPED_TEST_P(Conformance, ValuesAndKeysAreBytes) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  committed(*this->store_,
            {{}, {put(all, all), put("empty", ""), put(std::string("nul\0x", 5), std::string(1, '\0'))}});
  const auto found = values(*this->store_);
  EXPECT_EQ(found.size(), 3U);
  EXPECT_EQ(found.at(all), all);
  EXPECT_EQ(found.at("empty"), "");
  EXPECT_EQ(found.at(std::string("nul\0x", 5)), std::string(1, '\0'));
}

TYPED_TEST_P(Conformance, APreconditionIsTheRevisionOfTheKeysLastChange) {
  const Revision first = committed(*this->store_, {{{"a", 0}}, {put("a", "1")}});
  committed(*this->store_, {{}, {put("b", "1")}});  // the store moved on, the key did not
  const Revision second = committed(*this->store_, {{{"a", first}}, {put("a", "2")}});
  expect_error(this->store_->commit({{{"a", first}}, {put("a", "3")}}), Error::Code::kConflict);
  expect_error(this->store_->commit({{{"a", second + 7}}, {put("a", "3")}}), Error::Code::kConflict);
  expect_error(this->store_->commit({{{"a", 0}}, {put("a", "3")}}), Error::Code::kConflict);
  EXPECT_EQ(values(*this->store_).at("a"), "2");
}

TYPED_TEST_P(Conformance, ADeletedKeyIsAbsentAgain) {
  const Revision made = committed(*this->store_, {{}, {put("a", "1")}});
  committed(*this->store_, {{{"a", made}}, {drop("a")}});
  EXPECT_TRUE(values(*this->store_).empty());
  expect_error(this->store_->commit({{{"a", made}}, {put("a", "2")}}), Error::Code::kConflict);
  const Revision again = committed(*this->store_, {{{"a", 0}}, {put("a", "2")}});
  EXPECT_EQ(again, 3U);
  EXPECT_EQ(values(*this->store_).at("a"), "2");
}

TYPED_TEST_P(Conformance, DeletingWhatIsAbsentIsNoChange) {
  committed(*this->store_, {{}, {put("a", "1")}});
  EXPECT_EQ(committed(*this->store_, {{}, {drop("b")}}), 1U);
  EXPECT_EQ(committed(*this->store_, {{}, {drop("b"), put("c", "1")}}), 2U);
  const std::vector<Told> told = watched(*this->store_, 1, 1);
  ASSERT_EQ(told.size(), 1U);
  ASSERT_EQ(told[0].changes.size(), 1U);
  EXPECT_EQ(told[0].changes[0].key, "c");
}

TYPED_TEST_P(Conformance, ACommitWithoutChangesOnlyAsks) {
  const Revision made = committed(*this->store_, {{}, {put("a", "1")}});
  committed(*this->store_, {{}, {put("b", "1")}});
  EXPECT_EQ(committed(*this->store_, {{{"a", made}, {"c", 0}}, {}}), 2U);
  expect_error(this->store_->commit({{{"a", made + 1}}, {}}), Error::Code::kConflict);
  EXPECT_EQ(committed(*this->store_, {{}, {}}), 2U);
}

TYPED_TEST_P(Conformance, AConflictChangesNothing) {
  committed(*this->store_, {{}, {put("a", "1")}});
  expect_error(this->store_->commit({{{"a", 1}, {"b", 5}}, {put("a", "2"), put("b", "2"), put("c", "2"), drop("a")}}),
               Error::Code::kTooLarge);  // a is changed twice
  expect_error(this->store_->commit({{{"a", 1}, {"b", 5}}, {put("b", "2"), put("c", "2"), drop("a")}}),
               Error::Code::kConflict);
  EXPECT_EQ(values(*this->store_), (std::map<std::string, std::string>{{"a", "1"}}));
  EXPECT_EQ(committed(*this->store_, {{}, {put("d", "1")}}), 2U);
}

TYPED_TEST_P(Conformance, PreconditionsMayNameOtherKeysThanTheChanges) {
  const Revision guard = committed(*this->store_, {{}, {put("guard", "1")}});
  committed(*this->store_, {{{"guard", guard}}, {put("a", "1")}});
  committed(*this->store_, {{}, {put("guard", "2")}});
  expect_error(this->store_->commit({{{"guard", guard}}, {put("a", "2")}}), Error::Code::kConflict);
}

TYPED_TEST_P(Conformance, LimitsAreTheSameForAll) {
  Store& store = *this->store_;
  const auto many = [](std::size_t preconditions, std::size_t changes) {
    Commit commit;
    for (std::size_t i = 0; i < preconditions; ++i) commit.given.push_back({"given" + std::to_string(i), 0});
    for (std::size_t i = 0; i < changes; ++i) commit.changes.push_back(put("key" + std::to_string(i), "v"));
    return commit;
  };
  EXPECT_TRUE(store.commit(many(0, kMaxOperations)).ok());
  EXPECT_TRUE(store.commit(many(kMaxOperations - 1, 1)).ok());
  expect_error(store.commit(many(0, kMaxOperations + 1)), Error::Code::kTooLarge);
  expect_error(store.commit(many(1, kMaxOperations)), Error::Code::kTooLarge);

  const std::string longest(kMaxKey, 'k');
  EXPECT_TRUE(store.commit({{}, {put(longest, "v")}}).ok());
  expect_error(store.commit({{}, {put(longest + "k", "v")}}), Error::Code::kTooLarge);
  expect_error(store.commit({{{longest + "k", 0}}, {}}), Error::Code::kTooLarge);
  expect_error(store.commit({{}, {put("", "v")}}), Error::Code::kTooLarge);
  expect_error(store.commit({{{"", 0}}, {}}), Error::Code::kTooLarge);
  expect_error(store.commit({{}, {drop("")}}), Error::Code::kTooLarge);
  expect_error(store.commit({{}, {}, {""}}), Error::Code::kTooLarge);
  expect_error(store.commit({{}, {}, {longest + "k"}}), Error::Code::kTooLarge);
  Commit prefixes = many(1, kMaxOperations - 2);
  prefixes.none_under = {"nothing/"};
  EXPECT_TRUE(store.commit(prefixes).ok());
  prefixes.none_under.push_back("nothing at all/");
  expect_error(store.commit(prefixes), Error::Code::kTooLarge);

  EXPECT_TRUE(store.commit({{}, {put("k", std::string(kMaxCommitBytes - 1, 'v'))}}).ok());
  expect_error(store.commit({{}, {put("kk", std::string(kMaxCommitBytes - 1, 'v'))}}), Error::Code::kTooLarge);
  expect_error(store.commit({{{"g", 0}}, {put("k", std::string(kMaxCommitBytes - 1, 'v'))}}), Error::Code::kTooLarge);
  EXPECT_EQ(values(store, "k").at("k").size(), kMaxCommitBytes - 1);
  EXPECT_FALSE(values(store).contains("kk"));
}

TYPED_TEST_P(Conformance, DonesComeInTheOrderOfSubmitEachOnce) {
  constexpr int kCommits = 500;
  std::vector<int> order;
  std::vector<Revision> revisions;
  for (int i = 0; i < kCommits; ++i) {
    const bool conflicts = i % 5 == 4;
    Commit commit{conflicts ? std::vector<Precondition>{{"never", 1}} : std::vector<Precondition>{},
                  {put("k" + std::to_string(i % 7), std::to_string(i))}};
    this->store_->submit(std::move(commit), [&, i, conflicts](Result<Revision> outcome) {  // on one thread: no lock
      order.push_back(i);
      EXPECT_EQ(outcome.ok(), !conflicts);
      if (outcome) revisions.push_back(*outcome);
    });
  }
  committed(*this->store_, {{}, {put("last", "")}});
  ASSERT_EQ(order.size(), static_cast<std::size_t>(kCommits));
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  for (std::size_t i = 0; i < revisions.size(); ++i) EXPECT_EQ(revisions[i], i + 1);
}

TYPED_TEST_P(Conformance, CommitsThatWaitTogetherSeeEachOther) {
  // Submitted at once, so most of them share a group: each precondition is about the one before.
  constexpr Revision kSteps = 300;
  std::atomic<int> conflicts = 0;
  for (Revision i = 0; i < kSteps; ++i) {
    const auto count = [&](const Result<Revision>& outcome) { conflicts += outcome.ok() ? 0 : 1; };
    this->store_->submit({{{"k", i}}, {put("k", std::to_string(i))}}, count);
    if (i > 0) this->store_->submit({{{"k", i}}, {put("loser", "")}}, count);
  }
  EXPECT_EQ(committed(*this->store_, {{{"k", kSteps}, {"loser", 0}}, {}}), kSteps);
  EXPECT_EQ(conflicts, static_cast<int>(kSteps) - 1);
}

TYPED_TEST_P(Conformance, WhatIsDoneCanBeScanned) {
  std::atomic<int> missing = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string key = "k" + std::to_string(i);
    committed(*this->store_, {{}, {put(key, "v")}});
    missing += values(*this->store_, key).contains(key) ? 0 : 1;
  }
  EXPECT_EQ(missing, 0);
}

TYPED_TEST_P(Conformance, WhatIsQueuedIsStillCommitted) {
  std::atomic<int> done = 0;
  for (int i = 0; i < 100; ++i) {
    this->store_->submit({{}, {put("k" + std::to_string(i), "v")}}, [&](const Result<Revision>& o) { done += o.ok(); });
  }
  this->store_.reset();
  EXPECT_EQ(done, 100);
}

TYPED_TEST_P(Conformance, ADoneMaySubmit) {
  std::promise<Revision> last;
  this->store_->submit({{}, {put("a", "1")}}, [&](Result<Revision>) {
    this->store_->submit({{}, {put("b", "1")}}, [&](const Result<Revision>& outcome) { last.set_value(*outcome); });
  });
  EXPECT_EQ(last.get_future().get(), 2U);
}

TYPED_TEST_P(Conformance, OfManyWritersWithOnePreconditionOneWins) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 25;
  std::atomic<int> wins = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int round = 0; round < kRounds; ++round) {
          const std::string key = "lock/" + std::to_string(round);
          const auto outcome = this->store_->commit({{{key, 0}}, {put(key, std::to_string(t))}});
          if (outcome) {
            ++wins;
          } else {
            EXPECT_EQ(outcome.error().code, Error::Code::kConflict);
          }
        }
      });
    }
  }
  EXPECT_EQ(wins, kRounds);
}

TYPED_TEST_P(Conformance, CountersOfManyThreadsLoseNoStep) {
  constexpr int kThreads = 6;
  constexpr int kSteps = 20;
  const auto step = [&] {
    for (;;) {  // read, add, commit on the condition that nobody did in between
      const auto scanned = this->store_->scan("counter");
      ASSERT_TRUE(scanned.ok());
      const bool made = !scanned->first.empty();
      const int value = made ? std::stoi(scanned->first[0].value) : 0;
      const Revision at = made ? scanned->first[0].revision : 0;
      if (this->store_->commit({{{"counter", at}}, {put("counter", std::to_string(value + 1))}})) return;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kSteps; ++i) step();
      });
    }
  }
  EXPECT_EQ(values(*this->store_).at("counter"), std::to_string(kThreads * kSteps));
}

TYPED_TEST_P(Conformance, WatchTellsEachCommitWholeAndInOrder) {
  constexpr std::size_t kCommits = 200;
  std::vector<Told> from_start, from_middle;
  {
    std::jthread early([&] { from_start = watched(*this->store_, 0, kCommits); });
    for (std::size_t i = 1; i <= kCommits; ++i) {
      const std::string n = std::to_string(i);
      if (i % 10 == 0) static_cast<void>(this->store_->commit({{{"never", 9}}, {put("no", n)}}));
      committed(*this->store_, {{}, {put("x/" + n, n), put("y", n), i % 2 == 0 ? drop("z") : put("z", "")}});
    }
    std::jthread late([&] { from_middle = watched(*this->store_, kCommits / 2, kCommits / 2); });
  }
  ASSERT_EQ(from_start.size(), kCommits);
  ASSERT_EQ(from_middle.size(), kCommits / 2);
  for (std::size_t i = 1; i <= kCommits; ++i) {
    const Told& told = from_start[i - 1];
    const std::string n = std::to_string(i);
    EXPECT_EQ(told.revision, i);
    ASSERT_EQ(told.changes.size(), 3U);
    EXPECT_EQ(told.changes[0].key, "x/" + n);
    EXPECT_EQ(told.changes[1].value, n);
    EXPECT_EQ(told.changes[2].value.has_value(), i % 2 == 1);
  }
  EXPECT_EQ(from_middle.front().revision, kCommits / 2 + 1);
}

TYPED_TEST_P(Conformance, AScanAndAWatchFromItsRevisionMissNothing) {
  constexpr int kKeys = 300;
  std::jthread writer([&] {
    for (int i = 0; i < kKeys; ++i) committed(*this->store_, {{}, {put("k" + std::to_string(i), "v")}});
  });
  const auto scanned = this->store_->scan("");
  ASSERT_TRUE(scanned.ok());
  EXPECT_EQ(scanned->first.size(), scanned->second);  // each commit makes one key
  const std::size_t rest = kKeys - scanned->first.size();
  if (rest > 0) {
    EXPECT_EQ(watched(*this->store_, scanned->second, rest).back().revision, static_cast<Revision>(kKeys));
  }
}

TYPED_TEST_P(Conformance, AWatchThatWaitsCanBeStopped) {
  std::stop_source stop;
  std::atomic<bool> ended = false;
  std::jthread watcher([&] {
    const Result<void> end = this->store_->watch(0, stop.get_token(), [](Revision, std::span<const Change>) {});
    ended = end.ok();
  });
  stop.request_stop();
  watcher.join();
  EXPECT_TRUE(ended);
}

TYPED_TEST_P(Conformance, HistoryIsBoundedAndCurrentValuesStay) {
  constexpr Revision kKept = 32;
  TypeParam kind;
  const std::unique_ptr<Store> store = kind.open(kKept);
  std::map<std::string, std::string> expected;
  committed(*store, {{}, {put("old", "untouched"), put("gone", "")}});
  committed(*store, {{}, {drop("gone")}});
  expected["old"] = "untouched";
  Revision head = 2;
  for (int i = 0; i < 400; ++i) {
    const std::string key = "k" + std::to_string(i % 13);
    if (i % 3 == 2) {
      expected.erase(key);
      head = committed(*store, {{}, {drop(key), put("n", std::to_string(i))}});
    } else {
      expected[key] = std::to_string(i);
      head = committed(*store, {{}, {put(key, std::to_string(i)), put("n", std::to_string(i))}});
    }
    expected["n"] = std::to_string(i);
  }
  EXPECT_EQ(values(*store), expected);

  std::stop_source stop;
  const auto ignore = [](Revision, std::span<const Change>) {};
  const Result<void> gone = store->watch(0, stop.get_token(), ignore);
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, Error::Code::kCompacted);

  const std::vector<Told> kept = watched(*store, head - kKept, kKept);
  ASSERT_EQ(kept.size(), kKept);
  EXPECT_EQ(kept.front().revision, head - kKept + 1);
  for (const Told& told : kept) EXPECT_GE(told.changes.size(), 1U);
  committed(*store, {{{"old", 1}}, {put("old", "still guarded by its revision")}});
}

TYPED_TEST_P(Conformance, ABulkCommitIsWholeAndTakesSeveralRevisions) {
  committed(*this->store_, {{}, {put("there", "1"), put("k0007", "before")}});
  constexpr std::size_t kCount = 2 * kMaxOperations + 1;
  Commit bulk;
  bulk.bulk = true;
  bulk.given = {{"there", 1}, {"k0008", 0}};
  for (std::size_t i = 0; i + 1 < kCount; ++i) {
    const std::string digits = std::to_string(i);
    bulk.changes.push_back(put("k" + std::string(4 - digits.size(), '0') + digits, "v"));
  }
  bulk.changes.push_back(drop("absent"));
  const Commit again = bulk;
  EXPECT_EQ(committed(*this->store_, std::move(bulk)), 4U);
  const auto scanned = this->store_->scan("k");
  ASSERT_TRUE(scanned.ok());
  EXPECT_EQ(scanned->second, 4U);
  ASSERT_EQ(scanned->first.size(), kCount - 1);
  for (std::size_t i = 0; i < scanned->first.size(); ++i) {
    EXPECT_EQ(scanned->first[i].value, "v");
    EXPECT_EQ(scanned->first[i].revision, bulk_revision(4, kCount, i)) << i;
  }
  expect_error(this->store_->commit(again), Error::Code::kConflict);
  EXPECT_EQ(committed(*this->store_, {{{"k0150", 3}}, {put("k0150", "2")}}), 5U) << "each has the revision that it got";
}

TYPED_TEST_P(Conformance, ABulkCommitHasLimitsOfItsOwn) {
  Commit bulk;
  bulk.bulk = true;
  bulk.changes.push_back(put("a", std::string(kMaxCommitBytes + 1, 'x')));
  committed(*this->store_, bulk);
  bulk.changes.push_back(put("a", ""));
  expect_error(this->store_->commit(bulk), Error::Code::kTooLarge);
}

/// The keys of a page; "…" if there are more.
inline Keys keys_of(const Store::Page& page) {
  Keys keys;
  for (const Entry& entry : page.entries) keys.push_back(entry.key);
  if (page.more) keys.emplace_back("…");
  return keys;
}
inline Keys page_of(Store& store, std::string_view from, std::string_view end, std::size_t limit) {
  const auto page = store.page(from, end, limit);
  if (!page) {
    ADD_FAILURE() << page.error().message;
    return {};
  }
  return keys_of(*page);
}

TYPED_TEST_P(Conformance, APageIsARangeUpToItsLimit) {
  const std::string nul("b\0x", 3), high = "b\xFF", highest = "\xFF\xFF";
  EXPECT_EQ(page_of(*this->store_, "", "", 9), Keys());
  committed(*this->store_,
            {{}, {put("a", "1"), put("b", ""), put("c", ""), put(nul, ""), put(high, ""), put(highest, "")}});
  Store& store = *this->store_;
  EXPECT_EQ(page_of(store, "", "", 9), (Keys{"a", "b", nul, high, "c", highest}));
  EXPECT_EQ(page_of(store, "", "", 6), (Keys{"a", "b", nul, high, "c", highest}));
  EXPECT_EQ(page_of(store, "", "", 5), (Keys{"a", "b", nul, high, "c", "…"}));
  EXPECT_EQ(page_of(store, "b", "c", 9), (Keys{"b", nul, high}));
  EXPECT_EQ(page_of(store, "b", "c", 1), (Keys{"b", "…"}));
  EXPECT_EQ(page_of(store, "b", std::string_view("b\0", 2), 9), Keys{"b"}) << "a key alone";
  EXPECT_EQ(page_of(store, std::string_view("b\0", 2), high, 9), Keys{nul});
  EXPECT_EQ(page_of(store, "aa", "b", 9), Keys());
  EXPECT_EQ(page_of(store, "c", "a", 9), Keys()) << "it ends before it begins";
  EXPECT_EQ(page_of(store, "b", "b", 9), Keys());
  EXPECT_EQ(page_of(store, highest, "", 9), Keys{highest});
  EXPECT_EQ(page_of(store, highest + "a", "", 9), Keys());
  EXPECT_EQ(page_of(store, "a", "", SIZE_MAX).size(), 6U);
  EXPECT_EQ(page_of(store, "a", "", 0), Keys{"…"});
  EXPECT_EQ(page_of(store, "x", "", 0), Keys{"…"});
  EXPECT_EQ(page_of(store, "x", "y", 0), Keys());
}

TYPED_TEST_P(Conformance, PagesAreOfOneRevision) {
  committed(*this->store_, {{}, {put("a", "1"), put("b", "1")}});
  committed(*this->store_, {{}, {put("b", "2")}});
  const Store::Range ranges[] = {{"a", "b", 5}, {"b", "c", 5}, {"x", "", 5}};
  const auto pages = this->store_->pages(ranges);
  ASSERT_TRUE(pages.ok());
  ASSERT_EQ(pages->size(), 3U);
  for (const Store::Page& page : *pages) EXPECT_EQ(page.revision, 2U);
  EXPECT_EQ((*pages)[0].entries[0].revision, 1U);
  EXPECT_EQ((*pages)[1].entries[0].revision, 2U);
  EXPECT_EQ((*pages)[1].entries[0].value, "2");
  EXPECT_TRUE((*pages)[1].entries[0].genuine);
  EXPECT_TRUE((*pages)[2].entries.empty());
  EXPECT_TRUE(this->store_->pages({})->empty());

  constexpr int kCommits = 300;
  std::atomic<bool> done = false;
  std::jthread writer([&] {
    for (int i = 3; i < kCommits; ++i) {
      const std::string n = std::to_string(i);
      committed(*this->store_, {{}, {put("a", n), put("b", n), i % 2 == 0 ? drop("c") : put("c", n)}});
    }
    done = true;
  });
  Revision last = 0;
  do {
    const auto moment = this->store_->pages(ranges);
    ASSERT_TRUE(moment.ok());
    const Revision at = (*moment)[0].revision;
    EXPECT_GE(at, last);
    last = at;
    if (at < 3) continue;
    for (int i = 0; i < 2; ++i) {
      const Store::Page& page = (*moment)[static_cast<std::size_t>(i)];
      EXPECT_EQ(page.revision, at);
      EXPECT_EQ(page.entries[0].value, std::to_string(at));
    }
  } while (!done);
}

TYPED_TEST_P(Conformance, ManyReadPagesAtOnce) {
  constexpr int kKeys = 2000;
  Commit many;
  many.bulk = true;
  for (int i = 0; i < kKeys; ++i) many.changes.push_back(put("k" + std::to_string(10'000 + i), std::to_string(i)));
  committed(*this->store_, std::move(many));
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i) {
          const int first = (i * 37 + t * 101) % (kKeys - 10);
          const auto page = this->store_->page("k" + std::to_string(10'000 + first), "l", 10);
          wrong +=
              !page || page->entries.size() != 10 || !page->more || page->entries[9].value != std::to_string(first + 9);
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TYPED_TEST_P(Conformance, NothingIsUnderAPrefixThatACommitNeedsEmpty) {
  const auto needs = [](std::string prefix, std::vector<Change> changes) {
    Commit commit;
    commit.none_under = {std::move(prefix)};
    commit.changes = std::move(changes);
    return commit;
  };
  const std::string high = "h\xFF";
  committed(*this->store_, {{}, {put("a/1", ""), put("b", ""), put(high, "")}});
  committed(*this->store_, needs("a/2", {put("x", "1")}));
  expect_error(this->store_->commit(needs("a/", {put("x", "2")})), Error::Code::kConflict);
  expect_error(this->store_->commit(needs("a/1", {put("x", "2")})), Error::Code::kConflict);
  expect_error(this->store_->commit(needs("a/1", {drop("a/1")})), Error::Code::kConflict);
  expect_error(this->store_->commit(needs(high, {})), Error::Code::kConflict);
  committed(*this->store_, needs("\xFF", {put("\xFF\xFF", "")}));
  expect_error(this->store_->commit(needs("\xFF", {})), Error::Code::kConflict);
  EXPECT_EQ(values(*this->store_).at("x"), "1");
  committed(*this->store_, {{}, {drop("a/1")}});
  committed(*this->store_, needs("a/", {put("a/1", "made by who needed it empty")}));
  Commit bulk = needs("a/", {put("x", "3")});
  bulk.bulk = true;
  expect_error(this->store_->commit(bulk), Error::Code::kConflict);
  bulk.none_under = {"a/9", "a/"};
  expect_error(this->store_->commit(bulk), Error::Code::kConflict);
  bulk.none_under = {"c/"};
  committed(*this->store_, std::move(bulk));
  EXPECT_EQ(values(*this->store_).at("x"), "3");
}

TYPED_TEST_P(Conformance, AWriterUnderAPrefixAndWhoNeedsItEmptyDoNotBothWin) {
  // Submitted at once, so most of them share a group.
  constexpr int kRounds = 200;
  std::vector<std::promise<bool>> writes(kRounds), needs(kRounds);
  for (int i = 0; i < kRounds; ++i) {
    const std::string bucket = "bucket/" + std::to_string(i), prefix = "object/" + std::to_string(i) + "/";
    committed(*this->store_, {{}, {put(bucket, "")}});
    const Revision made = static_cast<Revision>(this->store_->scan(bucket)->first.front().revision);
    const auto write = [&, i] {
      this->store_->submit({{{bucket, made}}, {put(prefix + "k", "")}},
                           [&, i](const auto& o) { writes[i].set_value(o.ok()); });
    };
    const auto need = [&, i] {
      Commit commit{{{bucket, made}}, {drop(bucket)}};
      commit.none_under = {prefix};
      this->store_->submit(std::move(commit), [&, i](const auto& o) { needs[i].set_value(o.ok()); });
    };
    i % 2 == 0 ? write() : need();
    i % 2 == 0 ? need() : write();
  }
  for (int i = 0; i < kRounds; ++i) {
    EXPECT_EQ(writes[i].get_future().get(), i % 2 == 0) << i;
    EXPECT_EQ(needs[i].get_future().get(), i % 2 != 0) << i;
  }
}

REGISTER_TYPED_TEST_SUITE_P(
    Conformance, IsEmptyAtRevisionZero, APageIsARangeUpToItsLimit, PagesAreOfOneRevision, ManyReadPagesAtOnce,
    NothingIsUnderAPrefixThatACommitNeedsEmpty, AWriterUnderAPrefixAndWhoNeedsItEmptyDoNotBothWin,
    ABulkCommitIsWholeAndTakesSeveralRevisions, ABulkCommitHasLimitsOfItsOwn, EachCommitTakesTheNextRevision,
    ScanIsInKeyOrderAndEndsWithThePrefix, ValuesAndKeysAreBytes, APreconditionIsTheRevisionOfTheKeysLastChange,
    ADeletedKeyIsAbsentAgain, DeletingWhatIsAbsentIsNoChange, ACommitWithoutChangesOnlyAsks, AConflictChangesNothing,
    PreconditionsMayNameOtherKeysThanTheChanges, LimitsAreTheSameForAll, DonesComeInTheOrderOfSubmitEachOnce,
    CommitsThatWaitTogetherSeeEachOther, WhatIsDoneCanBeScanned, WhatIsQueuedIsStillCommitted, ADoneMaySubmit,
    OfManyWritersWithOnePreconditionOneWins, CountersOfManyThreadsLoseNoStep, WatchTellsEachCommitWholeAndInOrder,
    AScanAndAWatchFromItsRevisionMissNothing, AWatchThatWaitsCanBeStopped, HistoryIsBoundedAndCurrentValuesStay);

}  // namespace deputy::store
