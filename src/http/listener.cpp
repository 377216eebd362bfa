#include "http/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <system_error>

#include "http/places.h"

namespace deputy::http {
namespace {

constexpr int kBacklog = 4096;  // the kernel caps it at net.core.somaxconn

std::string reason(int error) { return std::generic_category().message(error); }

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

int new_socket(int family) { return ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

void switch_on(int fd, int level, int option) {
  const int on = 1;
  ::setsockopt(fd, level, option, &on, sizeof on);
}

/// The numeric address; an IPv4 client of a dual-stack socket shows as IPv4, which is what policies name.
std::string address_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
  } else if (address.ss_family == AF_INET6) {
    const auto& in6 = reinterpret_cast<const sockaddr_in6&>(address);
    if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr)) {
      ::inet_ntop(AF_INET, in6.sin6_addr.s6_addr + 12, text.data(), text.size());
    } else {
      ::inet_ntop(AF_INET6, &in6.sin6_addr, text.data(), text.size());
    }
  }
  return text.data();
}

Endpoint local_endpoint(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  const std::uint16_t port = address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                                           : reinterpret_cast<sockaddr_in&>(address).sin_port;
  return {address_text(address), ntohs(port)};
}

/// Does anybody answer at that path? Only a refused connection proves that nobody does.
bool is_stale(const sockaddr_un& address) {
  const Descriptor probe(new_socket(AF_UNIX));
  if (!probe.valid()) return false;
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

bool is_socket(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

int bind_path(int fd, const sockaddr_un& address) {
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

}  // namespace

Result<std::vector<Listener>, std::string> Listener::open(const Options& options) {
  if (options.unix_socket.empty() && options.host == "localhost") return open_both(options.port);
  std::vector<Listener> one;
  if (options.unix_socket.empty() && options.host.empty()) {
    if (auto every = open_address("::", options.port)) {
      one.push_back(std::move(every).value());
      return one;
    }
  }
  TRY(Listener listener, options.unix_socket.empty()
                             ? open_address(options.host.empty() ? "0.0.0.0" : options.host, options.port)
                             : open_path(options.unix_socket));
  one.push_back(std::move(listener));
  return one;
}

/// Clients try one family after the other, and which first is theirs to choose. A machine may lack one of them.
Result<std::vector<Listener>, std::string> Listener::open_both(std::uint16_t port) {
  std::vector<Listener> both;
  std::string why;
  for (const char* host : {"127.0.0.1", "::1"}) {
    auto listener = open_address(host, both.empty() ? port : both.front().endpoint().port);
    if (listener) {
      both.push_back(std::move(listener).value());
    } else if (why = std::move(listener).error(); errno == EADDRINUSE) {
      return Failure(why);
    }
  }
  if (both.empty()) return Failure(why);
  return both;
}

/// No SO_REUSEPORT: a second server on the same port must hear that the address is in use (README.md).
Result<Listener, std::string> Listener::open_address(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); error != 0) {
    return Failure(fmt::format("Cannot listen on {}: {}.", host, ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  int error = EADDRNOTAVAIL;
  for (const addrinfo* a = addresses.get(); a != nullptr; a = a->ai_next) {
    Descriptor fd(new_socket(a->ai_family));
    if (fd.valid()) {
      switch_on(fd.get(), SOL_SOCKET, SO_REUSEADDR);
      if (host == "::") {  // both families, whatever the system's default is
        const int off = 0;
        ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
      }
      switch_on(fd.get(), IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
    }
    if (!fd.valid() || ::bind(fd.get(), a->ai_addr, a->ai_addrlen) != 0 || ::listen(fd.get(), kBacklog) != 0) {
      error = errno;
      continue;
    }
    Listener listener;
    listener.endpoint_ = local_endpoint(fd.get());
    listener.descriptor_ = fd.release();
    return listener;
  }
  std::string sentence = fmt::format("Cannot listen on {} port {}: {}.", host, port, reason(error));
  errno = error;  // for who tries the other family
  return Failure(std::move(sentence));
}

Result<Listener, std::string> Listener::open_path(const std::string& path) {
  const auto failed = [&](std::string_view why) { return Failure(fmt::format("Cannot listen on {}: {}.", path, why)); };
  // Two servers that start at once must not take each other's file for a dead one's.
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::flock(folder.get(), LOCK_EX) != 0) return failed(reason(errno));

  // An address has room for 107 bytes; folders lie deeper than that.
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.size() < sizeof address.sun_path
                               ? path
                               : fmt::format("/proc/self/fd/{}/{}", folder.get(), path.substr(path.rfind('/') + 1));
  if (name.size() >= sizeof address.sun_path) return failed("the name of a Unix socket is too long");
  std::memcpy(address.sun_path, name.data(), name.size());

  Descriptor fd(new_socket(AF_UNIX));
  // The file takes its mode from the socket, so that it is never there with a wider one, not for a moment.
  if (!fd.valid() || ::fchmod(fd.get(), 0600) != 0) return failed(reason(errno));
  int error = bind_path(fd.get(), address);
  if (error == EADDRINUSE) {
    if (!is_socket(path)) return failed("there is a file of that name, and it is no socket");
    if (!is_stale(address)) return failed("another server is listening there");
    ::unlink(path.c_str());
    error = bind_path(fd.get(), address);
  }
  if (error != 0) return failed(reason(error));

  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return failed(reason(errno));
  Listener listener;
  listener.path_ = path;
  listener.device_ = status.st_dev;
  listener.inode_ = status.st_ino;
  listener.descriptor_ = fd.release();
  listener.endpoint_ = {path, 0};
  if ((status.st_mode & 077) != 0) return failed("others could use the socket file");
  if (::listen(listener.descriptor_, kBacklog) != 0) return failed(reason(errno));
  return listener;
}

Listener::Listener(Listener&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      endpoint_(std::move(other.endpoint_)),
      path_(std::exchange(other.path_, {})),
      device_(other.device_),
      inode_(other.inode_) {}

Listener::~Listener() {
  struct stat status {};
  if (!path_.empty() && ::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_) {
    ::unlink(path_.c_str());
  }
  if (descriptor_ >= 0) ::close(descriptor_);
}

Listener::Accepted Listener::accept() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  const int fd = ::accept4(descriptor_, reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return {.descriptor = -1, .family = 0, .remote_address = {}, .network = {}, .error = errno};
  try {
    std::string text = address_text(address);
    std::string network = network_of(text);
    return {.descriptor = fd,
            .family = address.ss_family,
            .remote_address = std::move(text),
            .network = std::move(network),
            .error = 0};
  } catch (const std::bad_alloc&) {
    ::close(fd);
    return {.descriptor = -1, .family = 0, .remote_address = {}, .network = {}, .error = ECONNABORTED};
  }
}

}  // namespace deputy::http
