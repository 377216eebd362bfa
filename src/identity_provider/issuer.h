// The URLs that the provider stands for, and what anybody may ask of them: a discovery document and the keys (OpenID
// Connect Discovery 1.0, section 4), and the SAML metadata.
//
//   GET <issuer>/.well-known/openid-configuration
//   GET <issuer>/.well-known/jwks.json
//   GET /saml/metadata.xml
//
// One listener stands for several issuers, of any host: who asks says in `Host` whom he means. That he comes here at all is
// the matter of `deputy serve --allow-issuer HOST=ADDRESS:PORT`.
//
// INVARIANT: nothing that comes over HTTP is signed, or changes anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace deputy::identity_provider {

inline constexpr std::size_t kMostConnections = 256;
inline constexpr std::size_t kLargestBody = 4096;  // bytes; nothing that is served is asked for with one

/// As it stands in `iss`: https, or http without TLS; a host, a port only if it is not the scheme's, and a path that does not
/// end with '/'. What AWS asks for beyond that (https, no port) is AWS's to refuse.
struct Issuer {
  static constexpr std::size_t kMaxBytes = 255;  // AWS's limit of a provider's URL

  bool tls = true;
  std::string host;        // "::1" without brackets
  std::uint16_t port = 0;  // 0: the scheme's
  std::string path;        // "" or "/id/D4867…"

  static std::optional<Issuer> parse(std::string_view url);
  [[nodiscard]] std::string url() const;
  /// "host" or "host:port", as `Host` has it.
  [[nodiscard]] std::string authority() const;
  friend bool operator==(const Issuer&, const Issuer&) = default;
};

/// What is served; immutable, may be shared by threads.
class Documents {
 public:
  Documents(std::vector<Issuer> issuers, std::string key_set, std::string metadata)
      : issuers_(std::move(issuers)), key_set_(std::move(key_set)), metadata_(std::move(metadata)) {}
  [[nodiscard]] http::Response answer(const http::Request& request) const;

 private:
  std::vector<Issuer> issuers_;
  std::string key_set_, metadata_;
};

}  // namespace deputy::identity_provider
