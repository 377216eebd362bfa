#include "host/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>

namespace deputy::host {
namespace {

constexpr mode_t kPrivate = 0600, kPrivateFolder = 0700;
constexpr int kAppend = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW;

std::string reason(int error) {
  if (error == ELOOP) return "it is a symbolic link, which is not followed";
  return std::generic_category().message(error);
}

/// A name that no other process uses.
std::string draft_of(const std::string& name) { return fmt::format("{}.new-{}", name, ::getpid()); }

Failure<std::string> refused(std::string_view called, const std::string& path, std::string_view why) {
  return Failure(fmt::format("The {} {} {}", called, path, why));
}

/// A new name in a folder survives a power loss only when the folder itself was synced.
bool sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder.is_open() && ::fsync(folder.get()) == 0;
}

Outcome<void> make_folder(const std::filesystem::path& path, std::string_view called) {
  int error = ::mkdir(path.c_str(), kPrivateFolder) == 0 ? 0 : errno;
  if (error == ENOENT && path.has_parent_path() && path.parent_path() != path) {
    TRY_VOID(make_folder(path.parent_path(), called));
    error = ::mkdir(path.c_str(), kPrivateFolder) == 0 ? 0 : errno;  // ENOENT again: a parent that can hold none
  }
  if (error == 0) {
    if (sync_folder(path.parent_path())) return {};
    return Failure(fmt::format("The folder {} cannot be synced: {}.", path.parent_path().string(), reason(errno)));
  }
  struct stat found {};
  if (error == EEXIST && ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) return {};
  if (error == EEXIST) return refused(called, path, "is not a folder.");
  return refused(called, path, fmt::format("cannot be made: {}.", reason(error)));
}

/// Who may write a folder may put anything in it in place of what was there.
Outcome<void> require_private(const std::string& path, std::string_view called) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    return refused(called, path, fmt::format("cannot be opened: {}.", reason(errno)));
  }
  if (found.st_uid != ::geteuid() && found.st_uid != 0) {
    return refused(called, path,
                   fmt::format("belongs to another user (uid {}), who may change what is in it.", found.st_uid));
  }
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Failure(fmt::format("Others may write in the {} {} (mode {:o}); run: chmod go-w '{}'", called, path,
                               found.st_mode & 07777U, path));
  }
  return {};
}

}  // namespace

void Descriptor::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool write_all(int fd, std::string_view bytes, std::size_t& written) {
  written = 0;
  while (written < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + written, bytes.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    written += static_cast<std::size_t>(n);
  }
  return true;
}

Outcome<void> Folder::make(const std::string& path, std::string_view called) {
  if (path.empty()) return Failure(fmt::format("The {} has no name.", called));
  const std::filesystem::path clean(path);
  TRY_VOID(make_folder(clean.has_filename() ? clean : clean.parent_path(), called));  // "data/" is "data"
  return require_private(path, called);
}

Outcome<Folder> Folder::open(const std::string& path) {
  Descriptor folder(::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return Failure(fmt::format("cannot open the folder {}: {}", path, reason(errno)));
  return Folder(path.empty() ? "." : path, std::move(folder));
}

Outcome<std::pair<Folder, std::string>> Folder::of_file(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") return Failure(fmt::format("\"{}\" is no name of a file", path));
  TRY(Folder folder, open(slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash)));
  return std::pair(std::move(folder), std::move(name));
}

std::string Folder::trouble(std::string_view what, const std::string& name) const {
  const int error = errno;
  return fmt::format("cannot {} {}/{}: {}", what, path_, name, reason(error));
}

Outcome<Descriptor> Folder::append(const std::string& name) const {
  // A FIFO without a reader must not make us wait.
  Descriptor file(::openat(folder_.get(), name.c_str(), kAppend | O_CREAT | O_NONBLOCK, kPrivate));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) return Failure(trouble("write", name));
  if (!S_ISREG(status.st_mode)) return Failure(fmt::format("{}/{} is no regular file", path_, name));
  return file;
}

Outcome<std::optional<std::string>> Folder::read(const std::string& name, std::size_t most, bool secret) const {
  const Descriptor file(::openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open() && errno == ENOENT) return std::optional<std::string>();
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) return Failure(trouble("read", name));
  if (!S_ISREG(status.st_mode)) return Failure(fmt::format("{}/{} is no regular file", path_, name));
  if (secret && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Failure(fmt::format("{0}/{1} is open to others than its owner; run: chmod 600 '{0}/{1}'", path_, name));
  }
  std::string text(most + 1, '\0');  // one more: whether there is more
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.get(), &text[size], text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failure(trouble("read", name));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > most) return Failure(fmt::format("{}/{} is longer than {} bytes", path_, name, most));
  text.resize(size);
  return std::optional(std::move(text));
}

Outcome<Descriptor> Folder::fresh(const std::string& name) const {
  TRY_VOID(remove(name));
  Descriptor file(::openat(folder_.get(), name.c_str(), kAppend | O_CREAT | O_EXCL, kPrivate));
  if (!file.is_open()) return Failure(trouble("make", name));
  return file;
}

