// What the room reads from: ranges of the store's entries, several of them at one moment. The server hands in a function,
// since the store is not this room's (server/object_pages.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "directory/entities.h"

namespace deputy::objects {

using directory::Revision;

/// Keys from `from` on and before `end` (empty: all that follow), at most `limit` of them.
struct Range {
  std::string from, end;
  std::size_t limit = 0;
};
struct Entry {
  std::string key, value;
  Revision revision = 0;
  bool genuine = true;  // it is what was written there
};
struct Page {
  std::vector<Entry> entries;
  bool more = false;  // there are others before `end`
};
/// A page for each range, all of them as they were at `revision`.
struct Moment {
  std::vector<Page> pages;
  Revision revision = 0;
};

/// Why a question has no answer. None of them means that something is not there.
struct Fault {
  enum class Kind : std::uint8_t {
    kBusy,        // too many ask at once: later
    kDamaged,     // an entry is not what was written, or cannot be read
    kUnavailable  // the store cannot be read
  };
  Kind kind = Kind::kUnavailable;
  std::string message;  // for the operator, one sentence
};
template <class T>
using Result = deputy::Result<T, Fault>;

/// May block; thread-safe.
using Read = std::function<Result<Moment>(std::span<const Range>)>;

/// The range of a key alone, and of all keys that begin with `prefix`.
Range only(std::string key);
Range beginning_with(std::string prefix, std::size_t limit);

}  // namespace deputy::objects
