// `deputy status`: how the server is, what it holds, and what is wrong with it.
#include <fmt/format.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>

#include "cli/admin_client.h"
#include "cli/answer.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

using simdjson::dom::element;

struct Options {
  std::string data, output;
};

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// "3 days 4 h", "4 h 12 min", "12 min 5 s".
std::string span(std::int64_t seconds) {
  constexpr std::int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
  if (seconds >= kDay) return fmt::format("{} {} h", counted(seconds / kDay, "day", "days"), seconds % kDay / kHour);
  if (seconds >= kHour) return fmt::format("{} h {} min", seconds / kHour, seconds % kHour / kMinute);
  if (seconds >= kMinute) return fmt::format("{} min {} s", seconds / kMinute, seconds % kMinute);
  return fmt::format("{} s", seconds);
}

std::string plural(std::string_view word) {
  return word.ends_with('y') ? std::string(word.substr(0, word.size() - 1)) + "ies" : std::string(word) + "s";
}

/// "3 roles, 4 users"; what there is none of is left out.
std::string entities_of(const element& status) {
  std::string out;
  simdjson::dom::array kinds;
  if (status["Entities"].get(kinds) != simdjson::SUCCESS) return out;
  for (const element kind : kinds) {
    const std::int64_t count = number(kind, "Count");
    const std::string word = text(kind, "Kind");
    if (count > 0) out += (out.empty() ? "" : ", ") + counted(count, word, plural(word));
  }
  return out.empty() ? "nothing" : out;
}

bool is_set(const element& status, const char* name) {
  bool value = false;
  return status[name].get(value) == simdjson::SUCCESS && value;
}

std::string or_none(const std::string& value, const char* none) { return value.empty() ? none : value; }

void show(const element& status) {
  const bool ready = is_set(status, "Ready");
  say("Deputy {} {}: {}\n", text(status, "Version"), ready ? "is ready" : "is not ready", text(status, "Endpoint"));
  say("  up            {} (process {})\n", span(number(status, "UptimeSeconds")), number(status, "Process"));
  const std::string store = text(status, "Store");
  say("  data          {} ({}, revision {})\n", text(status, "Data"), store == "memory" ? "nothing is kept" : store,
      number(status, "Revision"));
  const std::int64_t organizations = number(status, "Organizations");
  say("  accounts      {}{}\n", number(status, "Accounts"),
      organizations == 0 ? "" : " and " + counted(organizations, "organization", "organizations"));
  say("  they hold     {}\n", entities_of(status));
  const std::int64_t lost = number(status, "TrailLost");
  say("  audit trail   {}: {} since the start, {}\n", text(status, "Trail"),
      counted(number(status, "TrailLines"), "line", "lines"), lost == 0 ? "none lost" : fmt::format("{} lost", lost));
  say("  TLS           {}\n", or_none(text(status, "Certificate"), "no"));
  if (text(status, "PublicUrl") != text(status, "Endpoint")) say("  public URL    {}\n", text(status, "PublicUrl"));
  say("  metrics       {}\n", or_none(text(status, "Metrics"), "no"));
  say("  clock         {}\n", is_set(status, "MovableClock") ? "movable" : "the system's");
  simdjson::dom::array troubles;
  if (status["Troubles"].get(troubles) != simdjson::SUCCESS || troubles.size() == 0) return;
  say("What is wrong:\n");
  for (const element trouble : troubles) {
    std::string_view sentence;
    if (trouble.get(sentence) == simdjson::SUCCESS) say("  {}\n", sentence);
  }
}

int print_status(const Options& options) {
  const auto answer = call_admin(options.data, "GetStatus", "{}");
  if (!answer) return fail(answer.error().message, answer.error().code);
  simdjson::dom::parser parser;
  element status;
  if (parser.parse(*answer).get(status) != simdjson::SUCCESS) return fail("the server's answer was not understood");
  options.output == "json" ? say_json(*answer) : show(status);
  return is_set(status, "Ready") ? kDone : kFailed;
}

}  // namespace

void add_status(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("status", "How the server is, what it holds, and what is wrong with it");
  add_data_option(*verb, options->data);
  add_output_option(*verb, options->output);
  verb->preparse_callback([](std::size_t) { wait_for_server(std::chrono::milliseconds(0)); });
  verb->footer(
      "Exit code 0 if it is ready, 1 if it is not or none runs: to wait for one, deputy wait. What is wrong with a "
      "server "
      "that is\n"
      "ready, as lost lines of the trail, changes no exit code; --output json has it under Troubles.\n"
      "Examples:\n"
      "  deputy status\n"
      "  deputy status --output json");
  verb->callback([&run, options] { run = [options] { return print_status(*options); }; });
}

}  // namespace deputy::cli
