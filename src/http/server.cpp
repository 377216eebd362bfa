#include "http/server.h"

#include <pthread.h>

#include <algorithm>
#include <future>
#include <thread>
#include <vector>

#include "http/acceptor.h"
#include "http/descriptors.h"
#include "http/listener.h"
#include "http/loop.h"
#include "http/signals.h"

namespace deputy::http {
class Server::Impl {
 public:
  Impl(Options options, Handler handler)
      : options_(std::move(options)),
        shared_(std::make_shared<Shared>(options_.limits, std::move(handler), options_.clock, options_.put_hop_limit,
                                         options_.streams)) {}

  Result<Endpoint, std::string> start() {
    if (!options_.tls_certificate.empty()) TRY_VOID(reload_certificate());
    TRY(std::vector<Listener> listeners, Listener::open(options_));
    const Endpoint where = listeners.front().endpoint();
    shared_->places.set_count(std::min(options_.limits.connections, descriptors_for_connections()));
    const unsigned count = options_.threads > 0 ? options_.threads : std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < count; ++i) loops_.push_back(std::make_shared<Loop>(shared_));
    for (Listener& listener : listeners) {
      acceptors_.push_back(std::make_unique<Acceptor>(std::move(listener), *shared_, loops_));
      acceptors_.back()->start();
    }
    const SignalsBlocked blocked;
    for (const auto& loop : loops_) {
      threads_.emplace_back([loop] { loop->run(); });
      pthread_setname_np(threads_.back().native_handle(), "http");
    }
    return where;
  }

  Result<std::shared_ptr<const TlsIdentity>, std::string> reload_certificate() {
    TRY(auto identity, TlsIdentity::load(options_.tls_certificate, options_.tls_key));
    shared_->tls.store(identity);
    return identity;
  }

  [[nodiscard]] std::shared_ptr<const TlsIdentity> identity() const { return shared_->tls.load(); }

  void stop(std::chrono::milliseconds patience) {
    const std::lock_guard lock(stopping_);
    if (threads_.empty()) return;
    for (const auto& acceptor : acceptors_) {
      std::promise<void> closed;
      acceptor->close([&closed] { closed.set_value(); });
      closed.get_future().wait();
    }
    for (const auto& loop : loops_) loop->stop_gracefully();
    if (!shared_->places.wait_until_empty(patience)) {
      for (const auto& loop : loops_) loop->abort_connections();
    }
    for (const auto& loop : loops_) loop->finish();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    acceptors_.clear();
    loops_.clear();
    shared_->streams = nullptr;
    shared_->handler = nullptr;  // Responders still held keep the rest of a loop, not what the handler refers to
  }

 private:
  const Options options_;
  const std::shared_ptr<Shared> shared_;
  std::mutex stopping_;
  std::vector<std::shared_ptr<Loop>> loops_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::vector<std::thread> threads_;
};

Server::Server(Options options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}
Server::~Server() { stop(); }
Result<Endpoint, std::string> Server::start() { return impl_->start(); }
Result<std::shared_ptr<const TlsIdentity>, std::string> Server::reload_certificate() {
  return impl_->reload_certificate();
}
std::shared_ptr<const TlsIdentity> Server::identity() const { return impl_->identity(); }
void Server::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }

}  // namespace deputy::http
