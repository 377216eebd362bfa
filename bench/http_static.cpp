// Serves one small answer by the HTTP room, and nothing else: the floor under every other figure.
//
//   http_static [PORT [THREADS]]      prints the port it listens on; ends on SIGINT or SIGTERM
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "http/server.h"

int main(int argc, char** argv) {
  using namespace deputy;
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);

  http::Options options;
  options.port = argc > 1 ? static_cast<std::uint16_t>(std::atoi(argv[1])) : 0;
  options.threads = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 0;
  http::Server server(options, [](const http::Request& /*request*/, http::Responder respond) {
    respond({.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = "hello\n", .close = false});
  });
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
