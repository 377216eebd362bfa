#include "server/turns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

namespace deputy::server {
namespace {

Turns::Claim alone(std::string key) { return {std::move(key), true}; }
Turns::Claim beside_others(std::string key) { return {std::move(key), false}; }

class TurnsTest : public testing::Test {
 protected:
  /// A new turn, and under `name` when it becomes its.
  Turns::Turn& take(const std::string& name, std::vector<Turns::Claim> claims) {
    Turns::Turn& turn = taken_.emplace_back();
    if (turns_.take(turn, std::move(claims), [this, name] { order.push_back(name); })) order.push_back(name);
    return turn;
  }
  std::vector<std::string> order;

 private:
  Turns turns_;
  std::deque<Turns::Turn> taken_;
};

using Names = std::vector<std::string>;

TEST_F(TurnsTest, WhoComesFirstIsFirst) {
  auto& a = take("a", {alone("dana")});
  auto& b = take("b", {alone("dana")});
  take("c", {alone("dana")});
  EXPECT_EQ(order, (Names{"a"}));
  a.release();
  EXPECT_EQ(order, (Names{"a", "b"}));
  b.release();
  EXPECT_EQ(order, (Names{"a", "b", "c"}));
}

TEST_F(TurnsTest, WritersOfDifferentKeysDoNotWait) {
  take("a", {alone("dana")});
  take("b", {alone("robin")});
  EXPECT_EQ(order, (Names{"a", "b"}));
}

TEST_F(TurnsTest, ThoseWhoOnlyRelyOnAKeyStandBesideEachOther) {
  auto& a = take("a", {beside_others("account"), alone("dana")});
  auto& b = take("b", {beside_others("account"), alone("robin")});
  auto& writer = take("writer", {alone("account")});
  auto& c = take("c", {beside_others("account")});
  EXPECT_EQ(order, (Names{"a", "b"})) << "who comes after a writer does not overtake it";
  a.release();
  EXPECT_EQ(order, (Names{"a", "b"}));
  b.release();
  EXPECT_EQ(order, (Names{"a", "b", "writer"}));
  take("d", {beside_others("account")});
  writer.release();
  EXPECT_EQ(order, (Names{"a", "b", "writer", "c", "d"}));
  c.release();
}

TEST_F(TurnsTest, ItIsNobodysTurnBeforeAllItsKeysAreFree) {
  auto& a = take("a", {alone("x")});
  auto& b = take("b", {alone("y")});
  take("both", {alone("y"), alone("x")});
  a.release();
  EXPECT_EQ(order, (Names{"a", "b"}));
  b.release();
  EXPECT_EQ(order, (Names{"a", "b", "both"}));
}

TEST_F(TurnsTest, WhoGivesUpWhileWaitingIsPassedOver) {
  auto& a = take("a", {alone("x")});
  auto& gone = take("gone", {alone("x")});
  take("c", {alone("x")});
  gone.release();
  a.release();
  EXPECT_EQ(order, (Names{"a", "c"}));
}

TEST_F(TurnsTest, AWriterWhoGivesUpLetsTheOthersThrough) {
  auto& a = take("a", {beside_others("x")});
  auto& writer = take("writer", {alone("x")});
  take("c", {beside_others("x")});
  writer.release();
  EXPECT_EQ(order, (Names{"a", "c"}));
  a.release();
}

TEST_F(TurnsTest, AKeyClaimedTwiceIsOnePlaceTheStricterOne) {
  auto& a = take("a", {beside_others("x"), alone("x")});
  take("b", {beside_others("x")});
  EXPECT_EQ(order, (Names{"a"}));
  a.release();
  EXPECT_EQ(order, (Names{"a", "b"}));
}

TEST_F(TurnsTest, WithoutKeysItIsTheTurnAtOnce) {
  take("a", {});
  EXPECT_EQ(order, (Names{"a"}));
}

TEST_F(TurnsTest, CoversWhatItHolds) {
  const auto& turn = take("a", {alone("x"), beside_others("y")});
  EXPECT_TRUE(turn.covers({alone("x")}));
  EXPECT_TRUE(turn.covers({beside_others("x"), beside_others("y")}));
  EXPECT_FALSE(turn.covers({alone("y")}));
  EXPECT_FALSE(turn.covers({beside_others("z")}));
  const Turns::Turn none;
  EXPECT_TRUE(none.covers({}));
  EXPECT_FALSE(none.covers({alone("x")}));
}

// Each gives up from within its own turn: a hundred thousand in one line must not be a hundred thousand frames deep.
TEST(TurnTest, MayOutliveItsLines) {
  Turns::Turn turn, next;
  bool is_next = false;
  {
    Turns turns;
    EXPECT_TRUE(turns.take(turn, {alone("dana")}, {}));
    EXPECT_FALSE(turns.take(next, {alone("dana")}, [&] { is_next = true; }));
  }
  turn.release();
  EXPECT_TRUE(is_next);
}

TEST_F(TurnsTest, ALongLineIsNoDeepStack) {
  constexpr int kMany = 100'000;
  Turns turns;
  std::deque<Turns::Turn> line;
  int served = 0;
  ASSERT_TRUE(turns.take(line.emplace_back(), {alone("x")}, nullptr));
  for (int i = 1; i < kMany; ++i) {
    Turns::Turn& turn = line.emplace_back();
    ASSERT_FALSE(turns.take(turn, {alone("x")}, [&served, &turn] {
      ++served;
      turn.release();
    }));
  }
  line.front().release();
  EXPECT_EQ(served, kMany - 1);
}

// Whatever they claim: all get their turn, and no two whose claims exclude each other have it at once.
TEST_F(TurnsTest, EverybodyGetsATurnAndNobodyTwoAtOnce) {
  std::mt19937 random(7);  // the same each time
  for (int round = 0; round < 200; ++round) {
    Turns turns;
    std::deque<Turns::Turn> all;
    std::vector<std::size_t> running;
    std::vector<std::vector<Turns::Claim>> claims;
    std::size_t served = 0;
    const auto begins = [&](std::size_t i) {
      for (const std::size_t other : running) {
        for (const auto& mine : claims[i]) {
          for (const auto& his : claims[other]) EXPECT_FALSE(mine.key == his.key && (mine.alone || his.alone));
        }
      }
      running.push_back(i);
      ++served;
    };
    for (std::size_t i = 0; i < 30; ++i) {
      std::vector<Turns::Claim> wanted;
      for (const char* key : {"a", "b", "c", "d"}) {
        if (random() % 3 == 0) wanted.push_back({key, random() % 2 == 0});
      }
      claims.push_back(wanted);
      if (turns.take(all.emplace_back(), wanted, [&, i] { begins(i); })) begins(i);
      if (random() % 2 == 0 && !running.empty()) {
        const std::size_t at = random() % running.size();
        const std::size_t done = running[at];
        running.erase(running.begin() + static_cast<std::ptrdiff_t>(at));
        all[done].release();
      }
    }
    while (!running.empty()) {
      const std::size_t done = running.back();
      running.pop_back();
      all[done].release();
    }
    EXPECT_EQ(served, 30U);
  }
}

}  // namespace
}  // namespace deputy::server
