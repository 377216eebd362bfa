// The data folder: made, private, and held by one server at a time.
#pragma once

#include <string>

#include "store/store.h"

namespace deputy::store {

/// Holds the folder as long as it lives; the kernel lets go of it when the process dies, however it dies.
class Folder {
 public:
  /// The folder and its parents, if absent. What lies in it is believed, so it must be of nobody else: of this user or
  /// root, and written by no other. Errors: kRefused.
  static Result<void> make(const std::string& path);
  /// `make`, and held.
  static Result<Folder> hold(const std::string& path);
  Folder(Folder&& other) noexcept;
  Folder& operator=(Folder&&) = delete;
  ~Folder();

  /// Where `name` lies; made empty, with mode 0600, if it is absent.
  Result<std::string> file(const std::string& name) const;

 private:
  Folder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;  // descriptor of the file `lock`, under flock
};

}  // namespace deputy::store
