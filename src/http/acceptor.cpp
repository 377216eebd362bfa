#include "http/acceptor.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <exception>
#include <functional>
#include <system_error>

#include "host/log.h"

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
      timer_(loops_.front()->executor()) {
  loops_.front()->add_upkeep([this] {
    if (!awaits_ && descriptor_.is_open()) wait();  // memory ran out when it was to
  });
}

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
  if (!descriptor_.is_open()) return;
  descriptor_.async_wait(asio::posix::descriptor_base::wait_read, [this](boost::system::error_code error) {
    awaits_ = false;
    if (!error && descriptor_.is_open()) take();
  });
  awaits_ = true;
}

void Acceptor::take() {
  for (int i = 0; i < kBurst; ++i) {
    Listener::Accepted accepted = listener_.accept();
    if (accepted.error == EAGAIN) break;
    if (is_shortage(accepted.error)) return pause(accepted.error);
    if (accepted.error != 0) continue;  // that client is gone already
    if (std::exchange(short_, false)) log::info("http: connections are accepted again");
    admit(accepted);
  }
  wait();
}

void Acceptor::admit(Listener::Accepted& accepted) {
  const int descriptor = accepted.descriptor;
  Places::Guest* guest = nullptr;
  try {
    guest = shared_.places.take(accepted.network);
    guest != nullptr ? least_busy().adopt(std::move(accepted), guest) : busiest().replace(std::move(accepted));
  } catch (const std::exception&) {  // no memory: this one goes
    if (guest != nullptr) shared_.places.give_back(guest);
    ::close(descriptor);
  }
}

/// Out of descriptors or memory: some who only wait make room. The connection stays in the backlog, and asking again at
/// once would spin.
void Acceptor::pause(int error) {
  if (!std::exchange(short_, true)) {
    log::warning("http: cannot accept connections: {}. Those that wait longest are closed until it can.",
                 std::generic_category().message(error));
  }
  busiest().make_room();
  timer_.expires_after(kPause);
  timer_.async_wait([this](boost::system::error_code stopped) {
    awaits_ = false;
    if (!stopped) wait();
  });
  awaits_ = true;
}

Loop& Acceptor::busiest() {
  return **std::max_element(loops_.begin(), loops_.end(),
                            [](const auto& a, const auto& b) { return a->load() < b->load(); });
}

Loop& Acceptor::least_busy() {
  return **std::min_element(loops_.begin(), loops_.end(),
                            [](const auto& a, const auto& b) { return a->load() < b->load(); });
}

}  // namespace deputy::http
