// What a stranger writes into X-Forwarded-For and X-Forwarded-Proto: one header a line. What must hold: from a peer
// that nobody trusts it changes nothing, and from one that is trusted the client's address is an address or nothing.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "server/origin.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace deputy;  // NOLINT(google-build-using-namespace)
  static const auto proxies = server::TrustedProxies::parse({"10.0.0.0/8", "2001:db8::/32"});
  const auto require = [](bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
  };
  http::Request request;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  for (int i = 0; !rest.empty() && i < 100; ++i) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    request.headers.push_back({i % 3 == 2 ? "X-Forwarded-Proto" : "x-forwarded-for", rest.substr(0, end)});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  request.remote_address = "203.0.113.5";
  const server::Origin stranger = proxies->origin_of(request);
  require(stranger.address == "203.0.113.5" && !stranger.secure, "a stranger was believed");
  request.remote_address = "10.0.0.1";
  const server::Origin told = proxies->origin_of(request);
  require(told.address.empty() || policy::read_address(told.address).has_value(), "what is no address is one");
  return 0;
}
