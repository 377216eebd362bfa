#include "directory/objects.h"

#include <fmt/format.h>

#include <algorithm>

namespace deputy::directory {
namespace {

constexpr char kEndOfKey = '\0';  // no key of an object has one, and none sorts before it

std::string under(std::string_view kind, std::string_view bucket_id) { return fmt::format("{}{}/", kind, bucket_id); }

std::string named(std::string_view kind, std::string_view bucket_id, std::string_view key, std::string_view id) {
  std::string text = under(kind, bucket_id);
  return text.append(key).append(1, kEndOfKey).append(id);
}

}  // namespace

bool is_held(std::string_view store_key) {
  return std::any_of(kHeldKinds.begin(), kHeldKinds.end(),
                     [&](std::string_view kind) { return store_key.starts_with(kind); });
}

std::string objects_of(std::string_view bucket_id) { return under(kObjects, bucket_id); }
std::string versions_of(std::string_view bucket_id) { return under(kVersions, bucket_id); }
std::string versions_of(std::string_view bucket_id, std::string_view key) {
  return named(kVersions, bucket_id, key, "");
}
std::string uploads_of(std::string_view bucket_id) { return under(kUploads, bucket_id); }
std::string parts_of(std::string_view bucket_id, std::string_view upload) {
  return fmt::format("{}{}/{}/", kParts, bucket_id, upload);
}

std::string newest_key(std::string_view bucket_id, std::string_view key) { return objects_of(bucket_id).append(key); }
std::string version_key(std::string_view bucket_id, std::string_view key, std::string_view version) {
  return named(kVersions, bucket_id, key, version);
}
std::string upload_key(std::string_view bucket_id, std::string_view key, std::string_view upload) {
  return named(kUploads, bucket_id, key, upload);
}
std::string key_of(const Upload& upload) { return upload_key(upload.bucket, upload.key, upload.id); }
std::string key_of(const Part& part) { return fmt::format("{}{:05}", parts_of(part.bucket, part.upload), part.number); }
std::string key_of(const UnusedBytes& unused) { return fmt::format("{}{}", kUnused, unused.id); }

}  // namespace deputy::directory
