#include "host/log.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>

#include "base/time.h"
#include "host/clock.h"

namespace deputy::log {
namespace {
std::atomic<Level> threshold{Level::kInfo};
std::atomic<Form> form{Form::kText};
constexpr std::string_view kNames[] = {"debug", "info", "warning", "error", "off"};

/// One call, one line: threads do not mix.
void put(const std::string& line) { std::fwrite(line.data(), 1, line.size(), stderr); }

/// `text` is visible (base/visible.h), so all that JSON asks for is what it itself gives a meaning.
std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

void put(Level level, const std::string& line) {
  const std::string_view name = kNames[static_cast<std::size_t>(level)];
  const std::string time = iso8601(SystemClock{}.now());
  put(form.load(std::memory_order_relaxed) == Form::kJson
          ? fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"message\":\"{}\"}}\n", time, name, quoted(line))
          : fmt::format("{} {} {}\n", time, name, line));
}
}  // namespace

void set_level(Level level) { threshold.store(level, std::memory_order_relaxed); }
bool enabled(Level level) { return level >= threshold.load(std::memory_order_relaxed); }

void set_form(Form wanted) { form.store(wanted, std::memory_order_relaxed); }

void write(Level level, std::string_view text) { put(level, visible(text, kMostOfLine)); }

void last_word(std::string_view sentence) {
  const std::string line = visible(sentence, kMostOfLine);
  if (form.load(std::memory_order_relaxed) == Form::kJson) return put(Level::kError, line);
  put(fmt::format("deputy: {}\n", line));
}

}  // namespace deputy::log
