#include "audit/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "audit/series.h"
#include "audit/stream.h"
#include "base/buffer.h"
#include "base/json_writer.h"
#include "host/log.h"

namespace deputy::audit {
namespace {

constexpr std::size_t kKept = 1024 * 1024;  // bytes of memory that are kept between batches
constexpr std::chrono::minutes kIdle{10};   // between two looks at what has become too old

/// Lines are long: from one end to the next by what finds a byte sixteen at a time.
std::uint64_t lines_in(std::string_view text) {
  std::uint64_t count = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) ++count;
  return count;
}

/// "events.jsonl" and "events.strangers.jsonl".
std::string name_of(const std::string& file, Share share) {
  if (share == Share::kKnown) return file;
  constexpr std::string_view ending = ".jsonl";
  return file.ends_with(ending) ? file.substr(0, file.size() - ending.size()) + ".strangers" + std::string(ending)
                                : file + ".strangers";
}

}  // namespace

std::string Log::default_file(const std::string& folder) { return folder + "/events.jsonl"; }

Result<std::vector<std::string>, std::string> Log::files(const std::string& file, Share share) {
  TRY(const auto place, host::Folder::of_file(file));
  return Series::files(place.first, name_of(place.second, share));
}

Result<std::unique_ptr<Log>, std::string> Log::open(const LogOptions& options) {
  static const SystemClock system;
  const Clock& clock = options.clock != nullptr ? *options.clock : system;
  std::vector<std::unique_ptr<Sink>> sinks;
  if (options.to_stdout) {
    sinks.push_back(std::make_unique<Stream>(STDOUT_FILENO));
  } else if (options.in_memory) {
    for (int share = 0; share < 2; ++share) sinks.push_back(std::make_unique<Memory>());
  } else {
    for (const Share share : {Share::kKnown, Share::kStrangers}) {
      const bool known = share == Share::kKnown;
      TRY(auto place, host::Folder::of_file(options.file));
      TRY(auto series, Series::open(std::move(place.first), name_of(place.second, share),
                                    {.keep = known ? options.keep.for_known() : options.keep.for_strangers(),
                                     .age = options.keep.age,
                                     .leave_free = known ? 0 : kLeaveFree},
                                    clock));
      sinks.push_back(std::move(series));
    }
  }
  std::unique_ptr<Log> log(new Log(clock, std::move(sinks), options.in_memory && !options.to_stdout));
  log->writer_ = std::thread([raw = log.get()] { raw->run(); });
  return log;
}

std::optional<Memory::Lines> Log::lines(Share share, std::uint64_t place) const {
  if (!in_memory_) return std::nullopt;
  return static_cast<const Memory&>(*queues_[static_cast<std::size_t>(share)].sink).from(place);
}

Log::Log(const Clock& clock, std::vector<std::unique_ptr<Sink>> sinks, bool in_memory)
    : clock_(clock), sinks_(std::move(sinks)), in_memory_(in_memory) {
  Queue& known = queues_[static_cast<std::size_t>(Share::kKnown)];
  known.sink = sinks_.front().get();
  known.name = "the audit trail";
  known.most = kMostPending;
  Queue& strangers = queues_[static_cast<std::size_t>(Share::kStrangers)];
  strangers.sink = sinks_.back().get();
  strangers.name = "the audit trail of strangers";
  strangers.most = kMostPendingOfStrangers;
}

Log::~Log() { stop(); }

void Log::append(Share share, std::string_view lines) {
  const std::size_t count = 1 + lines_in(lines);
  const std::lock_guard lock(mutex_);
  Queue& queue = queues_[static_cast<std::size_t>(share)];
  queue.all.lines += count;
  if (queue.pending.size() + lines.size() >= queue.most) {
    queue.lost += count;
    queue.all.lost += count;
    return;
  }
  const std::size_t before = queue.pending.size();
  queue.pending.append(lines).push_back('\n');
  if (before == 0 || (before < kBatch && queue.pending.size() >= kBatch)) wake_.notify_one();
}

