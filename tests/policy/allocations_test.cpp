// A decision allocates nothing and takes no lock: operator new is counted while every case and some large ones are
// decided.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>

#include "policy/cases.h"

namespace {

// Only the thread that decides is counted.
thread_local bool counting = false;
thread_local std::size_t allocations = 0;

void* counted(std::size_t size) {
  if (counting) ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* memory = counted(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace deputy::policy::test {
namespace {

std::size_t allocations_of(const Policies& policies, const Request& request) {
  allocations = 0;
  counting = true;
  const Decision decision = policy::decide(policies, request);
  counting = false;
  (void)decision;
  return allocations;
}

TEST(AllocationsTest, TheCounterCounts) {
  counting = true;
  allocations = 0;
  int* volatile made = new int(1);  // volatile: a compiler may leave out a pair that nobody sees
  delete made;
  counting = false;
  EXPECT_EQ(allocations, 1U);
}

/// Nothing in the room waits for another thread, and nothing is shared that could be waited for.
TEST(AllocationsTest, TheRoomKnowsNoLock) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(DEPUTY_SOURCE_DIR "/src/policy")) {
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (const char* word : {"<mutex>", "<shared_mutex>", "<atomic>", "<thread>", "<condition_variable>", "pthread_",
                             "call_once", "thread_local"}) {
      EXPECT_EQ(text.find(word), std::string::npos) << entry.path() << " holds " << word;
    }
    ++files;
  }
  EXPECT_GT(files, 30U);
}

TEST(AllocationsTest, NoDecisionAllocates) {
  for (const char* file : {"vectors.json", "rules.json"}) {
    for (const auto& c : cases_of(file)) {
      EXPECT_EQ(allocations_of(c->policies(), c->request()), 0U) << c->source.name;
    }
  }
}

TEST(AllocationsTest, NeitherDoesOneOverManyStatementsVariablesAndWildcards) {
  std::string statements;
  for (int i = 0; i < 500; ++i) {
    const std::string n = std::to_string(i);
    if (i > 0) statements += ",";
    statements +=
        R"({"Effect":")" + std::string(i % 5 == 4 ? "Deny" : "Allow") + R"(","Action":["s3:Get*","s3:*Object)" + n +
        R"("],"Resource":["arn:aws:s3:::b/${aws:username}/*)" + n + R"(*z","arn:aws:*:::b/?)" + n +
        R"(/*"],"Condition":{"StringLike":{"aws:UserAgent":"*${aws:PrincipalTag/team}*)" + n +
        R"(*"},"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"},
                  "ArnLike":{"aws:PrincipalArn":"arn:*:iam::*:user/${aws:username}*"}}})";
  }
  const auto compiled =
      compile(*parse(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}", Kind::kIdentity, 1U << 20U),
              Kind::kIdentity);
  ASSERT_TRUE(compiled);
  Context context;
  context.set(Key::kUsername, "alice*");
  context.set(Key::kUserAgent, "aws-cli/2.15 blue 17 and 499 more");
  context.set(Key::kCurrentTime, "2026-06-15T12:00:00Z");
  context.set(Key::kSourceIp, "10.1.2.3");
  context.set(Key::kPrincipalArn, "arn:aws:iam::111111111111:user/alice*");
  context.set_tag(TagFamily::kPrincipalTag, "team", "blue");
  const CompiledPolicy* set[] = {compiled->get()};
  for (const std::string_view resource : {"arn:aws:s3:::b/alice*/x17xz", "arn:aws:s3:::b/x17/y", "arn:aws:s3:::c"}) {
    const Request request{.principal = {.type = PrincipalType::kUser,
                                        .arn = "arn:aws:iam::111111111111:user/alice*",
                                        .account = "111111111111",
                                        .unique_id = "AIDAALICEXXXXXXXXXXXX"},
                          .action = Action("s3:GetObject"),
                          .resource = resource,
                          .resource_account = "111111111111",
                          .context = &context};
    EXPECT_EQ(allocations_of({.identity = set}, request), 0U) << resource;
  }
}

}  // namespace
}  // namespace deputy::policy::test
