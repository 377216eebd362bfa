// One MFA code, many requests at once: exactly one gets in. Through the pipeline, from signed bytes to the answer, over
// a store in memory.
//
// DEPUTY_STRESS_SECONDS=300 repeats it for that long; run it so under the thread sanitizer (preset tsan).
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include "authn/mfa.h"
#include "authn/totp.h"
#include "authn/world.h"
#include "server/pipeline.h"
#include "store/memory/memory.h"

namespace deputy::server {
namespace {

using authn::Signer;
using authn::TestRequest;

class HandClock final : public Clock {
 public:
  explicit HandClock(Time start) : milliseconds_(start.time_since_epoch().count()) {}
  [[nodiscard]] Time now() const override { return Time(std::chrono::milliseconds(milliseconds_.load())); }
  void move(std::chrono::milliseconds by) { milliseconds_ += by.count(); }

 private:
  std::atomic<std::int64_t> milliseconds_;
};

/// Takes one answer; the thread that waits for it is the event loop of its request.
class Inbox final : public http::Responder::Sink {
 public:
  void respond(std::uint64_t, http::Response response) noexcept override {
    post([this, response = std::move(response)] { answer_ = response; });
  }
  void post(std::function<void()> work) override {
    {
      const std::lock_guard lock(mutex_);
      work_.push_back(std::move(work));
    }
    wake_.notify_one();
  }
  http::Response wait() {
    while (!answer_) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !work_.empty(); });
      const std::function<void()> next = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      next();
    }
    return *std::move(answer_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> work_;
  std::optional<http::Response> answer_;
};

/// The user alice of authn::World, with a device and a role to become, behind a pipeline.
class Site {
 public:
  Site() {
    user_ = people_.alice;
    device_.account = user_.account;
    device_.path = "/";
    device_.name = "phone";
    device_.user = user_.id;
    device_.sealed_seed = authn::seal_mfa_seed(*people_.vault, *people_.entropy, device_, kSeed);
    user_.mfa_devices = {device_.arn()};
    user_.inline_policies.push_back(
        {"all", directory::PolicyText(
                    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})")});
    directory::Changes changes;
    changes.create(people_.account);
    changes.create(user_);
    changes.create(people_.deploy);
    changes.create(device_);
    changes.create(people_.tokens.make_key(*state_->snapshot(), *people_.entropy, people_.now));
    std::promise<bool> done;
    state_->commit(changes, [&](auto outcome) { done.set_value(bool(outcome)); });
    EXPECT_TRUE(done.get_future().get());
  }
  ~Site() {
    audit_->stop();
    std::filesystem::remove_all(folder_);
  }

  /// A call with this code, signed for the present.
  [[nodiscard]] TestRequest call(std::string_view operation, std::string_view code) const {
    TestRequest request = authn::sts_request();
    request.body = "Action=" + std::string(operation) +
                   "&Version=2011-06-15&SerialNumber=" + percent_encode(device_.arn()) +
                   "&TokenCode=" + std::string(code);
    if (operation == "AssumeRole") {
      request.body += "&RoleSessionName=replay&RoleArn=" + percent_encode(people_.deploy.arn());
    }
    request.set("Content-Type", "application/x-www-form-urlencoded");
    Signer signer;
    signer.time = basic_iso8601(clock.now());
    signer.date = signer.time.substr(0, 8);
    signer.sign(request);
    return request;
  }
  [[nodiscard]] http::Response send(const TestRequest& request) const {
    auto inbox = std::make_shared<Inbox>();
    const http::Request view = request.view();
    pipeline_.handle(view, http::Responder(inbox, 0));
    return inbox->wait();
  }
  [[nodiscard]] std::string code() const {
    return authn::hotp(kSeed, static_cast<std::uint64_t>(authn::totp_period(clock.now())));
  }
  [[nodiscard]] directory::MfaDevice device() const { return *state_->snapshot()->mfa_device(device_.arn()); }

 private:
  static constexpr std::string_view kSeed = "12345678901234567890";
  static std::string make_folder() {
    std::string name = std::filesystem::temp_directory_path() / "deputy-replay-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    return name;
  }

  authn::World people_;
  directory::User user_;
  directory::MfaDevice device_;

 public:
  HandClock clock{people_.now};

 private:
  const std::string folder_ = make_folder();
  std::unique_ptr<state::State> state_ = std::move(state::State::open(store::open_memory(), {})).value();
  std::unique_ptr<audit::Log> audit_ = std::move(audit::Log::open({.file = audit::Log::default_file(folder_)})).value();
  authn::Identifier identifier_{*people_.vault, people_.tokens};
  directory::Usage usage_;
  Writes writes_{*state_, usage_};
  Bindings bindings_;
  TrustedProxies proxies_;
  authn::IssuerKeys issuer_keys_{authn::IssuerRules{}, [](const http::FetchRequest&, const http::Fetcher::Done&) {},
                                 clock};
  SlowHashes slow_hashes_;
  FairThread documents_{"documents", kDocuments};
  const PublicUrl public_url_;
  const Pipeline pipeline_{Rooms{*state_, writes_, identifier_, people_.tokens, *people_.vault,
                                 crypto::system_entropy(), usage_, *audit_, clock, bindings_, proxies_, issuer_keys_,
                                 slow_hashes_, documents_, public_url_}};
};

std::chrono::seconds stress_time() {
  const char* text = std::getenv("DEPUTY_STRESS_SECONDS");
  return std::chrono::seconds(text != nullptr ? std::atoi(text) : 1);
}

TEST(MfaReplayTest, OfAllWhoBringOneCodeExactlyOneGetsIn) {
  constexpr int kThreads = 8, kEach = 4;
  Site site;
  int rounds = 0;
  std::atomic<int> let_in{0}, refused{0};
  const auto end = std::chrono::steady_clock::now() + stress_time();
  do {
    const TestRequest requests[] = {site.call("GetSessionToken", site.code()), site.call("AssumeRole", site.code())};
    std::atomic<int> ready{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (++ready; ready < kThreads;) std::this_thread::yield();
        for (int i = 0; i < kEach; ++i) {
          const http::Response answer = site.send(requests[(t + i) % 2]);
          if (answer.status == 200) {
            ++let_in;
          } else if (answer.status == 403 && answer.body.find("invalid MFA one time pass code") != std::string::npos) {
            ++refused;
          } else {
            ADD_FAILURE() << answer.status << " " << answer.body;
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(let_in, ++rounds);
    site.clock.move(std::chrono::seconds(30));
  } while (std::chrono::steady_clock::now() < end);
  EXPECT_EQ(let_in + refused, rounds * kThreads * kEach);
  EXPECT_EQ(site.device().failures, 0U) << "a replay is no guess";
  RecordProperty("rounds", rounds);
  std::printf("%d codes, each brought %d times\n", rounds, kThreads * kEach);
}

TEST(MfaReplayTest, OfManyGuessesAtOnceFiveAreHeard) {
  Site site;
  const std::string right = site.code(), wrong = right == "000000" ? "000001" : "000000";
  const TestRequest guess = site.call("GetSessionToken", wrong);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 4; ++i) EXPECT_NE(site.send(guess).status, 200);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(site.device().failures, 5U);
  EXPECT_EQ(site.send(site.call("GetSessionToken", right)).status, 403);
  site.clock.move(authn::kMfaFirstLock);
  EXPECT_EQ(site.send(site.call("GetSessionToken", site.code())).status, 200);
}

}  // namespace
}  // namespace deputy::server