Log::Count Log::count(Share share) const {
  const std::lock_guard lock(mutex_);
  return queues_[static_cast<std::size_t>(share)].all;
}

void Log::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (writer_.joinable()) writer_.join();
}

void Log::run() {
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    wait(lock);
    last = stopping_;
    for (Queue& queue : queues_) flush(queue, lock);
  }
}

/// Until there is something to do. What failed is tried again now and then; the other share does not wait for it.
void Log::wait(std::unique_lock<std::mutex>& lock) {
  const auto full = [](const Queue& queue) { return !queue.failing && queue.pending.size() >= kBatch; };
  const auto ready = [](const Queue& queue) {
    return !queue.failing && (!queue.pending.empty() || queue.lost > 0 || queue.trail_loss > 0);
  };
  const bool failing = std::ranges::any_of(queues_, &Queue::failing);
  const std::chrono::milliseconds longest = failing ? kRetry : std::chrono::milliseconds(kIdle);
  const bool called = wake_.wait_for(lock, longest, [&] { return stopping_ || std::ranges::any_of(queues_, ready); });
  if (called) {
    // Let a batch gather, so that a busy server wakes this thread once in a hundred requests and not at each one.
    wake_.wait_for(lock, kLatency, [&] { return stopping_ || std::ranges::any_of(queues_, full); });
  } else if (!failing) {
    lock.unlock();
    for (const auto& sink : sinks_) sink->idle();
    lock.lock();
  }
}

/// Hands over what is pending; what is not taken waits, in front of what came meanwhile.
void Log::flush(Queue& queue, std::unique_lock<std::mutex>& lock) {
  const bool last = stopping_;
  const auto now = std::chrono::steady_clock::now();
  if (queue.failing && !last && now < queue.retry) return;
  std::swap(queue.batch, queue.pending);
  const std::uint64_t lost = std::exchange(queue.lost, 0);
  lock.unlock();
  queue.trail_loss += lost;
  queue.log_loss += lost;
  std::string& batch = queue.batch;
  if (queue.trail_loss > 0 && !queue.failing) {
    batch.insert(0, loss_event(queue));
    queue.trail_loss = 0;
  }
  std::string why;
  batch.erase(0, batch.empty() ? 0 : queue.sink->write(batch, why));
  if (last) queue.log_loss += lines_in(batch);
  queue.failing = !batch.empty();
  queue.retry = now + kRetry;
  tell(queue, why, last);
  lock.lock();
  if (batch.empty()) return empty_for_reuse(batch, kKept);
  batch.append(queue.pending);
  std::swap(batch, queue.pending);
  empty_for_reuse(batch, kKept);
}

/// For the operator: at once, then now and then.
void Log::tell(Queue& queue, const std::string& why, bool last) const {
  const auto now = std::chrono::steady_clock::now();
  if (queue.complained && !queue.failing) {
    queue.complained = false;
    log::info("{} is written again", queue.name);
  }
  const bool due = last || !queue.told || now - *queue.told >= kTold;
  if (!due || (why.empty() && queue.log_loss == 0)) return;
  if (!why.empty()) {
    queue.complained = true;
    log::error("{} cannot be written: {}; {} events of it are lost so far, calls go on", queue.name, why,
               queue.log_loss);
  } else {
    log::error("{} lost {} events: they came faster than they could be written", queue.name, queue.log_loss);
  }
  queue.log_loss = 0;
  queue.told = now;
}

/// So that whoever reads the trail knows that it has a gap.
std::string Log::loss_event(const Queue& queue) const {
  std::string line;
  JsonWriter json(line);
  json.begin_object().key("eventVersion").value("1.11");
  json.key("userIdentity").begin_object().key("type").value("Unknown").end_object();
  json.key("eventTime").value(iso8601(clock_.now())).key("eventSource").value("deputy");
  json.key("eventName").value("TrailLoss").key("eventType").value("DeputyTrailLoss");
  json.key("lostEvents").value(static_cast<std::int64_t>(queue.trail_loss)).end_object();
  return line + "\n";
}

}  // namespace deputy::audit
