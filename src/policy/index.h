// Finds the statements of one policy that can match a request, without looking at the others.
//
// Three groups are asked: the statements that name the action exactly, those with a wildcard in the action's name of
// this service, and those with "*" or NotAction. A large group is cut down further by resource: a statement is a
// candidate only if the literal front of one of its resources is the front of the request's. Both are hash tables that
// compile() fills.
//
// Candidates are only candidates: match.cpp looks at each in full. A statement may come up more than once.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "policy/arena.h"
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
    std::memcpy(&tail, text_.data() + chunks * 8, length % 8);
    return finish(states_[chunks], tail, length);
  }
  [[nodiscard]] std::size_t size() const { return text_.size(); }

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

/// Statement numbers by the literal front of their resources.
struct ResourceTable {
  struct Place {
    std::uint32_t hash = 0;
    std::uint32_t length = 0;
    std::span<const std::uint32_t> statements;  // empty: a free place
  };
  static constexpr std::size_t kMostLengths = 16;
  std::array<std::uint16_t, kMostLengths> lengths{};  // ascending
  std::size_t length_count = 0;
  std::span<const Place> places;              // a power of two
  std::span<const std::uint32_t> everywhere;  // no literal front at all
};

struct Group {
  std::span<const std::uint32_t> statements;   // ascending
  const ResourceTable* by_resource = nullptr;  // null: the group is small
  bool has_deny = false;
  bool has_allow = false;
};

class Index {
 public:
  void build(std::span<const CompiledStatement> statements, Arena& arena);

  /// Null: none.
  [[nodiscard]] const Group* exact(const Action& action) const;
  [[nodiscard]] const Group* of_service(const Action& action) const;
  [[nodiscard]] const Group& of_any() const { return any_; }

 private:
  struct Place {
    std::uint32_t hash = 0;
    std::string_view text;  // lower-cased; empty: a free place
    Group group;
  };
  static const Group* look_up(std::span<const Place> places, std::uint32_t hash, std::string_view text);

  std::span<const Place> exact_;
  std::span<const Place> services_;
  Group any_;
  friend class IndexBuilder;
};

}  // namespace deputy::policy
