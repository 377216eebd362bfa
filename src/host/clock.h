// The clock through which alone time enters Deputy.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace deputy {

/// Where the present comes from. Thread-safe. Nothing else in src/ reads a wall clock (tests/rooms_test).
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
};

/// For tests: the system's clock moved by an offset, or stopped.
class MovableClock final : public Clock {
 public:
  explicit MovableClock(const Clock& base) : base_(base) {}
  [[nodiscard]] Time now() const override;
  void move(std::chrono::milliseconds by) { offset_ += by.count(); }

 private:
  const Clock& base_;
  std::atomic<std::int64_t> offset_{0};
};

}  // namespace deputy
