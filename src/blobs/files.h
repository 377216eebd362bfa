// Blobs as files of a folder on this machine.
//
//   drafts/<name>     being written, or finished and not yet kept
//   ab/<name>         kept; ab: the first two digits of the name
//
// A finished draft is on the disk with its name. keep() only moves it, and the move need not be on the disk: open() looks
// in both places. So what a commit names is there whatever moment the machine loses its power, and a write waits for the
// disk twice: for the bytes, and for the name, which drafts that finish at the same time share.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "blobs/blobs.h"
#include "blobs/names.h"
#include "crypto/random.h"
#include "host/files.h"

namespace deputy::blobs {

class Files final : public Blobs {
 public:
  /// The folder is made if it is absent. New blobs are of `form`; all are read. Error: a sentence for the operator.
  static deputy::Result<std::unique_ptr<Files>, std::string> open(const std::string& folder, Form form,
                                                                  crypto::Entropy& entropy);
  ~Files() override;

  Result<std::unique_ptr<Draft>> begin() override;
  Result<std::shared_ptr<const Content>> open(std::string_view name) const override;
  std::optional<Result<std::unique_ptr<Draft>>> link(std::string_view name) override;
  Result<void> remove(std::string_view name) override;
  [[nodiscard]] std::vector<std::string> left_behind() const override { return left_behind_; }
  void recover(std::string_view name, bool keep) override;
  /// Counted in the background after a start: less than there are until then.
  [[nodiscard]] std::uint64_t bytes() const override { return bytes_.load(std::memory_order_relaxed); }

 private:
  class FileDraft;
  /// What lies in one of the folders ab/. Its mutex orders moves into it, removals and the count of a start.
  struct Shelf {
    std::mutex mutex;
    bool counted = false;
  };

  Files(host::Folder root, host::Folder drafts, Form form, crypto::Entropy& entropy);
  Shelf& shelf_of(std::string_view name);
  /// Moves a finished draft to its shelf. False: it stays where it is, and is found there.
  bool shelve(const std::string& name);
  /// The names of all drafts up to now are on the disk.
  host::Tried<void> sync_drafts();
  void count();

  const host::Folder root_, drafts_;
  const Form form_;
  crypto::Entropy& entropy_;
  std::vector<std::string> left_behind_;
  std::array<Shelf, 256> shelves_;
  std::atomic<std::uint64_t> bytes_{0};

  std::mutex sync_mutex_;
  std::condition_variable synced_;
  std::uint64_t asked_ = 0, done_ = 0;  // under sync_mutex_: waits for the disk, by number
  std::uint64_t failed_ = 0;            // the last one that failed, and why
  std::error_code failure_;
  bool syncing_ = false;

  std::atomic<bool> stopping_{false};
  std::thread counting_;  // last: needs all else
};

}  // namespace deputy::blobs
