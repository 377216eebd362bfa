// What `--help` and the errors of a command line look like.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace deputy::cli {

inline constexpr std::size_t kHelpColumns = 100;

/// The help of CLI11 with no line longer than that: what describes an option goes on below itself, prose is one
/// paragraph however its source is broken, and indented lines (examples) stay lines.
std::string wrapped(std::string_view help, std::size_t columns = kHelpColumns);

/// Why a command line was not understood: a sentence, and what was meant, if an option or a command is like it.
std::string explained(const CLI::App& app, const CLI::ParseError& error);

/// The word where a command should stand and none does, with what was meant and the commands that could; empty if there
/// is none. CLI11 only says that one is missing.
std::string unknown_command(const CLI::App& app, const std::vector<std::string>& words);

/// Names in the environment that begin with DEPUTY_ and are no variable of any verb: a sentence for each. Not those that
/// Kubernetes makes of a service named deputy.
std::vector<std::string> unknown_variables(const CLI::App& app, const std::vector<std::string>& names);

}  // namespace deputy::cli
