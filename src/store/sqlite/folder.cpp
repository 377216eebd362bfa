#include "store/sqlite/folder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "host/files.h"

namespace deputy::store {
namespace {

constexpr mode_t kPrivateFile = 0600;

Error refused(std::string message) { return {Error::Code::kRefused, std::move(message)}; }
std::string reason(int error) { return std::generic_category().message(error); }

/// A new name in a folder survives a power loss only when the folder itself was synced.
Result<void> sync_folder(const std::string& path) {
  const int folder = ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::fsync(folder) == 0;
  const int error = errno;
  if (folder >= 0) ::close(folder);
  if (!synced) return refused(fmt::format("The folder {} cannot be synced: {}.", path, reason(error)));
  return {};
}

std::filesystem::path cleaned(const std::string& path) {
  const std::filesystem::path clean(path);
  return clean.has_filename() ? clean : clean.parent_path();  // "data/" is "data"
}

std::string holder(int lock) {
  char text[32];
  const ssize_t size = ::pread(lock, text, sizeof text, 0);
  std::string pid(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  pid.erase(pid.find_last_not_of('\n') + 1);
  return pid.empty() ? "" : fmt::format(" (process {})", pid);
}

void note_holder(int lock) {
  const std::string pid = fmt::format("{}\n", ::getpid());
  // Only words for the message above: the lock is the kernel's.
  if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, pid.data(), pid.size(), 0) < 0) return;
}

}  // namespace

Result<void> Folder::make(const std::string& path) {
  if (auto made = host::Folder::make(path, "data folder"); !made) return refused(std::move(made).error());
  return {};
}

Result<Folder> Folder::hold(const std::string& path) {
  TRY_VOID(make(path));
  const std::filesystem::path clean = cleaned(path);
  const std::string file = (clean / "lock").string();
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kPrivateFile);
  if (lock < 0) return refused(fmt::format("The data folder {} cannot be opened: {}.", path, reason(errno)));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string by = holder(lock);
    ::close(lock);
    if (error != EWOULDBLOCK) return refused(fmt::format("The file {} cannot be locked: {}.", file, reason(error)));
    return refused(fmt::format("The data folder {} is in use by another server{}.", path, by));
  }
  note_holder(lock);
  return Folder(clean.string(), lock);
}

Folder::Folder(Folder&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}
Folder::~Folder() {
  if (lock_ >= 0) ::close(lock_);
}

Result<std::string> Folder::file(const std::string& name) const {
  std::string path = (std::filesystem::path(path_) / name).string();
  const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kPrivateFile);
  if (made >= 0) {
    ::close(made);
    TRY_VOID(sync_folder(path_));
    return path;
  }
  if (errno != EEXIST) return refused(fmt::format("The file {} cannot be made: {}.", path, reason(errno)));
  struct stat found {};
  if (::lstat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode)) {
    return refused(fmt::format("{} is no regular file, so it is not followed.", path));
  }
  return path;
}

}  // namespace deputy::store
