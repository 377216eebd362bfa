#include "cli/endpoint.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {

std::optional<Place> parse_place(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) return std::nullopt;
  if (text.find_first_not_of("0123456789", colon + 1) != std::string::npos || text.size() - colon > 6) {
    return std::nullopt;
  }
  const int port = std::stoi(text.substr(colon + 1));
  if (port > 65535) return std::nullopt;
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return Place{std::move(host), static_cast<std::uint16_t>(port)};
}

bool is_loopback(const std::string& host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

std::string authority_of(const http::Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return fmt::format("{}:{}", v6 ? "[" + endpoint.host + "]" : endpoint.host, endpoint.port);
}

sigset_t block_ending_signals() {
  sigset_t ending;
  sigemptyset(&ending);
  for (const int number : {SIGTERM, SIGINT, SIGCHLD}) sigaddset(&ending, number);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return ending;
}

int run_beside(const std::vector<std::string>& command, const Variables& variables, const sigset_t& ending) {
  const pid_t child = ::fork();
  if (child < 0) return fail(fmt::format("cannot start {}: {}", command.front(), std::strerror(errno)));
  if (child == 0) {
    pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);
    signal(SIGPIPE, SIG_DFL);
    ::_exit(become(command, variables));
  }
  for (;;) {
    int number = 0, status = 0;
    sigwait(&ending, &number);
    if (number != SIGCHLD) ::kill(child, number);
    if (::waitpid(child, &status, WNOHANG) == child) {
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
  }
}

int run_until_told(const sigset_t& ending) {
  flush_output();
  int number = SIGCHLD;
  while (number == SIGCHLD) sigwait(&ending, &number);
  return kDone;
}

}  // namespace deputy::cli
