// The audit trail: one JSON line a request, in files of the data folder, on standard output or in memory.
//
// Two shares. Who proved an identity is told of in <name>.jsonl; whoever did not, in <name>.strangers.jsonl. Each has
// files, memory and losses of its own, so that nobody without an identity can push out what those with one did.
// `deputy events` shows both as one.
//
// Lines are handed over in memory and written by one thread in batches, at most kLatency later: a request never waits
// for this disk, and calls go on while the trail cannot be written (docs/security.md says why). A crash of the process
// can lose what was handed over last; stop() loses nothing that can be written. While a sink takes nothing its lines
// wait in memory, up to a bound; what comes then is lost and counted, and the loss is told in the operator's log now
// and then, and in the trail as soon as it can be.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "audit/keep.h"
#include "audit/memory.h"
#include "audit/sink.h"
#include "base/result.h"
#include "host/clock.h"

namespace deputy::audit {

/// Whose request a line tells of.
enum class Share : unsigned char { kKnown, kStrangers };

struct LogOptions {
  std::string file;              // of known callers, the newest; its folder is there. See default_file
  bool to_stdout = false;        // instead of files: everything on standard output
  bool in_memory = false;        // instead of files: the newest lines, see lines()
  Keep keep = {};                // of files
  const Clock* clock = nullptr;  // null: the system's
};

class Log {
 public:
  static constexpr std::chrono::milliseconds kLatency{25};
  static constexpr std::chrono::milliseconds kRetry{1000};  // between two attempts after one that failed
  static constexpr std::chrono::seconds kTold{60};          // between two lines about losses in the operator's log
  static constexpr std::size_t kBatch = 256 * 1024;  // bytes that are written at once, without waiting for kLatency
  static constexpr std::size_t kMostPending = 32 * 1024 * 1024;            // bytes of known callers that wait
  static constexpr std::size_t kMostPendingOfStrangers = 4 * 1024 * 1024;  // bytes
  static constexpr std::uint64_t kLeaveFree = 16ull * 1024 * 1024;  // bytes of the disk that strangers' lines leave

  /// Error: a sentence for the operator.
  static Result<std::unique_ptr<Log>, std::string> open(const LogOptions& options);
  ~Log();  // stops

  /// One line or several, the last without newline; they stay together. Thread-safe.
  void append(Share share, std::string_view lines);
  /// Lines of a share that came, and of these the ones that were lost, since the start. Thread-safe.
  struct Count {
    std::uint64_t lines = 0, lost = 0;
  };
  [[nodiscard]] Count count(Share share) const;
  /// Of a trail in memory, the lines of a share from a place on; nothing if it is elsewhere. Thread-safe.
  [[nodiscard]] std::optional<Memory::Lines> lines(Share share, std::uint64_t place) const;
  /// Writes what is pending and ends the thread. Idempotent.
  void stop();

  /// <folder>/events.jsonl
  [[nodiscard]] static std::string default_file(const std::string& folder);
  /// All files of one share, oldest first, for a trail whose newest file is `file`. Error: they cannot be listed.
  static Result<std::vector<std::string>, std::string> files(const std::string& file, Share share);

 private:
  struct Queue {
    Sink* sink = nullptr;
    std::string_view name;  // for the operator
    std::size_t most = 0;   // bytes of pending

    std::string pending;     // under mutex_, as the next
    std::uint64_t lost = 0;  // lines, since the writer looked
    Count all;

    // The writer's own:
    std::string batch;                            // being written
    std::uint64_t trail_loss = 0;                 // lines whose loss is not told in the trail yet
    std::uint64_t log_loss = 0;                   // nor in the operator's log
    bool failing = false;                         // the last attempt failed
    std::chrono::steady_clock::time_point retry;  // when it is tried again
    bool complained = false;                      // and that was said
    std::optional<std::chrono::steady_clock::time_point> told;
  };

  Log(const Clock& clock, std::vector<std::unique_ptr<Sink>> sinks, bool in_memory);
  void run();
  void wait(std::unique_lock<std::mutex>& lock);
  void flush(Queue& queue, std::unique_lock<std::mutex>& lock);
  void tell(Queue& queue, const std::string& why, bool last) const;
  [[nodiscard]] std::string loss_event(const Queue& queue) const;

  const Clock& clock_;
  const std::vector<std::unique_ptr<Sink>> sinks_;
  const bool in_memory_;         // the sinks are Memory
  std::array<Queue, 2> queues_;  // by Share

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread writer_;
};

}  // namespace deputy::audit
