#include "services/s3/copy_object.h"

#include "services/s3/ownership.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::ObjectVersion;
using objects::VersionPtr;
using objects::Versions;
using services::Access;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

bool replaces(const std::optional<std::string>& directive) { return directive == "REPLACE"; }

/// The tags of the copy: those of the source, or of the header.
Result<directory::Tags> tags_of_copy(const CopyObject::Input& in, const ObjectVersion* source) {
  if (!replaces(in.tagging_directive)) return source != nullptr ? source->tags : directory::Tags();
  if (!in.tagging) return directory::Tags();
  return tags_of_header(*in.tagging);
}

Result<directory::ObjectHeaders> headers_of_copy(const CopyObject::Input& in, const ObjectVersion& source) {
  TRY(directory::ObjectHeaders headers, headers_of(in));
  if (replaces(in.metadata_directive)) return headers;
  directory::ObjectHeaders kept = source.headers;
  kept.storage_class = headers.storage_class;
  kept.website_redirect = headers.website_redirect;
  kept.encryption = headers.encryption;
  kept.encryption_key = headers.encryption_key;
  kept.bucket_key = headers.bucket_key;
  return kept;
}

/// Onto itself there has to be a difference. [S-91]
Result<void> check_difference(const At& at, const CopyObject::Input& in, const CopySource& source) {
  if (source.bucket != in.bucket || source.key != in.key) return {};
  const Versions& there = seen_versions(at, source_look(at, in.bucket));
  if (source.version_id && there.named && there.newest && there.named->version != there.newest->version) return {};
  const bool differs =
      replaces(in.metadata_directive) || in.storage_class || in.website_redirect_location || in.server_side_encryption;
  if (!differs) return errors::copy_onto_itself();
  return {};
}

Result<crypto::ChecksumAlgorithm> algorithm_of(const std::optional<std::string>& named, const ObjectVersion& source) {
  if (named) {
    const auto algorithm = crypto::checksum_algorithm(*named);
    if (!algorithm || *algorithm == crypto::ChecksumAlgorithm::kMd5) return errors::unsupported_checksum();
    return *algorithm;
  }
  return crypto::checksum_algorithm(source.checksum.algorithm).value_or(crypto::ChecksumAlgorithm::kCrc64Nvme);
}

}  // namespace

Result<CopySource> copy_source(const std::string& header, const std::optional<std::string>& expected_owner) {
  std::string_view text = header;
  CopySource source{.bucket = {}, .key = {}, .version_id = {}, .expected_bucket_owner = expected_owner};
  constexpr std::string_view kVersion = "?versionId=";
  if (const std::size_t at = text.rfind(kVersion); at != std::string_view::npos) {
    source.version_id = std::string(text.substr(at + kVersion.size()));
    text = text.substr(0, at);
  }
  const auto plain = percent_decode(text);
  if (!plain) return errors::invalid_copy_source();
  std::string_view path = *plain;
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos || slash + 1 == path.size()) return errors::invalid_copy_source();
  source.bucket = path.substr(0, slash);
  source.key = path.substr(slash + 1);
  return source;
}

objects::Looks look_of_source(const At& at, const CopySource& source) {
  const Bucket* const bucket = at.snapshot.bucket(source.bucket);
  if (bucket == nullptr) return {};
  return {objects::OfKey{bucket->id, source.key, source.version_id.value_or(""), {}}};
}

std::size_t source_look(const At& at, std::string_view destination_bucket) {
  return at.snapshot.bucket(destination_bucket) != nullptr ? 1 : 0;
}

Result<Accesses> source_accesses(const At& at, const CopySource& source, std::size_t look) {
  const Versions& there = seen_versions(at, look);
  TRY(Access get, version_access(at, "s3:GetObject", source, there));
  get.object_tags = nullptr;  // accepted in policies, and never matches [S-231]
  Accesses accesses{std::move(get)};
  add_list_access(at, accesses, source.bucket, source.version_id, there);
  return accesses;
}

Result<VersionPtr> find_source(const At& at, const CopySource& source, const ReadConditions& conditions,
                               std::size_t look) {
  TRY([[maybe_unused]] const Bucket* const bucket, bucket_of(at, source));
  const Versions& there = seen_versions(at, look);
  if (source.version_id && there.named && there.named->is_marker) return errors::copy_of_marker();
  TRY(const ObjectVersion* const version, find_version(at, source.key, source.version_id, "GET", look));
  TRY_VOID(check_read_conditions(conditions, *version, at.now, "x-amz-copy-source-"));
  const std::string& storage = version->headers.storage_class;
  if (storage == "GLACIER" || storage == "DEEP_ARCHIVE") return errors::invalid_object_state(storage);
  return source.version_id ? there.named : there.newest;
}

