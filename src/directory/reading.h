// From the bytes of the store to values, one entry at a time. All that can be wrong with an entry shows here, before it
// is committed or shown: what was read enters a snapshot without fault.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "directory/codec.h"
#include "directory/last_use.h"
#include "directory/objects.h"

namespace deputy::directory {

/// What lies under a key, and whose it is. The views are into the key.
struct Place {
  enum class Kind : std::uint8_t {
#define DEPUTY_ROW(Entity, map, word) k##Entity,
    DEPUTY_KINDS(DEPUTY_ROW)
#undef DEPUTY_ROW
        kLastUse,
    kObjectVersion,  // and the next three: what buckets hold (objects.h)
    kUpload,
    kPart,
    kUnusedBytes,
    kGuard,  // of an access key id or alias: no value, and no snapshot shows it
  };
  Kind kind;
  std::string_view owner;  // the id of an account or organization, of which this is a part; empty: of none
  std::string_view name;   // the rest of the key

  /// Error: a sentence for the operator.
  static Result<Place, std::string> of(std::string_view key);
};

/// An entity as it was decoded, for one snapshot to take, or, of what buckets hold, for objects/; nothing: there is none,
/// or nobody keeps this kind.
#define DEPUTY_ROW(Entity, map, word) , std::shared_ptr<Entity>
using Decoded = std::variant<std::monostate DEPUTY_KINDS(DEPUTY_ROW), std::shared_ptr<ObjectVersion>,
                             std::shared_ptr<Upload>, std::shared_ptr<Part>, std::shared_ptr<UnusedBytes>>;
#undef DEPUTY_ROW

/// The value at a place. Error: a sentence for the operator.
Result<Decoded, std::string> read(const Place& place, std::string_view value, PolicyPool& pool);

/// A change that was read: an entity under its key, or, if `deletes`, that there is none any more.
struct Reading {
  std::string key;
  Decoded entity;
  bool deletes = false;
  Revision revision = 0;  // that it got, if not the commit's
};

/// Puts its revision into an entity of what buckets hold, as a snapshot does with those that it takes. False: it is of
/// another kind.
bool stamp_held(const Reading& reading, Revision of_commit);

}  // namespace deputy::directory
