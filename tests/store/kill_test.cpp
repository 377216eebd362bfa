// kill -9 at any moment, over and over, on one folder: no acknowledged write is lost, and each start is clean.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <set>
#include <thread>

#include "store/conformance.h"
#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::store {
namespace {

constexpr int kRounds = 20;
constexpr int kWriters = 8;
constexpr Revision kHistory = 64;  // so that compaction is cut off too

/// One acknowledged commit, as the child tells it through the pipe: small enough that a write of it is never cut.
struct Acknowledged {
  int round, writer, number;
  Revision revision;
};
std::string key(int round, int writer, int number) {
  return "r" + std::to_string(round) + "/w" + std::to_string(writer) + "/" + std::to_string(number);
}

/// The child: commits from many threads until it is killed, telling each acknowledgement after it came.
[[noreturn]] void write_until_killed(const std::string& folder, int round, int pipe) {
  auto store = open_sqlite({.folder = folder, .history = kHistory, .vfs = ""});
  if (!store) ::_exit(3);
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int number = 0;; ++number) {
        const std::string name = key(round, writer, number);
        const auto outcome = (*store)->commit(
            {{{name, 0}},
             {put(name, std::string(500, 'v')), put(name + "'", ""), put("shared/" + std::to_string(writer), name)}});
        if (!outcome) ::_exit(4);
        const Acknowledged told{round, writer, number, *outcome};
        if (::write(pipe, &told, sizeof told) != sizeof told) ::_exit(5);
      }
    });
  }
  for (;;) ::pause();
}

std::vector<Acknowledged> read_all(int pipe) {
  std::vector<Acknowledged> all;
  Acknowledged one{};
  while (::read(pipe, &one, sizeof one) == sizeof one) all.push_back(one);
  return all;
}

TEST(Kill, LosesNoAcknowledgedWrite) {
  TemporaryFolder folder;
  std::mt19937 random(20240501);
  std::vector<Acknowledged> acknowledged;
  for (int round = 0; round < kRounds; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      write_until_killed(folder.data(), round, pipe[1]);
    }
    ::close(pipe[1]);
    std::thread killer([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5 + random() % 120));  // also during the start
      ::kill(child, SIGKILL);
    });
    const std::vector<Acknowledged> told = read_all(pipe[0]);
    killer.join();
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    acknowledged.insert(acknowledged.end(), told.begin(), told.end());

    auto store = open_sqlite({.folder = folder.data(), .history = kHistory, .vfs = ""});
    ASSERT_TRUE(store.ok()) << store.error().message;
    const auto scanned = (*store)->scan("");
    ASSERT_TRUE(scanned.ok());
    std::map<std::string, Revision> found;
    for (const Entry& entry : scanned->first) found[entry.key] = entry.revision;
    for (const Acknowledged& one : acknowledged) {
      const std::string name = key(one.round, one.writer, one.number);
      ASSERT_TRUE(found.contains(name)) << name << " was acknowledged and is lost";
      ASSERT_EQ(found[name], one.revision);
    }
    for (const auto& [name, revision] : found) {
      if (!name.starts_with("r") || name.ends_with("'")) continue;
      ASSERT_TRUE(found.contains(name + "'")) << name << " is there by half";
      ASSERT_EQ(found[name + "'"], revision);
    }
    committed(**store, {{}, {put("after", std::to_string(round))}});
  }
  EXPECT_GT(acknowledged.size(), 100U);
}

}  // namespace
}  // namespace deputy::store
