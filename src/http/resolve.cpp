#include "http/resolve.h"

#include <netdb.h>
#include <pthread.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>

#include "http/signals.h"

namespace deputy::http {
namespace {

namespace asio = boost::asio;
using Addresses = std::vector<asio::ip::address>;

Addresses ask_the_system(const std::string& name) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(name.c_str(), nullptr, &wanted, &found) != 0) return {};
  Addresses addresses;
  for (const addrinfo* at = found; at != nullptr && addresses.size() < Resolver::kMaxAddresses; at = at->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (at->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), at->ai_addr, at->ai_addrlen);
    endpoint.resize(at->ai_addrlen);
    addresses.push_back(endpoint.address());
  }
  ::freeaddrinfo(found);
  return addresses;
}

/// One look-up, waited for by a timer that never comes to its end.
struct LookUp {
  explicit LookUp(asio::io_context& context) : answered(context, asio::steady_timer::time_point::max()) {}
  Addresses addresses;
  asio::steady_timer answered;
};

}  // namespace

/// By which the threads come back, as long as there is somebody to come back to.
struct Resolver::Door {
  std::mutex mutex;
  asio::io_context* context;
};

Resolver::Resolver(asio::io_context& context) : door_(std::make_shared<Door>()) { door_->context = &context; }

Resolver::~Resolver() {
  const std::lock_guard lock(door_->mutex);
  door_->context = nullptr;
}

asio::awaitable<Addresses> Resolver::look_up(std::string name) {
  boost::system::error_code not_numeric;
  const auto numeric = asio::ip::make_address(name, not_numeric);
  if (!not_numeric) co_return Addresses{numeric};

  const auto asked = std::make_shared<LookUp>(*door_->context);
  try {
    const SignalsBlocked blocked;
    std::thread([door = door_, asked = std::weak_ptr(asked), name = std::move(name)] {
      pthread_setname_np(pthread_self(), "resolve");
      Addresses addresses = ask_the_system(name);
      const std::lock_guard lock(door->mutex);
      if (door->context == nullptr) return;
      asio::post(*door->context, [asked, addresses = std::move(addresses)]() mutable {
        const auto waiting = asked.lock();
        if (!waiting) return;
        waiting->addresses = std::move(addresses);
        waiting->answered.cancel();
      });
    }).detach();
  } catch (const std::system_error&) {  // no thread: as if there were no such name
    co_return Addresses();
  }
  co_await asked->answered.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return std::move(asked->addresses);
}

}  // namespace deputy::http
