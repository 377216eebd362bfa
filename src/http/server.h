// The listener: one event loop a thread, HTTP/1.1 with keep-alive and pipelining, limits on everything a stranger
// sends.
//
//   http::Server server(options, [](const http::Request& request, http::Responder respond) {
//     respond({.status = 200, .body = "hello"});
//   });
//   TRY(http::Endpoint where, server.start());   // listening and accepting
//   server.stop();                               // stops accepting, finishes what is in flight, then returns
//
// INVARIANT: answers leave in the order of their requests, whatever order the Responders are called in.
// INVARIANT: a request that the parser cannot frame without doubt is refused and its connection closed; it never
// reaches the handler (tests/http/, tools: http_probe.py).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "host/clock.h"
#include "http/limits.h"
#include "http/message.h"

namespace deputy::http {

class TlsIdentity;

struct Options {
  // Address or name; "[::1]" without brackets. "localhost" is the loopback of both families, "" every address.
  std::string host = "127.0.0.1";
  std::uint16_t port = 4566;  // 0: any free port
  unsigned threads = 0;       // event loops; 0: one a core
  Limits limits;
  // If set, TLS only: PEM files of the certificate with its chain, and of the private key.
  std::string tls_certificate, tls_key;
  const Clock* clock = nullptr;  // whose time the Date of answers tells; null: the system's. Outlives the server.
  int put_hop_limit = 0;         // how many hops (IP TTL) an answer to a PUT may go; 0: the system's default
  // Whether the body of a request with this head is handed on as it comes (Request::body_follows); empty: none is. Asked
  // on the event loops about bodies over Limits::streamed_from.
  std::function<bool(const Request& head)> streams = {};
  std::string unix_socket;  // if set, listen on this path (mode 0600) instead of host and port
};

/// Where the server really listens.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};

/// Sends the answer to one request. Call it once, from any thread; called in the handler itself it costs no hand-over.
/// Dropped without a call, the client gets a bare 500 and the connection is closed. After the call the request's views
/// are dangling.
class Responder {
 public:
  class Sink {  // implemented by the connection
   public:
    virtual ~Sink() = default;
    virtual void respond(std::uint64_t sequence, Response response) noexcept = 0;
    virtual void post(std::function<void()> work) = 0;
    virtual void receive(std::uint64_t sequence, std::shared_ptr<BodySink> sink) = 0;
    virtual void more(std::uint64_t sequence) = 0;
  };

  Responder(std::shared_ptr<Sink> sink, std::uint64_t sequence) : sink_(std::move(sink)), sequence_(sequence) {}
  Responder(Responder&&) = default;
  /// What this one held is answered when `other` goes.
  Responder& operator=(Responder&& other) noexcept {
    std::swap(sink_, other.sink_);
    std::swap(sequence_, other.sequence_);
    return *this;
  }
  ~Responder() {
    if (sink_) sink_->respond(sequence_, Response{.status = 500, .headers = {}, .body = {}, .close = true});
  }
  void operator()(Response response) { std::exchange(sink_, nullptr)->respond(sequence_, std::move(response)); }
  /// Goes on with the request on its event loop's thread, later: for whoever was told something on a thread that must
  /// not be held up. Dropped when the server has stopped. Not after the answer.
  void post(std::function<void()> work) const { sink_->post(std::move(work)); }
  /// Of a request whose body follows, once: it comes to `sink` from now on. Before that the client is kept waiting; if
  /// the answer is given first, the body is passed over, and a large one ends the connection. On the event loop of the
  /// connection (post).
  void receive(std::shared_ptr<BodySink> sink) const { sink_->receive(sequence_, std::move(sink)); }
  /// After BodySink::take said "no more for now": goes on. From any thread.
  void more() const { sink_->more(sequence_); }

 private:
  std::shared_ptr<Sink> sink_;
  std::uint64_t sequence_;
};

using Handler = std::function<void(const Request&, Responder)>;

class Server {
 public:
  Server(Options options, Handler handler);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and starts the event loops. Error: a sentence for people (address in use, no permission, bad host,
  /// certificate unusable).
  Result<Endpoint, std::string> start();
  /// Reads the certificate and its key again, for the connections that come from now on; if they cannot be used, what
  /// was there stays. From any thread, after start() with TLS.
  Result<std::shared_ptr<const TlsIdentity>, std::string> reload_certificate();
  /// Who the server is to those who connect now; null: plain HTTP.
  [[nodiscard]] std::shared_ptr<const TlsIdentity> identity() const;

  /// Graceful: closes idle connections, lets requests in flight finish for at most `patience`. Idempotent.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(10));

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace deputy::http
