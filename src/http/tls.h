// TLS between the socket and the parser: bytes of the wire go in and plain ones come out, and the other way round. No
// sockets here. TLS 1.2 and 1.3 (RFC 5246, RFC 8446), one certificate, no client certificates.
//
//   TRY(auto identity, TlsIdentity::load("server.pem", "server.key"));   // once
//   TlsSession tls(*identity);                                           // one a connection
//   tls.received(bytes);                      // what the client sent; outgoing() may now hold a part of the handshake
//   while ((n = tls.read(space)) > 0) …       // what it means
//   tls.write("HTTP/1.1 200 OK…");            // what the client shall read: grows outgoing()
//   tls.sent(send(fd, tls.outgoing()));
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace deputy::http {

/// Who the server is. Immutable; sessions keep what they need of it, so it may be replaced while they last.
class TlsIdentity {
 public:
  /// PEM files: the certificate with its chain, and the private key without a pass phrase. Error: a sentence for
  /// people.
  static Result<std::shared_ptr<const TlsIdentity>, std::string> load(const std::string& certificate_file,
                                                                      const std::string& key_file);
  ~TlsIdentity();

  /// PEM of the self-signed certificates in the file: what a client has to trust. Empty: the authority is elsewhere.
  [[nodiscard]] std::string roots() const;
  /// "CN=localhost, until 2027-01-31T12:00:00Z": the certificate, for people.
  [[nodiscard]] std::string description() const;

  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

 private:
  friend class TlsSession;
  TlsIdentity();
  ssl_ctx_st* context_;
};

/// One client's session. Not thread-safe.
class TlsSession {
 public:
  explicit TlsSession(const TlsIdentity& identity);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Bytes from the wire.
  void received(std::string_view bytes);
  /// Plain bytes, as many as there are and fit; 0: none until more is received, or never: see ended() and failed().
  std::size_t read(std::span<char> space);
  /// Plain bytes for the client. The handshake is over.
  void write(std::string_view plain);
  /// Tells the client that nothing more comes, so that it can tell the end from a cut. Once.
  void close();

  /// What has to go over the wire; valid until the next call of anything else.
  [[nodiscard]] std::string_view outgoing() const { return std::string_view(outgoing_).substr(sent_); }
  void sent(std::size_t count);

  [[nodiscard]] bool established() const;
  [[nodiscard]] bool ended() const { return ended_; }    // the client will send nothing more
  [[nodiscard]] bool failed() const { return failed_; }  // not TLS, or not ours; outgoing() may hold an alert
  /// "TLSv1.3" and "TLS_AES_256_GCM_SHA384", once established: literals of the library.
  [[nodiscard]] std::string_view version() const;
  [[nodiscard]] std::string_view cipher() const;

 private:
  void collect();

  ssl_st* ssl_;
  std::string outgoing_;
  std::size_t sent_ = 0;
  bool ended_ = false, failed_ = false, closed_ = false;
};

}  // namespace deputy::http
