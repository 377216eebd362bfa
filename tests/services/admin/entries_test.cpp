// Entries that were set aside at start: shown as they lie there, and removed only as what was looked at.
#include "services/admin/entries.h"

#include <gtest/gtest.h>

#include "authn/session_token.h"
#include "base/encoding.h"
#include "support/world.h"

namespace deputy::admin {
namespace {

using tests::refused;

/// A directory whose entries are damaged, each at revision 7.
class EntriesTest : public testing::Test {
 protected:
  void damage(std::vector<std::string> keys) {
    keys_ = std::move(keys);
    std::vector<directory::StoredEntry> entries;
    for (const std::string& key : keys_) entries.push_back({key, kBytes, 7, {}});
    snapshot_ = directory::Snapshot::empty({})->load(9, entries);
    ASSERT_EQ(snapshot_->unreadable().size(), keys_.size());
  }
  template <class Op>
  Result<services::Outcome<typename Op::Output>> call(const typename Op::Input& in) {
    const services::At at{.snapshot = *snapshot_,
                          .caller = caller_,
                          .now = Time{},
                          .region = "us-east-1",
                          .entropy = *entropy_,
                          .vault = *vault_,
                          .tokens = tokens_,
                          .usage = usage_};
    EXPECT_TRUE(Op::access(at, in)->empty()) << "who may open the door is the operator";
    return Op::execute(at, in);
  }

  static constexpr std::string_view kBytes = "\x01 no entity \xff";
  std::vector<std::string> keys_;
  directory::SnapshotPtr snapshot_ = directory::Snapshot::empty({});
  const directory::Caller caller_;
  const std::unique_ptr<crypto::Entropy> entropy_ = crypto::seeded_entropy(1);
  const std::unique_ptr<crypto::Vault> vault_ = crypto::Vault::ephemeral(*entropy_);
  const authn::SessionTokens tokens_{*vault_};
  const directory::Usage usage_;
};

TEST_F(EntriesTest, AnEntryIsShownAsItLiesThere) {
  damage({"account/111111111111", "account/111111111111/role/deploy"});
  const auto listed = call<ListEntries>({});
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->output.entries.size(), 2U);
  EXPECT_FALSE(listed->output.marker);
  const auto entry = call<GetEntry>({keys_[1]});
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->output.entry.key, keys_[1]);
  EXPECT_FALSE(entry->output.entry.reason.empty());
  EXPECT_EQ(entry->output.entry.size, static_cast<std::int32_t>(kBytes.size()));
  EXPECT_EQ(entry->output.entry.revision, 7);
  EXPECT_EQ(unbase64(entry->output.value), std::string(kBytes));
  EXPECT_TRUE(entry->changes.writes().empty());
}

TEST_F(EntriesTest, RemovingIsOfWhatWasLookedAt) {
  damage({"account/111111111111", "account/111111111111/role/deploy"});
  const auto removed = call<RemoveEntry>({keys_[0]});
  ASSERT_TRUE(removed.ok());
  EXPECT_EQ(removed->output.entry.key, keys_[0]);
  ASSERT_EQ(removed->changes.writes().size(), 1U);
  EXPECT_EQ(removed->changes.writes().front().key, keys_[0]);
  EXPECT_FALSE(removed->changes.writes().front().value);
  ASSERT_EQ(removed->changes.guards().size(), 1U);
  EXPECT_EQ(removed->changes.guards().front().key, keys_[0]);
  EXPECT_EQ(removed->changes.guards().front().revision, 7U);
}

TEST_F(EntriesTest, ThousandsComeInPages) {
  std::vector<std::string> keys = {"account/111111111111"};
  for (int i = 0; i < 2500; ++i) keys.push_back("account/111111111111/user/u" + std::to_string(10'000 + i));
  damage(keys);
  std::vector<std::string> seen;
  ListEntries::Input in;
  int pages = 0;
  do {
    const auto page = call<ListEntries>(in);
    ASSERT_TRUE(page.ok());
    for (const auto& entry : page->output.entries) seen.push_back(entry.key);
    in.marker = page->output.marker;
    ++pages;
  } while (in.marker && pages < 10);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen, keys);
}

TEST_F(EntriesTest, WhatIsNotSetAsideIsNotFound) {
  damage({"account/111111111111"});
  for (const char* key : {"", "account/111111111111/", "account/222222222222"}) {
    const std::string message = "No entry " + std::string(key) + " is set aside.";
    EXPECT_TRUE(refused(call<GetEntry>({key}), "EntryNotFoundException", 400, message));
    EXPECT_TRUE(refused(call<RemoveEntry>({key}), "EntryNotFoundException", 400, message));
  }
}

}  // namespace
}  // namespace deputy::admin
