#include "server/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace deputy::server {

namespace {

constexpr std::string_view kOther = "other";
constexpr std::size_t kLayers = 7;
constexpr std::array<std::string_view, kLayers> kLayerNames = {"rcp",      "scp",      "vpc_endpoint", "resource",
                                                               "identity", "boundary", "session"};
static_assert(static_cast<std::size_t>(policy::Layer::kSession) + 1 == kLayers);
using protocol::kServices;

std::size_t bucket_of(double seconds) {
  return static_cast<std::size_t>(std::lower_bound(Metrics::kBounds.begin(), Metrics::kBounds.end(), seconds) -
                                  Metrics::kBounds.begin());
}

struct Series {
  std::size_t service;
  const protocol::Operation* operation;
  std::string code;
  friend bool operator==(const Series&, const Series&) = default;
};
/// The same, borrowed, to look for one without making it.
struct SeriesView {
  std::size_t service;
  const protocol::Operation* operation;
  std::string_view code;
};

struct SeriesHash {
  using is_transparent = void;
  static std::size_t of(std::size_t service, const void* operation, std::string_view code) {
    return std::hash<std::string_view>{}(code) ^ (std::hash<const void*>{}(operation)*31 + service);
  }
  std::size_t operator()(const Series& s) const { return of(s.service, s.operation, s.code); }
  std::size_t operator()(const SeriesView& s) const { return of(s.service, s.operation, s.code); }
};
struct SeriesEqual {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return a.service == b.service && a.operation == b.operation && std::string_view(a.code) == b.code;
  }
};

struct Times {
  std::array<std::uint64_t, Metrics::kBounds.size() + 1> buckets{};
  double seconds = 0;
  std::uint64_t calls = 0;

  void add(const Times& other) {
    for (std::size_t i = 0; i < buckets.size(); ++i) buckets[i] += other.buckets[i];
    seconds += other.seconds;
    calls += other.calls;
  }
};

struct Decisions {
  std::uint64_t allowed = 0;
  std::array<std::array<std::uint64_t, kLayers>, 2> denied{};  // implicit, explicit
};

/// By name, in the order in which they are written: nothing moves from one scrape to the next.
using Calls = std::map<std::tuple<std::string_view, std::string_view, std::string>, std::uint64_t>;

std::string_view name_of(std::size_t service) {
  return protocol::service(static_cast<protocol::ServiceId>(service)).name;
}

void write_calls(MetricsText& out, const Calls& calls) {
  out.family("deputy_requests_total", "counter", "Calls that were answered, by what became of them.");
  for (const auto& [series, count] : calls) {
    const auto& [service, operation, code] = series;
    out.sample({{"service", service}, {"operation", operation}, {"code", code}}, static_cast<double>(count));
  }
}

void write_times(MetricsText& out, const std::array<Times, kServices>& times) {
  out.family("deputy_request_duration_seconds", "histogram",
             "From the first look at a request to its answer, waiting for the disk included.");
  for (std::size_t service = 0; service < kServices; ++service) {
    const Times& of = times[service];
    if (of.calls == 0) continue;
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < of.buckets.size(); ++i) {
      so_far += of.buckets[i];
      const std::string bound = i < Metrics::kBounds.size() ? fmt::format("{}", Metrics::kBounds[i]) : "+Inf";
      out.sample({{"service", name_of(service)}, {"le", bound}}, static_cast<double>(so_far), "_bucket");
    }
    out.sample({{"service", name_of(service)}}, of.seconds, "_sum");
    out.sample({{"service", name_of(service)}}, static_cast<double>(of.calls), "_count");
  }
}

void write_decisions(MetricsText& out, const Decisions& decisions) {
  out.family("deputy_decisions_total", "counter",
             "What policies said: allowed, or denied and by which layer, explicitly or for want of an allow.");
  out.sample({{"effect", "allow"}, {"layer", ""}}, static_cast<double>(decisions.allowed));
  for (std::size_t explicitly = 0; explicitly < 2; ++explicitly) {
    for (std::size_t layer = 0; layer < kLayers; ++layer) {
      out.sample({{"effect", explicitly != 0 ? "explicit_deny" : "implicit_deny"}, {"layer", kLayerNames[layer]}},
                 static_cast<double>(decisions.denied[explicitly][layer]));
    }
  }
}

}  // namespace

