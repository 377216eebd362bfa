// The listening socket: an address and a port, or a path in the file system. Plain system calls, non-blocking.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "http/server.h"

namespace deputy::http {

class Listener {
 public:
  /// Binds and listens as `options` say: one, or two where a host means both families. Error: a sentence for people.
  static Result<std::vector<Listener>, std::string> open(const Options& options);

  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  ~Listener();  // removes the socket file, if it is still ours

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

  struct Accepted {
    int descriptor = -1;  // non-blocking; the caller closes it
    int family = 0;
    std::string remote_address;  // empty on a Unix socket
    std::string network;         // of that address (places.h)
    int error = 0;               // errno, if there is no descriptor
  };
  Accepted accept() const;

 private:
  Listener() = default;
  static Result<std::vector<Listener>, std::string> open_both(std::uint16_t port);
  static Result<Listener, std::string> open_address(const std::string& host, std::uint16_t port);
  static Result<Listener, std::string> open_path(const std::string& path);

  int descriptor_ = -1;
  Endpoint endpoint_;
  std::string path_;  // of the Unix socket
  unsigned long device_ = 0, inode_ = 0;
};

}  // namespace deputy::http
