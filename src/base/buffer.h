// Buffers that are kept between uses, so that the next one finds warm memory.
#pragma once

#include <cstddef>
#include <string>

namespace deputy {

/// What a buffer of one request keeps for the next, in bytes. One large request must not hold its memory for good.
inline constexpr std::size_t kMostKept = 64 * 1024;

/// Empties it; memory beyond `most` bytes is given back.
inline void empty_for_reuse(std::string& buffer, std::size_t most = kMostKept) {
  buffer.clear();
  if (buffer.capacity() > most) std::string().swap(buffer);
}

}  // namespace deputy
