// What an operation wants to know of what buckets hold, before it is decided, and what it is told: values, so that
// operations stay functions. Who asks does not wait: the server answers what is remembered at once, and reads the rest on
// a thread for it (objects/index.h).
//
//   static Looks looks(const At& at, const Input& in) {           // services/s3: an operation's declaration
//     return {objects::OfKey{bucket.id, in.key, in.version_id.value_or("")}};
//   }
//   const objects::Versions& there = at.seen->versions(0);        // in access() and execute(), in the same order
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "directory/objects.h"

namespace deputy::objects {

using VersionPtr = std::shared_ptr<const directory::ObjectVersion>;
using UploadPtr = std::shared_ptr<const directory::Upload>;
using PartPtr = std::shared_ptr<const directory::Part>;

/// The versions of one key.
struct OfKey {
  std::string bucket, key;                // Bucket::id; the key as it is
  std::string version;                    // as clients name it: empty: none is named; "null"; or an id
  std::vector<std::string> without = {};  // versions that `next` is none of, as clients name them
  friend bool operator==(const OfKey&, const OfKey&) = default;
};
struct Versions {
  VersionPtr newest;  // null: there is none of this key. May be a delete marker.
  VersionPtr named;   // the one that was asked for, may be `newest`; null: there is no such one, or none was named
  VersionPtr next;    // the first behind the newest that is not to be left out; null: there is none
};

/// A page of a listing, in the order of S3's: by key in bytes; versions of a key newest first, uploads of a key oldest
/// first.
struct Listing {
  enum class What : std::uint8_t { kObjects, kVersions, kUploads };
  What what = What::kObjects;  // kObjects: the newest versions that are no delete markers
  std::string bucket;
  std::string prefix, delimiter;  // an empty delimiter groups nothing
  /// Goes on behind this: a key, or a common prefix, which is passed over with everything below it if it ends with the
  /// delimiter behind the prefix (S-159: a marker inside of a common prefix does not hide it).
  std::string after_key;
  std::string
      after_id;  // kVersions, kUploads: and of the same key behind this version or upload; empty: behind the key
  std::size_t limit = 1000;  // items and common prefixes together
  friend bool operator==(const Listing&, const Listing&) = default;
};
struct Listed {
  struct Item {
    VersionPtr version;
    UploadPtr upload;  // of kUploads, instead
    bool is_newest = false;
  };
  std::vector<Item> items;
  std::vector<std::string> common_prefixes;
  bool truncated = false;
  /// To go on with, if truncated: what came last, as the members of Listing mean it.
  std::string last_key, last_id;
  bool last_is_prefix = false;
};

/// An upload in parts, with some of its parts.
struct OfUpload {
  std::string bucket, key, upload;
  std::uint32_t after = 0;  // parts with a greater number
  std::size_t limit = 10'000;
  friend bool operator==(const OfUpload&, const OfUpload&) = default;
};
struct UploadSeen {
  UploadPtr upload;  // null: there is none of that id under this key
  std::vector<PartPtr> parts;
  bool more = false;
};

/// Whether a bucket holds any version of anything.
struct Emptiness {
  std::string bucket;
  friend bool operator==(const Emptiness&, const Emptiness&) = default;
};

using Look = std::variant<OfKey, Listing, OfUpload, Emptiness>;
using Looks = std::vector<Look>;
using Answer = std::variant<Versions, Listed, UploadSeen, bool>;

/// The answers, in the order of the questions.
struct Seen {
  Looks asked;
  std::vector<Answer> answers;

  [[nodiscard]] const Versions& versions(std::size_t i) const { return std::get<Versions>(answers[i]); }
  [[nodiscard]] const Listed& listed(std::size_t i) const { return std::get<Listed>(answers[i]); }
  [[nodiscard]] const UploadSeen& upload(std::size_t i) const { return std::get<UploadSeen>(answers[i]); }
  [[nodiscard]] bool empty(std::size_t i) const { return std::get<bool>(answers[i]); }
};

}  // namespace deputy::objects
