#include "audit/memory.h"

#include <algorithm>

namespace deputy::audit {

std::size_t Memory::write(std::string_view lines, std::string&) {
  const std::lock_guard lock(mutex_);
  kept_.append(lines);
  if (kept_.size() > most_) {
    // A quarter more than must go, so that not every batch moves all that is kept.
    const std::size_t least = std::min(kept_.size() - most_ + most_ / 4, kept_.size());
    const std::size_t end = kept_.find('\n', least - 1);
    const std::size_t dropped = end == std::string::npos ? kept_.size() : end + 1;
    kept_.erase(0, dropped);
    gone_ += dropped;
  }
  return lines.size();
}

Memory::Lines Memory::from(std::uint64_t place) const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t end = gone_ + kept_.size();
  if (place > end) return {.text = {}, .next = end};
  const std::size_t begin = place < gone_ ? 0 : static_cast<std::size_t>(place - gone_);
  std::size_t size = kept_.size() - begin;
  if (size > kMostTold) {
    const std::size_t last = kept_.rfind('\n', begin + kMostTold - 1);
    const std::size_t whole = last != std::string::npos && last >= begin ? last : kept_.find('\n', begin);
    size = whole == std::string::npos ? size : whole + 1 - begin;
  }
  return {.text = kept_.substr(begin, size), .next = gone_ + begin + size};
}

}  // namespace deputy::audit
