// What a server did, in numbers: for those who watch it. Text of Prometheus, version 0.0.4.
// https://prometheus.io/docs/instrumenting/exposition_formats/
//
//   metrics.called(service, operation, "AccessDenied", took);    // any thread; a tenth of a microsecond
//   metrics.text()                                               // what GET /metrics answers
//
// INVARIANT: nothing that a caller chose becomes a label. Services and operations are those of the models, codes are
// those that Deputy answers with, and of each thread's share no more than kMostSeries are kept: what comes then is
// counted under the code "other".
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "policy/evaluate.h"
#include "protocol/operation.h"
#include "store/store.h"

namespace deputy::server {

class Metrics {
 public:
  static constexpr std::size_t kMostSeries = 4096;
  /// Upper bounds of the histogram of a call's time, in seconds.
  static constexpr std::array<double, 14> kBounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                     0.025,  0.05,    0.1,    0.25,  0.5,    1.0,   5.0};

  Metrics();
  ~Metrics();

  /// A call was answered. `operation` null: it named none. `code` empty: it succeeded.
  void called(const protocol::Service& service, const protocol::Operation* operation, std::string_view code,
              std::chrono::nanoseconds took);
  /// Policies were asked. Calls that are decided anew, because somebody wrote first, ask again.
  void decided(const policy::Decision& decision);
  void submitted() { waiting_.fetch_add(1, std::memory_order_relaxed); }
  /// What became of a commit that was submitted.
  void committed(const store::Result<store::Revision>& outcome);
  /// A document of an identity provider was asked for.
  void fetched(bool arrived) { (arrived ? fetches_ : failed_fetches_).fetch_add(1, std::memory_order_relaxed); }

  /// What was counted here, as lines; what others count is written by serve.cpp.
  [[nodiscard]] std::string text() const;

 private:
  struct Share;
  Share& mine() const;

  static constexpr std::size_t kShares = 16;  // of threads, so that they rarely meet at a lock
  std::unique_ptr<std::array<Share, kShares>> shares_;
  std::atomic<std::int64_t> waiting_{0};
  std::atomic<std::uint64_t> commits_{0}, conflicts_{0}, failed_commits_{0}, fetches_{0}, failed_fetches_{0};
};

/// Writes metrics in that text, one family after the other.
///
///   MetricsText out;
///   out.family("deputy_accounts", "gauge", "Accounts that there are.");
///   out.sample({}, 7);
class MetricsText {
 public:
  struct Label {
    std::string_view name, value;
  };

  void family(std::string_view name, std::string_view type, std::string_view help);
  /// Of the family that was begun last; `suffix`: "_bucket", "_sum", "_count" of a histogram.
  void sample(std::initializer_list<Label> labels, double value, std::string_view suffix = {});
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_, name_;
};

}  // namespace deputy::server