/// What some of the threads counted.
struct alignas(64) Metrics::Share {
  std::mutex mutex;
  std::unordered_map<Series, std::uint64_t, SeriesHash, SeriesEqual> calls;
  std::array<Times, kServices> times;
  Decisions decisions;

  void count(const SeriesView& series) {
    if (const auto found = calls.find(series); found != calls.end()) {
      ++found->second;
    } else {
      const std::string_view code = calls.size() < kMostSeries ? series.code : kOther;
      ++calls[{series.service, code == kOther ? nullptr : series.operation, std::string(code)}];
    }
  }
};

Metrics::Metrics() : shares_(std::make_unique<std::array<Share, kShares>>()) {}
Metrics::~Metrics() = default;

Metrics::Share& Metrics::mine() const {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t number = threads.fetch_add(1, std::memory_order_relaxed) % kShares;
  return (*shares_)[number];
}

void Metrics::called(const protocol::Service& service, const protocol::Operation* operation, std::string_view code,
                     std::chrono::nanoseconds took) {
  const double seconds = std::chrono::duration<double>(took).count();
  Share& share = mine();
  const auto number = static_cast<std::size_t>(service.id);
  const std::lock_guard lock(share.mutex);
  share.count({number, operation, code});
  Times& times = share.times[number];
  ++times.buckets[bucket_of(seconds)];
  times.seconds += seconds;
  ++times.calls;
}

void Metrics::decided(const policy::Decision& decision) {
  Share& share = mine();
  const std::lock_guard lock(share.mutex);
  if (decision.allowed()) {
    ++share.decisions.allowed;
  } else {
    ++share.decisions.denied[decision.explicit_deny ? 1 : 0][static_cast<std::size_t>(decision.layer)];
  }
}

void Metrics::committed(const store::Result<store::Revision>& outcome) {
  waiting_.fetch_sub(1, std::memory_order_relaxed);
  auto& counter = outcome                                                 ? commits_
                  : outcome.error().code == store::Error::Code::kConflict ? conflicts_
                                                                          : failed_commits_;
  counter.fetch_add(1, std::memory_order_relaxed);
}

std::string Metrics::text() const {
  Calls calls;
  std::array<Times, kServices> times;
  Decisions decisions;
  for (Share& share : *shares_) {
    const std::lock_guard lock(share.mutex);
    for (const auto& [series, count] : share.calls) {
      const std::string_view operation = series.operation != nullptr ? series.operation->name : std::string_view();
      calls[{name_of(series.service), operation, series.code}] += count;
    }
    for (std::size_t i = 0; i < kServices; ++i) times[i].add(share.times[i]);
    decisions.allowed += share.decisions.allowed;
    for (std::size_t e = 0; e < 2; ++e) {
      for (std::size_t layer = 0; layer < kLayers; ++layer) {
        decisions.denied[e][layer] += share.decisions.denied[e][layer];
      }
    }
  }
  MetricsText out;
  write_calls(out, calls);
  write_times(out, times);
  write_decisions(out, decisions);
  const auto relaxed = [](const auto& counter) { return static_cast<double>(counter.load(std::memory_order_relaxed)); };
  out.family("deputy_store_commits_total", "counter", "Commits to the store, by what became of them.");
  out.sample({{"outcome", "durable"}}, relaxed(commits_));
  out.sample({{"outcome", "conflict"}}, relaxed(conflicts_));
  out.sample({{"outcome", "failed"}}, relaxed(failed_commits_));
  out.family("deputy_store_commits_waiting", "gauge", "Commits that are on their way to the disk.");
  out.sample({}, relaxed(waiting_));
  out.family("deputy_issuer_fetches_total", "counter", "Documents asked of identity providers.");
  out.sample({{"outcome", "arrived"}}, relaxed(fetches_));
  out.sample({{"outcome", "failed"}}, relaxed(failed_fetches_));
  return out.take();
}

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void MetricsText::sample(std::initializer_list<Label> labels, double value, std::string_view suffix) {
  text_.append(name_).append(suffix);
  std::string_view before = "{";
  for (const Label& label : labels) {  // none of our values needs an escape
    text_.append(before).append(label.name).append("=\"").append(label.value).push_back('"');
    before = ",";
  }
  if (labels.size() != 0) text_.push_back('}');
  fmt::format_to(std::back_inserter(text_), " {}\n", value);
}

}  // namespace deputy::server
