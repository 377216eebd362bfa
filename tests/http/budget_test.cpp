// What strangers cost together, and what a request costs when all goes well.
#include "http/budget.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "http/parser.h"
#include "http/running.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define DEPUTY_COUNTS_ALLOCATIONS 1
namespace {
thread_local std::size_t allocations = 0;
}
// NOLINTBEGIN(misc-new-delete-overloads)
void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size > 0 ? size : 1)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
// NOLINTEND(misc-new-delete-overloads)
#endif

namespace deputy::http::testing {
namespace {

void feed(RequestParser& parser, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto space = parser.space();
    const std::size_t count = std::min(space.size(), bytes.size());
    std::copy_n(bytes.data(), count, space.data());
    parser.fed(count);
    bytes.remove_prefix(count);
    if (parser.next() != RequestParser::Progress::kNeedMore) return;
  }
}

const std::string kLarge = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + std::string(999'999, 'x');

TEST(BudgetTest, ABodyBeyondWhatAllMayHoldIsRefused) {
  const Limits limits;
  Budget budget(1'500'000);
  RequestParser one(limits, budget);
  feed(one, kLarge);
  EXPECT_EQ(one.next(), RequestParser::Progress::kNeedMore);
  {
    RequestParser two(limits, budget), small(limits, budget);
    feed(two, kLarge);
    EXPECT_EQ(two.refusal(), Refusal::kUnavailable);
    feed(small, get("/small"));
    EXPECT_EQ(small.next(), RequestParser::Progress::kComplete);
  }
  feed(one, "x");
  EXPECT_EQ(one.next(), RequestParser::Progress::kComplete);
  one.finish();
  EXPECT_EQ(budget.used(), 0U);
}

TEST(BudgetTest, AnAnnouncedBodyHoldsNothingBeforeItComes) {
  const Limits limits;
  Budget budget(limits.buffers);
  RequestParser parser(limits, budget);
  feed(parser, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\nx");
  EXPECT_FALSE(parser.space().empty());
  EXPECT_LE(budget.used(), 128U * 1024U);
}

#ifdef DEPUTY_COUNTS_ALLOCATIONS
TEST(BudgetTest, ARequestThatIsAnsweredAtOnceAllocatesNothing) {
  std::vector<std::size_t> seen;
  seen.reserve(1000);
  const Running running(any_port(), [&](const Request&, Responder respond) {
    seen.push_back(allocations);
    respond({.status = 200, .headers = {}, .body = "short", .close = false});
  });
  Client client(running.where);
  for (int i = 0; i < 300; ++i) {
    client.send(get("/path?query", "X-Header: value\r\n"));
    ASSERT_EQ(client.read_answer().status, 200);
  }
  EXPECT_EQ(seen[299] - seen[199], 0U);
}
#endif

}  // namespace
}  // namespace deputy::http::testing
