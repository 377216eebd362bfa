// A certificate made on the spot, and a client that speaks TLS: what the tests of TLS need.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "http/client.h"

namespace deputy::http::testing {

/// A folder with a self-signed certificate (cert.pem), its key (key.pem) and a key of somebody else (other.pem).
class Certificates {
 public:
  Certificates() {
    char name[] = "/tmp/deputy-tls-XXXXXX";
    folder_ = ::mkdtemp(name);
    renew();
  }
  /// Other keys and another certificate, in the same files.
  void renew() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    EVP_PKEY* other = EVP_EC_gen("P-256");
    X509* x = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_sign(x, key, EVP_sha256());
    write("cert.pem", [&](std::FILE* f) { PEM_write_X509(f, x); });
    write("key.pem", [&](std::FILE* f) { PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr); });
    write("other.pem", [&](std::FILE* f) { PEM_write_PrivateKey(f, other, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(x);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
  }
  /// A certificate that is none.
  void spoil() {
    write("cert.pem", [](std::FILE* f) { std::fputs("not a certificate\n", f); });
  }
  ~Certificates() {
    for (const char* name : {"cert.pem", "key.pem", "other.pem"}) ::unlink(path(name).c_str());
    ::rmdir(folder_.c_str());
  }
  [[nodiscard]] std::string path(const char* name) const { return folder_ + "/" + name; }

 private:
  template <class Write>
  void write(const char* name, const Write& to) {
    std::FILE* file = std::fopen(path(name).c_str(), "w");
    to(file);
    std::fclose(file);
  }
  std::string folder_;
};

inline int connect_to(const Endpoint& where) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(where.port);
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  const timeval patience{20, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return fd;
}

class TlsClient {
 public:
  /// Takes over a connected socket.
  explicit TlsClient(int fd, int newest = TLS1_3_VERSION, int oldest = TLS1_2_VERSION)
      : context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr), fd_(fd) {
    SSL_CTX_set_max_proto_version(context_, newest);
    SSL_CTX_set_min_proto_version(context_, oldest);
    SSL_CTX_set_cipher_list(context_, "ALL:@SECLEVEL=0");
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, fd_);
    connected_ = SSL_connect(ssl_) == 1;
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    ::close(fd_);
  }
  [[nodiscard]] bool connected() const { return connected_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const int count = SSL_write(ssl_, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)));
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  /// Until `size` bytes have come, or the end.
  std::string read(std::size_t size) {
    std::string all(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      const int count = SSL_read(ssl_, all.data() + got, static_cast<int>(size - got));
      if (count <= 0) break;
      got += static_cast<std::size_t>(count);
    }
    all.resize(got);
    return all;
  }
  /// The server said that nothing more comes; a cut connection does not say so.
  bool ended_properly() {
    char byte = 0;
    const int count = SSL_read(ssl_, &byte, 1);
    return count <= 0 && SSL_get_error(ssl_, count) == SSL_ERROR_ZERO_RETURN;
  }
  void close_notify() { SSL_shutdown(ssl_); }
  [[nodiscard]] std::string version() const { return SSL_get_version(ssl_); }
  /// The server's, as PEM.
  [[nodiscard]] std::string certificate() const {
    BIO* out = BIO_new(BIO_s_mem());
    X509* peer = SSL_get1_peer_certificate(ssl_);
    if (peer != nullptr) PEM_write_bio_X509(out, peer);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string pem(data, size > 0 ? static_cast<std::size_t>(size) : 0);
    X509_free(peer);
    BIO_free(out);
    return pem;
  }

 private:
  SSL_CTX* context_;
  SSL* ssl_;
  int fd_;
  bool connected_ = false;
};

}  // namespace deputy::http::testing
