// A server that goes on in the background, once it is known to run, and is ended from elsewhere.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "host/files.h"

namespace deputy::cli {

/// To be told that the server is ready, and where it listens.
using Ready = std::function<void(const std::string& url)>;

struct InBackground {
  std::string what;         // "The server"
  std::string folder, log;  // the log is a file of the folder
  std::string to_end;       // the command that ends it
};

/// Runs `serve` in a process of its own and returns in this one when that process is ready or has ended: then with its
/// exit code, after it has said why on standard error, which it has in common with this one until it is ready. From then
/// on it writes to the log. Before any thread is started. In the new process it returns what `serve` does.
int run_detached(const InBackground& how, const std::function<int(const Ready&)>& serve);

/// A process held by its number, so that no other can take its place; not open: errno says why.
host::Descriptor hold_process(int number);
/// Tells it to end, and waits until it has; a sentence about `what` ("the server") if it has not.
std::optional<std::string> end_process(const host::Descriptor& process, std::string_view what);

}  // namespace deputy::cli
