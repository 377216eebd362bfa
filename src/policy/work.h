// What one decision may cost. Whoever writes policies chooses how many there are and how long their patterns, and
// whoever calls chooses the values that they are compared with: the products of the two have no other bound.
//
// A step is a byte that is compared or a thing that is looked at, about a nanosecond; all that matching does is
// counted, where it is done. When the steps are used up, matching stops, what it says from then on counts for nothing,
// and the decision is a denial that says so (Decision::exhausted): neither an Allow nor a Deny is believed that was not
// matched to its end.
//
// The same policies and the same request take the same steps anywhere: no clock is asked.
#pragma once

#include <cstddef>
#include <cstdint>

namespace deputy::policy {

class Work {
 public:
  /// Of all decisions of one request together. A caller under as many policies as AWS's quotas let him have, each full
  /// of patterns with stars, takes less with values of an ordinary length (WorkTest.NoHonestCallerComesNear); ordinary
  /// policies take some hundred.
  static constexpr std::int64_t kMostSteps = 4'000'000;

  explicit Work(std::int64_t most = kMostSteps) : most_(most), left_(most) {}
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  void add(std::size_t steps) { left_ -= static_cast<std::int64_t>(steps); }
  [[nodiscard]] bool spent() const { return left_ < 0; }
  [[nodiscard]] std::int64_t steps() const { return most_ - left_; }

 private:
  std::int64_t most_;
  std::int64_t left_;
};

}  // namespace deputy::policy
