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
#include "http/resolve.h"
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
      : request(std::move(wanted)), done(std::move(called)), socket(context), deadline(context) {}

  FetchRequest request;
  Fetcher::Done done;
  tcp::socket socket;
  asio::steady_timer deadline;

  void settle(Outcome outcome) {
    if (!done) return;
    deadline.cancel();
    std::exchange(done, nullptr)(std::move(outcome));
  }
  /// What still waits ends with an error that nobody hears any more.
  void abandon() {
    error_code ignored;
    socket.close(ignored);
  }
};

/// Of an answer that could not be read to its end. One without a length ends with its connection: some servers then
/// leave out TLS's own goodbye, and nobody could tell that from an answer that was cut off. Those are refused.
FetchFault fault_of(error_code received, bool has_head) {
  using beast::http::error;
  if (received == error::header_limit || received == error::body_limit) return FetchFault::kTooLarge;
  const bool ended = received == error::end_of_stream || received == error::partial_message;
  if (!ended && received.category() == make_error_code(error::end_of_stream).category()) return FetchFault::kMalformed;
  return has_head ? FetchFault::kCutOff : FetchFault::kUnreachable;
}

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
  if (received) co_return fault_of(received, parser.is_header_done());
  const unsigned status = parser.get().result_int();
  if (status == 429 || status >= 500) co_return FetchFault::kOverloaded;
  if (status >= 300 && status < 400) co_return FetchFault::kRedirect;
  if (status != 200) co_return FetchFault::kStatus;
  co_return std::move(parser.get().body());
}

}  // namespace

std::string_view describe(FetchFault fault) {
  constexpr std::string_view kWords[] = {"too many fetches of this account are under way",
                                         "no answer",
                                         "its address is not public, and no --allow-issuer names it",
                                         "its certificate leads to no authority that is trusted",
                                         "its certificate fits none of the provider's thumbprints",
                                         "the server answers 429 or 5xx",
                                         "the server redirects",
                                         "the answer is not 200",
                                         "the answer is too large",
                                         "the answer is cut off: it has no length, and TLS was not closed at its end",
                                         "the answer is no HTTP"};
  return kWords[static_cast<std::size_t>(fault)];
}

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
    const auto refused = queue_.add(job->request.account, job);
    if (refused) (*refused)->settle(FetchFault::kNoPlace);
    start_next();
  }

  void start_next() {
    while (auto turn = queue_.next()) launch(turn->job);
  }

  void launch(const std::shared_ptr<Job>& job) {
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
          queue_.done(job->request.account);  // a look-up that outlasts its deadline keeps its place until here
          job->settle(std::move(outcome));
          start_next();
        },
        asio::detached);
  }

  asio::awaitable<Outcome> fetch(Job& job) {
    const FetchRequest& request = job.request;
    const std::vector<asio::ip::address> found = co_await resolver_.look_up(request.connect_to);
    if (!job.done) co_return FetchFault::kUnreachable;
    FetchFault fault = FetchFault::kUnreachable;
    for (const asio::ip::address& address : found) {
      if (!request.private_addresses && !is_public(address)) {
        fault = FetchFault::kForbidden;
        continue;
      }
      error_code ignored;
      job.socket.close(ignored);
      const auto [refused] = co_await job.socket.async_connect(tcp::endpoint(address, request.port), kAwait);
      if (!job.done) co_return FetchFault::kUnreachable;
      if (!refused) co_return co_await over(job);
      fault = FetchFault::kUnreachable;
    }
    co_return fault;
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
  // Of the thread:
  Resolver resolver_{context_};
  FairQueue<std::shared_ptr<Job>> queue_{options_.places};
  std::unique_ptr<Certificates> certificates_;
};

Fetcher::Fetcher(FetchOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Fetcher::~Fetcher() = default;
void Fetcher::get(FetchRequest request, Done done) { impl_->get(std::move(request), std::move(done)); }
void Fetcher::stop() { impl_->stop(); }

}  // namespace deputy::http
