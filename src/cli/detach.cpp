#include "cli/detach.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "cli/print.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

constexpr int kUntilGone = 30'000;  // milliseconds; a server finishes what is in flight for ten seconds at most

/// Standard input is empty, standard output and error are the log. False, and it was said why: they stay as they are.
bool leave_terminal(const std::string& folder, const std::string& log) {
  const auto opened = host::Folder::open(folder);
  const auto file = opened ? opened->append(log) : Failure(opened.error());
  const host::Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!file || !nothing.is_open()) {
    fail(file ? fmt::format("cannot open /dev/null: {}", std::strerror(errno)) : file.error());
    return false;
  }
  return ::dup2(nothing.get(), STDIN_FILENO) >= 0 && ::dup2(file->get(), STDOUT_FILENO) >= 0 &&
         ::dup2(file->get(), STDERR_FILENO) >= 0;
}

/// All that the other process says before it closes its end.
std::string read_all(int pipe) {
  std::string text;
  char buffer[256];
  for (;;) {
    const ssize_t got = ::read(pipe, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

int exit_code(pid_t process, std::string_view what) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return kFailed;
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status) == 0 ? kFailed : WEXITSTATUS(status);
  return fail(fmt::format("{} was ended by signal {} before it was ready", what, WTERMSIG(status)));
}

}  // namespace

int run_detached(const InBackground& how, const std::function<int(const Ready&)>& serve) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  host::Descriptor told(ends[0]), tell(ends[1]);
  flush_output();
  const pid_t process = ::fork();
  if (process < 0) return fail(fmt::format("cannot start a process: {}", std::strerror(errno)));
  if (process == 0) {
    told.close();
    ::setsid();  // no terminal ends it
    return serve([&](const std::string& url) {
      if (!leave_terminal(how.folder, how.log)) return;
      std::size_t written = 0;
      host::write_all(tell.get(), url, written);
      tell.close();
    });
  }
  tell.close();
  const std::string url = read_all(told.get());
  if (url.empty()) return exit_code(process, how.what);
  say("{} is ready: {} (process {}, log {}/{})\nTo end it: {}\n", how.what, url, process, how.folder, how.log,
      how.to_end);
  return kDone;
}

// The C library of Debian 12 declares these calls without saying that they are C.
host::Descriptor hold_process(int number) {
  return host::Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, number, 0U)));
}

std::optional<std::string> end_process(const host::Descriptor& process, std::string_view what) {
  if (::syscall(SYS_pidfd_send_signal, process.get(), SIGTERM, nullptr, 0U) != 0) {
    return fmt::format("cannot end {}: {}", what, std::strerror(errno));
  }
  pollfd ended{.fd = process.get(), .events = POLLIN, .revents = 0};
  if (::poll(&ended, 1, kUntilGone) != 1) return fmt::format("{} was told to end, and has not ended yet", what);
  return std::nullopt;
}

}  // namespace deputy::cli
