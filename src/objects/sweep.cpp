#include "objects/sweep.h"

#include <array>

#include "base/prefix.h"
#include "host/log.h"
#include "objects/answers.h"

namespace deputy::objects {
namespace {

using directory::ObjectVersion;
using directory::UnusedBytes;

/// Of a bucket's. Uploads come before their parts, so that what removes the bytes of parts knows of them by their upload.
constexpr std::array kKinds = {directory::kObjects, directory::kVersions, directory::kUploads, directory::kParts};
/// Each takes up to three of the hundred places of a commit.
constexpr std::size_t kTogether = 30;
/// Names of blobs that one commit leaves, in bytes: half of what it may hold. A single object has less.
constexpr std::size_t kMostNames = 512 * 1024;

std::string_view bucket_of(std::string_view key, std::string_view kind) {
  key.remove_prefix(kind.size());
  return key.substr(0, key.find('/'));
}

/// What an entry that is removed leaves, as `unused`. An entry that cannot be read names nothing: it might name what is not
/// its own.
std::vector<std::string> blobs_of(const Entry& entry) {
  std::vector<std::string> blobs;
  if (entry.key.starts_with(directory::kParts)) {
    if (const auto part = decoded<directory::Part>(entry)) {
      blobs = (*part)->former;
      if (!(*part)->blob.empty()) blobs.push_back((*part)->blob);
    }
    return blobs;
  }
  const auto version = decoded<ObjectVersion>(entry);
  if (!version) {
    log::warning("{}; it goes with its bucket, and its bytes stay", version.error().message);
    return blobs;
  }
  for (const directory::Piece& piece : (*version)->pieces) {
    if (!piece.blob.empty()) blobs.push_back(piece.blob);
  }
  return blobs;
}

/// "upload/<bucket>/<key> NUL <upload>": the upload.
std::string upload_of(std::string_view key) { return std::string(key.substr(key.rfind('\0') + 1)); }

}  // namespace

Result<Sweep::Step> Sweep::next(Time now, const std::string& id) {
  for (int looks = 0; looks < kMostLooks; ++looks) {
    const std::string_view kind = kKinds[kind_];
    if (from_.empty()) from_ = kind;
    const Range first{from_, end_of_prefix(kind), 1};
    TRY(const Moment moment, read_({&first, 1}));
    const Page& page = moment.pages.front();
    if (page.entries.empty()) {
      from_.clear();
      if (++kind_ < kKinds.size()) continue;
      kind_ = 0;
      return Step{.changes = {}, .done = true};
    }
    const std::string bucket(bucket_of(page.entries.front().key, kind));
    std::string all = std::string(kind).append(bucket).append("/");
    if (exists_(bucket)) {
      from_ = end_of_prefix(all);
      continue;
    }
    const Range some = beginning_with(std::move(all), kTogether);
    TRY(const Moment rest, read_({&some, 1}));
    from_ = some.from;
    return Step{.changes = remove(rest.pages.front(), now, id), .done = false};
  }
  return Step{};
}

directory::Changes Sweep::remove(const Page& page, Time now, const std::string& id) const {
  directory::Changes changes;
  UnusedBytes unused;
  unused.id = id;
  unused.since = now;
  std::size_t names = 0, uploads = 0;
  for (const Entry& entry : page.entries) {
    if (entry.key.starts_with(directory::kUploads)) {
      UnusedBytes parts;
      parts.id = id + "-" + std::to_string(uploads++);
      parts.since = now;
      parts.bucket = bucket_of(entry.key, directory::kUploads);
      parts.upload = upload_of(entry.key);
      changes.leave_unused(parts);
    } else {
      std::vector<std::string> blobs = blobs_of(entry);
      std::size_t bytes = 0;
      for (const std::string& blob : blobs) bytes += blob.size() + 4;
      if (names > 0 && names + bytes > kMostNames) break;
      names += bytes;
      std::move(blobs.begin(), blobs.end(), std::back_inserter(unused.blobs));
    }
    changes.remove(entry.key, entry.revision);
  }
  if (!unused.blobs.empty()) changes.leave_unused(unused);
  return changes;
}

}  // namespace deputy::objects
