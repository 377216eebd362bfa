// A folder for one test, as a user for whom permissions count.
#pragma once

#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace deputy::audit {

class InFolder : public testing::Test {
 protected:
  static constexpr uid_t kNobody = 65534;

  void SetUp() override {
    ::signal(SIGXFSZ, SIG_IGN);
    std::string name = (std::filesystem::temp_directory_path() / "deputy-trail-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    if (::geteuid() == 0) {  // nothing is forbidden to root
      ASSERT_EQ(::chown(name.c_str(), kNobody, kNobody), 0);
      ::setfsuid(kNobody);
    }
  }
  void TearDown() override {
    ::setfsuid(::geteuid());
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string at(const std::string& name) const { return folder_ + "/" + name; }
  static std::string read(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  static void write(const std::string& name, std::string_view text) { std::ofstream(name) << text; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) found.push_back(entry.path().filename());
    std::ranges::sort(found);
    return found;
  }

  std::string folder_;
};

/// A limit of the process while it lives.
class Limited {
 public:
  Limited(__rlimit_resource which, rlim_t soft) : which_(which) {
    ::getrlimit(which, &before_);
    rlimit now = before_;
    now.rlim_cur = soft;
    EXPECT_EQ(::setrlimit(which, &now), 0);
  }
  Limited(const Limited&) = delete;
  Limited& operator=(const Limited&) = delete;
  ~Limited() { ::setrlimit(which_, &before_); }

 private:
  const __rlimit_resource which_;
  rlimit before_{};
};

}  // namespace deputy::audit
