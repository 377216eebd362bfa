#include "services/s3/listings.h"

#include <algorithm>

#include "services/s3/errors.h"
#include "services/s3/objects_common.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::ObjectVersion;
using objects::Listed;
using objects::Listing;
using policy::Key;
using services::Access;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

constexpr std::int32_t kMostItems = 1000;

std::int32_t limit_of(const std::optional<std::int32_t>& asked) {
  return std::clamp(asked.value_or(kMostItems), 0, kMostItems);
}

/// encoding-type=url
class Shown {
 public:
  explicit Shown(const std::optional<std::string>& encoding) : url_(encoding == "url") {}
  std::string operator()(std::string_view text) const { return url_ ? percent_encode(text, true) : std::string(text); }

 private:
  const bool url_;
};

template <class Input>
Result<Access> list_access(const At& at, std::string_view action, const Input& in) {
  TRY(Access access, bucket_access(at, action, in.bucket, in.expected_bucket_owner));
  if (in.prefix) access.keys.emplace_back(Key::kS3Prefix, *in.prefix);
  if (in.delimiter) access.keys.emplace_back(Key::kS3Delimiter, *in.delimiter);
  if constexpr (requires { in.max_keys; }) {
    if (in.max_keys) access.keys.emplace_back(Key::kS3MaxKeys, std::to_string(*in.max_keys));
  }
  return access;
}

template <class Input>
Result<void> check_max_keys(const Input& in) {
  if (in.max_keys && *in.max_keys < 0) return errors::invalid_max_keys(std::to_string(*in.max_keys));
  return {};
}

/// A continuation token: whether a common prefix came last, and what came last.
std::string token_of(const Listed& listed) { return base64((listed.last_is_prefix ? "p" : "k") + listed.last_key); }
std::optional<std::string> key_of_token(std::string_view token) {
  const auto text = unbase64(token);
  if (!text || text->size() < 2 || (text->front() != 'p' && text->front() != 'k')) return std::nullopt;
  return text->substr(1);
}

template <class Input>
Listing listing_of(const Bucket& bucket, const Input& in, Listing::What what) {
  Listing listing;
  listing.what = what;
  listing.bucket = bucket.id;
  listing.prefix = in.prefix.value_or("");
  listing.delimiter = in.delimiter.value_or("");
  return listing;
}

shapes::Object shown_object(const ObjectVersion& version, const Shown& shown, bool with_owner) {
  shapes::Object object;
  object.key = shown(version.key);
  object.last_modified = version.modified;
  object.e_tag = quoted(version.etag);
  if (!version.checksum.algorithm.empty()) {
    object.checksum_algorithm = {version.checksum.algorithm};
    object.checksum_type = checksum_type(version.checksum);
  }
  object.size = static_cast<std::int64_t>(version.size);
  object.storage_class = version.headers.storage_class.empty() ? std::string(kStandard) : version.headers.storage_class;
  if (with_owner) object.owner = shown_owner(version.owner);
  return object;
}

template <class Output>
void show_prefixes(Output& out, const Listed& listed, const Shown& shown) {
  if (listed.common_prefixes.empty()) return;
  out.common_prefixes.emplace();
  for (const std::string& prefix : listed.common_prefixes) out.common_prefixes->push_back({shown(prefix)});
}

const Listed& listed_of(const At& at) {
  static const Listed kNothing;
  return at.seen != nullptr && !at.seen->answers.empty() ? at.seen->listed(0) : kNothing;
}

}  // namespace

objects::Looks ListObjectsV2::looks(const At& at, const Input& in) {
  const Bucket* const bucket = at.snapshot.bucket(in.bucket);
  if (bucket == nullptr) return {};
  Listing listing = listing_of(*bucket, in, Listing::What::kObjects);
  listing.after_key = in.start_after.value_or("");
  if (in.continuation_token) listing.after_key = key_of_token(*in.continuation_token).value_or("");
  listing.limit = static_cast<std::size_t>(limit_of(in.max_keys));
  return {std::move(listing)};
}

Result<Accesses> ListObjectsV2::access(const At& at, const Input& in) {
  TRY_VOID(check_max_keys(in));
  TRY(Access access, list_access(at, "s3:ListBucket", in));
  return Accesses{std::move(access)};
}

