// The trail in memory, for a server that keeps nothing (`deputy serve --memory`): the newest lines, up to a bound.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "audit/sink.h"

namespace deputy::audit {

/// Written by one thread, read by any.
class Memory final : public Sink {
 public:
  static constexpr std::size_t kMost = 16 * 1024 * 1024;  // bytes that each share keeps
  static constexpr std::size_t kMostTold = 1024 * 1024;   // bytes of one answer, if the first line is not longer

  explicit Memory(std::size_t most = kMost) : most_(most) {}
  std::size_t write(std::string_view lines, std::string& why) override;

  struct Lines {
    std::string text;        // whole lines; empty: there are none behind that place yet
    std::uint64_t next = 0;  // where to go on
  };
  /// The lines from that place on, counted in bytes since the start; what is gone is passed over.
  [[nodiscard]] Lines from(std::uint64_t place) const;

 private:
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::string kept_;
  std::uint64_t gone_ = 0;  // bytes that were dropped before the first that is kept
};

}  // namespace deputy::audit
