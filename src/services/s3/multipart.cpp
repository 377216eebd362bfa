#include "services/s3/multipart.h"

#include <algorithm>
#include <charconv>

#include "services/s3/copy_object.h"
#include "services/s3/objects_common.h"
#include "services/s3/ownership.h"

namespace deputy::s3 {

using crypto::ChecksumAlgorithm;
using directory::Bucket;
using directory::ObjectVersion;
using directory::Part;
using directory::Upload;
using objects::UploadSeen;
using objects::VersionPtr;
using objects::Versions;
using services::Access;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

constexpr std::uint32_t kMostParts = 10'000;
constexpr std::uint64_t kLeastPart = 5ULL << 20;
constexpr std::string_view kComposite = "COMPOSITE", kFullObject = "FULL_OBJECT";

const UploadSeen& seen_upload(const At& at, std::size_t look) {
  static const UploadSeen kNone;
  return at.seen != nullptr && look < at.seen->answers.size() ? at.seen->upload(look) : kNone;
}

/// The upload, with parts of greater numbers than `after`.
template <class Input>
objects::Looks look_of_upload(const At& at, const Input& in, std::uint32_t after, std::size_t limit) {
  const Bucket* const bucket = at.snapshot.bucket(in.bucket);
  if (bucket == nullptr) return {};
  return {objects::OfUpload{bucket->id, in.key, in.upload_id, after, limit}};
}

template <class Input>
Result<const Upload*> find_upload(const At& at, const Input& in, std::size_t look = 0) {
  TRY([[maybe_unused]] const Bucket* const bucket, bucket_of(at, in));
  const UploadSeen& seen = seen_upload(at, look);
  if (!seen.upload) return errors::no_such_upload(in.upload_id);
  return seen.upload.get();
}

Result<std::uint32_t> part_number(std::int32_t number) {
  if (number < 1 || number > static_cast<std::int32_t>(kMostParts)) {
    return errors::part_number_out_of_range(std::to_string(number));
  }
  return static_cast<std::uint32_t>(number);
}

/// s3:PutObject on the key of an upload: the object that may be there is not what is written yet.
template <class Input>
Access upload_access(const At& at, const Input& in, const Upload& upload, std::string_view creates) {
  Access access = object_access(at, "s3:PutObject", in.bucket, in.key, nullptr);
  access.keys.emplace_back(policy::Key::kS3ObjectCreationOperation, creates);
  if (!upload.headers.encryption.empty()) {
    access.keys.emplace_back(policy::Key::kS3XAmzServerSideEncryption, upload.headers.encryption);
  }
  if (!upload.headers.encryption_key.empty()) {
    access.keys.emplace_back(policy::Key::kS3XAmzServerSideEncryptionAwsKmsKeyId, upload.headers.encryption_key);
  }
  return access;
}

/// Keeps the bytes that came as a part. What had the number before stays until the upload ends.
Part part_of(const At& at, const Upload& upload, std::uint32_t number, const UploadSeen& seen) {
  Part part;
  part.bucket = upload.bucket;
  part.upload = upload.id;
  part.number = number;
  part.size = at.body->size;
  part.etag = hex(at.body->md5);
  part.checksum = at.body->checksum;
  part.content = at.body->content;
  part.blob = at.body->blob;
  part.modified = at.now;
  const auto before =
      std::find_if(seen.parts.begin(), seen.parts.end(), [&](const auto& p) { return p->number == number; });
  if (before == seen.parts.end()) return part;
  part.revision = (*before)->revision;
  part.former = (*before)->former;
  if (!(*before)->blob.empty()) part.former.push_back((*before)->blob);
  return part;
}

void put_part(directory::Changes& changes, const Upload& upload, const Part& part) {
  changes.require(directory::key_of(upload), upload.revision);
  changes.put(directory::key_of(part), part, part.revision);
}

template <class Output>
void show_upload_encryption(Output& out, const Upload& upload) {
  out.server_side_encryption = shown_encryption(upload.headers);
  if (!upload.headers.encryption_key.empty()) out.ssekms_key_id = upload.headers.encryption_key;
  if (upload.headers.bucket_key) out.bucket_key_enabled = true;
}

}  // namespace

// --- begin ---

objects::Looks CreateMultipartUpload::looks(const At& at, const Input& in) { return look_of_write(at, in); }

