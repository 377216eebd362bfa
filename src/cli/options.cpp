// The options and answers that verbs share.
#include <CLI/CLI.hpp>
#include <cstdlib>

#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {

std::string default_data_folder() {
  if (const char* data = std::getenv("DEPUTY_DATA"); data != nullptr && *data != 0) return data;
  if (const char* base = std::getenv("XDG_DATA_HOME"); base != nullptr && *base == '/')
    return std::string(base) + "/deputy";
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : ".") + "/.local/share/deputy";
}

void add_data_option(CLI::App& verb, std::string& data) {
  data = default_data_folder();
  verb.add_option("--data", data, "The server's data folder (or DEPUTY_DATA)")->type_name("DIR")->capture_default_str();
}

void add_output_option(CLI::App& verb, std::string& output) {
  output = "people";
  verb.add_option("--output", output, "How to print")->check(CLI::IsMember({"people", "json"}))->capture_default_str();
}

int fail(const std::string& message) {
  complain("deputy: {}\n", message);
  return kFailed;
}

}  // namespace deputy::cli
