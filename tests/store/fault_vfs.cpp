#include "store/fault_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace deputy::store {
namespace {

constexpr std::size_t kSector = 512;

/// SQLite's file object, followed in memory by the one of the real VFS.
struct FaultFile {
  sqlite3_file base;
  FaultDisk* disk;
  std::string* path;  // null: a temporary file, left alone
  sqlite3_file* real;
};
FaultFile& of(sqlite3_file* file) { return *reinterpret_cast<FaultFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return of(file).real; }
sqlite3_vfs* real_vfs() {
  static sqlite3_vfs* const unix = sqlite3_vfs_find("unix");
  return unix;
}

int close(sqlite3_file* file) {
  const int code = real(file)->pMethods == nullptr ? SQLITE_OK : real(file)->pMethods->xClose(real(file));
  delete of(file).path;
  return code;
}
int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return real(file)->pMethods->xRead(real(file), to, size, offset);
}
int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  FaultFile& f = of(file);
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(size));
  if (const int code = f.path == nullptr ? SQLITE_OK : f.disk->on_write(*f.path, offset, bytes); code != SQLITE_OK) {
    return code;
  }
  return f.real->pMethods->xWrite(f.real, from, size, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  FaultFile& f = of(file);
  if (const int code = f.path == nullptr ? SQLITE_OK : f.disk->on_truncate(*f.path, size); code != SQLITE_OK) {
    return code;
  }
  return f.real->pMethods->xTruncate(f.real, size);
}
int sync(sqlite3_file* file, int /*flags*/) {  // never the real one: durability is what FaultDisk says it is
  FaultFile& f = of(file);
  return f.path == nullptr ? SQLITE_OK : f.disk->on_sync(*f.path);
}
int size(sqlite3_file* file, sqlite3_int64* to) { return real(file)->pMethods->xFileSize(real(file), to); }
int lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int reserved(sqlite3_file* file, int* to) { return real(file)->pMethods->xCheckReservedLock(real(file), to); }
int control(sqlite3_file* file, int op, void* arg) { return real(file)->pMethods->xFileControl(real(file), op, arg); }
int sector(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int device(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int shm_map(sqlite3_file* file, int page, int bytes, int extend, void volatile** to) {
  return real(file)->pMethods->xShmMap(real(file), page, bytes, extend, to);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

constexpr sqlite3_io_methods kMethods = {2,        close,       read,      write,   truncate, sync,   size,
                                         lock,     unlock,      reserved,  control, sector,   device, shm_map,
                                         shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
  FaultFile& f = of(file);
  f.base.pMethods = nullptr;
  f.disk = static_cast<FaultDisk*>(vfs->pAppData);
  f.path = nullptr;
  f.real = reinterpret_cast<sqlite3_file*>(&f + 1);
  f.real->pMethods = nullptr;
  if (name != nullptr) {
    if (const int code = f.disk->on_open(name); code != SQLITE_OK) return code;
  }
  const int code = real_vfs()->xOpen(real_vfs(), name, f.real, flags, out);
  if (code != SQLITE_OK) return code;
  if (name != nullptr) f.path = new std::string(name);
  f.base.pMethods = &kMethods;
  return SQLITE_OK;
}
int remove(sqlite3_vfs* vfs, const char* name, int synced) {
  const int code = static_cast<FaultDisk*>(vfs->pAppData)->on_delete(name, synced != 0);
  return code == SQLITE_OK ? real_vfs()->xDelete(real_vfs(), name, 0) : code;
}

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

FaultDisk::FaultDisk() {
  static std::atomic<int> count = 0;
  sqlite3_initialize();
  name_ = "fault-" + std::to_string(++count);
  vfs_ = std::make_unique<sqlite3_vfs>(*real_vfs());
  vfs_->pNext = nullptr;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->szOsFile = static_cast<int>(sizeof(FaultFile)) + real_vfs()->szOsFile;
  vfs_->xOpen = open;
  vfs_->xDelete = remove;
  sqlite3_vfs_register(vfs_.get(), 0);
}
FaultDisk::~FaultDisk() { sqlite3_vfs_unregister(vfs_.get()); }

void FaultDisk::fail_sync(int nth) { until_sync_ = nth; }
void FaultDisk::fail_write(int nth) { until_write_ = nth; }
void FaultDisk::fill_at_write(int nth) { until_full_ = nth; }
void FaultDisk::lose_power_at(int nth) { until_power_ = nth; }
void FaultDisk::forget() {
  const std::scoped_lock lock(mutex_);
  files_.clear();
}
void FaultDisk::mend() {
  const std::scoped_lock lock(mutex_);
  until_sync_ = until_write_ = until_full_ = until_power_ = 0;
  full_ = false;
}
int FaultDisk::syncs() const {
  const std::scoped_lock lock(mutex_);
  return syncs_;
}
int FaultDisk::writes() const {
  const std::scoped_lock lock(mutex_);
  return writes_;
}
bool FaultDisk::has_power() const {
  const std::scoped_lock lock(mutex_);
  return !dark_;
}

/// Counts down to a fault: `code` when it is reached.
int FaultDisk::spend(int& countdown, int code, int after) {
  if (countdown == 0) return SQLITE_OK;
  if (--countdown > 0) return SQLITE_OK;
  countdown = after;
  return code;
}
bool FaultDisk::power_fails() {
  if (spend(until_power_, SQLITE_IOERR, 0) != SQLITE_OK) dark_ = true;
  return dark_;
}

int FaultDisk::on_open(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (dark_) return SQLITE_CANTOPEN;
  auto [it, unknown] = files_.try_emplace(path);
  if (unknown) it->second.durable = content(path);  // before SQLite locks it: closing a file drops its locks
  if (!it->second.exists) it->second = File{};      // made anew
  return SQLITE_OK;
}

int FaultDisk::on_write(const std::string& path, std::int64_t offset, std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  ++writes_;
  if (power_fails()) return SQLITE_IOERR_WRITE;
  if (const int code = spend(until_write_, SQLITE_IOERR_WRITE, 0); code != SQLITE_OK) return code;
  if (spend(until_full_, SQLITE_FULL, 0) != SQLITE_OK) full_ = true;
  if (full_) return SQLITE_FULL;
  files_[path].log.push_back({offset, std::string(bytes), State::kPending});
  return SQLITE_OK;
}

int FaultDisk::on_truncate(const std::string& path, std::int64_t to) {
  const std::scoped_lock lock(mutex_);
  if (power_fails()) return SQLITE_IOERR_TRUNCATE;
  files_[path].log.push_back({to, std::nullopt, State::kPending});
  return SQLITE_OK;
}

int FaultDisk::on_sync(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  ++syncs_;
  if (power_fails()) return SQLITE_IOERR_FSYNC;
  const int code = spend(until_sync_, SQLITE_IOERR_FSYNC, 0);
  File& file = files_[path];
  bool doubt = false;
  for (Operation& operation : file.log) {
    if (operation.state == State::kPending) {
      operation.state = code == SQLITE_OK ? State::kSynced : State::kDoubtful;
    }
    doubt = doubt || operation.state == State::kDoubtful;
  }
  if (!doubt) {  // all of it is durable: no need to remember how it came about
    for (const Operation& op : file.log) apply(file.durable, op, op.bytes ? op.bytes->size() : 0);
    file.log.clear();
  }
  return code;
}

int FaultDisk::on_delete(const std::string& path, bool synced) {
  const std::scoped_lock lock(mutex_);
  if (power_fails()) return SQLITE_IOERR_DELETE;
  if (synced) {
    files_.erase(path);
  } else if (const auto it = files_.find(path); it != files_.end()) {
    it->second.exists = false;
  }
  return SQLITE_OK;
}

void FaultDisk::apply(std::string& content, const Operation& operation, std::size_t size) {
  const auto offset = static_cast<std::size_t>(operation.offset);
  if (!operation.bytes) {
    content.resize(offset);
    return;
  }
  if (content.size() < offset + size) content.resize(offset + size);
  content.replace(offset, size, *operation.bytes, 0, size);
}

std::string FaultDisk::after_power_loss(const File& file, std::mt19937& random) {
  std::string left = file.durable;
  for (const Operation& operation : file.log) {
    const std::size_t size = operation.bytes ? operation.bytes->size() : 0;
    const unsigned fate = operation.state == State::kSynced ? 0 : random() % 3;
    if (fate == 0) apply(left, operation, size);
    if (fate == 1 && size > kSector) apply(left, operation, random() % (size / kSector) * kSector);
  }
  return left;
}

void FaultDisk::restore_power(std::mt19937& random) {
  const std::scoped_lock lock(mutex_);
  for (const auto& [path, file] : files_) {
    std::error_code ignored;
    if (!file.exists && random() % 2 == 0) {
      std::filesystem::remove(path, ignored);
      continue;
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << after_power_loss(file, random);
    std::filesystem::remove(path + "-shm", ignored);
  }
  files_.clear();
  until_sync_ = until_write_ = until_full_ = until_power_ = 0;
  full_ = dark_ = false;
}

}  // namespace deputy::store