Result<Accesses> CreateMultipartUpload::access(const At& at, const Input& in) {
  directory::Tags tags;
  if (in.tagging) {
    TRY(tags, tags_of_header(*in.tagging));
  }
  TRY(Accesses accesses, write_accesses(at, in, tags));
  accesses.front().keys.emplace_back(policy::Key::kS3ObjectCreationOperation, "false");
  return accesses;
}

Result<Outcome<CreateMultipartUpload::Output>> CreateMultipartUpload::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  Upload upload;
  upload.bucket = bucket->id;
  upload.key = in.key;
  upload.owner = owner_of_written(*bucket, at.caller, acl_headers(in));
  TRY(upload.headers, headers_of(in));
  if (in.tagging) {
    TRY(upload.tags, tags_of_header(*in.tagging));
  }
  TRY(upload.acl, acl_of_new(at, *bucket, acl_headers(in), upload.owner, in.key));
  if (in.checksum_type && !in.checksum_algorithm) return errors::checksum_type_without_algorithm();
  if (in.checksum_algorithm) {
    const auto algorithm = crypto::checksum_algorithm(*in.checksum_algorithm);
    if (!algorithm || *algorithm == ChecksumAlgorithm::kMd5) return errors::unsupported_checksum();
    upload.checksum_algorithm = *in.checksum_algorithm;
    const bool composite_only = *algorithm == ChecksumAlgorithm::kSha1 || *algorithm == ChecksumAlgorithm::kSha256;
    const bool full_only = *algorithm == ChecksumAlgorithm::kCrc64Nvme;
    upload.checksum_composite = in.checksum_type ? *in.checksum_type == kComposite : !full_only;
    if (upload.checksum_composite ? full_only : composite_only) {
      return errors::impossible_checksum_type(upload.checksum_composite ? kComposite : kFullObject,
                                              *in.checksum_algorithm);
    }
  }
  upload.id = draw_upload_id(at);
  if (at.caller.account != nullptr) {
    upload.initiator_account = at.caller.account_id();
    upload.initiator = at.caller.arn;
  }
  upload.began = at.now;

  Outcome<Output> outcome{};
  outcome.changes.require_unchanged(*bucket);
  outcome.changes.put(directory::key_of(upload), upload, 0);
  Output& out = outcome.output;
  out.bucket = in.bucket;
  out.key = in.key;
  out.upload_id = upload.id;
  show_upload_encryption(out, upload);
  if (!upload.checksum_algorithm.empty()) {
    out.checksum_algorithm = upload.checksum_algorithm;
    out.checksum_type = upload.checksum_composite ? kComposite : kFullObject;
  }
  return outcome;
}

// --- parts ---

