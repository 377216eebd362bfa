// One MFA code, many requests at once: exactly one gets in. Through the pipeline, from signed bytes to the answer, over
// a store in memory.
//
// DEPUTY_STRESS_SECONDS=300 repeats it for that long; run it so under the thread sanitizer (preset tsan).
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "authn/mfa.h"
#include "authn/totp.h"
#include "server/pipeline.h"
#include "server/site.h"

namespace deputy::server {
namespace {

using authn::Signer;
using authn::TestRequest;

/// The user alice of authn::World, with a device and a role to become, behind a pipeline.
class Guarded {
 public:
  Guarded() {
    directory::User user = *site_.snapshot()->user(site_.people.account.id, "alice");
    device_.account = user.account;
    device_.path = "/";
    device_.name = "phone";
    device_.user = user.id;
    device_.sealed_seed = authn::seal_mfa_seed(*site_.people.vault, *site_.people.entropy, device_, kSeed);
    user.mfa_devices = {device_.arn()};
    user.inline_policies.push_back({"all", directory::PolicyText(kAllowAll)});
    site_.write([&](directory::Changes& changes) {
      changes.update(user);
      changes.create(device_);
    });
  }

  /// A call with this code, signed for the present.
  [[nodiscard]] TestRequest call(std::string_view operation, std::string_view code) const {
    TestRequest request = authn::sts_request();
    request.body = "Action=" + std::string(operation) +
                   "&Version=2011-06-15&SerialNumber=" + percent_encode(device_.arn()) +
                   "&TokenCode=" + std::string(code);
    if (operation == "AssumeRole") {
      request.body += "&RoleSessionName=replay&RoleArn=" + percent_encode(site_.people.deploy.arn());
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
  [[nodiscard]] directory::MfaDevice device() const { return *site_.snapshot()->mfa_device(device_.arn()); }

 private:
  static constexpr std::string_view kSeed = "12345678901234567890";
  Site site_;
  directory::MfaDevice device_;
  const Pipeline pipeline_{site_.rooms};

 public:
  HandClock& clock = site_.clock;
};

std::chrono::seconds stress_time() {
  const char* text = std::getenv("DEPUTY_STRESS_SECONDS");
  return std::chrono::seconds(text != nullptr ? std::atoi(text) : 1);
}

TEST(MfaReplayTest, OfAllWhoBringOneCodeExactlyOneGetsIn) {
  constexpr int kThreads = 8, kEach = 4;
  Guarded site;
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
  Guarded site;
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
