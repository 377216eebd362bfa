#include "http/places.h"

#include <arpa/inet.h>

#include <array>

namespace deputy::http {

std::string network_of(std::string_view address) {
  constexpr std::size_t kNetworkBytes = 8;
  if (address.find(':') == std::string_view::npos) return std::string(address);
  std::array<char, sizeof(in6_addr)> bytes{};
  if (::inet_pton(AF_INET6, std::string(address).c_str(), bytes.data()) != 1) return std::string(address);
  return {bytes.data(), kNetworkBytes};
}

Places::Guest* Places::take(const std::string& network, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  if (taken_ >= limit) return nullptr;
  const auto at = guests_.try_emplace(network).first;
  at->second.network = &at->first;
  ++at->second.connections;
  ++taken_;
  return &at->second;
}

void Places::give_back(Guest* guest) {
  const std::lock_guard lock(mutex_);
  if (--guest->connections == 0) guests_.erase(guests_.find(*guest->network));
  if (--taken_ == 0) empty_.notify_all();
}

bool Places::wait_until_empty(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, patience, [this] { return taken_ == 0; });
}

}  // namespace deputy::http
