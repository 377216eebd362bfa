// A folder that is there for one test; in memory where the system has such a place, because no test here needs a real
// disk: faults_test.cpp brings its own, and kill -9 does not lose what the kernel has.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace deputy::store {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    const bool shm = ::getenv("TMPDIR") == nullptr && ::access("/dev/shm", W_OK) == 0;
    const std::filesystem::path where = shm ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string name = (where / "deputy-store-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary folder " << name;
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::filesystem::path path() const { return path_; }
  /// A data folder inside, not made yet.
  [[nodiscard]] std::string data() const { return (path_ / "data").string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace deputy::store
