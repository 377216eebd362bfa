// Internal to http/: whether a TLS server is whom a fetch wanted. OpenSSL's handshake proves that the server holds the
// key of its certificate; whether that certificate is to be trusted is decided here.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "http/fetch.h"

namespace deputy::http {

class Certificates {
 public:
  static constexpr int kMaxChain = 10;
  static constexpr std::size_t kMaxChainBytes = 64 * 1024;

  /// Reads the system's authorities and those of `ca_file` (empty: none).
  explicit Certificates(const std::string& ca_file);
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  /// For new connections; does not verify by itself.
  [[nodiscard]] SSL_CTX* context() const { return context_; }

  /// After the handshake: the chain leads to an authority, or to a certificate that has one of the thumbprints, and the
  /// leaf names `host`, at this time.
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
  [[nodiscard]] Result<void, FetchFault> check(SSL* connection, const std::string& host,
                                               const std::vector<std::string>& thumbprints) const;

 private:
  SSL_CTX* context_;
};

}  // namespace deputy::http
