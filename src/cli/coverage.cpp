#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/json_writer.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "server/bindings.h"

namespace deputy::cli {
namespace {

/// AWS's, of those that the models know.
std::vector<const protocol::Service*> aws_services() {
  std::vector<const protocol::Service*> found;
  for (const protocol::Service* service : protocol::services()) {
    if (!service->operator_only) found.push_back(service);
  }
  return found;
}

int print_json(const std::vector<const protocol::Service*>& services, const server::Bindings& bindings) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  for (const protocol::Service* service : services) {
    json.key(service->name).begin_object();
    for (const bool wanted : {true, false}) {
      json.key(wanted ? "implemented" : "notImplemented").begin_array();
      for (const protocol::Operation* op : service->operations) {
        if ((bindings.find(*op) != nullptr) == wanted) json.value(op->name);
      }
      json.end_array();
    }
    json.end_object();
  }
  json.end_object();
  say_json(text);
  return kDone;
}

int show(const std::string& wanted, const std::string& output) {
  const server::Bindings bindings;
  std::vector<const protocol::Service*> services;
  for (const protocol::Service* service : aws_services()) {
    if (wanted.empty() || wanted == service->name) services.push_back(service);
  }
  if (output == "json") return print_json(services, bindings);
  for (const protocol::Service* service : services) {
    std::size_t bound = 0;
    std::string list;
    for (const protocol::Operation* op : service->operations) {
      const bool is_bound = bindings.find(*op) != nullptr;
      bound += is_bound ? 1 : 0;
      if (!wanted.empty()) list += fmt::format("  {} {}\n", is_bound ? "yes" : " - ", op->name);
    }
    say("{:<14} {:>3} of {:>3} operations\n", service->name, bound, service->operations.size());
    say_lines(list);
  }
  if (wanted.empty()) say("\nThe rest answer NotImplemented. The names: deputy coverage --service iam\n");
  return kDone;
}

}  // namespace

void add_coverage(CLI::App& app, Run& run) {
  auto service = std::make_shared<std::string>();
  auto output = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("coverage", "Which operations of AWS are there, and which are not");
  std::vector<std::string> names;
  for (const protocol::Service* known : aws_services()) names.emplace_back(known->name);
  verb->add_option("--service", *service, "One service, each operation")->check(CLI::IsMember(names));
  add_output_option(*verb, *output);
  verb->footer("Examples:\n  deputy coverage\n  deputy coverage --service sts\n  deputy coverage --output json");
  verb->callback([&run, service, output] { run = [service, output] { return show(*service, *output); }; });
}

}  // namespace deputy::cli
