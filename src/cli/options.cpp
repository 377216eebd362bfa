// The options and answers that verbs share.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "base/json_writer.h"
#include "base/visible.h"
#include "cli/admin_client.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {

namespace {

std::string absolute(const std::string& path) {
  std::error_code fault;
  const std::filesystem::path whole = std::filesystem::absolute(path, fault).lexically_normal();
  if (fault || path.empty()) return path;
  const std::string text = whole.string();
  return text.size() > 1 && text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

std::string default_data_folder() {
  if (const std::string data = variable("DEPUTY_DATA"); !data.empty()) return absolute(data);
  if (const std::string base = variable("XDG_DATA_HOME"); base.starts_with('/')) return base + "/deputy";
  const std::string home = variable("HOME");
  return home.empty() ? "" : home + "/.local/share/deputy";
}

void add_data_option(CLI::App& verb, std::string& data) {
  data = default_data_folder();
  CLI::Option* option = verb.add_option("--data", data, "The server's data folder (or DEPUTY_DATA)")->type_name("DIR");
  if (!data.empty()) option->capture_default_str();
  option->transform(absolute);
  verb.parse_complete_callback([&data] {
    if (data.empty()) throw CLI::RequiredError("--data DIR or DEPUTY_DATA (there is no HOME to keep it below)");
  });
}

void add_provider_folder_option(CLI::App& verb, std::string& folder) {
  const std::string data = default_data_folder();
  if (!data.empty()) folder = data + "/identity-provider";
  CLI::Option* option = verb.add_option("--folder", folder, "Where its keys lie, which are made when they are missing")
                            ->type_name("DIR")
                            ->envname("DEPUTY_IDENTITY_PROVIDER");
  if (!folder.empty()) option->capture_default_str();
  option->transform(absolute);
  verb.parse_complete_callback([&folder] {
    if (folder.empty()) throw CLI::RequiredError("--folder DIR (there is no HOME to keep it below)");
  });
}

void add_server_options(CLI::App& verb, std::string& data) {
  add_data_option(verb, data);
  add_wait_option(verb, kDefaultWait);
}

void add_wait_option(CLI::App& verb, std::chrono::milliseconds otherwise) {
  constexpr double kLongest = 24.0 * 60 * 60;
  verb.add_option_function<double>(
          "--wait",
          [](double seconds) { wait_for_server(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000))); },
          "How long to wait for a server that starts (or DEPUTY_WAIT); 0: not at all")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, kLongest))
      ->default_str(fmt::format("{}", std::chrono::duration_cast<std::chrono::seconds>(otherwise).count()))
      ->envname("DEPUTY_WAIT");
}

void add_output_option(CLI::App& verb, std::string& output) {
  output = "people";
  verb.add_option("--output", output, "How to print")->check(CLI::IsMember({"people", "json"}))->capture_default_str();
}

std::optional<Time> parse_time(const std::string& text) {
  if (const auto time = parse_iso8601(text)) return time;
  std::uint32_t seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return from_epoch_seconds(seconds);
}

namespace {
bool failures_as_json = false;
}

void tell_failures_as_json(bool wanted) { failures_as_json = wanted; }

int fail(const std::string& message, const std::string& code) {
  if (!failures_as_json) {
    complain("deputy: {}\n", message);
    return kFailed;
  }
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("error").begin_object();
  if (!code.empty()) json.key("code").value(code);
  json.key("message").value(message).end_object().end_object();
  complain_lines(visible_json(text) + "\n");
  return kFailed;
}

}  // namespace deputy::cli
