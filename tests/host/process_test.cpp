#include "host/process.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace deputy::host {
namespace {

TEST(Process, AChildThatForbidsDumpsLeavesNone) {
  const pid_t child = ::fork();
  if (child == 0) {
    keep_memory_private();
    forbid_core_files();
    rlimit cores{};
    ::getrlimit(RLIMIT_CORE, &cores);
    ::_exit(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && cores.rlim_cur == 0 && cores.rlim_max == 0 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace deputy::host
