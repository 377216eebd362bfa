#include "services/s3/put_object.h"

#include <algorithm>
#include <map>

#include "services/s3/errors.h"
#include "services/s3/objects_common.h"
#include "services/s3/ownership.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::ObjectVersion;
using objects::Versions;
using services::Access;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

constexpr std::size_t kMostDeleted = 1000;
constexpr std::size_t kOfOneCommit = 90;  // keys and guards that an ordinary commit has room for (store/store.h)

/// Of x-amz-tagging.
Result<directory::Tags> tags_of(const std::optional<std::string>& tagging) {
  if (!tagging) return directory::Tags();
  return tags_of_header(*tagging);
}

Result<void> refuse_locks(const PutObject::Input& in) {
  if (in.object_lock_mode || in.object_lock_retain_until_date || in.object_lock_legal_hold_status) {
    return errors::no_object_lock();
  }
  if (in.write_offset_bytes) return errors::not_implemented("x-amz-write-offset-bytes");
  return {};
}

}  // namespace

objects::Looks PutObject::looks(const At& at, const Input& in) { return look_of_write(at, in); }

Result<Accesses> PutObject::access(const At& at, const Input& in) {
  TRY(const directory::Tags tags, tags_of(in.tagging));
  TRY(Accesses accesses, write_accesses(at, in, tags));
  accesses.front().keys.emplace_back(policy::Key::kS3ObjectCreationOperation, "true");
  return accesses;
}

Result<services::BodyWanted> PutObject::body(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  TRY_VOID(refuse_locks(in));
  TRY([[maybe_unused]] const auto headers, headers_of(in));
  TRY([[maybe_unused]] const auto acl,
      acl_of_new(at, *bucket, acl_headers(in), owner_of_written(*bucket, at.caller, acl_headers(in)), in.key));
  TRY_VOID(check_write_conditions(in.if_match, in.if_none_match, seen_versions(at).newest.get(), in.key));
  TRY_VOID(check_md5_form(in.content_md5));
  TRY(const crypto::ChecksumAlgorithm checksum, wanted_checksum(in));
  return services::BodyWanted{.most = kLargestUpload, .checksum = checksum};
}

Result<Outcome<PutObject::Output>> PutObject::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  const Versions& there = seen_versions(at);
  TRY_VOID(check_write_conditions(in.if_match, in.if_none_match, there.newest.get(), in.key));
  TRY_VOID(check_body(in, *at.body));

  ObjectVersion version;
  version.bucket = bucket->id;
  version.key = in.key;
  version.owner = owner_of_written(*bucket, at.caller, acl_headers(in));
  TRY(version.headers, headers_of(in));
  TRY(version.tags, tags_of(in.tagging));
  TRY(version.acl, acl_of_new(at, *bucket, acl_headers(in), version.owner, in.key));
  take_bytes(version, *at.body);

  Outcome<Output> outcome{};
  put_version(outcome.changes, at, *bucket, there, version);
  Output& out = outcome.output;
  out.e_tag = quoted(version.etag);
  show_checksum(out, version.checksum);
  out.server_side_encryption = shown_encryption(version.headers);
  if (!version.headers.encryption_key.empty()) out.ssekms_key_id = version.headers.encryption_key;
  if (version.headers.bucket_key) out.bucket_key_enabled = true;
  out.version_id = written_version_id(*bucket, version);
  return outcome;
}

// --- delete ---

objects::Looks DeleteObject::looks(const At& at, const Input& in) {
  return in.version_id ? look_of_version(at, in) : look_of_write(at, in);
}

Result<Accesses> DeleteObject::access(const At& at, const Input& in) {
  const Versions& there = seen_versions(at);
  TRY(Access access, version_access(at, "s3:DeleteObject", in, there));
  Accesses accesses{std::move(access)};
  if (in.if_match) {
    TRY(Access get, version_access(at, "s3:GetObject", in, there));
    accesses.push_back(std::move(get));
  }
  return accesses;
}

Result<Outcome<DeleteObject::Output>> DeleteObject::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  if (in.bypass_governance_retention.value_or(false)) return errors::bypass_without_lock();
  if (in.mfa) return errors::not_implemented("x-amz-mfa");
  if (in.if_match_last_modified_time) return errors::not_implemented("x-amz-if-match-last-modified-time");
  if (in.if_match_size) return errors::not_implemented("x-amz-if-match-size");
  const Versions& there = seen_versions(at);
  if (in.if_match && *in.if_match != "*") {
    const ObjectVersion* const meant = in.version_id ? there.named.get() : there.newest.get();
    const bool exists = meant != nullptr && !meant->is_marker;
    if (exists && unquoted(*in.if_match) != meant->etag) return errors::precondition_failed("If-Match");
    if (!exists) return errors::no_such_key(in.key);
  }
  Outcome<Output> outcome{};
  if (in.version_id) {
    if (is_versioned(*bucket)) outcome.output.version_id = *in.version_id;
    if (!there.named) return outcome;
    if (there.named->is_marker) outcome.output.delete_marker = true;
    delete_of_key(outcome.changes, at, *bucket, in.key, {.versions = {there.named}}, there);
    return outcome;
  }
  if (const auto marker = delete_of_key(outcome.changes, at, *bucket, in.key, {.versions = {}, .key = true}, there)) {
    outcome.output.delete_marker = true;
    outcome.output.version_id = marker->shown_version();
  }
  return outcome;
}

// --- many at once ---

