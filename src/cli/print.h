// What the verbs print. Nothing else in cli/ writes to standard output or standard error (tests/rooms looks), so that
// no verb can forget that names, emails, URLs and messages are texts of others: each is made visible (base/visible.h).
#pragma once

#include <fmt/core.h>

#include <iosfwd>
#include <string_view>

#include "base/visible.h"

namespace deputy::cli {

namespace detail {
void out(std::string_view text);
void err(std::string_view text);
}  // namespace detail

/// On standard output, for people. The format is ours; every text that goes into it is one line, visible and cut.
template <class... Args>
void say(fmt::format_string<Shown<Args>...> format, const Args&... args) {
  detail::out(fmt::format(format, deputy::detail::shown(args)...));
}

/// The same on standard error.
template <class... Args>
void complain(fmt::format_string<Shown<Args>...> format, const Args&... args) {
  detail::err(fmt::format(format, deputy::detail::shown(args)...));
}

/// Several lines of whatever origin: they stay lines, and each is visible.
void say_lines(std::string_view lines);
void complain_lines(std::string_view lines);

/// JSON of whatever origin, and a line end: the same values, with escapes for what is hidden.
void say_json(std::string_view json);

/// A text for a program: exact, as lines for `eval` must be. On a terminal it is visible instead.
void hand_over(std::string_view text);
/// A text that is all that a program reads, as a token is: exact, and nothing behind it. On a terminal it is a line.
void hand_over_whole(std::string_view text);

/// Standard output for what writes JSON with JsonWriter line by line.
std::ostream& json_output();

/// At once, also into a pipe.
void flush_output();

}  // namespace deputy::cli
