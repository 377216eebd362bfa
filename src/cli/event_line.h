// One audit event as a line for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deputy::cli {

struct EventLine {
  std::string when;       // "2026-07-24T10:11:12Z": in the order of time if compared as text
  std::string text;       // "10:11:12  222222222222  user/alice  sts:AssumeRole  ok  role/Deploy"
  std::string recipient;  // the account whose event it is; empty: nobody's
  bool failed = false;
};

/// Nothing if the line is not an event.
std::optional<EventLine> read_event(std::string_view json);

}  // namespace deputy::cli
