#include "server/slow_hashes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

namespace deputy::server {
namespace {

using Made = std::optional<std::vector<crypto::Secret>>;

const AccountId kA = *AccountId::parse("111111111111"), kB = *AccountId::parse("222222222222");

std::vector<crypto::SlowHash> cheap(std::string_view password) { return {{password, "salt", {4, 1, 1}}}; }

/// Keeps the thread busy until it is let go, in the name of an account of its own.
class Blockade {
 public:
  explicit Blockade(SlowHashes& hashes) {
    hashes.make(*AccountId::parse("999999999999"), cheap("x"), [gates = gates_](const Made&) {
      gates->begun.set_value();
      gates->go.get_future().wait();
    });
    gates_->begun.get_future().wait();
  }
  void lift() { gates_->go.set_value(); }

 private:
  struct Gates {
    std::promise<void> begun, go;
  };
  std::shared_ptr<Gates> gates_ = std::make_shared<Gates>();  // the thread may outlast the one who lifts
};

TEST(SlowHashesTest, MakesWhatIsWantedInItsOrder) {
  SlowHashes hashes;
  std::promise<Made> made;
  hashes.make(kA, {{"one", "salt", {4, 1, 1}}, {"two", "salt", {4, 1, 1}}},
              [&](Made m) { made.set_value(std::move(m)); });
  const Made got = made.get_future().get();
  hashes.stop();  // nothing of this test is touched after it
  ASSERT_TRUE(got);
  ASSERT_EQ(got->size(), 2U);
  EXPECT_EQ((*got)[0], crypto::scrypt({"one", "salt", {4, 1, 1}}));
  EXPECT_EQ((*got)[1], crypto::scrypt({"two", "salt", {4, 1, 1}}));
}

TEST(SlowHashesTest, WhoFloodsTheQueueDoesNotKeepOthersOut) {
  SlowHashes hashes;
  Blockade blockade(hashes);
  std::atomic<int> made = 0, refused = 0;
  std::promise<void> all;
  const auto count = [&](const Made& m) {
    if (++(m ? made : refused) == static_cast<int>(SlowHashes::kMostOfAccount)) all.set_value();
  };
  for (std::size_t i = 0; i < SlowHashes::kMostOfAccount + 5; ++i) hashes.make(kA, cheap("x"), count);
  EXPECT_EQ(refused, 5);
  std::promise<bool> other;
  hashes.make(kB, cheap("y"), [&](const Made& m) { other.set_value(m.has_value()); });
  blockade.lift();
  EXPECT_TRUE(other.get_future().get());
  all.get_future().wait();  // those of A: some of them after B's, whose turn came first
  std::promise<bool> again;
  hashes.make(kA, cheap("x"), [&](const Made& m) { again.set_value(m.has_value()); });
  EXPECT_TRUE(again.get_future().get()) << "its places are free again";
  hashes.stop();
}

TEST(SlowHashesTest, WhatWaitsIsBoundedInAll) {
  SlowHashes hashes;
  Blockade blockade(hashes);
  std::atomic<std::size_t> refused = 0;
  for (std::size_t i = 0; i < SlowHashes::kMostWaiting + 3; ++i) {
    hashes.make(*AccountId::from_number(i + 1), cheap("x"), [&](const Made& m) { refused += m ? 0 : 1; });
  }
  EXPECT_EQ(refused, 3U);
  blockade.lift();
  hashes.stop();
}

TEST(SlowHashesTest, NobodyIsKeptAfterTheEnd) {
  const auto held = std::make_shared<int>(0);
  {
    SlowHashes hashes;
    for (std::size_t i = 0; i < SlowHashes::kMostOfAccount; ++i) hashes.make(kA, cheap("x"), [held](const Made&) {});
    hashes.stop();
    bool refused = false;
    hashes.make(kB, cheap("x"), [held, &refused](const Made& m) { refused = !m; });
    EXPECT_TRUE(refused);
  }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace deputy::server
