// Files made safely: nobody who may write into a folder can make Deputy write elsewhere, and no crash leaves half a
// file.
//
//   TRY(host::Folder folder, host::Folder::open(options.data));
//   TRY_VOID(folder.replace("endpoint", url + "\n"));
//
// Every file that Deputy writes comes from here (tests/rooms looks for others; SQLite's own are store/'s). Names are
// single names in a folder that is held open by a descriptor: what its path leads to by now does not matter. A symbolic
// link with the name of the file is never followed: it is refused, or replaced itself. Files have mode 0600.
//
// Errors are sentences for the operator: "cannot write /data/endpoint: No space left on device".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/result.h"

namespace deputy::host {

template <class T>
using Outcome = Result<T, std::string>;

/// For those who do different things by why it failed: errno's value.
template <class T>
using Tried = Result<T, std::error_code>;

/// A descriptor with one owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int get() const { return fd_; }
  void close();
  /// It belongs to somebody else from now on.
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// Writes all of it, over interruptions; where it stopped is in `written`. False: errno says why.
bool write_all(int fd, std::string_view bytes, std::size_t& written);

/// How a file is kept.
struct Kept {
  bool durable = true;   // also when the machine loses its power; costs a wait for the disk
  unsigned mode = 0600;  // of the owner; others get nothing
};

class Folder {
 public:
  /// The folder and its parents, if absent, with mode 0700. What lies in it is believed, so it must be of nobody else: of
  /// this user or root, and written by no other. Errors are sentences that call it "The <called> /path".
  static Outcome<void> make(const std::string& path, std::string_view called = "folder");
  /// Opens a folder that is there. The path itself may lead over links: it is the operator's.
  static Outcome<Folder> open(const std::string& path);
  /// The folder in which a file of that path lies, and the file's name in it.
  static Outcome<std::pair<Folder, std::string>> of_file(const std::string& path);

  /// The file, to be appended to and read; made if it is not there. Refused: a link, and everything that is no regular
  /// file.
  [[nodiscard]] Outcome<Descriptor> append(const std::string& name) const;
  /// A new file, to be appended to; what had the name is removed before.
  [[nodiscard]] Outcome<Descriptor> fresh(const std::string& name) const;
  /// The content of a file of at most that many bytes; nothing if it is not there. Refused: a link, what is no regular file,
  /// and a secret that others than its owner may read.
  [[nodiscard]] Outcome<std::optional<std::string>> read(const std::string& name, std::size_t most,
                                                         bool secret = false) const;
  /// The whole content in one step: others see the old file or the new one.
  [[nodiscard]] Outcome<void> replace(const std::string& name, std::string_view text, Kept kept = {}) const;
  /// As replace, but a file that is there by then stays as it is: that is no error.
  [[nodiscard]] Outcome<void> create(const std::string& name, std::string_view text) const;

  /// One step; a file with the new name goes.
  [[nodiscard]] Outcome<void> rename(const std::string& from, const std::string& to) const;
  /// A second name for a file, which must be new.
  [[nodiscard]] Outcome<void> link(const std::string& from, const std::string& to) const;
  /// A file that is not there is no error.
  [[nodiscard]] Outcome<void> remove(const std::string& name) const;

  struct Entry {
    std::string name;
    std::uint64_t size = 0;     // bytes
    std::int64_t modified = 0;  // seconds since 1970
    std::uint64_t inode = 0;    // the same for two names of one file
  };
  /// The regular files of the folder, in no order.
  [[nodiscard]] Outcome<std::vector<Entry>> files() const;
  /// Whether the name leads to that open file.
  [[nodiscard]] bool leads_to(const std::string& name, const Descriptor& file) const;
  /// Bytes that who is not root may still write to this disk; the most there is if it does not say.
  [[nodiscard]] std::uint64_t free_space() const;
  /// New names and removals are on disk when it returns.
  [[nodiscard]] Outcome<void> sync() const;

  // ---- Many files, in folders of this one

  /// A folder in this one. With `make` it is made, mode 0700, if it is not there.
  [[nodiscard]] Tried<Folder> inner(const std::string& name, bool make) const;
  /// A file that was not there before, to be written.
  [[nodiscard]] Tried<Descriptor> make_new(const std::string& name) const;
  /// A regular file, to be read.
  [[nodiscard]] Tried<Descriptor> open_file(const std::string& name) const;
  /// One step, under the same name into another folder of the same disk.
  [[nodiscard]] Tried<void> move(const std::string& name, const Folder& to) const;
  /// A second name in another folder of the same disk, which must be new.
  [[nodiscard]] Tried<void> link_as(const std::string& name, const Folder& to, const std::string& other) const;
  [[nodiscard]] Tried<void> drop(const std::string& name) const;
  [[nodiscard]] Tried<void> flush() const;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Folder(std::string path, Descriptor folder) : path_(std::move(path)), folder_(std::move(folder)) {}
  [[nodiscard]] std::string trouble(std::string_view what, const std::string& name) const;
  /// A file with that text, on disk; none is left behind by a failure.
  [[nodiscard]] Outcome<void> draft(const std::string& made, std::string_view text, Kept kept) const;

  std::string path_;
  Descriptor folder_;
};

}  // namespace deputy::host