namespace {

/// Whether the item names a version that could be one.
bool names_version(const shapes::ObjectIdentifier& item) { return item.version_id && !item.version_id->empty(); }

/// The versions that a request names of each key.
using Named = std::map<std::string_view, std::vector<std::string>>;
Named named_versions(const std::vector<shapes::ObjectIdentifier>& items) {
  Named named;
  for (const auto& item : items) {
    std::vector<std::string>& of_key = named[item.key];
    if (names_version(item)) of_key.push_back(*item.version_id);
  }
  return named;
}

shapes::Error refused(const shapes::ObjectIdentifier& item, const deputy::Error& why) {
  shapes::Error shown;
  shown.key = item.key;
  shown.version_id = item.version_id;
  shown.code = why.code();
  shown.message = why.message();
  return shown;
}

/// Why an item cannot be deleted, whoever asks.
std::optional<deputy::Error> fault_of(const Bucket& bucket, const shapes::ObjectIdentifier& item,
                                      const Versions& there) {
  if (item.key.empty()) return errors::malformed_xml();
  if (const auto key = check_key(item.key); !key) return key.error();
  if (item.last_modified_time || item.size) return errors::not_implemented("x-amz-if-match-size");
  if (names_version(item)) {
    if (!check_version_id(bucket, item.version_id) || !there.named) {
      return is_versioned(bucket) ? std::optional(errors::no_such_version(item.key, *item.version_id)) : std::nullopt;
    }
  }
  if (!item.e_tag) return std::nullopt;
  const ObjectVersion* const meant = names_version(item) ? there.named.get() : there.newest.get();
  if (meant == nullptr || meant->is_marker) return errors::no_such_key(item.key);
  if (*item.e_tag != "*" && unquoted(*item.e_tag) != meant->etag) return errors::precondition_failed("If-Match");
  return std::nullopt;
}

}  // namespace

objects::Looks DeleteObjects::looks(const At& at, const Input& in) {
  const Bucket* const bucket = at.snapshot.bucket(in.bucket);
  if (bucket == nullptr) return {};
  const Named named = named_versions(in.delete_.objects);
  objects::Looks looks;
  for (const auto& item : in.delete_.objects) {
    objects::OfKey look = look_before_write(*bucket, item.key);
    if (names_version(item)) look.version = *item.version_id;
    look.without = named.at(item.key);
    looks.emplace_back(std::move(look));
  }
  return looks;
}

Result<Accesses> DeleteObjects::access(const At& at, const Input& in) {
  TRY([[maybe_unused]] const Bucket* const bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (in.delete_.objects.empty() || in.delete_.objects.size() > kMostDeleted) return errors::malformed_xml();
  Accesses accesses;
  for (std::size_t i = 0; i < in.delete_.objects.size(); ++i) {
    const auto& item = in.delete_.objects[i];
    const Versions& there = seen_versions(at, i);
    const std::optional<std::string> version = names_version(item) ? item.version_id : std::nullopt;
    const auto facts = facts_of(version ? there.named.get() : there.newest.get());
    accesses.push_back(
        object_access(at, action_for("s3:DeleteObject", version), in.bucket, item.key, facts ? &*facts : nullptr));
    if (version) accesses.back().keys.emplace_back(policy::Key::kS3VersionId, *version);
  }
  return accesses;
}

Result<Outcome<DeleteObjects::Output>> DeleteObjects::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  const bool quiet = in.delete_.quiet.value_or(false);
  Outcome<Output> outcome{};
  struct OfKey {
    Deletion deletion;
    Versions there;
    std::vector<std::size_t> items;
  };
  std::map<std::string_view, OfKey> keys;
  Output& out = outcome.output;
  const auto& items = in.delete_.objects;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Versions& there = seen_versions(at, i);
    std::optional<deputy::Error> why = at.refusals[i];
    if (!why) why = fault_of(*bucket, items[i], there);
    if (why) {
      if (!out.errors) out.errors.emplace();
      out.errors->push_back(refused(items[i], *why));
      continue;
    }
    OfKey& of_key = keys[items[i].key];
    of_key.there.newest = there.newest;
    of_key.there.next = there.next;
    if (!names_version(items[i])) {
      of_key.deletion.key = true;
      of_key.there.named = there.named;  // the null version, which a marker replaces
    } else if (there.named && std::find(of_key.deletion.versions.begin(), of_key.deletion.versions.end(),
                                        there.named) == of_key.deletion.versions.end()) {
      of_key.deletion.versions.push_back(there.named);
    }
    of_key.items.push_back(i);
  }
  for (const auto& [key, of_key] : keys) {
    const auto marker = delete_of_key(outcome.changes, at, *bucket, key, of_key.deletion, of_key.there);
    if (quiet) continue;
    if (!out.deleted) out.deleted.emplace();
    for (const std::size_t i : of_key.items) {
      shapes::DeletedObject& shown = out.deleted->emplace_back();
      shown.key = items[i].key;
      if (names_version(items[i])) {
        shown.version_id = items[i].version_id;
        const objects::VersionPtr& named = seen_versions(at, i).named;
        if (!named || !named->is_marker) continue;
        shown.delete_marker = true;
        shown.delete_marker_version_id = named->shown_version();
      } else if (marker) {
        shown.delete_marker = true;
        shown.delete_marker_version_id = marker->shown_version();
      }
    }
  }
  if (outcome.changes.guards().size() + outcome.changes.writes().size() > kOfOneCommit) outcome.changes.allow_many();
  return outcome;
}

}  // namespace deputy::s3
