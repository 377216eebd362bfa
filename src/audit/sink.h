// Where lines of the trail go: a series of files (audit/series.h) or standard output (audit/stream.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deputy::audit {

/// Used by one thread.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// Writes lines, each with its newline. How many bytes were taken; the caller comes again with the rest, before
  /// anything else. Less than all: `why` says what is in the way.
  virtual std::size_t write(std::string_view lines, std::string& why) = 0;
  /// Called now and then while there is nothing to write.
  virtual void idle() {}
};

}  // namespace deputy::audit
