// Serves one small answer by the HTTP room, and nothing else: the floor under every other figure.
//
//   http_static [PORT [THREADS]]      prints the port it listens on; ends on SIGINT or SIGTERM
#include "serve.h"

int main(int argc, char** argv) {
  using namespace deputy;
  const sigset_t signals = bench::block_ending_signals();
  return bench::serve(signals, argc - 1, argv + 1, [](const http::Request& /*request*/, http::Responder respond) {
    respond({.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = "hello\n", .close = false});
  });
}
