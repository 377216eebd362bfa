// A raw client for tests: sends what it is told, reads answers, gives up after a while instead of hanging.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/server.h"

namespace deputy::http::testing {

struct Answer {
  int status = 0;  // 0: the connection ended, or nothing came in time
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  [[nodiscard]] std::string header(std::string_view name) const;
};

class Client {
 public:
  /// A path with a slash as host is a Unix socket. `from`: the address to come from.
  explicit Client(const Endpoint& where, const std::string& from = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  [[nodiscard]] bool connected() const { return descriptor_ >= 0; }
  /// False: the server does not listen (any more).
  bool send(std::string_view bytes);
  void shut_down_sending();
  /// The next final or interim answer. `to_head`: it has no body whatever its Content-Length says.
  Answer read_answer(bool to_head = false);
  /// Takes a sip of what has come, as a slow reader does. False: there is no more.
  bool sip();
  /// True if nothing but the end of the stream comes.
  bool at_end();
  /// What has come but no answer used.
  [[nodiscard]] const std::string& rest() const { return buffer_; }

 private:
  bool read_more(std::size_t most = SIZE_MAX);

  int descriptor_ = -1;
  bool ended_ = false;
  std::string buffer_;
};

}  // namespace deputy::http::testing
