// The versions of keys that were asked for lately, as they are now: bounded, kept true by every commit, and read without
// waiting for the store.
//
// INVARIANT: what is told of a key is what the store held at one moment, and never older than a commit whose writer was
// answered. So a commit changes what is here before its writer hears of it, and what was read from the store is taken up
// only if no commit to its part of the keys came since, and never mixed with what may be older
// (MemoryTest.WhatWasReadBeforeACommitNeverHidesIt, MemoryTest.KeepsWithTheStoreWhateverTheOrder).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "directory/reading.h"
#include "objects/answers.h"

namespace deputy::objects {

/// Thread-safe.
class Memory {
 public:
  /// Grows up to about so many bytes, by what is asked for.
  explicit Memory(std::size_t most);

  /// Nothing: it is not known here. That there is no such key, or version, can be known.
  std::optional<Versions> find(const OfKey& of);

  /// To be taken before something is read for `learn`.
  [[nodiscard]] std::uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }
  void learn(const OfKey& of, const VersionsAt& read, std::uint64_t epoch);

  /// What a commit wrote, once it is durable: one commit after the other, before its writer is answered.
  void committed(Revision revision, std::span<const directory::Reading> readings);
  /// Nothing here can be relied on any more: something was written of which nobody knows what.
  void forget();

  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Name {
    std::string_view bucket, key;
    friend bool operator==(const Name&, const Name&) = default;
  };
  struct Hash {
    std::size_t operator()(const Name& name) const;
  };
  struct Known {
    std::string bucket, key;
    VersionPtr newest, next;
    std::vector<std::pair<std::string, VersionPtr>> others;  // by id, those that were asked for
    Revision at = 0;                                         // of the newest moment that this was read at
    std::size_t bytes = 0;
  };
  using Lru = std::list<Known>;
  struct alignas(64) Part {
    mutable std::mutex mutex;
    Lru keys;  // the ones asked for last first
    std::unordered_map<Name, Lru::iterator, Hash> by_name;
    Revision newest_commit = 0;  // to any key of this part
    std::size_t bytes = 0;
  };
  struct Write;

  Part& part_of(const Name& name);
  void apply(Part& part, const Write& write);
  void measure(Part& part, Known& known);
  void drop(Part& part, Lru::iterator known);
  void make_room(Part& part);

  static constexpr std::size_t kParts = 16;
  const std::size_t most_;  // of a part
  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<Revision> applied_{0};  // all commits up to this one are
  std::array<Part, kParts> parts_;
};

}  // namespace deputy::objects
