// `deputy reference`: the command line as data, of which the packages' man pages and completions are made
// (packaging/reference.py). Not among the commands that --help lists.
#include <CLI/CLI.hpp>

#include "base/json_writer.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

/// CLI11 appends what a value is checked by: "TEXT:{people,json}", "FILE:FILE", "COUNT:UINT in [1 - 10]".
std::pair<std::string, std::vector<std::string>> type_and_choices(const CLI::Option& option) {
  const std::string all = option.get_type_name();
  if (const auto open = all.find(":{"); open != std::string::npos && all.back() == '}') {
    return {all.substr(0, open), CLI::detail::split(all.substr(open + 2, all.size() - open - 3), ',')};
  }
  for (const char* check : {":FILE", ":DIR", ":UINT", ":INT", ":PATH"}) {
    if (const auto at = all.find(check); at != std::string::npos) return {all.substr(0, at), {}};
  }
  return {all, {}};
}

void write_option(JsonWriter& json, const CLI::Option& option) {
  const auto [type, choices] = type_and_choices(option);
  json.begin_object().key("names").begin_array();
  for (const std::string& name : option.get_snames()) json.value("-" + name);
  for (const std::string& name : option.get_lnames()) json.value("--" + name);
  json.end_array();
  if (option.get_positional()) json.key("positional").value(option.get_name(true));
  const bool takes_value = option.get_items_expected_max() > 0;
  if (takes_value) json.key("type").value(option.get_type_name().empty() ? std::string("TEXT") : type);
  if (takes_value) json.key("many").value(option.get_expected_max() > 1);
  json.key("required").value(option.get_required());
  json.key("default").value(option.get_default_str()).key("environment").value(option.get_envname());
  json.key("choices").begin_array();
  for (const std::string& choice : choices) json.value(choice);
  json.end_array().key("description").value(option.get_description()).end_object();
}

void write_command(JsonWriter& json, const CLI::App& command) {
  json.begin_object().key("name").value(command.get_name()).key("description").value(command.get_description());
  json.key("footer").value(command.get_footer()).key("options").begin_array();
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_group().empty()) write_option(json, *option);
  }
  json.end_array().key("commands").begin_array();
  for (const CLI::App* inner : command.get_subcommands([](const CLI::App*) { return true; })) {
    if (!inner->get_group().empty()) write_command(json, *inner);
  }
  json.end_array().end_object();
}

}  // namespace

void add_reference(CLI::App& app, Run& run) {
  CLI::App* verb = app.add_subcommand("reference", "The command line as JSON, for man pages and completions");
  verb->group("");
  verb->footer("Examples:\n  deputy reference");
  verb->callback([&app, &run] {
    run = [&app] {
      std::string text;
      JsonWriter json(text);
      write_command(json, app);
      say_json(text);
      return kDone;
    };
  });
}

}  // namespace deputy::cli
