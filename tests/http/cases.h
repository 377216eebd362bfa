// Reads tests/http/cases/*.txt; the format is described in the files.
#pragma once

#include <string>
#include <vector>

namespace deputy::http::testing {

struct Case {
  std::string name;
  std::string bytes;
  std::vector<std::string> outcomes;  // "GET /x body", "refused 400", "waits"
};

/// Throws std::runtime_error, naming the line, if the file is not well formed.
std::vector<Case> read_cases(const std::string& path);

}  // namespace deputy::http::testing
