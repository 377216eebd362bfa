// The verbs of the `deputy` command. Each adds itself to the command line and, when chosen, sets what to run.
//
// Exit codes: 0 done; 1 refused or failed, with the reason on standard error; 2 the command line could not be
// understood.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace deputy::cli {

inline constexpr int kDone = 0, kFailed = 1, kUsage = 2;

/// What the command line asked for.
using Run = std::function<int()>;

void add_serve(CLI::App& app, Run& run);
void add_account(CLI::App& app, Run& run);
void add_entries(CLI::App& app, Run& run);
void add_env(CLI::App& app, Run& run);
void add_as_service(CLI::App& app, Run& run);
void add_workload(CLI::App& app, Run& run);
void add_events(CLI::App& app, Run& run);
void add_coverage(CLI::App& app, Run& run);
void add_mfa(CLI::App& app, Run& run);
void add_evaluate(CLI::App& app, Run& run);
void add_validate(CLI::App& app, Run& run);
void add_reference(CLI::App& app, Run& run);

/// $DEPUTY_DATA, else $XDG_DATA_HOME/deputy, else ~/.local/share/deputy.
std::string default_data_folder();

/// Adds --data with that default.
void add_data_option(CLI::App& verb, std::string& data);

/// Adds --output people|json.
void add_output_option(CLI::App& verb, std::string& output);

/// Prints "deputy: <message>" on standard error and returns kFailed.
int fail(const std::string& message);

}  // namespace deputy::cli
