// `deputy snapshot` and `deputy reset`: for tests that begin where another one began.
#include <fmt/format.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>

#include "base/json_writer.h"
#include "cli/admin_client.h"
#include "cli/answer.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

using simdjson::dom::element;

/// What pruning by a seed does not reach (docs/guides/seeds.md).
constexpr std::string_view kLeft = ", server certificates and MFA devices";

struct Options {
  std::string data, output, name, account;
};

std::string with_name(const std::string& name) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object();
  writer.key("Name").value(name);
  writer.end_object();
  return json;
}

/// What the account holds is pruned by a seed that names it and nothing in it: operation by operation, as IAM wants it.
std::string empty_seed_of(const std::string& account) {
  return fmt::format(R"({{"Accounts":[{{"Place":0,"AccountId":"{}"}}],"Prune":true}})", account);
}

template <class Use>
int call(const Options& options, std::string_view operation, const std::string& json, Use use) {
  constexpr int kPatience = 600;  // a large directory is written whole
  const auto answer = call_admin(options.data, operation, json, kPatience);
  if (!answer) return fail(answer.error().message);
  simdjson::dom::parser parser;
  element parsed;
  if (parser.parse(*answer).get(parsed) != simdjson::SUCCESS) return fail("the server's answer was not understood");
  if (options.output == "json") say_json(*answer);
  return use(parsed);
}

int save(const Options& options) {
  return call(options, "SaveSnapshot", with_name(options.name), [&](const element& answer) {
    if (options.output != "json")
      say("{} is saved: {} entries, as of revision {}.\n", options.name, number(answer, "/Snapshot/Entries"),
          number(answer, "/Snapshot/Revision"));
    return kDone;
  });
}

int restore(const Options& options) {
  return call(options, "RestoreSnapshot", with_name(options.name), [&](const element& answer) {
    if (options.output != "json")
      say("All is as it was at {}: {} entries changed.\n", options.name, number(answer, "/Changed"));
    return kDone;
  });
}

int list(const Options& options) {
  return call(options, "ListSnapshots", "{}", [&](const element& answer) {
    simdjson::dom::array all;
    if (answer["Snapshots"].get(all) != simdjson::SUCCESS) return fail("the server's answer was not understood");
    for (const element one : all) {
      if (options.output == "json") break;
      say("{}  {} entries, revision {}\n", text(one, "/Name"), number(one, "/Entries"), number(one, "/Revision"));
    }
    return kDone;
  });
}

int remove(const Options& options) {
  return call(options, "DeleteSnapshot", with_name(options.name), [&](const element&) {
    if (options.output != "json") say("{} is deleted.\n", options.name);
    return kDone;
  });
}

int reset(const Options& options) {
  if (options.account.empty()) {
    return call(options, "Reset", "{}", [&](const element& answer) {
      if (options.output != "json") say("Nothing is left: {} entries went.\n", number(answer, "/Changed"));
      return kDone;
    });
  }
  // A seed would make it.
  const auto there = call_admin(options.data, "GetAccount", fmt::format(R"({{"AccountId":"{}"}})", options.account));
  if (!there) return fail(there.error().message);
  return call(options, "ApplySeed", empty_seed_of(options.account), [&](const element& answer) {
    simdjson::dom::array faults, changes;
    if (answer["Faults"].get(faults) == simdjson::SUCCESS && faults.size() > 0) {
      return fail(text(*faults.begin(), "/Message"));
    }
    if (options.output == "json") return kDone;
    const bool some = answer["Changes"].get(changes) == simdjson::SUCCESS;
    say("Account {} is empty but for its root user's keys{}: {} changes.\n", options.account, kLeft,
        some ? changes.size() : std::size_t{0});
    return kDone;
  });
}

CLI::App* add(CLI::App& to, const char* name, const char* what, const std::shared_ptr<Options>& options, bool named) {
  CLI::App* verb = to.add_subcommand(name, what);
  if (named) verb->add_option("name", options->name, "Of the snapshot")->type_name("NAME")->required();
  add_server_options(*verb, options->data);
  add_output_option(*verb, options->output);
  return verb;
}

}  // namespace

void add_snapshot(CLI::App& app, Run& run) {
  CLI::App* snapshot =
      app.add_subcommand("snapshot", "Copies of all that the server knows, by name, and the way back to one");
  snapshot->require_subcommand(1);
  snapshot->footer(
      "They are in memory and go when the server ends: for one that stays, deputy backup.\n\n"
      "Examples:\n"
      "  deputy snapshot save clean\n"
      "  deputy snapshot restore clean");
  auto options = std::make_shared<Options>();
  add(*snapshot, "save", "Keep what there is now under a name", options, true)->callback([&run, options] {
    run = [options] { return save(*options); };
  });
  add(*snapshot, "restore", "Make it so again, in one step", options, true)->callback([&run, options] {
    run = [options] { return restore(*options); };
  });
  add(*snapshot, "list", "All of them", options, false)->callback([&run, options] {
    run = [options] { return list(*options); };
  });
  add(*snapshot, "delete", "Forget one", options, true)->callback([&run, options] {
    run = [options] { return remove(*options); };
  });

  auto of_reset = std::make_shared<Options>();
  CLI::App* resets = add(app, "reset", "Empty the server, or one account", of_reset, false);
  resets
      ->add_option("--account", of_reset->account,
                   "Only what this account holds; its root user's keys, server certificates and MFA devices stay "
                   "(default: all accounts go)")
      ->type_name("ACCOUNT")
      ->check(CLI::Validator(
          [](const std::string& id) {
            const bool digits = id.size() == 12 && id.find_first_not_of("0123456789") == std::string::npos;
            return digits ? std::string() : "an account id has 12 digits";
          },
          ""));
  resets->footer(
      "There is no way back but a snapshot or a backup.\n\n"
      "Examples:\n"
      "  deputy reset\n"
      "  deputy reset --account 111111111111");
  resets->callback([&run, of_reset] { run = [of_reset] { return reset(*of_reset); }; });
}

}  // namespace deputy::cli
