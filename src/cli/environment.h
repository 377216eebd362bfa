// Giving a program credentials the way every AWS client takes them: by environment variables.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deputy::cli {

/// Names with their values; nothing: the variable is taken away, so that it cannot win over what is given.
using Variables = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// For a POSIX shell: in single quotes, unless nothing in it needs them.
std::string shell_quoted(const std::string& value);

/// Lines of `export` and `unset` for `eval`.
std::string export_lines(const Variables& variables);

/// Becomes the command; returns only if it cannot be started, with the exit code that a shell gives then.
int become(const std::vector<std::string>& command, const Variables& variables);

/// The address of a server. STS by itself too: of a profile that assumes a role, the SDKs for JavaScript and Java ask the
/// real STS unless the environment names another.
void add_endpoint(Variables& variables, const std::string& url);

/// What any program needs beside its credentials: the region, and where the server of that data folder is and whom it
/// can be known by.
void add_place(Variables& variables, const std::string& region, const std::string& data_folder);

}  // namespace deputy::cli
