// The verbs of the `deputy` command. Each adds itself to the command line and, when chosen, sets what to run.
//
// Exit codes: 0 done; 1 refused or failed, with the reason on standard error; 2 the command line could not be
// understood.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/time.h"

namespace CLI {
class App;
}

namespace deputy::cli {

inline constexpr int kDone = 0, kFailed = 1, kUsage = 2;

/// What the command line asked for.
using Run = std::function<int()>;

void add_serve(CLI::App& app, Run& run);
void add_wait(CLI::App& app, Run& run);
void add_stop(CLI::App& app, Run& run);
void add_status(CLI::App& app, Run& run);
void add_account(CLI::App& app, Run& run);
void add_backup(CLI::App& app, Run& run);  // restore, too
void add_apply(CLI::App& app, Run& run);
void add_snapshot(CLI::App& app, Run& run);  // reset, too
void add_entries(CLI::App& app, Run& run);
void add_env(CLI::App& app, Run& run);
void add_profile(CLI::App& app, Run& run);
void add_aws(CLI::App& app, Run& run);
void add_as_service(CLI::App& app, Run& run);
void add_workload(CLI::App& app, Run& run);
void add_identity_provider(CLI::App& app, Run& run);
void add_identity_documents(CLI::App& verb, Run& run);  // of add_identity_provider
void add_events(CLI::App& app, Run& run);
void add_coverage(CLI::App& app, Run& run);
void add_mfa(CLI::App& app, Run& run);
void add_evaluate(CLI::App& app, Run& run);
void add_validate(CLI::App& app, Run& run);
void add_reference(CLI::App& app, Run& run);

/// $DEPUTY_DATA, else $XDG_DATA_HOME/deputy, else ~/.local/share/deputy; absolute, so that what is said about it holds in
/// any folder. Empty without all of them: secrets are not for whatever folder one happens to stand in.
std::string default_data_folder();

/// Adds --data with that default; without a default it must be given.
void add_data_option(CLI::App& verb, std::string& data);

/// Adds --folder: where `deputy identity-provider` keeps its keys.
void add_provider_folder_option(CLI::App& verb, std::string& folder);

/// Adds --data, and --wait: how long the verb waits for a server that starts.
void add_server_options(CLI::App& verb, std::string& data);

/// Adds --wait SECONDS alone, which calls wait_for_server().
void add_wait_option(CLI::App& verb, std::chrono::milliseconds otherwise);

/// Adds --output people|json.
void add_output_option(CLI::App& verb, std::string& output);

/// "2026-07-24T10:11:12Z", or seconds since 1970.
std::optional<Time> parse_time(const std::string& text);

/// Prints "deputy: <message>" on standard error, or after tell_failures_as_json() {"error":{"message":…}}, with the code
/// of the server's answer if there is one. Returns kFailed.
int fail(const std::string& message, const std::string& code = "");
void tell_failures_as_json(bool wanted = true);

}  // namespace deputy::cli
