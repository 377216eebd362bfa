#include "host/log.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>

#include "base/time.h"
#include "host/clock.h"

namespace deputy::log {
namespace {
std::atomic<Level> threshold{Level::kInfo};
constexpr std::string_view kNames[] = {"debug", "info", "warning", "error", "off"};
}  // namespace

void set_level(Level level) { threshold.store(level, std::memory_order_relaxed); }
bool enabled(Level level) { return level >= threshold.load(std::memory_order_relaxed); }

void write(Level level, std::string_view text) {
  const std::string line = fmt::format("{} {} {}\n", iso8601(SystemClock{}.now()),
                                       kNames[static_cast<std::size_t>(level)], visible(text, kMostOfLine));
  std::fwrite(line.data(), 1, line.size(), stderr);  // one call, one line: threads do not mix
}

void last_word(std::string_view sentence) {
  const std::string line = fmt::format("deputy: {}\n", visible(sentence, kMostOfLine));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace deputy::log
