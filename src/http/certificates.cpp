#include "http/certificates.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "base/encoding.h"
#include "base/freed.h"
#include "host/log.h"

namespace deputy::http {
namespace {

using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

std::string thumbprint(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha1(), digest.data(), &size) != 1) return {};
  return hex({reinterpret_cast<const char*>(digest.data()), size});
}

bool is_address(const std::string& host) {
  return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

/// Whether `leaf` chains to what `store` trusts, now, and names `host`.
bool leads_to(X509_STORE* store, X509* leaf, STACK_OF(X509) * chain, const std::string& host, unsigned long flags) {
  const StoreContext context(X509_STORE_CTX_new());
  if (!context || X509_STORE_CTX_init(context.get(), store, leaf, chain) != 1) return false;
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(parameters, flags);
  X509_VERIFY_PARAM_set_depth(parameters, Certificates::kMaxChain);
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const int named = is_address(host) ? X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str())
                                     : X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size());
  const bool good = named == 1 && X509_verify_cert(context.get()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

/// The first certificate of the chain that has one of the thumbprints; null if there is none.
X509* pinned(STACK_OF(X509) * chain, const std::vector<std::string>& thumbprints) {
  for (int i = sk_X509_num(chain) - 1; i >= 0; --i) {
    X509* certificate = sk_X509_value(chain, i);
    const std::string print = thumbprint(certificate);
    const auto same = [&](const std::string& wanted) { return equals_ignoring_case(wanted, print); };
    if (std::any_of(thumbprints.begin(), thumbprints.end(), same)) return certificate;
  }
  return nullptr;
}

/// Where distributions keep the authorities that they trust: Debian and Alpine, Fedora and RHEL, openSUSE, others.
constexpr std::array kBundles{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                              "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

/// OpenSSL looks where the distribution that built it keeps them; a program from a package may run on any other.
void trust_what_the_system_trusts(SSL_CTX* context) {
  if (std::getenv(X509_get_default_cert_file_env()) != nullptr ||
      std::getenv(X509_get_default_cert_dir_env()) != nullptr || ::access(X509_get_default_cert_dir(), R_OK) == 0) {
    return;
  }
  for (const char* bundle : kBundles) {
    if (::access(bundle, R_OK) == 0 && SSL_CTX_load_verify_locations(context, bundle, nullptr) == 1) return;
  }
}

}  // namespace

Certificates::Certificates(const std::string& ca_file) : context_(SSL_CTX_new(TLS_client_method())) {
  if (context_ == nullptr) {
    log::error("OpenSSL makes no TLS context: no identity provider can be asked");
    return;
  }
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  // Whoever we ask may be anybody: numbers of his own choice, as Diffie-Hellman over them takes, cost us what he likes.
  SSL_CTX_set_cipher_list(context_, "DEFAULT:!kDHE");
  SSL_CTX_set1_groups_list(context_, "X25519:P-256:P-384:P-521");
  SSL_CTX_set_max_cert_list(context_, static_cast<long>(kMaxChainBytes));
  SSL_CTX_set_verify(context_, SSL_VERIFY_NONE, nullptr);  // check() does it, after the handshake
  SSL_CTX_set_default_verify_paths(context_);
  trust_what_the_system_trusts(context_);
  if (!ca_file.empty() && SSL_CTX_load_verify_locations(context_, ca_file.c_str(), nullptr) != 1) {
    log::error("{} holds no certificates that can be read", ca_file);
  }
  ERR_clear_error();
}

Certificates::~Certificates() { SSL_CTX_free(context_); }

Result<void, FetchFault> Certificates::check(SSL* connection, const std::string& host,
                                             const std::vector<std::string>& thumbprints) const {
  const Certificate leaf(SSL_get1_peer_certificate(connection));
  STACK_OF(X509)* chain = SSL_get_peer_cert_chain(connection);  // the leaf first; the connection's own
  if (!leaf || chain == nullptr || sk_X509_num(chain) > kMaxChain) return FetchFault::kUntrusted;
  if (leads_to(SSL_CTX_get_cert_store(context_), leaf.get(), chain, host, X509_V_FLAG_TRUSTED_FIRST)) return {};
  if (thumbprints.empty()) return FetchFault::kUntrusted;
  X509* anchor = pinned(chain, thumbprints);
  if (anchor == nullptr) return FetchFault::kThumbprint;
  // A certificate with the right thumbprint may be sent by anybody; it must also have signed what the server holds.
  const Store only(X509_STORE_new());
  if (!only || X509_STORE_add_cert(only.get(), anchor) != 1) return FetchFault::kUntrusted;
  if (!leads_to(only.get(), leaf.get(), chain, host, X509_V_FLAG_PARTIAL_CHAIN)) return FetchFault::kThumbprint;
  return {};
}

}  // namespace deputy::http
