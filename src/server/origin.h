// Where a request really came from: behind a proxy the peer of the connection is the proxy, and what the proxy says
// about its client counts only if the operator trusts that proxy (`deputy serve --trusted-proxy CIDR`). It decides
// aws:SourceIp, aws:SecureTransport and the audit's sourceIPAddress. [K-5, K-6]
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "policy/values.h"

namespace deputy::server {

struct Origin {
  std::string_view address;  // into the request; empty: a trusted proxy said something that is no address
  bool secure = false;       // TLS all the way from the client, as far as is known
};

/// Immutable; empty by default: then nobody's word counts, and X-Forwarded-* are headers like any other.
class TrustedProxies {
 public:
  /// "10.0.0.0/8", "2001:db8::/32", or one address. Error: a sentence for the operator.
  static Result<TrustedProxies, std::string> parse(const std::vector<std::string>& ranges);

  /// X-Forwarded-For is read from its right end, where the nearest proxy wrote: the first address that is no trusted
  /// proxy is the client. What stands to the left of it was sent by the client, who may write there what he likes.
  [[nodiscard]] Origin origin_of(const http::Request& request) const;

 private:
  [[nodiscard]] bool trusts(std::string_view address) const;

  std::vector<policy::Range> ranges_;
};

}  // namespace deputy::server
