// The audit trail on disk: one JSON line a request in <folder>/events.jsonl, rotated by size to events.<n>.jsonl.
//
// Lines are handed over in memory and written by one thread in batches, at most kLatency later: a request never waits
// for this disk. A crash of the process can lose that much; stop() loses nothing. When the disk cannot keep up or is
// full, lines are counted as lost and the loss is written to the trail and to the operator's log as soon as it can be.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"

namespace deputy::audit {

struct LogOptions {
  std::string folder;
  std::uint64_t rotate_at = 64ull * 1024 * 1024;  // bytes of one file
  unsigned keep = 16;                             // rotated files; the oldest goes
};

class Log {
 public:
  static constexpr std::chrono::milliseconds kLatency{25};
  static constexpr std::size_t kBatch = 256 * 1024;  // bytes that are written at once, without waiting for kLatency
  static constexpr std::size_t kMostPending = 64 * 1024 * 1024;  // bytes; beyond, lines are lost and counted

  /// Error: a sentence for the operator.
  static Result<std::unique_ptr<Log>, std::string> open(LogOptions options);
  ~Log();  // stops

  /// One line or several, the last without newline; they stay together. Thread-safe.
  void append(std::string_view lines);
  /// Writes what is pending and ends the thread. Idempotent.
  void stop();

  /// The newest file, where lines are being appended.
  [[nodiscard]] static std::string current_file(const std::string& folder);
  /// All files of the trail, oldest first.
  [[nodiscard]] static std::vector<std::string> files(const std::string& folder);

 private:
  explicit Log(LogOptions options);
  void run();
  void write(std::string_view bytes);
  void rotate();
  void drop_behind();
  void note_loss(std::uint64_t lines);

  const LogOptions options_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t dropped_ = 0;  // the size when pages were last given back
  bool failing_ = false;       // the last write failed: said once

  std::mutex mutex_;
  std::condition_variable wake_;
  std::string pending_;
  std::uint64_t lost_ = 0;
  bool stopping_ = false;
  std::thread writer_;
};

}  // namespace deputy::audit