std::optional<std::string> shown_source_version(const At& at, const CopySource& source, const ObjectVersion& version) {
  const Bucket* const bucket = at.snapshot.bucket(source.bucket);
  if (bucket == nullptr || !is_versioned(*bucket)) return std::nullopt;
  if (version.is_null && !source.version_id) return std::nullopt;
  return version.shown_version();
}

objects::Looks CopyObject::looks(const At& at, const Input& in) {
  objects::Looks looks = look_of_write(at, in);
  const auto source = copy_source(in.copy_source, in.expected_source_bucket_owner);
  if (!source) return looks;
  for (objects::Look& look : look_of_source(at, *source)) looks.push_back(std::move(look));
  return looks;
}

Result<Accesses> CopyObject::access(const At& at, const Input& in) {
  TRY(const CopySource source, copy_source(in.copy_source, in.expected_source_bucket_owner));
  const std::size_t look = source_look(at, in.bucket);
  TRY(Accesses accesses, source_accesses(at, source, look));
  const Versions& there = seen_versions(at, look);
  const ObjectVersion* const version = source.version_id ? there.named.get() : there.newest.get();
  if (!replaces(in.tagging_directive) && version != nullptr && !version->tags.empty()) {
    TRY(Access tags, version_access(at, "s3:GetObjectTagging", source, there));
    accesses.push_back(std::move(tags));
  }
  TRY(const directory::Tags tags, tags_of_copy(in, version));
  TRY(Accesses writes, write_accesses(at, in, tags));
  writes.front().keys.emplace_back(policy::Key::kS3XAmzCopySource, in.copy_source);
  writes.front().keys.emplace_back(policy::Key::kS3ObjectCreationOperation, "true");
  if (in.metadata_directive) {
    writes.front().keys.emplace_back(policy::Key::kS3XAmzMetadataDirective, *in.metadata_directive);
  }
  std::move(writes.begin(), writes.end(), std::back_inserter(accesses));
  return accesses;
}

Result<services::BodyWanted> CopyObject::body(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  TRY(const CopySource source, copy_source(in.copy_source, in.expected_source_bucket_owner));
  TRY(const VersionPtr version, source_version(at, source, in, source_look(at, in.bucket)));
  if (version->size > kLargestUpload) return errors::copy_too_large();
  TRY_VOID(check_difference(at, in, source));
  TRY([[maybe_unused]] const auto headers, headers_of_copy(in, *version));
  TRY([[maybe_unused]] const auto acl,
      acl_of_new(at, *bucket, acl_headers(in), owner_of_written(*bucket, at.caller, acl_headers(in)), in.key));
  TRY_VOID(check_write_conditions(in.if_match, in.if_none_match, seen_versions(at).newest.get(), in.key));
  TRY(const crypto::ChecksumAlgorithm algorithm, algorithm_of(in.checksum_algorithm, *version));
  return services::BodyWanted{.most = kLargestUpload, .checksum = algorithm};
}

Result<std::optional<services::BodyCopied>> CopyObject::copied(const At& at, const Input& in) {
  TRY(const CopySource source, copy_source(in.copy_source, in.expected_source_bucket_owner));
  TRY(VersionPtr version, source_version(at, source, in, source_look(at, in.bucket)));
  const std::uint64_t size = version->size;
  return std::optional(services::BodyCopied{std::move(version), 0, size});
}

Result<Outcome<CopyObject::Output>> CopyObject::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  TRY(const CopySource source, copy_source(in.copy_source, in.expected_source_bucket_owner));
  TRY(const VersionPtr from, source_version(at, source, in, source_look(at, in.bucket)));
  const Versions& there = seen_versions(at);
  TRY_VOID(check_write_conditions(in.if_match, in.if_none_match, there.newest.get(), in.key));
  ObjectVersion version;
  version.bucket = bucket->id;
  version.key = in.key;
  version.owner = owner_of_written(*bucket, at.caller, acl_headers(in));
  TRY(version.headers, headers_of_copy(in, *from));
  TRY(version.tags, tags_of_copy(in, from.get()));
  TRY(version.acl, acl_of_new(at, *bucket, acl_headers(in), version.owner, in.key));
  take_bytes(version, *at.body);

  Outcome<Output> outcome{};
  put_version(outcome.changes, at, *bucket, there, version);
  Output& out = outcome.output;
  shapes::CopyObjectResult& result = out.copy_object_result.emplace();
  result.e_tag = quoted(version.etag);
  result.last_modified = version.modified;
  show_checksum(result, version.checksum);
  out.copy_source_version_id = shown_source_version(at, source, *from);
  out.version_id = written_version_id(*bucket, version);
  out.server_side_encryption = shown_encryption(version.headers);
  return outcome;
}

}  // namespace deputy::s3