objects::Looks UploadPart::looks(const At& at, const Input& in) {
  return look_of_upload(at, in, static_cast<std::uint32_t>(std::clamp(in.part_number - 1, 0, 100'000)), 1);
}

Result<Accesses> UploadPart::access(const At& at, const Input& in) {
  TRY(const Upload* const upload, find_upload(at, in));
  TRY_VOID(part_number(in.part_number));
  return Accesses{upload_access(at, in, *upload, "false")};
}

Result<services::BodyWanted> UploadPart::body(const At& at, const Input& in) {
  TRY(const Upload* const upload, find_upload(at, in));
  TRY_VOID(check_md5_form(in.content_md5));
  TRY(const std::optional<SentChecksum> sent, sent_checksum(in));
  const auto of_upload = crypto::checksum_algorithm(upload->checksum_algorithm);
  if (sent && of_upload && sent->algorithm != *of_upload) {
    return errors::other_checksum_algorithm(upload->checksum_algorithm, crypto::name_of(sent->algorithm));
  }
  const ChecksumAlgorithm algorithm = sent ? sent->algorithm : of_upload.value_or(ChecksumAlgorithm::kCrc64Nvme);
  return services::BodyWanted{.most = kLargestUpload, .checksum = algorithm};
}

Result<Outcome<UploadPart::Output>> UploadPart::execute(const At& at, const Input& in) {
  TRY(const Upload* const upload, find_upload(at, in));
  TRY(const std::uint32_t number, part_number(in.part_number));
  TRY_VOID(check_body(in, *at.body));
  if (!upload->checksum_algorithm.empty() && at.body->checksum.algorithm != upload->checksum_algorithm) {
    return errors::other_checksum_algorithm(upload->checksum_algorithm, at.body->checksum.algorithm);
  }
  const Part part = part_of(at, *upload, number, seen_upload(at, 0));
  Outcome<Output> outcome{};
  put_part(outcome.changes, *upload, part);
  outcome.output.e_tag = quoted(part.etag);
  TRY(const std::optional<SentChecksum> sent, sent_checksum(in));
  if (sent || at.body->checksum_was_trailed || !upload->checksum_algorithm.empty()) {
    show_checksum(outcome.output, part.checksum);
  }
  show_upload_encryption(outcome.output, *upload);
  return outcome;
}

// --- parts that are copied ---

namespace {

/// bytes=first-last, and nothing else. [S-131]
Result<std::pair<std::uint64_t, std::uint64_t>> copied_range(const std::optional<std::string>& header,
                                                             std::uint64_t size) {
  if (!header) return std::pair<std::uint64_t, std::uint64_t>(0, size);
  constexpr std::string_view kUnit = "bytes=";
  std::string_view text = *header;
  if (!text.starts_with(kUnit)) return errors::copy_range_form(*header);
  text.remove_prefix(kUnit.size());
  std::uint64_t first = 0, last = 0;
  const char* const end = text.data() + text.size();
  const auto a = std::from_chars(text.data(), end, first);
  if (a.ec != std::errc() || a.ptr == end || *a.ptr != '-') return errors::copy_range_form(*header);
  const auto b = std::from_chars(a.ptr + 1, end, last);
  if (b.ec != std::errc() || b.ptr != end || last < first) return errors::copy_range_form(*header);
  if (first >= size) return errors::copy_range_begin();
  if (last >= size) return errors::copy_range_end(*header, size);
  return std::pair(first, last - first + 1);
}

}  // namespace

objects::Looks UploadPartCopy::looks(const At& at, const Input& in) {
  objects::Looks looks =
      look_of_upload(at, in, static_cast<std::uint32_t>(std::clamp(in.part_number - 1, 0, 100'000)), 1);
  const auto source = copy_source(in.copy_source, in.expected_source_bucket_owner);
  if (!source) return looks;
  for (objects::Look& look : look_of_source(at, *source)) looks.push_back(std::move(look));
  return looks;
}

Result<Accesses> UploadPartCopy::access(const At& at, const Input& in) {
  TRY(const CopySource source, copy_source(in.copy_source, in.expected_source_bucket_owner));
  TRY(const Upload* const upload, find_upload(at, in));
  TRY_VOID(part_number(in.part_number));
  const std::size_t look = source_look(at, in.bucket);
  TRY(Accesses accesses, source_accesses(at, source, look));
  const Versions& there = seen_versions(at, look);
  const ObjectVersion* const version = source.version_id ? there.named.get() : there.newest.get();
  if (version != nullptr) accesses.front().object_tags = &version->tags;  // here they do match [S-231]
  accesses.push_back(upload_access(at, in, *upload, "false"));
  accesses.back().keys.emplace_back(policy::Key::kS3XAmzCopySource, in.copy_source);
  return accesses;
}

Result<services::BodyWanted> UploadPartCopy::body(const At& at, const Input& in) {
  TRY(const Upload* const upload, find_upload(at, in));
  const auto algorithm = crypto::checksum_algorithm(upload->checksum_algorithm);
  return services::BodyWanted{.most = kLargestUpload, .checksum = algorithm.value_or(ChecksumAlgorithm::kCrc64Nvme)};
}

Result<std::optional<services::BodyCopied>> UploadPartCopy::copied(const At& at, const Input& in) {
  TRY(const CopySource source, copy_source(in.copy_source, in.expected_source_bucket_owner));
  TRY(VersionPtr version, source_version(at, source, in, source_look(at, in.bucket)));
  TRY(const auto range, copied_range(in.copy_source_range, version->size));
  if (range.second > kLargestUpload) return errors::copy_too_large();
  return std::optional(services::BodyCopied{std::move(version), range.first, range.second});
}

Result<Outcome<UploadPartCopy::Output>> UploadPartCopy::execute(const At& at, const Input& in) {
  TRY(const CopySource source, copy_source(in.copy_source, in.expected_source_bucket_owner));
  TRY(const VersionPtr from, source_version(at, source, in, source_look(at, in.bucket)));
  TRY(const Upload* const upload, find_upload(at, in));
  TRY(const std::uint32_t number, part_number(in.part_number));
  const Part part = part_of(at, *upload, number, seen_upload(at, 0));
  Outcome<Output> outcome{};
  put_part(outcome.changes, *upload, part);
  shapes::CopyPartResult& result = outcome.output.copy_part_result.emplace();
  result.e_tag = quoted(part.etag);
  result.last_modified = part.modified;
  if (!upload->checksum_algorithm.empty()) show_checksum(result, part.checksum);
  outcome.output.copy_source_version_id = shown_source_version(at, source, *from);
  show_upload_encryption(outcome.output, *upload);
  return outcome;
}

// --- the end ---

namespace {

using Completed = std::vector<shapes::CompletedPart>;

/// The parts of the request in the upload, as they were sent. [S-136 to S-138]
Result<std::vector<objects::PartPtr>> listed_parts(const UploadSeen& seen, const Completed& sent) {
  const Upload& upload = *seen.upload;
  std::vector<objects::PartPtr> listed;
  std::int32_t last = 0;
  for (const shapes::CompletedPart& one : sent) {
    if (!one.part_number || !one.e_tag) return errors::malformed_xml();
    if (*one.part_number <= last) return errors::invalid_part_order(upload.id);
    last = *one.part_number;
  }
  for (const shapes::CompletedPart& one : sent) {
    const std::string_view etag = unquoted(*one.e_tag);
    const auto found =
        std::lower_bound(seen.parts.begin(), seen.parts.end(), static_cast<std::uint32_t>(*one.part_number),
                         [](const objects::PartPtr& part, std::uint32_t number) { return part->number < number; });
    const bool there = found != seen.parts.end() && (*found)->number == static_cast<std::uint32_t>(*one.part_number);
    if (!there || (*found)->etag != etag) return errors::invalid_part(upload.id, *one.part_number, etag);
    const Part& part = **found;
    bool said = false;
    for (const auto& [name, text] : checksum_members(const_cast<shapes::CompletedPart&>(one))) {
      if (!*text) continue;
      said = true;
      if (name != upload.checksum_algorithm || unbase64(**text) != part.checksum.value) {
        return errors::invalid_part(upload.id, *one.part_number, etag);
      }
    }
    if (upload.checksum_composite && !said)
      return errors::missing_part_checksum(upload.checksum_algorithm, *one.part_number);
    listed.push_back(*found);
  }
  for (std::size_t i = 0; i + 1 < listed.size(); ++i) {
    if (listed[i]->size < kLeastPart)
      return errors::part_too_small(listed[i]->size, listed[i]->number, listed[i]->etag);
  }
  return listed;
}

/// Of the whole: over all bytes, from those of the parts, or of those checksums.
directory::Checksum whole_checksum(const Upload& upload, const std::vector<objects::PartPtr>& parts) {
  directory::Checksum whole;
  const auto named = crypto::checksum_algorithm(upload.checksum_algorithm);
  const ChecksumAlgorithm algorithm = named.value_or(ChecksumAlgorithm::kCrc64Nvme);
  whole.composite = upload.checksum_composite;
  if (upload.checksum_composite) {
    crypto::Checksum checksum(algorithm);
    for (const objects::PartPtr& part : parts) checksum.update(part->checksum.value);
    whole.value = checksum.finish();
  } else {
    whole.value = crypto::checksum_of(algorithm, {});
    for (const objects::PartPtr& part : parts) {
      if (part->checksum.algorithm != crypto::name_of(algorithm)) return {};  // taken with another one: not known
      const auto both = crypto::combine_checksums(algorithm, whole.value, part->checksum.value, part->size);
      if (!both) return {};
      whole.value = *both;
    }
  }
  whole.algorithm = crypto::name_of(algorithm);
  return whole;
}

std::string whole_etag(const std::vector<objects::PartPtr>& parts) {
  crypto::Checksum md5(ChecksumAlgorithm::kMd5);
  for (const objects::PartPtr& part : parts) md5.update(unhex(part->etag).value_or(""));
  return hex(md5.finish()) + "-" + std::to_string(parts.size());
}

std::string location_of(std::string_view bucket, std::string_view key) {
  return "https://" + std::string(bucket) + ".s3.amazonaws.com/" + percent_encode(key, false);
}

/// What the client says of the whole. [S-139, S-140]
Result<void> check_whole(const CompleteMultipartUpload::Input& in, const Upload& upload, const ObjectVersion& version) {
  if (in.mpu_object_size && static_cast<std::uint64_t>(*in.mpu_object_size) != version.size) {
    return errors::other_object_size(*in.mpu_object_size, version.size);
  }
  const std::string_view mode = upload.checksum_algorithm.empty() ? "null"
                                : upload.checksum_composite       ? kComposite
                                                                  : kFullObject;
  if (in.checksum_type && *in.checksum_type != mode) return errors::other_checksum_mode(mode);
  for (const auto& [name, text] : checksum_members(const_cast<CompleteMultipartUpload::Input&>(in))) {
    if (!*text) continue;
    std::string_view value = **text;
    if (version.checksum.composite) value = value.substr(0, value.find('-'));
    if (name == version.checksum.algorithm && unbase64(value) == version.checksum.value) continue;
    return errors::bad_whole_checksum(name);
  }
  return {};
}

/// The upload is over: its entry goes, its parts go later, and their bytes but those of the object.
void end_upload(directory::Changes& changes, const At& at, const Upload& upload, const ObjectVersion* object) {
  changes.remove(directory::key_of(upload), upload.revision);
  directory::UnusedBytes unused;
  unused.id = draw_unused_id(at);
  unused.since = at.now;
  unused.bucket = upload.bucket;
  unused.upload = upload.id;
  if (object != nullptr) {
    for (const directory::Piece& piece : object->pieces) {
      if (!piece.blob.empty()) unused.kept.push_back(piece.blob);
    }
  }
  changes.leave_unused(unused);
}

CompleteMultipartUpload::Output completed(const CompleteMultipartUpload::Input& in, const Bucket& bucket,
                                          const ObjectVersion& version) {
  CompleteMultipartUpload::Output out;
  out.location = location_of(in.bucket, in.key);
  out.bucket = in.bucket;
  out.key = in.key;
  out.e_tag = quoted(version.etag);
  out.server_side_encryption = shown_encryption(version.headers);
  out.version_id = written_version_id(bucket, version);
  return out;
}

}  // namespace

objects::Looks CompleteMultipartUpload::looks(const At& at, const Input& in) {
  objects::Looks looks = look_of_upload(at, in, 0, kMostParts);
  for (objects::Look& look : look_of_write(at, in)) looks.push_back(std::move(look));
  return looks;
}

Result<Accesses> CompleteMultipartUpload::access(const At& at, const Input& in) {
  TRY([[maybe_unused]] const Bucket* const bucket, bucket_of(at, in));
  static const Upload kNone;
  const UploadSeen& seen = seen_upload(at, 0);
  Access put = upload_access(at, in, seen.upload ? *seen.upload : kNone, "true");
  if (in.if_none_match) put.keys.emplace_back(policy::Key::kS3IfNoneMatch, *in.if_none_match);
  if (in.if_match) put.keys.emplace_back(policy::Key::kS3IfMatch, *in.if_match);
  return Accesses{std::move(put)};
}

Result<Outcome<CompleteMultipartUpload::Output>> CompleteMultipartUpload::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  const Completed none;
  const Completed& sent = in.multipart_upload && in.multipart_upload->parts ? *in.multipart_upload->parts : none;
  if (sent.empty()) return errors::no_parts();
  if (sent.size() > kMostParts) return errors::too_many_parts();
  const UploadSeen& seen = seen_upload(at, 0);
  const Versions& there = seen_versions(at, 1);
  if (!seen.upload) {  // perhaps it was completed by the same request before [S-142]
    const ObjectVersion* const newest = there.newest.get();
    if (newest != nullptr && newest->upload == in.upload_id && !in.upload_id.empty() &&
        newest->etag.ends_with("-" + std::to_string(sent.size()))) {
      return Outcome<Output>{completed(in, *bucket, *newest)};
    }
    return errors::no_such_upload(in.upload_id);
  }
  const Upload& upload = *seen.upload;
  TRY(const auto parts, listed_parts(seen, sent));
  TRY_VOID(check_write_conditions(in.if_match, in.if_none_match, there.newest.get(), in.key));
  if ((in.if_match || in.if_none_match) && there.newest && there.newest->modified > upload.began) {
    return errors::conditional_conflict(in.if_match ? "If-Match" : "If-None-Match", in.key);
  }
  ObjectVersion version;
  version.bucket = bucket->id;
  version.key = in.key;
  version.owner = upload.owner;
  version.headers = upload.headers;
  version.tags = upload.tags;
  version.acl = upload.acl;
  version.upload = upload.id;
  version.etag = whole_etag(parts);
  version.checksum = whole_checksum(upload, parts);
  for (const objects::PartPtr& part : parts) {
    directory::Piece piece;
    piece.blob = part->blob;
    piece.size = part->size;
    piece.part = part->number;
    piece.content = part->content;
    if (upload.checksum_composite) piece.checksum = part->checksum.value;
    version.size += part->size;
    version.pieces.push_back(std::move(piece));
  }
  TRY_VOID(check_whole(in, upload, version));

  Outcome<Output> outcome{};
  end_upload(outcome.changes, at, upload, &version);
  put_version(outcome.changes, at, *bucket, there, version);
  outcome.output = completed(in, *bucket, version);
  show_checksum(outcome.output, version.checksum, parts.size());
  return outcome;
}

objects::Looks AbortMultipartUpload::looks(const At& at, const Input& in) { return look_of_upload(at, in, 0, 1); }

Result<Accesses> AbortMultipartUpload::access(const At& at, const Input& in) {
  TRY([[maybe_unused]] const Bucket* const bucket, bucket_of(at, in));
  return Accesses{object_access(at, "s3:AbortMultipartUpload", in.bucket, in.key, nullptr)};
}

Result<Outcome<AbortMultipartUpload::Output>> AbortMultipartUpload::execute(const At& at, const Input& in) {
  TRY(const Upload* const upload, find_upload(at, in));
  Outcome<Output> outcome{};
  end_upload(outcome.changes, at, *upload, nullptr);
  return outcome;
}

objects::Looks ListParts::looks(const At& at, const Input& in) {
  const auto limit = static_cast<std::size_t>(std::clamp(in.max_parts.value_or(1000), 0, 1000));
  return look_of_upload(at, in, static_cast<std::uint32_t>(std::max(in.part_number_marker.value_or(0), 0)), limit);
}

Result<Accesses> ListParts::access(const At& at, const Input& in) {
  TRY([[maybe_unused]] const Bucket* const bucket, bucket_of(at, in));
  return Accesses{object_access(at, "s3:ListMultipartUploadParts", in.bucket, in.key, nullptr)};
}

Result<Outcome<ListParts::Output>> ListParts::execute(const At& at, const Input& in) {
  TRY(const Upload* const upload, find_upload(at, in));
  const UploadSeen& seen = seen_upload(at, 0);
  Outcome<Output> outcome{};
  Output& out = outcome.output;
  out.bucket = in.bucket;
  out.key = in.key;
  out.upload_id = upload->id;
  out.part_number_marker = std::max(in.part_number_marker.value_or(0), 0);
  out.max_parts = std::clamp(in.max_parts.value_or(1000), 0, 1000);
  out.is_truncated = seen.more;
  out.next_part_number_marker = seen.parts.empty() ? 0 : static_cast<std::int32_t>(seen.parts.back()->number);
  out.initiator = shown_initiator(*upload);
  out.owner = shown_owner(upload->owner);
  out.storage_class = upload->headers.storage_class.empty() ? std::string(kStandard) : upload->headers.storage_class;
  if (!upload->checksum_algorithm.empty()) {
    out.checksum_algorithm = upload->checksum_algorithm;
    out.checksum_type = upload->checksum_composite ? kComposite : kFullObject;
  }
  for (const objects::PartPtr& part : seen.parts) {
    if (!out.parts) out.parts.emplace();
    shapes::Part& shown = out.parts->emplace_back();
    shown.part_number = static_cast<std::int32_t>(part->number);
    shown.last_modified = part->modified;
    shown.e_tag = quoted(part->etag);
    shown.size = static_cast<std::int64_t>(part->size);
    if (!upload->checksum_algorithm.empty()) show_checksum(shown, part->checksum);
  }
  return outcome;
}

}  // namespace deputy::s3