Result<Outcome<ListObjectsV2::Output>> ListObjectsV2::execute(const At& at, const Input& in) {
  TRY([[maybe_unused]] const Bucket* const bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (in.continuation_token && !key_of_token(*in.continuation_token)) return errors::invalid_continuation_token();
  const Shown shown(in.encoding_type);
  const Listed& listed = listed_of(at);
  Outcome<Output> outcome{};
  Output& out = outcome.output;
  out.name = in.bucket;
  out.prefix = shown(in.prefix.value_or(""));
  if (in.start_after) out.start_after = shown(*in.start_after);
  out.continuation_token = in.continuation_token;
  out.max_keys = limit_of(in.max_keys);
  if (in.delimiter && !in.delimiter->empty()) out.delimiter = shown(*in.delimiter);
  out.encoding_type = in.encoding_type;
  out.key_count = static_cast<std::int32_t>(listed.items.size() + listed.common_prefixes.size());
  out.is_truncated = listed.truncated;
  if (listed.truncated) out.next_continuation_token = token_of(listed);
  for (const Listed::Item& item : listed.items) {
    if (!out.contents) out.contents.emplace();
    out.contents->push_back(shown_object(*item.version, shown, in.fetch_owner.value_or(false)));
  }
  show_prefixes(out, listed, shown);
  return outcome;
}

objects::Looks ListObjects::looks(const At& at, const Input& in) {
  const Bucket* const bucket = at.snapshot.bucket(in.bucket);
  if (bucket == nullptr) return {};
  Listing listing = listing_of(*bucket, in, Listing::What::kObjects);
  listing.after_key = in.marker.value_or("");
  listing.limit = static_cast<std::size_t>(limit_of(in.max_keys));
  return {std::move(listing)};
}

Result<Accesses> ListObjects::access(const At& at, const Input& in) {
  TRY_VOID(check_max_keys(in));
  TRY(Access access, list_access(at, "s3:ListBucket", in));
  return Accesses{std::move(access)};
}

Result<Outcome<ListObjects::Output>> ListObjects::execute(const At& at, const Input& in) {
  TRY([[maybe_unused]] const Bucket* const bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  const Shown shown(in.encoding_type);
  const Listed& listed = listed_of(at);
  Outcome<Output> outcome{};
  Output& out = outcome.output;
  out.name = in.bucket;
  out.prefix = shown(in.prefix.value_or(""));
  out.marker = shown(in.marker.value_or(""));
  out.max_keys = limit_of(in.max_keys);
  const bool groups = in.delimiter && !in.delimiter->empty();
  if (groups) out.delimiter = shown(*in.delimiter);
  out.encoding_type = in.encoding_type;
  out.is_truncated = listed.truncated;
  if (listed.truncated && (groups || listed.items.empty())) out.next_marker = shown(listed.last_key);
  for (const Listed::Item& item : listed.items) {
    if (!out.contents) out.contents.emplace();
    out.contents->push_back(shown_object(*item.version, shown, true));
  }
  show_prefixes(out, listed, shown);
  return outcome;
}

objects::Looks ListObjectVersions::looks(const At& at, const Input& in) {
  const Bucket* const bucket = at.snapshot.bucket(in.bucket);
  if (bucket == nullptr) return {};
  Listing listing = listing_of(*bucket, in, Listing::What::kVersions);
  listing.after_key = in.key_marker.value_or("");
  listing.after_id = in.version_id_marker.value_or("");
  listing.limit = static_cast<std::size_t>(limit_of(in.max_keys));
  return {std::move(listing)};
}

Result<Accesses> ListObjectVersions::access(const At& at, const Input& in) {
  TRY_VOID(check_max_keys(in));
  TRY(Access access, list_access(at, "s3:ListBucketVersions", in));
  return Accesses{std::move(access)};
}

Result<Outcome<ListObjectVersions::Output>> ListObjectVersions::execute(const At& at, const Input& in) {
  TRY([[maybe_unused]] const Bucket* const bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  const bool has_key = in.key_marker && !in.key_marker->empty();
  if (in.version_id_marker && !in.version_id_marker->empty() && !has_key) {
    return errors::version_marker_alone(*in.version_id_marker);
  }
  const Shown shown(in.encoding_type);
  const Listed& listed = listed_of(at);
  Outcome<Output> outcome{};
  Output& out = outcome.output;
  out.name = in.bucket;
  out.prefix = shown(in.prefix.value_or(""));
  out.key_marker = shown(in.key_marker.value_or(""));
  out.version_id_marker = in.version_id_marker.value_or("");
  out.max_keys = limit_of(in.max_keys);
  if (in.delimiter && !in.delimiter->empty()) out.delimiter = shown(*in.delimiter);
  out.encoding_type = in.encoding_type;
  out.is_truncated = listed.truncated;
  if (listed.truncated) {
    out.next_key_marker = shown(listed.last_key);
    if (!listed.last_is_prefix) out.next_version_id_marker = listed.last_id;
  }
  for (const Listed::Item& item : listed.items) {
    const ObjectVersion& version = *item.version;
    if (version.is_marker) {
      if (!out.delete_markers) out.delete_markers.emplace();
      shapes::DeleteMarkerEntry& marker = out.delete_markers->emplace_back();
      marker.key = shown(version.key);
      marker.version_id = version.shown_version();
      marker.is_latest = item.is_newest;
      marker.last_modified = version.modified;
      marker.owner = shown_owner(version.owner);
      continue;
    }
    const shapes::Object object = shown_object(version, shown, true);
    if (!out.versions) out.versions.emplace();
    shapes::ObjectVersion& entry = out.versions->emplace_back();
    entry.key = object.key;
    entry.version_id = version.shown_version();
    entry.is_latest = item.is_newest;
    entry.last_modified = object.last_modified;
    entry.e_tag = object.e_tag;
    entry.checksum_algorithm = object.checksum_algorithm;
    entry.checksum_type = object.checksum_type;
    entry.size = object.size;
    entry.storage_class = object.storage_class;
    entry.owner = object.owner;
  }
  show_prefixes(out, listed, shown);
  return outcome;
}

objects::Looks ListMultipartUploads::looks(const At& at, const Input& in) {
  const Bucket* const bucket = at.snapshot.bucket(in.bucket);
  if (bucket == nullptr) return {};
  Listing listing = listing_of(*bucket, in, Listing::What::kUploads);
  listing.after_key = in.key_marker.value_or("");
  if (!listing.after_key.empty()) listing.after_id = in.upload_id_marker.value_or("");
  listing.limit = static_cast<std::size_t>(limit_of(in.max_uploads));
  return {std::move(listing)};
}

Result<Accesses> ListMultipartUploads::access(const At& at, const Input& in) {
  TRY(Access access, bucket_access(at, "s3:ListBucketMultipartUploads", in.bucket, in.expected_bucket_owner));
  return Accesses{std::move(access)};
}

Result<Outcome<ListMultipartUploads::Output>> ListMultipartUploads::execute(const At& at, const Input& in) {
  TRY([[maybe_unused]] const Bucket* const bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  const Shown shown(in.encoding_type);
  const Listed& listed = listed_of(at);
  Outcome<Output> outcome{};
  Output& out = outcome.output;
  out.bucket = in.bucket;
  out.prefix = shown(in.prefix.value_or(""));
  out.key_marker = shown(in.key_marker.value_or(""));
  out.upload_id_marker = in.upload_id_marker.value_or("");
  out.max_uploads = limit_of(in.max_uploads);
  if (in.delimiter && !in.delimiter->empty()) out.delimiter = shown(*in.delimiter);
  out.encoding_type = in.encoding_type;
  out.is_truncated = listed.truncated;
  out.next_key_marker = listed.truncated ? shown(listed.last_key) : "";
  out.next_upload_id_marker = listed.truncated && !listed.last_is_prefix ? listed.last_id : "";
  for (const Listed::Item& item : listed.items) {
    const directory::Upload& upload = *item.upload;
    if (!out.uploads) out.uploads.emplace();
    shapes::MultipartUpload& entry = out.uploads->emplace_back();
    entry.upload_id = upload.id;
    entry.key = shown(upload.key);
    entry.initiated = upload.began;
    entry.storage_class = upload.headers.storage_class.empty() ? std::string(kStandard) : upload.headers.storage_class;
    entry.owner = shown_owner(upload.owner);
    entry.initiator = shown_initiator(upload);
    if (!upload.checksum_algorithm.empty()) {
      entry.checksum_algorithm = upload.checksum_algorithm;
      entry.checksum_type = upload.checksum_composite ? "COMPOSITE" : "FULL_OBJECT";
    }
  }
  show_prefixes(out, listed, shown);
  return outcome;
}

}  // namespace deputy::s3
