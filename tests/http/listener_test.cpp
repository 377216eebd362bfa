// Where the server listens, and for how many.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "http/running.h"

namespace deputy::http::testing {
namespace {

TEST(ListenerTest, ThereAreNeverMoreConnectionsThanPlaces) {
  Options options = any_port();
  options.limits.connections = 2;
  const Running running(options);
  Client one(running.where), two(running.where);
  one.send(get("/1"));
  two.send(get("/2"));
  EXPECT_EQ(one.read_answer().body, "/1");
  EXPECT_EQ(two.read_answer().body, "/2");
  Client three(running.where);
  three.send(get("/3"));
  EXPECT_EQ(three.read_answer().body, "/3");
  EXPECT_TRUE(one.at_end());
  two.send(get("/4"));
  EXPECT_EQ(two.read_answer().body, "/4");
}

TEST(ListenerTest, AnAddressInUseIsSaid) {
  const Running running(any_port());
  Options options = any_port();
  options.port = running.where.port;
  Server second(options, echo_target);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().find("Address already in use"), std::string::npos) << started.error();
}

TEST(ListenerTest, AHostThatIsNoneIsSaid) {
  Options options = any_port();
  options.host = "not a host";
  Server server(options, echo_target);
  EXPECT_FALSE(server.start());
}

class UnixSocketTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "deputy-http-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ + "/socket";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] Options options() const {
    Options options = any_port();
    options.unix_socket = path_;
    return options;
  }
  std::string folder_, path_;
};

TEST_F(UnixSocketTest, OnlyTheOwnerMayConnect) {
  const mode_t before = ::umask(0);
  Running running(options());
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  Client client(running.where);
  client.send(get("/here"));
  EXPECT_EQ(client.read_answer().body, "/here");
  running.server.stop();
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, ADeadServersSocketIsReplaced) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(fd);  // the file stays, as after kill -9
  const Running running(options());
  Client client(running.where);
  client.send(get("/alive"));
  EXPECT_EQ(client.read_answer().body, "/alive");
}

TEST_F(UnixSocketTest, ALivingServersSocketIsNot) {
  const Running running(options());
  Server second(options(), echo_target);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().find("another server"), std::string::npos) << started.error();
  Client client(running.where);
  client.send(get("/still"));
  EXPECT_EQ(client.read_answer().body, "/still");
}

TEST_F(UnixSocketTest, AnotherFileIsNotRemoved) {
  std::ofstream(path_) << "precious";
  Server server(options(), echo_target);
  EXPECT_FALSE(server.start());
  EXPECT_EQ(std::filesystem::file_size(path_), 8U);
}

}  // namespace
}  // namespace deputy::http::testing
