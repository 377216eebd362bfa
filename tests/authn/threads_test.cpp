// What is shared between threads is immutable; what changes is a thread's own. The thread sanitizer watches this one.
#include <atomic>
#include <thread>

#include "authn/world.h"

namespace deputy::authn {
namespace {

TEST(IdentifyThreadsTest, ManyThreadsAtOnce) {
  const World world;
  const Identifier identifier(*world.vault, world.tokens);
  std::vector<TestRequest> requests;
  for (int i = 0; i < 40; ++i) {
    TestRequest request = sts_request();
    (i % 2 == 0 ? Signer{} : Signer::with(world.issue(world.role_session()))).sign(request);
    requests.push_back(request);
  }
  std::atomic<int> known{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        for (const TestRequest& request : requests) {
          known += identifier.identify(request.view(), kSts, *world.snapshot, world.now).ok() ? 1 : 0;
        }
        static_cast<void>(world.tokens.issue(*world.snapshot, crypto::system_entropy(), world.role_session()));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(known, 4 * 5 * 40);
}

}  // namespace
}  // namespace deputy::authn
