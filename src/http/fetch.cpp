#include "http/fetch.h"

#include <pthread.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <mutex>
#include <optional>
#include <thread>

#include "http/certificates.h"
#include "http/signals.h"

namespace deputy::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
using Outcome = Result<std::string, FetchFault>;

bool is_public(const asio::ip::address_v4& address) {
  const auto b = address.to_bytes();
  const auto in = [&](unsigned first, unsigned second, unsigned mask) {
    return b[0] == first && (b[1] & mask) == (second & mask);
  };
  if (b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224) return false;  // this host, private, multicast, reserved
  if (in(100, 64, 0xc0) || in(169, 254, 0xff) || in(172, 16, 0xf0) || in(192, 168, 0xff) || in(198, 18, 0xfe)) {
    return false;  // carrier-grade NAT, link-local, private, benchmarks
  }
  return !(b[0] == 192 && b[1] == 0 && (b[2] == 0 || b[2] == 2));  // IETF protocol assignments, documentation
}

bool is_public(const asio::ip::address_v6& address) {
  const auto b = address.to_bytes();
  if (address.is_v4_mapped()) return is_public(asio::ip::make_address_v4(asio::ip::v4_mapped, address));
  if (b[0] == 0x00 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b) return false;  // NAT64: any IPv4 address behind it
  if (b[0] == 0x20 && b[1] == 0x02) return false;                                  // 6to4: the same
  if (b[0] == 0x20 && b[1] == 0x01 && (b[2] & 0xfe) == 0) return false;            // Teredo and other protocols
  return (b[0] & 0xe0) == 0x20;                                                    // global unicast is 2000::/3
}

bool is_public(const asio::ip::address& address) {
  return address.is_v4() ? is_public(address.to_v4()) : is_public(address.to_v6());
}

/// One fetch: settled once, by its answer or by its deadline.
struct Job {
  Job(asio::io_context& context, FetchRequest wanted, Fetcher::Done called)
      : request(std::move(wanted)), done(std::move(called)), socket(context), resolver(context), deadline(context) {}

  FetchRequest request;
  Fetcher::Done done;
  tcp::socket socket;
  tcp::resolver resolver;
  asio::steady_timer deadline;

  void settle(Outcome outcome) {
    if (!done) return;
    deadline.cancel();
    std::exchange(done, nullptr)(std::move(outcome));
  }
  /// What still waits ends with an error that nobody hears any more.
  void abandon() {
    error_code ignored;
    resolver.cancel();
    socket.close(ignored);
  }
};

template <class Stream>
asio::awaitable<Outcome> exchange(Stream& stream, const FetchRequest& wanted, std::size_t limit) {
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, wanted.target, 11);
  request.set(beast::http::field::host, wanted.authority);
  request.set(beast::http::field::accept, "application/json");
  request.set(beast::http::field::user_agent, "deputy");
  request.set(beast::http::field::connection, "close");
  auto [sent, written] = co_await beast::http::async_write(stream, request, kAwait);
  if (sent) co_return FetchFault::kUnreachable;
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.header_limit(16 * 1024);
  parser.body_limit(limit);
  auto [received, read] = co_await beast::http::async_read(stream, buffer, parser, kAwait);
  // An answer without a length ends with its connection: some servers then leave out TLS's own goodbye, and nobody
  // could tell that from an answer that was cut off. Those are refused.
  if (received) {
    const bool cut = !parser.is_header_done() && received != beast::http::error::header_limit;
    co_return cut ? FetchFault::kUnreachable : FetchFault::kUnusable;
  }
  if (parser.get().result() != beast::http::status::ok) co_return FetchFault::kUnusable;
  co_return std::move(parser.get().body());
}

}  // namespace

bool is_public_address(std::string_view text) {
  error_code fault;
  const auto address = asio::ip::make_address(std::string(text), fault);
  return !fault && is_public(address);
}

class Fetcher::Impl {
 public:
  explicit Impl(FetchOptions options) : options_(std::move(options)) {}
  ~Impl() { stop(); }

