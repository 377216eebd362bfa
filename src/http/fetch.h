// Fetches one small document from a server outside: what asking an identity provider for its keys needs, and no more.
//
//   Fetcher fetcher({.ca_file = "ca.pem"});
//   fetcher.get(request, [](Result<std::string, FetchFault> body) { … });    // on the fetcher's thread, once
//
// INVARIANT: a fetch never blocks its caller, and its outcome comes at most `timeout` after its turn came. Redirects are not
// followed; answers other than 200, larger than `body`, or with a body that ends early are faults. INVARIANT: loopback,
// link-local and private addresses are connected to only where the request says so; what a name resolves to is looked
// at, so that a name cannot lead there either.
//
// Accounts share the places fairly (base/fair_queue.h): whoever finds none waits for his turn, and a thousand servers of
// one account that stay silent cost the others nothing. What a server sends costs little: its certificates are few, its
// answer is small, and no key exchange is taken whose numbers it chooses.
//
// Nothing runs and no certificate is read before the first get(): a server that federates nobody pays nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/account_id.h"
#include "base/fair_queue.h"
#include "base/result.h"

namespace deputy::http {

enum class FetchFault : std::uint8_t {
  kNoPlace,      // too many fetches of this account wait already
  kUnreachable,  // no address, no connection, or no answer in time
  kForbidden,    // the address is not public, and the request does not allow that
  kUntrusted,    // the certificate leads to no authority that is trusted, and no thumbprint was given
  kThumbprint,   // … and it fits none of the thumbprints
  kOverloaded,   // 429 or 5xx: it may be better soon
  // An answer, but not one to use:
  kRedirect,
  kStatus,     // another than 200
  kTooLarge,   // longer than `body`, or a head of more than 16 KB
  kCutOff,     // it ends early, or has no length and TLS was not closed at its end
  kMalformed,  // no HTTP
};
/// What the operator reads: "the server redirects".
std::string_view describe(FetchFault fault);

struct FetchRequest {
  std::string connect_to;  // name or address
  std::uint16_t port = 443;
  bool private_addresses = false;  // may lead to this machine and its networks
  bool tls = true;
  std::string host;       // whom the certificate must name
  std::string authority;  // the Host header
  std::string target;     // begins with /
  /// SHA-1 of certificates (hex): one of the server's chain, which then stands for an authority, where none is trusted.
  std::vector<std::string> thumbprints;
  AccountId account = {};  // in whose name
};

/// Fetches at once and waiting, of all and of one account.
inline constexpr FairLimits kFetches = {
    .at_once = 128, .at_once_of_account = 16, .waiting = 1024, .waiting_of_account = 32};

struct FetchOptions {
  std::string ca_file;  // authorities beside the system's; empty: none
  std::size_t body = 512 * 1024;
  FairLimits places = kFetches;
  std::chrono::milliseconds timeout{5000};  // for all of it but waiting: resolving, connecting, handshake, answer
};

class Fetcher {
 public:
  using Done = std::function<void(Result<std::string, FetchFault>)>;

  explicit Fetcher(FetchOptions options);
  ~Fetcher();  // stops

  void get(FetchRequest request, Done done);
  /// Ends what is under way without an outcome. Later fetches have none either.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether an address (numeric, IPv4 or IPv6) is one that anybody on the internet could mean.
bool is_public_address(std::string_view address);

}  // namespace deputy::http
