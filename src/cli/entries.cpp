// `deputy entries`: what the server could not read of its store when it started, and set aside.
#include <fmt/format.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/admin_client.h"
#include "cli/answer.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

using simdjson::dom::element;

struct Options {
  std::string data, output, key;
};

/// Bytes of an entry as people can read them: what is not visible ASCII is shown as \xHH.
std::string in_ascii(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (c >= ' ' && c <= '~') {
      out.push_back(c);
    } else {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string request(const char* member, const std::string& value) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object();
  if (!value.empty()) writer.key(member).value(value);
  writer.end_object();
  return json;
}

template <class Use>
int call(const Options& options, std::string_view operation, const std::string& json, Use use) {
  const auto answer = call_admin(options.data, operation, json);
  if (!answer) return fail(answer.error().message, answer.error().code);
  simdjson::dom::parser parser;
  element parsed;
  if (parser.parse(*answer).get(parsed) != simdjson::SUCCESS) return fail("the server's answer was not understood");
  if (options.output == "json") say_json(*answer);
  return use(parsed);
}

int list(const Options& options) {
  std::size_t count = 0;
  std::string marker;
  do {
    const int code = call(options, "ListEntries", request("Marker", marker), [&](const element& answer) {
      simdjson::dom::array entries;
      if (answer["Entries"].get(entries) != simdjson::SUCCESS) return fail("the server's answer was not understood");
      count += entries.size();
      for (const element entry : entries) {
        if (options.output == "json") break;
        say("{}  {}\n", text(entry, "/Key"), text(entry, "/Reason"));
      }
      marker = text(answer, "/Marker");
      return kDone;
    });
    if (code != kDone) return code;
  } while (!marker.empty());
  if (count == 0 && options.output != "json") say("Every entry of the store could be read.\n");
  return kDone;
}

int show(const Options& options) {
  return call(options, "GetEntry", request("Key", options.key), [&](const element& answer) {
    if (options.output == "json") return kDone;
    say("{}\n{}\n\n", text(answer, "/Entry/Key"), text(answer, "/Entry/Reason"));
    constexpr std::size_t kLine = 96;
    const std::string bytes = in_ascii(unbase64(text(answer, "/Value")).value_or(""));
    for (std::size_t at = 0; at < bytes.size(); at += kLine) say("  {}\n", bytes.substr(at, kLine));
    return kDone;
  });
}

int remove(const Options& options) {
  return call(options, "RemoveEntry", request("Key", options.key), [&](const element& answer) {
    if (options.output != "json") say("{} is removed.\n", text(answer, "/Entry/Key"));
    return kDone;
  });
}

CLI::App* add(CLI::App& to, const char* name, const char* what, const std::shared_ptr<Options>& options) {
  CLI::App* verb = to.add_subcommand(name, what);
  add_server_options(*verb, options->data);
  add_output_option(*verb, options->output);
  return verb;
}

}  // namespace

void add_entries(CLI::App& app, Run& run) {
  CLI::App* entries =
      app.add_subcommand("entries", "Entries of the store that could not be read at start, and were set aside");
  entries->require_subcommand(1);
  auto options = std::make_shared<Options>();

  CLI::App* lists = add(*entries, "list", "All of them, and why", options);
  lists->footer("Example:\n  deputy entries list");
  lists->callback([&run, options] { run = [options] { return list(*options); }; });

  CLI::App* shows = add(*entries, "show", "One of them, with its bytes", options);
  shows->add_option("key", options->key, "As deputy entries list shows it")->type_name("KEY")->required();
  shows->footer("Example:\n  deputy entries show account/222222222222/policy/guard");
  shows->callback([&run, options] { run = [options] { return show(*options); }; });

  CLI::App* removes = add(*entries, "remove", "Delete one of them for good", options);
  removes->add_option("key", options->key, "As deputy entries list shows it")->type_name("KEY")->required();
  removes->footer(
      "What it said is lost. Whoever depends on it stays refused until nothing refers to it any more: make a policy "
      "of\n"
      "its name anew, or detach it. A backup of the data folder from before the damage gives it back instead.\n"
      "Example:\n  deputy entries remove account/222222222222/policy/guard");
  removes->callback([&run, options] { run = [options] { return remove(*options); }; });
}

}  // namespace deputy::cli
