#include "audit/stream.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace deputy::audit {

std::size_t Stream::write(std::string_view lines, std::string& why) {
  constexpr int kPatience = 1000;  // milliseconds
  const std::size_t all = lines.size();
  while (!lines.empty()) {
    pollfd room{.fd = fd_, .events = POLLOUT, .revents = 0};
    const int found = ::poll(&room, 1, kPatience);
    if (found < 0 && errno == EINTR) continue;
    if (found == 0) {
      why = "nobody reads standard output";
      break;
    }
    // A pipe that can be written to takes that much without waiting.
    const ssize_t written = ::write(fd_, lines.data(), std::min<std::size_t>(lines.size(), PIPE_BUF));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) {
      why = std::string("standard output: ") + std::strerror(errno);
      break;
    }
    lines.remove_prefix(static_cast<std::size_t>(written));
  }
  return all - lines.size();
}

}  // namespace deputy::audit
