// How many files and sockets the process may have open, and how many of them are for connections.
#pragma once

#include <cstddef>

namespace deputy::http {

/// Kept for the store, the trail, fetches, the operator's socket and the loops, so that nobody who connects can take
/// their descriptors; of a process that may open few, half.
inline constexpr std::size_t kReservedDescriptors = 256;

/// Raises the soft limit of open files to the hard one; the limit that then holds.
std::size_t raise_descriptor_limit();

/// How many connections there are descriptors for, by the limit that holds now.
std::size_t descriptors_for_connections();

}  // namespace deputy::http
