// What waits for one of few places, in the name of accounts: each account has a share of them, whose turn it is goes
// round, and who fills the queue displaces himself.
//
//   FairQueue<Job> queue({.at_once = 64, .at_once_of_account = 16, .waiting = 1024, .waiting_of_account = 32});
//   if (auto refused = queue.add(account, std::move(job))) …      // no room for it: not always the one that came
//   while (auto turn = queue.next()) …                            // turn->job begins; queue.done(turn->account) at its end
//
// INVARIANT: as long as some account has two jobs waiting, one without any finds room; and it is its turn before any
// other account has had two more.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "base/account_id.h"

namespace deputy {

struct FairLimits {
  std::size_t at_once = 1, at_once_of_account = 1;
  std::size_t waiting = 64, waiting_of_account = 8;
};

/// Not thread-safe.
template <class Job>
class FairQueue {
 public:
  struct Turn {
    AccountId account;
    Job job;
  };

  explicit FairQueue(const FairLimits& limits) : limits_(limits) {}

  /// Nothing: the job waits. Else the one for which there is no room: this one where its account has as many as it may;
  /// where all places are taken, the newest of the account that has the most, unless that is as good as this.
  [[nodiscard]] std::optional<Job> add(const AccountId& account, Job job) {
    Lane& lane = lanes_[account];
    std::optional<Job> refused;
    if (lane.waiting.size() >= limits_.waiting_of_account) return job;
    if (waiting_ >= limits_.waiting) {
      const auto longest = std::max_element(lanes_.begin(), lanes_.end(), [](const auto& a, const auto& b) {
        return a.second.waiting.size() < b.second.waiting.size();
      });
      if (longest->second.waiting.size() <= lane.waiting.size() + 1) {
        forget_if_idle(account);
        return job;
      }
      refused = std::move(longest->second.waiting.back());
      longest->second.waiting.pop_back();
      --waiting_;
    }
    if (lane.waiting.empty()) turns_.push_back(account);
    lane.waiting.push_back(std::move(job));
    ++waiting_;
    return refused;
  }

  /// The next that may begin; nothing if there is none. It has a place until done().
  std::optional<Turn> next() {
    if (in_work_ >= limits_.at_once) return std::nullopt;
    for (auto at = turns_.begin(); at != turns_.end(); ++at) {
      Lane& lane = lanes_.at(*at);
      if (lane.in_work >= limits_.at_once_of_account) continue;  // at most at_once / at_once_of_account of these
      Turn turn{*at, std::move(lane.waiting.front())};
      lane.waiting.pop_front();
      ++lane.in_work;
      ++in_work_;
      --waiting_;
      turns_.erase(at);
      if (!lane.waiting.empty()) turns_.push_back(turn.account);
      return turn;
    }
    return std::nullopt;
  }

  void done(const AccountId& account) {
    --lanes_.at(account).in_work;
    --in_work_;
    forget_if_idle(account);
  }

  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  [[nodiscard]] std::size_t in_work() const { return in_work_; }

 private:
  struct Lane {
    std::deque<Job> waiting;
    std::size_t in_work = 0;
  };

  void forget_if_idle(const AccountId& account) {
    const auto lane = lanes_.find(account);
    if (lane->second.waiting.empty() && lane->second.in_work == 0) lanes_.erase(lane);
  }

  FairLimits limits_;
  std::map<AccountId, Lane> lanes_;  // of those who have something waiting or in work
  std::deque<AccountId> turns_;      // of those who have something waiting
  std::size_t waiting_ = 0, in_work_ = 0;
};

}  // namespace deputy
