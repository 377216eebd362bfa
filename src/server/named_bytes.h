// Which bytes an entry of the store names: what of blobs/ must not go while the entry is there.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "directory/objects.h"
#include "directory/reading.h"

namespace deputy::server {

/// Calls `see(name)` for every blob that an object or a part consists of. False: the entry is of another kind.
template <class See>
bool each_blob(const directory::Decoded& entity, See&& see) {
  if (const auto* version = std::get_if<std::shared_ptr<directory::ObjectVersion>>(&entity)) {
    for (const directory::Piece& piece : (*version)->pieces) {
      if (!piece.blob.empty()) see(piece.blob);
    }
    return true;
  }
  if (const auto* part = std::get_if<std::shared_ptr<directory::Part>>(&entity)) {
    if (!(*part)->blob.empty()) see((*part)->blob);
    for (const std::string& blob : (*part)->former) see(blob);
    return true;
  }
  return false;
}

/// The entry, if it is of bytes that are to be removed; else null.
inline std::shared_ptr<directory::UnusedBytes> unused_bytes(const directory::Decoded& entity) {
  const auto* unused = std::get_if<std::shared_ptr<directory::UnusedBytes>>(&entity);
  return unused != nullptr ? *unused : nullptr;
}

}  // namespace deputy::server
