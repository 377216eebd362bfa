// The store does not believe its file: a byte that changed, an entry that moved, came back or is gone.
#include "store/proof.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::store {
namespace {

/// Not a MAC, but a digest that differs wherever its inputs do.
Proof weak_proof(std::string_view key, Revision revision, std::string_view value) {
  Proof proof{};
  std::uint64_t sum = 14695981039346656037U;
  const auto mix = [&](std::string_view bytes) {
    for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211U;
    sum = (sum ^ bytes.size()) * 1099511628211U;
  };
  mix(key);
  mix(std::to_string(revision));
  mix(value);
  std::copy_n(reinterpret_cast<const char*>(&sum), sizeof sum, proof.begin());
  return proof;
}

class ProofTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open(bool proven = true, bool accept_loss = false) {
    Vouch vouch;
    if (proven) {
      vouch = [this](const Found& found) -> Result<Prove> {
        found_ = found;
        found_.scan = nullptr;
        TRY(const auto entries, found.scan(""));
        before_ = entries.size();
        return Prove(weak_proof);
      };
    }
    return open_sqlite({.folder = folder_.data(), .vouch = vouch, .accept_loss = accept_loss});
  }
  void write() {
    const auto store = open();
    ASSERT_TRUE(store) << store.error().message;
    ASSERT_TRUE((*store)->commit({{}, {{"a", "allow"}, {"b", "deny"}}}));
    ASSERT_TRUE((*store)->commit({{}, {{"a", "allow all"}, {"c", ""}}}));
    ASSERT_TRUE((*store)->commit({{}, {{"c", std::nullopt}, {"d", ""}}}));
  }
  void change(const char* sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open((folder_.data() + "/deputy.db").c_str(), &connection), SQLITE_OK);
    char* problem = nullptr;
    EXPECT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, &problem), SQLITE_OK) << problem;
    EXPECT_TRUE(sqlite3_total_changes(connection) > 0 || std::string_view(sql).starts_with("ALTER")) << sql;
    sqlite3_free(problem);
    sqlite3_close(connection);
  }
  /// The keys that are not genuine.
  std::vector<std::string> forged() {
    const auto store = open();
    EXPECT_TRUE(store) << store.error().message;
    std::vector<std::string> keys;
    const auto all = (*store)->scan("");
    EXPECT_TRUE(all);
    for (const Entry& entry : all->first) {
      if (!entry.genuine) keys.push_back(entry.key);
    }
    return keys;
  }

  using Keys = std::vector<std::string>;
  TemporaryFolder folder_;
  Found found_;
  std::size_t before_ = 0;
};

TEST_F(ProofTest, WhatWasWrittenIsGenuine) {
  write();
  EXPECT_EQ(forged(), Keys());
  EXPECT_TRUE(found_.anything);
  EXPECT_TRUE(found_.proven);
  EXPECT_EQ(before_, 3U);
}

TEST_F(ProofTest, ANewFolderHoldsNothing) {
  ASSERT_TRUE(open());
  EXPECT_FALSE(found_.anything);
  ASSERT_TRUE(open());
  EXPECT_FALSE(found_.anything) << "tables are nothing yet";
}

TEST_F(ProofTest, AChangedValueIsNot) {
  write();
  change("UPDATE change SET value = CAST('dend' AS BLOB) WHERE value = CAST('deny' AS BLOB)");
  EXPECT_EQ(forged(), Keys{"b"});
}

TEST_F(ProofTest, AValueOfAnotherKeyIsNot) {
  write();
  change(
      "UPDATE current SET id = (SELECT id FROM current WHERE key = CAST('a' AS BLOB)) WHERE key = CAST('b' AS BLOB)");
  EXPECT_EQ(forged(), Keys{"b"});
}

TEST_F(ProofTest, AnOlderValueInAYoungerRowIsNot) {
  write();
  change(
      "UPDATE change SET (value, proof) = (SELECT value, proof FROM change WHERE value = CAST('allow' AS BLOB))"
      " WHERE value = CAST('allow all' AS BLOB)");
  EXPECT_EQ(forged(), Keys{"a"});
}

TEST_F(ProofTest, ARowThatIsGoneIsNotTakenForAbsent) {
  write();
  change("DELETE FROM change WHERE value = CAST('deny' AS BLOB)");
  EXPECT_EQ(forged(), Keys{"b"});
}

TEST_F(ProofTest, AnEntryThatIsMissingIsMissed) {
  write();
  change("DELETE FROM current WHERE key = CAST('b' AS BLOB)");
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Error::Code::kRefused);
  EXPECT_NE(store.error().message.find("1 entries are missing"), std::string::npos) << store.error().message;
  ASSERT_TRUE(open(true, true));
  EXPECT_TRUE(open()) << "the loss was accepted once for all";
}

TEST_F(ProofTest, WhatIsNotCountedIsNotMissed) {
  const auto open_uncounted = [&] {
    return open_sqlite({.folder = folder_.data(),
                        .vouch = [](const Found&) -> Result<Prove> { return Prove(weak_proof); },
                        .uncounted = {"version/", "object/"}});
  };
  {
    const auto store = open_uncounted();
    ASSERT_TRUE(store);
    ASSERT_TRUE(
        (*store)->commit({{}, {{"a", "1"}, {"object/k", "1"}, {"object/l", "1"}, {"p", "1"}, {"version/k", "1"}}}));
    ASSERT_TRUE((*store)->commit({{}, {{"object/k", std::nullopt}, {"z", "1"}, {"object/m", "2"}}}));
  }
  ASSERT_TRUE(open_uncounted());
  change("DELETE FROM current WHERE key = CAST('object/l' AS BLOB)");
  ASSERT_TRUE(open_uncounted());
  change("DELETE FROM current WHERE key = CAST('p' AS BLOB)");
  const auto store = open_uncounted();
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find("1 entries are missing"), std::string::npos) << store.error().message;
}

TEST_F(ProofTest, ACountThatWasChangedToFitIsNotBelieved) {
  write();
  change("DELETE FROM current WHERE key = CAST('b' AS BLOB); UPDATE total SET entries = 2");
  EXPECT_FALSE(open());
}

TEST_F(ProofTest, TheLastCommitCannotBeTakenBack) {
  write();
  change("DELETE FROM change WHERE id >= 3 * 128; DELETE FROM current WHERE key = CAST('d' AS BLOB)");
  EXPECT_FALSE(open());
}

TEST_F(ProofTest, AFormerFormatIsProvenOnce) {
  write();
  change("ALTER TABLE change DROP COLUMN proof; DROP TABLE total; PRAGMA user_version = 1");
  EXPECT_EQ(forged(), Keys());
  EXPECT_FALSE(found_.proven);
  EXPECT_EQ(before_, 3U);
  change("UPDATE change SET value = CAST('dend' AS BLOB) WHERE value = CAST('deny' AS BLOB)");
  EXPECT_EQ(forged(), Keys{"b"});
  EXPECT_TRUE(found_.proven);
}

}  // namespace
}  // namespace deputy::store
