// What the servers of the benchmarks share: an HTTP server around one handler, until a signal.
#pragma once

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "http/server.h"

namespace deputy::bench {

/// Call first, before any thread: the signals that end the program go to serve(), and to nobody else.
inline sigset_t block_ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// `arguments`: [PORT [THREADS]]. Prints the port it listens on; ends on SIGINT or SIGTERM. Returns the exit status.
inline int serve(const sigset_t& signals, int count, char** arguments, http::Handler handler) {
  http::Options options;
  options.port = count > 0 ? static_cast<std::uint16_t>(std::atoi(arguments[0])) : 0;
  options.threads = count > 1 ? static_cast<unsigned>(std::atoi(arguments[1])) : 0;
  http::Server server(options, std::move(handler));
  const Result<http::Endpoint, std::string> where = server.start();
  if (!where) {
    std::fprintf(stderr, "%s\n", where.error().c_str());
    return 1;
  }
  std::printf("%d\n", where->port);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server.stop();
  return 0;
}

}  // namespace deputy::bench
