// One audit event as a line for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deputy::cli {

struct EventLine {
  std::string when;              // "2026-07-24T10:11:12Z": in the order of time if compared as text
  std::string text;              // "10:11:12  222222222222  user/alice  sts:AssumeRole  ok  role/Deploy"
  std::string why;               // the sentence of a refusal; empty: there is none
  std::string recipient;         // the account whose event it is; empty: nobody's
  std::string action;            // "sts:AssumeRole"
  std::vector<std::string> who;  // names by which one asks for the caller: "alice", "user/alice", the ARN, the key
  bool failed = false;
};

/// Nothing if the line is not an event.
std::optional<EventLine> read_event(std::string_view json);

}  // namespace deputy::cli
