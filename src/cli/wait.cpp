// `deputy wait` and `deputy stop`: for scripts that start a server and end it.
#include <sys/socket.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>

#include "cli/admin_client.h"
#include "cli/detach.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

constexpr std::chrono::seconds kPatientWait{30};

int wait(const std::string& data) {
  const auto answer = call_admin(data, "GetStatus", "{}");
  if (!answer) return fail(answer.error().message);
  say("The server is ready: {}\n", endpoint_of(data));
  return kDone;
}

/// Whoever listens at the other end, as the kernel knows it: no file says so, and none can be stale.
Result<host::Descriptor, std::string> process_behind(const host::Descriptor& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return Failure(std::string(std::strerror(errno)));
  }
  if (peer.pid == 0) return Failure(std::string("the server runs in another container; end it there"));
  host::Descriptor process = hold_process(peer.pid);
  if (!process.is_open()) return Failure(std::string(std::strerror(errno)));
  return process;
}

int stop(const std::string& data) {
  const auto socket = connect_admin(data);
  if (!socket) return fail(socket.error().message);
  const auto process = process_behind(*socket);
  if (!process) return fail("cannot find the server's process: " + process.error());
  if (const auto trouble = end_process(*process, "the server")) return fail(*trouble);
  say("The server has ended; {} keeps what it held.\n", data);
  return kDone;
}

}  // namespace

void add_wait(CLI::App& app, Run& run) {
  auto data = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("wait", "Wait until a server is ready");
  add_data_option(*verb, *data);
  add_wait_option(*verb, kPatientWait);
  verb->preparse_callback([](std::size_t) { wait_for_server(kPatientWait); });
  verb->footer(
      "Ready means: it listens, and answers. Exit code 1 if it is not within the time.\n"
      "Over the network, GET /_deputy/health says the same: 200 once it is ready.\n"
      "Examples:\n"
      "  deputy serve & deputy wait\n"
      "  deputy wait --wait 0 && echo it runs");
  verb->callback([&run, data] { run = [data] { return wait(*data); }; });
}

void add_stop(CLI::App& app, Run& run) {
  auto data = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("stop", "End a server that runs in the background, gracefully");
  add_data_option(*verb, *data);
  verb->preparse_callback([](std::size_t) { wait_for_server(std::chrono::milliseconds(0)); });
  verb->footer(
      "What is in flight is finished, as with SIGTERM; it returns when the process is gone.\n"
      "Example:\n  deputy stop --data ./deputy-data");
  verb->callback([&run, data] { run = [data] { return stop(*data); }; });
}

}  // namespace deputy::cli
