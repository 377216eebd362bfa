// Who runs with a folder's keys: one process at most, and others find it.
#include "identity_provider/running.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "identity_provider/folder.h"

namespace deputy::identity_provider {
namespace {

using testing::HasSubstr;

TEST(RunningTest, OthersFindWhoHoldsTheFolderUntilItEnds) {
  const TemporaryFolder folder;
  EXPECT_EQ(holder_of(folder.path()).value(), 0);
  EXPECT_EQ(holder_of(folder.at("nowhere")).value(), 0);
  int ready[2], end[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(end), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(end[1]);
    const auto hold = Hold::take(folder.path());
    char byte = hold ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) != 1) ::_exit(2);
    ::_exit(::read(end[0], &byte, 1) == 0 ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  EXPECT_EQ(holder_of(folder.path()).value(), child);
  EXPECT_THAT(Hold::take(folder.path()).error(), HasSubstr("another identity provider runs"));
  ::close(end[1]);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(holder_of(folder.path()).value(), 0);
  EXPECT_TRUE(Hold::take(folder.path()));
}

TEST(RunningTest, WhereItListensIsWrittenDown) {
  const TemporaryFolder folder;
  EXPECT_FALSE(read_running(folder.path()).value());
  EXPECT_FALSE(read_running(folder.at("nowhere")).value());
  const Running running{"127.0.0.1:4567", {*Issuer::parse("https://a.example"), *Issuer::parse("https://b.example/c")}};
  ASSERT_TRUE(write_running(folder.path(), running));
  const auto again = read_running(folder.path()).value();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->address, running.address);
  EXPECT_EQ(again->issuers, running.issuers);
  folder.write("issuers", "127.0.0.1:4567\nno issuer\n");
  EXPECT_THAT(read_running(folder.path()).error(), HasSubstr("damaged"));
}

}  // namespace
}  // namespace deputy::identity_provider
