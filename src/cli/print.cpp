#include "cli/print.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace deputy::cli {
namespace {

constexpr std::size_t kLongestLine = 64 * 1024;  // bytes

std::string visible_lines(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    out += visible(lines.substr(0, end), kLongestLine);
    if (end == std::string_view::npos) break;
    out += '\n';
    lines.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

namespace detail {
void out(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }
void err(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }
}  // namespace detail

void say_lines(std::string_view lines) { detail::out(visible_lines(lines)); }
void complain_lines(std::string_view lines) { detail::err(visible_lines(lines)); }

void say_json(std::string_view json) { detail::out(visible_json(json) + "\n"); }

void hand_over(std::string_view text) { ::isatty(STDOUT_FILENO) == 1 ? say_lines(text) : detail::out(text); }

void hand_over_whole(std::string_view text) {
  hand_over(text);
  if (::isatty(STDOUT_FILENO) == 1) detail::out("\n");
}

std::ostream& json_output() { return std::cout; }

void flush_output() { std::fflush(stdout); }

}  // namespace deputy::cli
