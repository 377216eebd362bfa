// The test client's own code; it lies in a _test.cpp because those are what the build collects.
#include "http/client.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/encoding.h"

namespace deputy::http::testing {
namespace {

constexpr timeval kGiveUp{20, 0};

}  // namespace

std::string Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return {};
}

Client::Client(const Endpoint& where, const std::string& from) {
  sockaddr_storage address{};
  socklen_t size = 0;
  if (where.host.starts_with('/')) {
    auto& un = reinterpret_cast<sockaddr_un&>(address);
    un.sun_family = AF_UNIX;
    std::strncpy(un.sun_path, where.host.c_str(), sizeof un.sun_path - 1);
    size = sizeof un;
  } else {
    auto& in = reinterpret_cast<sockaddr_in&>(address);
    in.sin_family = AF_INET;
    in.sin_port = htons(where.port);
    ::inet_pton(AF_INET, where.host.c_str(), &in.sin_addr);
    size = sizeof in;
  }
  descriptor_ = ::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &kGiveUp, sizeof kGiveUp);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &kGiveUp, sizeof kGiveUp);
  if (!from.empty()) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, from.c_str(), &own.sin_addr);
    ::bind(descriptor_, reinterpret_cast<sockaddr*>(&own), sizeof own);
  }
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), size) != 0) ::close(std::exchange(descriptor_, -1));
}

Client::~Client() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void Client::shut_down_sending() { ::shutdown(descriptor_, SHUT_WR); }

bool Client::sip() { return read_more(100); }

bool Client::read_more(std::size_t most) {
  std::array<char, 65536> bytes;
  const ssize_t n = ::recv(descriptor_, bytes.data(), std::min(most, bytes.size()), 0);
  if (n == 0) ended_ = true;
  if (n <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(n));
  return true;
}

Answer Client::read_answer(bool to_head) {
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return {};
  }
  Answer answer;
  answer.status = std::stoi(buffer_.substr(9, 3));
  for (std::size_t line = buffer_.find("\r\n") + 2; line < end + 2;) {
    const std::size_t next = buffer_.find("\r\n", line), colon = buffer_.find(": ", line);
    answer.headers.emplace_back(buffer_.substr(line, colon - line), buffer_.substr(colon + 2, next - colon - 2));
    line = next + 2;
  }
  buffer_.erase(0, end + 4);
  const std::string length = answer.header("Content-Length");
  const std::size_t size = to_head || length.empty() ? 0 : std::stoul(length);
  while (buffer_.size() < size) {
    if (!read_more()) return {};
  }
  answer.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return answer;
}

bool Client::at_end() {
  while (read_more()) {
  }
  return ended_ && buffer_.empty();
}

}  // namespace deputy::http::testing