Outcome<void> Folder::draft(const std::string& made, std::string_view text, Kept kept) const {
  TRY(const Descriptor file, fresh(made));
  std::size_t written = 0;
  const bool done = (kept.mode == kPrivate || ::fchmod(file.get(), kept.mode & S_IRWXU) == 0) &&
                    write_all(file.get(), text, written) && (!kept.durable || ::fsync(file.get()) == 0);
  if (done) return {};
  std::string why = trouble("write", made);
  ::unlinkat(folder_.get(), made.c_str(), 0);
  return Failure(std::move(why));
}

Outcome<void> Folder::replace(const std::string& name, std::string_view text, Kept kept) const {
  const std::string made = draft_of(name);
  TRY_VOID(draft(made, text, kept));
  if (auto renamed = rename(made, name); !renamed) {
    ::unlinkat(folder_.get(), made.c_str(), 0);
    return renamed;
  }
  return kept.durable ? sync() : Outcome<void>();
}

Outcome<void> Folder::create(const std::string& name, std::string_view text) const {
  const std::string made = draft_of(name);
  TRY_VOID(draft(made, text, {}));
  const bool linked = ::linkat(folder_.get(), made.c_str(), folder_.get(), name.c_str(), 0) == 0 || errno == EEXIST;
  std::string why = linked ? std::string() : trouble("write", name);
  ::unlinkat(folder_.get(), made.c_str(), 0);
  if (!linked) return Failure(std::move(why));
  return sync();
}

Outcome<void> Folder::rename(const std::string& from, const std::string& to) const {
  if (::renameat(folder_.get(), from.c_str(), folder_.get(), to.c_str()) != 0) return Failure(trouble("write", to));
  return {};
}

Outcome<void> Folder::link(const std::string& from, const std::string& to) const {
  if (::linkat(folder_.get(), from.c_str(), folder_.get(), to.c_str(), 0) != 0) return Failure(trouble("make", to));
  return {};
}

Outcome<void> Folder::remove(const std::string& name) const {
  if (::unlinkat(folder_.get(), name.c_str(), 0) != 0 && errno != ENOENT) return Failure(trouble("remove", name));
  return {};
}

Outcome<std::vector<Folder::Entry>> Folder::files() const {
  // A descriptor of its own: the position in a folder belongs to whoever reads it.
  Descriptor again(::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct Closed {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  const std::unique_ptr<DIR, Closed> directory(again.is_open() ? ::fdopendir(again.get()) : nullptr);
  if (directory == nullptr) return Failure(fmt::format("cannot read the folder {}: {}", path_, reason(errno)));
  again.release();
  std::vector<Entry> entries;
  for (;;) {
    errno = 0;
    const dirent* next = ::readdir(directory.get());  // each stream has one reader
    if (next == nullptr) break;
    struct stat status {};
    if (::fstatat(folder_.get(), next->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) continue;
    entries.push_back({next->d_name, static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec, status.st_ino});
  }
  if (errno != 0) return Failure(fmt::format("cannot read the folder {}: {}", path_, reason(errno)));
  return entries;
}

bool Folder::leads_to(const std::string& name, const Descriptor& file) const {
  struct stat named {
  }, open{};
  return ::fstatat(folder_.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 && ::fstat(file.get(), &open) == 0 &&
         named.st_ino == open.st_ino && named.st_dev == open.st_dev;
}

namespace {

std::error_code because(int error) { return {error, std::generic_category()}; }
Tried<void> tried(int outcome) {
  if (outcome != 0) return because(errno);
  return {};
}

}  // namespace

Tried<Folder> Folder::inner(const std::string& name, bool make) const {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
  Descriptor folder(::openat(folder_.get(), name.c_str(), flags));
  if (!folder.is_open() && errno == ENOENT && make) {
    if (::mkdirat(folder_.get(), name.c_str(), kPrivateFolder) != 0 && errno != EEXIST) return because(errno);
    folder = Descriptor(::openat(folder_.get(), name.c_str(), flags));
  }
  if (!folder.is_open()) return because(errno);
  return Folder(path_ + "/" + name, std::move(folder));
}

Tried<Descriptor> Folder::make_new(const std::string& name) const {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  Descriptor file(::openat(folder_.get(), name.c_str(), flags, kPrivate));
  if (!file.is_open()) return because(errno);
  return file;
}

Tried<Descriptor> Folder::open_file(const std::string& name) const {
  Descriptor file(::openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) return because(errno);
  if (!S_ISREG(status.st_mode)) return because(EINVAL);
  return file;
}

Tried<void> Folder::move(const std::string& name, const Folder& to) const {
  return tried(::renameat(folder_.get(), name.c_str(), to.folder_.get(), name.c_str()));
}

Tried<void> Folder::link_as(const std::string& name, const Folder& to, const std::string& other) const {
  return tried(::linkat(folder_.get(), name.c_str(), to.folder_.get(), other.c_str(), 0));
}

Tried<void> Folder::drop(const std::string& name) const { return tried(::unlinkat(folder_.get(), name.c_str(), 0)); }

Tried<void> Folder::flush() const { return tried(::fsync(folder_.get())); }

std::uint64_t Folder::free_space() const {
  struct statvfs disk {};
  return ::fstatvfs(folder_.get(), &disk) == 0 ? std::uint64_t{disk.f_bavail} * disk.f_frsize : UINT64_MAX;
}

Outcome<void> Folder::sync() const {
  if (::fsync(folder_.get()) != 0) return Failure(fmt::format("cannot sync the folder {}: {}", path_, reason(errno)));
  return {};
}

}  // namespace deputy::host