  void get(FetchRequest request, Done done) {
    const std::lock_guard lock(starting_);
    if (stopped_) return;
    if (!thread_.joinable()) start();
    auto job = std::make_shared<Job>(context_, std::move(request), std::move(done));
    asio::post(context_, [this, job] { begin(job); });
  }

  void stop() {
    {
      const std::lock_guard lock(starting_);
      stopped_ = true;
    }
    if (!thread_.joinable()) return;
    context_.stop();
    thread_.join();
  }

 private:
  void start() {
    const SignalsBlocked blocked;
    thread_ = std::thread([this] { context_.run(); });
    pthread_setname_np(thread_.native_handle(), "fetch");
  }

  void begin(const std::shared_ptr<Job>& job) {
    if (under_way_ >= options_.at_once) return job->settle(FetchFault::kUnreachable);
    ++under_way_;
    job->deadline.expires_after(options_.timeout);
    job->deadline.async_wait([job](error_code cancelled) {
      if (cancelled) return;
      job->settle(FetchFault::kUnreachable);
      job->abandon();
    });
    asio::co_spawn(
        context_,
        [this, job]() -> asio::awaitable<void> {
          Outcome outcome = co_await fetch(*job);
          --under_way_;
          job->settle(std::move(outcome));
        },
        asio::detached);
  }

  asio::awaitable<Outcome> fetch(Job& job) {
    const FetchRequest& request = job.request;
    auto [unresolved, found] = co_await job.resolver.async_resolve(request.connect_to, std::to_string(request.port),
                                                                   tcp::resolver::numeric_service, kAwait);
    if (unresolved || !job.done) co_return FetchFault::kUnreachable;
    std::optional<FetchFault> fault;
    for (const auto& entry : found) {
      if (!request.private_addresses && !is_public(entry.endpoint().address())) {
        fault = FetchFault::kForbidden;
        continue;
      }
      error_code ignored;
      job.socket.close(ignored);
      const auto [refused] = co_await job.socket.async_connect(entry.endpoint(), kAwait);
      if (!job.done) co_return FetchFault::kUnreachable;
      if (!refused) co_return co_await over(job);
      fault = FetchFault::kUnreachable;
    }
    co_return fault.value_or(FetchFault::kUnreachable);
  }

  /// Over a socket that is connected.
  asio::awaitable<Outcome> over(Job& job) {
    if (!job.request.tls) co_return co_await exchange(job.socket, job.request, options_.body);
    if (!certificates_) certificates_ = std::make_unique<Certificates>(options_.ca_file);
    if (certificates_->context() == nullptr) co_return FetchFault::kUnreachable;
    SSL_CTX_up_ref(certificates_->context());  // the wrapper takes one over
    asio::ssl::context context(certificates_->context());
    asio::ssl::stream<tcp::socket&> stream(job.socket, context);
    SSL_set_tlsext_host_name(stream.native_handle(), job.request.host.c_str());
    const auto [broken] = co_await stream.async_handshake(asio::ssl::stream_base::client, kAwait);
    if (broken) co_return FetchFault::kUnreachable;
    if (auto trusted = certificates_->check(stream.native_handle(), job.request.host, job.request.thumbprints);
        !trusted) {
      co_return trusted.error();
    }
    co_return co_await exchange(stream, job.request, options_.body);
  }

  const FetchOptions options_;
  std::mutex starting_;
  bool stopped_ = false;
  asio::io_context context_{1};  // one thread runs it
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  std::thread thread_;
  std::size_t under_way_ = 0;                   // of the thread
  std::unique_ptr<Certificates> certificates_;  // the same
};

Fetcher::Fetcher(FetchOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Fetcher::~Fetcher() = default;
void Fetcher::get(FetchRequest request, Done done) { impl_->get(std::move(request), std::move(done)); }
void Fetcher::stop() { impl_->stop(); }

}  // namespace deputy::http
