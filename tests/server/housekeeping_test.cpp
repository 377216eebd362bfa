#include "server/housekeeping.h"

#include <gtest/gtest.h>

#include <future>

#include "crypto/random.h"
#include "crypto/vault.h"
#include "directory/codec.h"
#include "store/memory/memory.h"

namespace deputy::server {
namespace {

const Time kThen = *parse_basic_iso8601("20260724T101112Z");

class HousekeepingTest : public testing::Test {
 protected:
  HousekeepingTest() : vault_(crypto::Vault::ephemeral(crypto::system_entropy())), tokens_(*vault_), clock_(system_) {
    auto memory = store::open_memory();
    store_ = memory.get();
    state_ = std::move(state::State::open(std::move(memory), {})).value();
    directory::Changes changes;
    changes.create(tokens_.make_key(*state_->snapshot(), crypto::system_entropy(), clock_.now()));
    commit(changes);
  }

  void commit(const directory::Changes& changes) {
    std::promise<bool> done;
    state_->commit(changes, [&](const auto& outcome) { done.set_value(outcome.ok()); });
    ASSERT_TRUE(done.get_future().get());
  }
  [[nodiscard]] std::size_t token_keys() const { return store_->scan("token-key/")->first.size(); }

  SystemClock system_;
  std::unique_ptr<crypto::Vault> vault_;
  authn::SessionTokens tokens_;
  MovableClock clock_;
  store::Store* store_ = nullptr;
  std::unique_ptr<state::State> state_;
};

TEST_F(HousekeepingTest, LastUsesAreWrittenDownWhenItStopsAndTakenOverWhenItBegins) {
  directory::Usage before;
  {
    Housekeeping housekeeping(*state_, before, tokens_, *vault_, clock_);
    for (int i = 0; i < 250; ++i) before.used("AKIA" + std::to_string(i), kThen, "eu-west-1", "iam");
    before.used("AROAAAAAAAAAAAAAAAAAA", kThen, "us-east-1", "");
    housekeeping.stop();
  }
  EXPECT_TRUE(before.take_changed(1).empty());
  directory::Usage after;
  const Housekeeping housekeeping(*state_, after, tokens_, *vault_, clock_);
  EXPECT_EQ(after.last("AKIA17"), (directory::LastUse{kThen, "eu-west-1", "iam"}));
  EXPECT_EQ(after.last("AROAAAAAAAAAAAAAAAAAA"), (directory::LastUse{kThen, "us-east-1", ""}));
  EXPECT_FALSE(after.last("AKIA250"));
  EXPECT_TRUE(after.take_changed(1).empty()) << "what was read is not written again";
}

TEST_F(HousekeepingTest, ADamagedLastUseIsPassedOver) {
  ASSERT_TRUE(store_->commit({.given = {}, .changes = {{directory::last_use_key("AKIA1"), "junk"}}}));
  directory::Usage usage;
  const Housekeeping housekeeping(*state_, usage, tokens_, *vault_, clock_);
  EXPECT_FALSE(usage.last("AKIA1"));
}

TEST_F(HousekeepingTest, TokenKeysRotateByTheClock) {
  directory::Usage usage;
  Housekeeping housekeeping(*state_, usage, tokens_, *vault_, clock_);
  EXPECT_EQ(token_keys(), 1U);
  clock_.move(authn::SessionTokens::kKeyLife);
  for (int i = 0; i < 1000 && token_keys() == 1; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(token_keys(), 2U);
}

TEST(UsageTest, AUseIsTakenOnceAndAMinuteIsOneUse) {
  directory::Usage usage;
  usage.used("AKIA1", kThen, "us-east-1", "sts");
  usage.used("AKIA1", kThen + std::chrono::seconds(59), "us-east-1", "sts");
  ASSERT_EQ(usage.take_changed(10).size(), 1U);
  EXPECT_TRUE(usage.take_changed(10).empty());
  usage.used("AKIA1", kThen + std::chrono::seconds(60), "us-east-1", "sts");
  const auto taken = usage.take_changed(10);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].second.when, kThen + std::chrono::seconds(60));
}

TEST(UsageTest, NoMoreAreTakenThanAskedFor) {
  directory::Usage usage;
  for (int i = 0; i < 100; ++i) usage.used("AKIA" + std::to_string(i), kThen, "us-east-1", "sts");
  EXPECT_EQ(usage.take_changed(60).size(), 60U);
  EXPECT_EQ(usage.take_changed(60).size(), 40U);
}

}  // namespace
}  // namespace deputy::server
