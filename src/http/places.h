// Who is connected: a number of places over all loops, and how many each network has of them.
//
// While there are places, everybody may have them: a single machine, or one proxy in front of us, opens as many
// connections as it likes. When they are all taken a newcomer gets the place of who waits longest among those of the
// network that has most (Loop::replace), so that a network that fills the house displaces nobody but itself.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace deputy::http {

/// The network that an address belongs to: of IPv6 the first 64 bits, which one customer has; else the address.
std::string network_of(std::string_view address);

class Places {
 public:
  /// A network and its connections. Lives while it has one.
  struct Guest {
    std::atomic<std::size_t> connections{0};
    const std::string* network = nullptr;
  };

  explicit Places(std::size_t count) : count_(count) {}

  /// Before anybody comes.
  void set_count(std::size_t count) { count_ = count; }
  [[nodiscard]] std::size_t count() const { return count_; }

  /// A place for one more of that network; null: all are taken.
  Guest* take(const std::string& network) { return take(network, count_); }
  /// One more than there are: somebody is leaving for it.
  Guest* take_anyway(const std::string& network) { return take(network, SIZE_MAX); }
  void give_back(Guest* guest);
  /// False: some are still taken after `patience`.
  bool wait_until_empty(std::chrono::milliseconds patience);

 private:
  Guest* take(const std::string& network, std::size_t limit);

  std::size_t count_;
  std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t taken_ = 0;
  std::map<std::string, Guest, std::less<>> guests_;
};

}  // namespace deputy::http
