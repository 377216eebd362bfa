#include "cli/environment.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "cli/admin_client.h"
#include "cli/print.h"

namespace deputy::cli {

std::string shell_quoted(const std::string& value) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:+,@%=";
  if (!value.empty() && value.find_first_not_of(plain) == std::string::npos) return value;
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string export_lines(const Variables& variables) {
  std::string out;
  for (const auto& [name, value] : variables) {
    out += value ? fmt::format("export {}={}\n", name, shell_quoted(*value)) : fmt::format("unset {}\n", name);
  }
  return out;
}

int become(const std::vector<std::string>& command, const Variables& variables) {
  constexpr int kNotFound = 127, kNotStarted = 126;
  for (const auto& [name, value] : variables) {
    value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
  }
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words.front(), words.data());
  const int why = errno;
  complain("deputy: {}: {}\n", command.front(), std::strerror(why));
  return why == ENOENT ? kNotFound : kNotStarted;
}

void add_endpoint(Variables& variables, const std::string& url) {
  variables.emplace_back("AWS_ENDPOINT_URL", url);
  variables.emplace_back("AWS_ENDPOINT_URL_STS", url);
}

void add_place(Variables& variables, const std::string& region, const std::string& data_folder) {
  variables.emplace_back("AWS_REGION", region);
  variables.emplace_back("AWS_DEFAULT_REGION", region);
  if (const std::string url = endpoint_of(data_folder); !url.empty()) add_endpoint(variables, url);
  if (std::string file = ca_bundle_of(data_folder); !file.empty())
    variables.emplace_back("AWS_CA_BUNDLE", std::move(file));
}

}  // namespace deputy::cli
