#include "blobs/files.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "host/guarded.h"
#include "host/log.h"

namespace deputy::blobs {
namespace {

using host::Descriptor;
using host::Folder;

Fault fault(std::string_view what, std::string_view name, const std::error_code& why) {
  const int error = why.value();
  const Fault::Kind kind = error == ENOSPC || error == EDQUOT || error == EFBIG ? Fault::Kind::kFull
                           : error == ENOENT                                    ? Fault::Kind::kMissing
                                                                                : Fault::Kind::kBroken;
  return {kind, fmt::format("cannot {} the bytes {}: {}", what, name, why.message())};
}

Fault no_name() { return {Fault::Kind::kMissing, "there are no bytes of that name"}; }

std::error_code last_error() { return {errno, std::generic_category()}; }

std::uint64_t size_of(const Descriptor& file) {
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::string shelf_name(std::string_view name) { return std::string(name.substr(1, 2)); }

class FileContent final : public Content {
 public:
  FileContent(std::string name, Descriptor file)
      : name_(std::move(name)), file_(std::move(file)), size_(size_of(file_)) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] int descriptor() const override { return file_.get(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const override {
    std::size_t got = 0;
    while (got < into.size() && offset + got < size_) {
      const ssize_t n = ::pread(file_.get(), into.data() + got, into.size() - got, static_cast<off_t>(offset + got));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fault("read", name_, last_error());
      if (n == 0) return Fault{Fault::Kind::kBroken, fmt::format("the file of the bytes {} has become shorter", name_)};
      got += static_cast<std::size_t>(n);
    }
    return got;
  }

 private:
  std::string name_;
  Descriptor file_;
  std::uint64_t size_;
};

}  // namespace

class Files::FileDraft final : public Draft {
 public:
  /// `file` not open: it is a second name, which has all its bytes.
  FileDraft(Files& files, std::string name, Descriptor file)
      : files_(files), name_(std::move(name)), file_(std::move(file)) {}
  ~FileDraft() override {
    if (kept_) return;
    file_.close();
    const auto dropped = files_.drafts_.drop(name_);
    // It stays until the next start, which removes what no entry names.
    if (!dropped) log::warning("{}", fault("remove", name_, dropped.error()).message);
  }

  [[nodiscard]] const std::string& name() const override { return name_; }

  Result<void> write(std::string_view bytes) override {
    std::size_t written = 0;
    if (!file_.is_open()) return Fault{Fault::Kind::kBroken, fmt::format("the bytes {} are finished", name_)};
    if (!host::write_all(file_.get(), bytes, written)) return fault("write", name_, last_error());
    return {};
  }

  Result<void> finish() override {
    if (file_.is_open() && ::fdatasync(file_.get()) != 0) return fault("write", name_, last_error());
    file_.close();
    if (const auto synced = files_.sync_drafts(); !synced) return fault("write", name_, synced.error());
    return {};
  }

  void keep() noexcept override {
    kept_ = true;
    guarded("keeping bytes", [&] { files_.shelve(name_); });
  }

 private:
  Files& files_;
  const std::string name_;
  Descriptor file_;
  bool kept_ = false;
};

deputy::Result<std::unique_ptr<Files>, std::string> Files::open(const std::string& folder, Form form,
                                                                crypto::Entropy& entropy) {
  TRY_VOID(Folder::make(folder, "folder of objects"));
  TRY(Folder root, Folder::open(folder));
  auto drafts = root.inner("drafts", true);
  if (!drafts) return Failure(fmt::format("cannot open the folder {}/drafts: {}", folder, drafts.error().message()));
  TRY_VOID(root.sync());
  std::unique_ptr<Files> files(new Files(std::move(root), std::move(*drafts), form, entropy));
  TRY(const auto left, files->drafts_.files());
  for (const Folder::Entry& entry : left) {
    if (is_name(entry.name)) files->left_behind_.push_back(entry.name);
  }
  files->counting_ = std::thread([&f = *files] { guarded("counting the bytes of objects", [&] { f.count(); }); });
  return files;
}

Files::Files(Folder root, Folder drafts, Form form, crypto::Entropy& entropy)
    : root_(std::move(root)), drafts_(std::move(drafts)), form_(form), entropy_(entropy) {}

Files::~Files() {
  stopping_ = true;
  if (counting_.joinable()) counting_.join();
}

Files::Shelf& Files::shelf_of(std::string_view name) {
  const std::string number = *unhex(name.substr(1, 2));
  return shelves_[static_cast<unsigned char>(number[0])];
}

Result<std::unique_ptr<Draft>> Files::begin() {
  std::string name = make_name(entropy_, form_);
  auto file = drafts_.make_new(name);
  if (!file) return fault("write", name, file.error());
  return std::unique_ptr<Draft>(std::make_unique<FileDraft>(*this, std::move(name), std::move(*file)));
}

Result<std::shared_ptr<const Content>> Files::open(std::string_view name) const {
  if (!is_name(name)) return no_name();
  std::string of(name);
  // It may be moved from the drafts to its shelf between the two looks, so the shelf is looked at again.
  for (const bool on_shelf : {true, false, true}) {
    auto shelf = on_shelf ? root_.inner(shelf_name(name), false) : host::Tried<Folder>(std::error_code());
    if (on_shelf && !shelf) {
      if (shelf.error().value() == ENOENT) continue;
      return fault("open", of, shelf.error());
    }
    auto file = on_shelf ? shelf->open_file(of) : drafts_.open_file(of);
    if (file) return std::shared_ptr<const Content>(std::make_shared<FileContent>(std::move(of), std::move(*file)));
    if (file.error().value() != ENOENT) return fault("open", of, file.error());
  }
  return no_name();
}

std::optional<Result<std::unique_ptr<Draft>>> Files::link(std::string_view name) {
  if (!is_name(name)) return no_name();
  const std::string of(name);
  std::string other = make_name(entropy_, Form(name[0]));
  host::Tried<void> linked = std::error_code(ENOENT, std::generic_category());
  for (const bool on_shelf : {true, false, true}) {
    if (!on_shelf) {
      linked = drafts_.link_as(of, drafts_, other);
    } else if (const auto shelf = root_.inner(shelf_name(name), false)) {
      linked = shelf->link_as(of, drafts_, other);
    }
    if (linked || linked.error().value() != ENOENT) break;
  }
  if (!linked) {
    const int why = linked.error().value();
    if (why == EMLINK || why == EPERM || why == EOPNOTSUPP) return std::nullopt;  // so many, or no links here at all
    return fault("copy", of, linked.error());
  }
  auto draft = std::make_unique<FileDraft>(*this, std::move(other), Descriptor());
  if (const auto synced = sync_drafts(); !synced) return fault("copy", of, synced.error());
  return Result<std::unique_ptr<Draft>>(std::unique_ptr<Draft>(std::move(draft)));
}

Result<void> Files::remove(std::string_view name) {
  if (!is_name(name)) return {};
  const std::string of(name);
  Shelf& shelf = shelf_of(name);
  const std::scoped_lock lock(shelf.mutex);
  if (const auto folder = root_.inner(shelf_name(name), false)) {
    std::uint64_t size = 0;
    if (const auto file = folder->open_file(of)) size = size_of(*file);
    const auto dropped = folder->drop(of);
    if (!dropped && dropped.error().value() != ENOENT) return fault("remove", of, dropped.error());
    if (dropped && shelf.counted) bytes_ -= size;
  } else if (folder.error().value() != ENOENT) {
    return fault("remove", of, folder.error());
  }
  const auto dropped = drafts_.drop(of);
  if (!dropped && dropped.error().value() != ENOENT) return fault("remove", of, dropped.error());
  return {};
}

void Files::recover(std::string_view name, bool keep) {
  if (!is_name(name)) return;
  const std::string of(name);
  if (keep) {
    shelve(of);
  } else if (const auto dropped = drafts_.drop(of); !dropped && dropped.error().value() != ENOENT) {
    log::warning("{}", fault("remove", of, dropped.error()).message);
  }
}

bool Files::shelve(const std::string& name) {
  Shelf& shelf = shelf_of(name);
  const std::scoped_lock lock(shelf.mutex);
  const auto folder = root_.inner(shelf_name(name), true);
  const auto moved = folder ? drafts_.move(name, *folder) : host::Tried<void>(folder.error());
  if (!moved) {
    // It is found among the drafts, and the next start moves it.
    if (moved.error().value() != ENOENT) log::warning("{}", fault("keep", name, moved.error()).message);
    return false;
  }
  if (!shelf.counted) return true;
  if (const auto file = folder->open_file(name)) bytes_ += size_of(*file);
  return true;
}

host::Tried<void> Files::sync_drafts() {
  std::unique_lock lock(sync_mutex_);
  const std::uint64_t mine = ++asked_;
  while (done_ < mine) {
    if (syncing_) {
      synced_.wait(lock);
      continue;
    }
    syncing_ = true;
    const std::uint64_t covers = asked_;
    lock.unlock();
    const auto flushed = drafts_.flush();
    lock.lock();
    syncing_ = false;
    done_ = covers;
    if (!flushed) {
      failed_ = covers;
      failure_ = flushed.error();
    }
    synced_.notify_all();
  }
  // Whoever asked before a failure may have been covered by an earlier success; to say that it failed is safe.
  if (failed_ >= mine) return failure_;
  return {};
}

void Files::count() {
  for (unsigned i = 0; i < shelves_.size() && !stopping_; ++i) {
    const char number = static_cast<char>(i);
    const std::scoped_lock lock(shelves_[i].mutex);
    if (const auto folder = root_.inner(hex({&number, 1}), false)) {
      const auto files = folder->files();
      if (!files) log::warning("{}", files.error());
      std::uint64_t bytes = 0;
      for (const Folder::Entry& entry : files ? *files : std::vector<Folder::Entry>()) bytes += entry.size;
      bytes_ += bytes;
    }
    shelves_[i].counted = true;
  }
}

}  // namespace deputy::blobs
