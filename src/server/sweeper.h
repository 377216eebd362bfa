// Removes bytes of objects that nothing needs any more, a bounded piece at a time: those that entries say to be unused
// (directory/objects.h), with these entries; what is left of buckets that are gone (objects/sweep.h); and drafts of an earlier process that no entry names (blobs/blobs.h).
//
//   Sweeper sweeper(state, blobs, copies, clock);
//   while (sweeper.sweep()) …                     // housekeeping calls it, round by round
//   sweeper.committed(readings);                  // of every commit (state/state.h)
//
// Bytes stay for kGrace after they became unused, because an answer that is under way may still read them; and as long as a
// copy of the directory names them (copies.h), which may be restored.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "blobs/blobs.h"
#include "directory/reading.h"
#include "host/clock.h"
#include "objects/sweep.h"
#include "server/copies.h"
#include "state/state.h"

namespace deputy::server {

class Sweeper {
 public:
  static constexpr std::chrono::minutes kGrace{10};
  /// Entries that one piece reads, and blobs that it removes.
  static constexpr std::size_t kEntries = 500, kBlobs = 1000;

  Sweeper(state::State& state, blobs::Blobs& blobs, Copies& copies, const Clock& clock);

  /// One piece. False: there is nothing more to do by now.
  bool sweep();

  /// From the store's writer thread: an entry of a draft that was left behind may move from one key to another while they
  /// are read.
  void committed(std::span<const directory::Reading> readings);
  /// Whether a commit was written is not known: then no draft that was left behind is taken for nobody's.
  void in_doubt();

 private:
  enum class Done : std::uint8_t { kAll, kLater, kMore };

  /// Reads a page of entries that name bytes. False: all were read.
  bool look_for_drafts();
  void settle_drafts();
  void found(const std::string& blob);
  /// Removes entries of buckets that are gone, and leaves their bytes as unused.
  void sweep_buckets();
  /// Reads a page of unused bytes. False: they were the last.
  bool sweep_page();
  Done remove_bytes(const directory::UnusedBytes& unused, std::size_t& room);
  /// Of an upload that ended: parts, with bytes that are nobody's.
  Done remove_parts(const directory::UnusedBytes& unused, std::size_t& room);
  bool remove(const std::string& blob);
  bool erase(const std::vector<std::pair<std::string, store::Revision>>& entries);
  bool commit(const directory::Changes& changes);
  [[nodiscard]] bool is_waiting(const std::optional<Time>& until) const;
  [[nodiscard]] bool is_needed(const directory::UnusedBytes& unused) const;

  state::State& state_;
  blobs::Blobs& blobs_;
  Copies& copies_;
  const Clock& clock_;

  // Drafts that were left behind.
  std::mutex mutex_;
  std::set<std::string> unclaimed_;  // under mutex_; no entry was seen that names them
  std::set<std::string> claimed_;    // under mutex_; to be kept
  bool unsure_ = false;              // under mutex_; an entry could not be read
  std::size_t kind_ = 0;             // that is being read
  std::string from_;                 // where it goes on

  // Buckets that are gone.
  objects::Sweep buckets_;
  std::set<std::string, std::less<>> ids_;  // of buckets that there are, or were lately
  std::optional<Time> buckets_idle_until_;

  // Unused bytes.
  std::string next_;                // where it goes on
  std::optional<Time> idle_until_;  // nothing is due before
  Time earliest_;                   // of what was passed over in this round through all
  bool told_ = false;               // that something could not be removed
};

}  // namespace deputy::server
