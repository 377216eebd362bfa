// Finds the statements of one policy that can match a request, without looking at the others.
//
// Three groups are asked: the statements that name the action exactly, those with a wildcard in the action's name of
// this service, and those with "*" or NotAction. Within a group the literal fronts of the resources decide: a statement
// is a candidate only if one of its fronts is the front of the request's resource. A group has its fronts as runs of
// equal length, of which the last eight bytes are compared; a large group has a hash table of them.
//
// Candidates are only candidates: match.cpp looks at each in full. A statement may come up more than once.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "policy/arena.h"
#include "policy/arn_pattern.h"
#include "policy/request.h"

namespace deputy::policy {

struct CompiledStatement;

/// Hashes of the fronts of one request resource, each computed when first asked for.
class PrefixHashes {
 public:
  static constexpr std::size_t kLongest = 256;
  explicit PrefixHashes(std::string_view text) : text_(text) { states_[0] = 0x2545F4914F6CDD1DU; }
  /// Of the first `length` bytes, `length` <= min(size, kLongest).
  std::uint32_t operator()(std::size_t length) {
    const std::size_t chunks = length / 8;
    for (; ready_ < chunks; ++ready_) {
      std::uint64_t chunk = 0;
      std::memcpy(&chunk, text_.data() + ready_ * 8, 8);
      states_[ready_ + 1] = mix(states_[ready_], chunk);
    }
    std::uint64_t tail = 0;
    if (length % 8 != 0) std::memcpy(&tail, text_.data() + chunks * 8, length % 8);
    return finish(states_[chunks], tail, length);
  }

 private:
  static std::uint64_t mix(std::uint64_t state, std::uint64_t chunk) {
    state = (state ^ chunk) * 0x9E3779B97F4A7C15U;
    return state ^ state >> 32U;
  }
  static std::uint32_t finish(std::uint64_t state, std::uint64_t tail, std::size_t length) {
    return static_cast<std::uint32_t>(mix(mix(state, tail), length));
  }

  std::string_view text_;
  std::size_t ready_ = 0;
  std::array<std::uint64_t, kLongest / 8 + 1> states_;  // the others are written before they are read
};

/// Statement numbers by the hash of a front of their resources.
struct FrontTable {
  struct Place {
    std::uint32_t hash = 0;
    std::uint32_t length = 0;
    std::span<const std::uint32_t> statements;  // empty: a free place
  };
  static constexpr std::size_t kMostLengths = 16;
  std::array<std::uint16_t, kMostLengths> lengths{};  // ascending
  std::size_t length_count = 0;
  std::span<const Place> places;  // a power of two
};

/// Fronts of one length; those of length 0 are of statements that are candidates for every resource.
struct Run {
  std::uint32_t length = 0;
  bool whole = false;  // of patterns without wildcards: the resource has this length, or does not match
  std::uint32_t begin = 0, end = 0;
};

struct Group {
  std::span<const Run> runs;             // the shortest first
  const std::uint64_t* tails = nullptr;  // of the fronts, run after run
  const std::uint32_t* statements = nullptr;
  const FrontTable* table = nullptr;  // the fronts of a large group; its runs are then those of length 0
  bool has_deny = false;

  /// `candidate(number)` for each statement whose front fits.
  template <class Candidate>
  void each(std::string_view resource, PrefixHashes& fronts, Candidate candidate) const {
    for (const Run& run : runs) {
      if (run.length > resource.size()) break;
      if (run.whole && run.length != resource.size()) continue;
      const std::uint64_t tail = tail_of(resource.substr(0, run.length));
      for (std::uint32_t i = run.begin; i < run.end; ++i) {
        if (tails[i] == tail) candidate(statements[i]);
      }
    }
    if (table != nullptr) each_of_table(resource.size(), fronts, candidate);
  }

 private:
  template <class Candidate>
  void each_of_table(std::size_t size, PrefixHashes& fronts, Candidate candidate) const {
    const std::size_t mask = table->places.size() - 1;
    for (std::size_t l = 0; l < table->length_count && table->lengths[l] <= size; ++l) {
      const std::uint32_t length = table->lengths[l];
      const std::uint32_t hash = fronts(length);
      for (std::size_t at = hash & mask; !table->places[at].statements.empty(); at = (at + 1) & mask) {
        const FrontTable::Place& place = table->places[at];
        if (place.hash != hash || place.length != length) continue;
        for (const std::uint32_t i : place.statements) candidate(i);
      }
    }
  }
};

class Index {
 public:
  void build(std::span<const CompiledStatement> statements, Arena& arena);

  /// Of those that name the action, lower-cased; null: none.
  [[nodiscard]] const Group* exact(std::uint32_t hash, std::string_view action) const {
    return exact_.find(hash, action);
  }
  [[nodiscard]] const Group* of_service(std::uint32_t hash, std::string_view action) const {
    return services_.find(hash, action.substr(0, action.find(':')));
  }
  [[nodiscard]] const Group& of_any() const { return any_; }

 private:
  friend class IndexBuilder;
  struct Place {
    std::uint32_t hash = 0;
    std::string_view text;  // lower-cased; empty: a free place
    Group group;
  };
  struct Table {
    std::span<const Place> places;  // a power of two
    std::uint64_t perhaps = 0;      // a bit for each hash that is there: nearly always tells that one is not
    static std::uint64_t bit(std::uint32_t hash) { return std::uint64_t{1} << (hash >> 26U); }
    [[nodiscard]] const Group* find(std::uint32_t hash, std::string_view text) const {
      if ((perhaps & bit(hash)) == 0) return nullptr;
      const std::size_t mask = places.size() - 1;
      for (std::size_t at = hash & mask; !places[at].text.empty(); at = (at + 1) & mask) {
        if (places[at].hash == hash && places[at].text == text) return &places[at].group;
      }
      return nullptr;
    }
  };

  Table exact_;
  Table services_;
  Group any_;
};

}  // namespace deputy::policy
