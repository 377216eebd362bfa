// A server that goes on in the background, once it is known to run.
#pragma once

#include <functional>
#include <string>

namespace deputy::cli {

/// To be told that the server is ready, and where it listens.
using Ready = std::function<void(const std::string& url)>;

/// Runs `serve` in a process of its own and returns in this one when that process is ready or has ended: then with its
/// exit code, after it has said why on standard error, which it has in common with this one until it is ready. From then
/// on it writes to `log`, a file of the folder. Before any thread is started. In the new process it returns what `serve`
/// does.
int run_detached(const std::string& folder, const std::string& log, const std::function<int(const Ready&)>& serve);

}  // namespace deputy::cli
