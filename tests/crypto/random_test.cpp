#include "crypto/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "base/encoding.h"

namespace deputy::crypto {
namespace {

using testing::MatchesRegex;

TEST(EntropyTest, SystemBytesDoNotRepeat) {
  std::set<std::string> seen;
  for (std::size_t size : {16U, 16U, 100U, 1000U, 1024U, 5000U}) {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(seen.insert(system_entropy().bytes(size).substr(0, 16)).second);
  }
}

TEST(EntropyTest, ThreadsDrawDifferentBytes) {
  std::string a, b;
  std::thread first([&] { a = system_entropy().bytes(32); });
  std::thread second([&] { b = system_entropy().bytes(32); });
  first.join();
  second.join();
  EXPECT_NE(a, b);
}

// A child process has its parent's memory, and with it the bytes the parent has in stock.
TEST(EntropyTest, AForkedChildDrawsDifferentBytes) {
  const std::string stocked = system_entropy().bytes(1);
  int pipes[2];
  ASSERT_EQ(::pipe(pipes), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string bytes = system_entropy().bytes(32);
    const ssize_t n = ::write(pipes[1], bytes.data(), bytes.size());
    ::_exit(n == 32 ? 0 : 1);
  }
  std::string theirs(32, '\0');
  ASSERT_EQ(::read(pipes[0], theirs.data(), theirs.size()), 32);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_NE(system_entropy().bytes(32), theirs);
  ::close(pipes[0]);
  ::close(pipes[1]);
}

TEST(EntropyTest, TheSameSeedGivesTheSameBytes) {
  const auto a = seeded_entropy(7), b = seeded_entropy(7), c = seeded_entropy(8);
  const std::string whole = a->bytes(100), front = b->bytes(60), back = b->bytes(40);
  EXPECT_EQ(whole, front + back);
  EXPECT_NE(seeded_entropy(7)->bytes(32), c->bytes(32));
}

TEST(IdentifierTest, UniqueIdsHaveTheirForm) {
  const auto entropy = seeded_entropy(1);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const UniqueId id = make_unique_id(*entropy, "AROA");
    EXPECT_THAT(id.str(), MatchesRegex("AROA[A-Z2-7]{17}"));
    EXPECT_EQ(UniqueId::parse(id.str()), id);
    EXPECT_TRUE(seen.insert(id.str()).second);
  }
}

// docs/wire.md, 5.5: two keys of AWS whose accounts are known.
TEST(IdentifierTest, PublishedAccessKeysTellTheirAccount) {
  EXPECT_EQ(account_of_access_key("ASIAQNZGKIQY56JQ7WML"), AccountId::parse("029608264753"));
  EXPECT_EQ(account_of_access_key("AKIATZ2X44NMCEQW46PL"), AccountId::parse("261640479576"));
}

TEST(IdentifierTest, AccessKeysCarryTheirAccount) {
  const auto entropy = seeded_entropy(2);
  std::set<std::string> seen;
  for (const char* text : {"000000000000", "000000000001", "111111111111", "222222222222", "999999999999"}) {
    const AccountId account = *AccountId::parse(text);
    for (int i = 0; i < 200; ++i) {
      const std::string id = make_access_key_id(*entropy, i % 2 == 0 ? "AKIA" : "ASIA", account);
      EXPECT_THAT(id, MatchesRegex("A[KS]IA[Q-Z2-7][A-Z2-7]{15}"));
      EXPECT_EQ(account_of_access_key(id), account) << id;
      EXPECT_TRUE(seen.insert(id).second) << id;
    }
  }
}

TEST(IdentifierTest, OtherTextsTellNoAccount) {
  for (const char* text :
       {"", "AKIA", "AKIATZ2X44NMCEQW46P", "AKIATZ2X44NMCEQW46PLL", "AROATZ2X44NMCEQW46PL", "AKIATZ2X44NMCEQW46P1",
        "akiatz2x44nmceqw46pl", "AKIAIOSFODNN7EXAMPLE", "AKIA7777777777777777" /* more than twelve digits */}) {
    EXPECT_FALSE(account_of_access_key(text)) << text;
  }
}

TEST(IdentifierTest, SecretsAndUuidsHaveTheirForm) {
  const auto entropy = seeded_entropy(3);
  EXPECT_THAT(make_secret_access_key(*entropy), MatchesRegex("[A-Za-z0-9/+]{40}"));
  EXPECT_THAT(make_uuid(*entropy), MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

}  // namespace
}  // namespace deputy::crypto
