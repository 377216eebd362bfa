// A disk that fails on purpose: a SQLite VFS over the real one that can fail the n-th sync or write, fill up, and lose
// power.
//
//   FaultDisk disk;
//   open_sqlite({.folder = ..., .vfs = disk.vfs()});
//   disk.fail_sync(3);                // the third from now, once
//   disk.lose_power_at(17);           // the 17th write or sync from now does not happen, nor does anything after it
//   ... destroy the store ...
//   disk.restore_power(random);       // each write that was not synced is on the disk, or not, or partly
//
// A failed sync is as bad as Linux makes it: its writes stay readable, no later sync makes them durable, and only a
// power loss shows whether they are there.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_vfs;

namespace deputy::store {

class FaultDisk {
 public:
  FaultDisk();
  ~FaultDisk();
  FaultDisk(const FaultDisk&) = delete;
  FaultDisk& operator=(const FaultDisk&) = delete;

  [[nodiscard]] const std::string& vfs() const { return name_; }

  void fail_sync(int nth);
  void fail_write(int nth);
  /// The nth write from now and all after it find no space.
  void fill_at_write(int nth);
  void lose_power_at(int nth);
  /// All files were removed behind the disk's back.
  void forget();
  /// No more faults; what happened stays.
  void mend();
  void restore_power(std::mt19937& random);

  [[nodiscard]] int syncs() const;
  [[nodiscard]] int writes() const;
  [[nodiscard]] bool has_power() const;

  // Called by the VFS: what SQLite shall be told, 0 if the operation shall take place.
  int on_open(const std::string& path);
  int on_write(const std::string& path, std::int64_t offset, std::string_view bytes);
  int on_truncate(const std::string& path, std::int64_t size);
  int on_sync(const std::string& path);
  int on_delete(const std::string& path, bool synced);

 private:
  enum class State { kPending, kSynced, kDoubtful };
  struct Operation {
    std::int64_t offset = 0;  // of a write; the new size of a truncation
    std::optional<std::string> bytes;
    State state = State::kPending;
  };
  struct File {
    std::string durable;         // what is surely on the disk, before `log`
    std::vector<Operation> log;  // what came after, in order
    bool exists = true;          // false: deleted, but the deletion was not synced
  };

  int spend(int& countdown, int code, int after);
  bool power_fails();
  static void apply(std::string& content, const Operation& operation, std::size_t size);
  static std::string after_power_loss(const File& file, std::mt19937& random);

  mutable std::mutex mutex_;
  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::map<std::string, File> files_;
  int syncs_ = 0, writes_ = 0;
  int until_sync_ = 0, until_write_ = 0, until_full_ = 0, until_power_ = 0;  // 0: never
  bool full_ = false, dark_ = false;
};

}  // namespace deputy::store
