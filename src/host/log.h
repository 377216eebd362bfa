// The operator's log: one line on standard error for what a person who runs the server should know. It is not the audit
// trail (audit/). Never pass it a secret: types that hold one do not convert to text.
//
// Every text that stands in a line is made visible and cut (base/visible.h): nobody who sends a name or a URL can write
// a line of his own, or steer the terminal on which the log is read.
#pragma once

#include <fmt/core.h>

#include <string_view>

#include "base/visible.h"

namespace deputy::log {

enum class Level { kDebug, kInfo, kWarning, kError, kOff };

/// Bytes of one line, whatever its arguments.
inline constexpr std::size_t kMostOfLine = 8192;

/// As people read it, or a JSON object a line: {"time", "level", "message"}. The same holds for last_word().
enum class Form { kText, kJson };

void set_level(Level level);
void set_form(Form form);
bool enabled(Level level);
/// One line; line ends and all that is hidden in it are replaced.
void write(Level level, std::string_view text);

/// Why the program ends, whatever the level: "deputy: <sentence>".
void last_word(std::string_view sentence);

template <class... Args>
void at(Level level, fmt::format_string<Shown<Args>...> format, const Args&... args) {
  if (enabled(level)) write(level, fmt::format(format, detail::shown(args)...));
}
template <class... Args>
void debug(fmt::format_string<Shown<Args>...> format, const Args&... args) {
  at<Args...>(Level::kDebug, format, args...);
}
template <class... Args>
void info(fmt::format_string<Shown<Args>...> format, const Args&... args) {
  at<Args...>(Level::kInfo, format, args...);
}
template <class... Args>
void warning(fmt::format_string<Shown<Args>...> format, const Args&... args) {
  at<Args...>(Level::kWarning, format, args...);
}
template <class... Args>
void error(fmt::format_string<Shown<Args>...> format, const Args&... args) {
  at<Args...>(Level::kError, format, args...);
}

}  // namespace deputy::log
