// Internal to http/: addresses of a name, each looked up on a thread of its own that goes afterwards. The system's way to
// ask blocks for as long as the servers of a name choose, and whoever asks by turns (as Asio does) makes everybody wait
// for the most silent of them.
//
//   Resolver resolver(context);
//   const auto addresses = co_await resolver.look_up("idp.example");   // empty: none
//
// How many are under way is up to whoever asks. A numeric address needs no thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <memory>
#include <string>
#include <vector>

namespace deputy::http {

/// Of the thread that runs `context`. What is under way when it goes is never heard of.
class Resolver {
 public:
  /// A name with more is tried at these.
  static constexpr std::size_t kMaxAddresses = 8;

  explicit Resolver(boost::asio::io_context& context);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  boost::asio::awaitable<std::vector<boost::asio::ip::address>> look_up(std::string name);

 private:
  struct Door;
  const std::shared_ptr<Door> door_;
};

}  // namespace deputy::http
