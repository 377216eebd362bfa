// Applies seeds to a server, for `deputy apply` and `deputy serve --seed`: reads the files, asks the server, and says
// what came of it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"

namespace deputy::cli {

struct SeedOptions {
  std::string data;                // of the server
  std::vector<std::string> files;  // "-": standard input
  std::string output = "people";
  bool dry_run = false, prune = false, reuse_ids = false;
  std::string account;                  // of CloudFormation templates
  std::vector<std::string> parameters;  // of them: "Name=value"
  bool force = false;                   // overwrites profiles that are not ours
};

/// Prints the plan or what was done, the keys that were made, and every fault with its place. An exit code.
int apply_seeds(const SeedOptions& options);

/// Before the server is ready: says in a line what was done, and nothing of keys that were made. Error: every fault, a
/// line each.
using Ask = std::function<Result<std::string, Error>(std::string_view operation, std::string_view json)>;
Result<void, std::string> apply_seeds_at_start(const SeedOptions& options, const Ask& ask);

}  // namespace deputy::cli
