#include "host/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "host/files.h"

namespace deputy::host {
namespace {

/// A service manager that listens at a name: "@…" is not in the file system.
class Manager {
 public:
  explicit Manager(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.front() == '@') address.sun_path[0] = 0;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size), 0) << name;
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  ~Manager() { ::unsetenv("NOTIFY_SOCKET"); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  std::string hear() {
    char buffer[256];
    const ssize_t got = ::recv(socket_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    return {buffer, got > 0 ? static_cast<std::size_t>(got) : 0};
  }

 private:
  Descriptor socket_;
};

TEST(ServiceManagerTest, HearsWhatItIsTold) {
  const std::string file = testing::TempDir() + "notify-" + std::to_string(::getpid());
  for (const std::string& name : {file, "@deputy-test-" + std::to_string(::getpid())}) {
    Manager manager(name);
    tell_service_manager("READY=1");
    EXPECT_EQ(manager.hear(), "READY=1") << name;
    EXPECT_EQ(manager.hear(), "");
  }
  std::filesystem::remove(file);
}

TEST(ServiceManagerTest, IsNobodyUnlessTheEnvironmentSaysSo) {
  ::unsetenv("NOTIFY_SOCKET");
  testing::internal::CaptureStderr();
  tell_service_manager("READY=1");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(ServiceManagerTest, WhoCannotBeToldIsAWarning) {
  for (const std::string& name :
       {std::string("vsock:2:1234"), std::string("/nowhere/at/all"), "/" + std::string(200, 'x')}) {
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    testing::internal::CaptureStderr();
    tell_service_manager("READY=1");
    EXPECT_NE(testing::internal::GetCapturedStderr().find("warning"), std::string::npos) << name;
    ::unsetenv("NOTIFY_SOCKET");
  }
}

TEST(ServiceManagerTest, AReloadSaysWhenItBegan) { EXPECT_EQ(reloading().find("RELOADING=1\nMONOTONIC_USEC="), 0U); }

}  // namespace
}  // namespace deputy::host
