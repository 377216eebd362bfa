// A folder of its own for each test, and keys that are made once for all of them: RSA takes its time.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "identity_provider/keys.h"

namespace deputy::identity_provider {

inline const Time kNow = *parse_iso8601("2026-07-24T10:11:12Z");

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "deputy-provider-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string at(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(at(name));
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void write(const std::string& name, std::string_view text) const { std::ofstream(at(name)) << text; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline const Keys& keys_of_tests() {
  static const Keys kKeys = [] {
    const TemporaryFolder folder;
    return Keys::open(folder.at("keys"), kNow).value();
  }();
  return kKeys;
}

}  // namespace deputy::identity_provider
