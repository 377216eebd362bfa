#include "http/acceptor.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <functional>
#include <system_error>

#include "base/log.h"

namespace deputy::http {
namespace {

namespace asio = boost::asio;

constexpr int kBurst = 64;  // accepted in one go, before the loop's connections get their turn
constexpr std::chrono::milliseconds kPause{100};

bool is_shortage(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

}  // namespace

Acceptor::Acceptor(Listener listener, Shared& shared, std::vector<std::shared_ptr<Loop>> loops)
    : listener_(std::move(listener)),
      shared_(shared),
      loops_(std::move(loops)),
      descriptor_(loops_.front()->executor(), listener_.descriptor()),
      timer_(loops_.front()->executor()) {}

Acceptor::~Acceptor() {
  if (descriptor_.is_open()) descriptor_.release();  // the listener closes it
}

void Acceptor::start() {
  asio::post(loops_.front()->executor(), [this] { wait(); });
}

void Acceptor::close(std::function<void()> closed) {
  asio::post(loops_.front()->executor(), [this, closed = std::move(closed)] {
    timer_.cancel();
    descriptor_.release();
    { const Listener gone = std::move(listener_); }
    closed();
  });
}

void Acceptor::wait() {
  descriptor_.async_wait(asio::posix::descriptor_base::wait_read, [this](boost::system::error_code error) {
    if (!error && descriptor_.is_open()) take();
  });
}

void Acceptor::take() {
  for (int i = 0; i < kBurst; ++i) {
    Listener::Accepted accepted = listener_.accept();
    if (accepted.error == EAGAIN) break;
    if (is_shortage(accepted.error)) {
      log::warning("http: cannot accept a connection: {}", std::generic_category().message(accepted.error));
      return pause();
    }
    if (accepted.error != 0) continue;  // that client is gone already
    if (shared_.population.enter(shared_.limits.connections)) {
      least_busy().adopt(std::move(accepted));
    } else {
      ::close(accepted.descriptor);
    }
  }
  wait();
}

/// Out of descriptors or memory: the connection stays in the backlog, and asking again at once would spin.
void Acceptor::pause() {
  timer_.expires_after(kPause);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) wait();
  });
}

Loop& Acceptor::least_busy() {
  return **std::min_element(loops_.begin(), loops_.end(),
                            [](const auto& a, const auto& b) { return a->load() < b->load(); });
}

}  // namespace deputy::http
