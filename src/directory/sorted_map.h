// An ordered map from text to shared immutable values whose copies share their parts: what a snapshot is made of.
//
//   SortedMap<Role> next = roles;               // cheap: a list of chunks is copied, no role is
//   next.put("deploy", std::make_shared<const Role>(role));   // copies one chunk of at most 64 entries
//
// INVARIANT: chunks are non-empty, sorted, and never change while a second map holds them
// (SortedMapTest.AgreesWithStdMapAndOldCopiesStay).
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace deputy::directory {

template <class Value>
class SortedMap {
 public:
  using Pointer = std::shared_ptr<const Value>;
  struct Item {
    std::string key;
    Pointer value;
  };

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// Null if there is none. Lives as long as a map (or snapshot) that holds it.
  [[nodiscard]] const Value* get(std::string_view key) const {
    const Pointer* found = find(key);
    return found ? found->get() : nullptr;
  }
  [[nodiscard]] const Pointer* find(std::string_view key) const {
    const std::size_t c = chunk_for(key);
    if (c == chunks_.size()) return nullptr;
    const auto at = lower_bound(*chunks_[c], key);
    return at != chunks_[c]->end() && at->key == key ? &at->value : nullptr;
  }

  void put(std::string key, Pointer value) {
    if (chunks_.empty()) {
      chunks_.push_back(std::make_shared<Chunk>(1, Item{std::move(key), std::move(value)}));
      size_ = 1;
      return;
    }
    const std::size_t c = std::min(chunk_for(key), chunks_.size() - 1);
    Chunk& chunk = own(c);
    const auto at = lower_bound(chunk, key);
    if (at != chunk.end() && at->key == key) {
      at->value = std::move(value);
      return;
    }
    chunk.insert(at, Item{std::move(key), std::move(value)});
    ++size_;
    if (chunk.size() > kChunk) split(c);
  }

  /// Does nothing if the key is absent.
  void erase(std::string_view key) {
    const std::size_t c = chunk_for(key);
    if (c == chunks_.size() || !find(key)) return;
    Chunk& chunk = own(c);
    chunk.erase(lower_bound(chunk, key));
    --size_;
    if (chunk.empty()) chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(c));
  }

  /// Calls `see(key, value)` in key order for keys >= `from`, until it returns false.
  template <class See>
  void scan(std::string_view from, See&& see) const {
    for (std::size_t c = chunk_for(from); c < chunks_.size(); ++c) {
      for (auto at = lower_bound(*chunks_[c], from); at != chunks_[c]->end(); ++at) {
        if (!see(std::string_view(at->key), *at->value)) return;
      }
    }
  }
  template <class See>
  void each(See&& see) const {
    for (const auto& chunk : chunks_) {
      for (const Item& item : *chunk) see(*item.value);
    }
  }

 private:
  static constexpr std::size_t kChunk = 64;
  using Chunk = std::vector<Item>;

  template <class C>
  static auto lower_bound(C& chunk, std::string_view key) {
    return std::lower_bound(chunk.begin(), chunk.end(), key,
                            [](const Item& item, std::string_view k) { return item.key < k; });
  }
  /// The chunk that holds the key or would: the first whose last key is not below it; size() if there is none.
  [[nodiscard]] std::size_t chunk_for(std::string_view key) const {
    const auto at = std::lower_bound(chunks_.begin(), chunks_.end(), key,
                                     [](const auto& chunk, std::string_view k) { return chunk->back().key < k; });
    return static_cast<std::size_t>(at - chunks_.begin());
  }
  /// The chunk for writing: itself if nobody else holds it, else a copy. Sole ownership cannot end under our hands: a
  /// second owner could only come from copying this map, and the writer has it for itself.
  Chunk& own(std::size_t c) {
    if (chunks_[c].use_count() != 1) chunks_[c] = std::make_shared<Chunk>(*chunks_[c]);
    return *chunks_[c];
  }
  void split(std::size_t c) {
    Chunk& left = *chunks_[c];
    // In ascending insertion (a load) the left half would stay half full for ever: keep it full instead.
    const std::size_t keep = c + 1 == chunks_.size() ? kChunk : kChunk / 2;
    auto right = std::make_shared<Chunk>(std::make_move_iterator(left.begin() + static_cast<std::ptrdiff_t>(keep)),
                                         std::make_move_iterator(left.end()));
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(keep), left.end());
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(c + 1), std::move(right));
  }

  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace deputy::directory
