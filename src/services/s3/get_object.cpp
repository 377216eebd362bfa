#include "services/s3/get_object.h"

#include <charconv>

#include "services/s3/objects_common.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::ObjectVersion;
using objects::Versions;
using services::Access;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

/// What of a version is asked for.
struct Wanted {
  std::uint64_t offset = 0, length = 0;
  bool partial = false;                     // 206, with Content-Range
  std::optional<std::size_t> parts;         // how many parts there are, where a part was asked for
  std::optional<directory::Checksum> part;  // of the part that was
  [[nodiscard]] bool whole(const ObjectVersion& version) const { return offset == 0 && length == version.size; }
};

std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// bytes=a-b, bytes=a-, bytes=-n. What is anything else is as if it had not been sent. [S-72 to S-74]
Result<std::optional<Wanted>> range_of(std::string_view text, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  const std::optional<Wanted> none;
  if (!text.starts_with(kUnit)) return none;
  const std::string_view range = text.substr(kUnit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return none;
  const std::string_view first = range.substr(0, dash), last = range.substr(dash + 1);
  if (first.empty()) {
    const auto count = number_of(last);
    if (!count) return none;
    if (*count == 0 || size == 0) return errors::invalid_range(text, size);
    const std::uint64_t length = std::min(*count, size);
    return std::optional(Wanted{size - length, length, true, {}, {}});
  }
  const auto begin = number_of(first);
  const auto end = last.empty() ? std::optional(UINT64_MAX) : number_of(last);
  if (!begin || !end || *end < *begin) return none;
  if (*begin >= size) return errors::invalid_range(text, size);
  return std::optional(Wanted{*begin, std::min(*end, size - 1) - *begin + 1, true, {}, {}});
}

std::size_t parts_of(const ObjectVersion& version) {
  if (version.upload.empty()) return 0;
  return std::max<std::size_t>(version.pieces.size(), 1);
}

/// One part, by its place among those that were completed: its number. [S-77 to S-79]
Result<Wanted> part_of(const ObjectVersion& version, std::int32_t number) {
  if (number < 1 || number > 10'000) return errors::part_number_out_of_range(std::to_string(number));
  if (parts_of(version) == 0) {
    if (number != 1) return errors::invalid_part_number(number, 1);
    return Wanted{0, version.size, true, {}, version.checksum};
  }
  std::uint64_t offset = 0;
  for (const directory::Piece& piece : version.pieces) {
    if (piece.part == static_cast<std::uint32_t>(number)) {
      Wanted wanted{offset, piece.size, true, version.pieces.size(), {}};
      if (!piece.checksum.empty())
        wanted.part = {version.checksum.algorithm, piece.checksum, version.checksum.composite};
      if (!version.checksum.composite && version.pieces.size() == 1) wanted.part = version.checksum;
      return wanted;
    }
    offset += piece.size;
  }
  return errors::invalid_part_number(number, version.pieces.size());
}

template <class Input>
Result<Wanted> wanted_of(const Input& in, const ObjectVersion& version) {
  if (in.part_number) {
    if (in.range) return errors::range_with_part();
    return part_of(version, *in.part_number);
  }
  if (in.range) {
    TRY(const std::optional<Wanted> range, range_of(*in.range, version.size));
    if (range) return *range;
  }
  return Wanted{0, version.size, false, {}, {}};
}

/// Names and values beyond ASCII, as mail has them. [S-161]
std::string header_text(const std::string& value) {
  const bool plain =
      std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return plain ? value : "=?UTF-8?B?" + base64(value) + "?=";
}

template <class Output>
void show_headers(Output& out, const ObjectVersion& version) {
  const directory::ObjectHeaders& headers = version.headers;
  const auto show = [](std::optional<std::string>& member, const std::string& value) {
    if (!value.empty()) member = value;
  };
  show(out.content_type, headers.content_type);
  show(out.cache_control, headers.cache_control);
  show(out.content_disposition, headers.content_disposition);
  show(out.content_encoding, headers.content_encoding);
  show(out.content_language, headers.content_language);
  show(out.expires, headers.expires);
  show(out.website_redirect_location, headers.website_redirect);
  show(out.storage_class, headers.storage_class);
  show(out.ssekms_key_id, headers.encryption_key);
  if (headers.bucket_key) out.bucket_key_enabled = true;
  out.server_side_encryption = shown_encryption(headers);
  if (headers.metadata.empty()) return;
  out.metadata.emplace();
  for (const directory::Tag& item : headers.metadata) out.metadata->emplace_back(item.key, header_text(item.value));
}

/// response-content-type and its like: what the caller wants to be told instead. [S-39, S-40]
template <class Input, class Output>
Result<void> override_headers(const At& at, const Input& in, Output& out) {
  const std::pair<const std::optional<std::string>&, std::optional<std::string>&> texts[] = {
      {in.response_cache_control, out.cache_control},
      {in.response_content_disposition, out.content_disposition},
      {in.response_content_encoding, out.content_encoding},
      {in.response_content_language, out.content_language},
      {in.response_content_type, out.content_type}};
  const bool is_anonymous = at.caller.kind == directory::Caller::Kind::kAnonymous;
  for (const auto& [sent, shown] : texts) {
    if (!sent) continue;
    if (is_anonymous) return errors::headers_for_strangers();
    shown = *sent;
  }
  if (!in.response_expires) return {};
  if (is_anonymous) return errors::headers_for_strangers();
  out.expires = http_date(*in.response_expires);
  return {};
}

template <class Input>
ReadConditions conditions_of(const Input& in) {
  return {in.if_match, in.if_none_match, in.if_modified_since, in.if_unmodified_since};
}

/// What Get and Head have in common: all but the bytes.
template <class Input, class Output>
Result<const ObjectVersion*> read(const At& at, const Input& in, std::string_view method, Outcome<Output>& outcome,
                                  Wanted& wanted) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  if (in.sse_customer_algorithm) return errors::not_implemented("x-amz-server-side-encryption-customer-algorithm");
  TRY(const ObjectVersion* const version, find_version(at, in.key, in.version_id, method));
  TRY(const Read read, check_read_conditions(conditions_of(in), *version, at.now));
  Output& out = outcome.output;
  out.e_tag = quoted(version->etag);
  out.last_modified = version->modified;
  out.version_id = read_version_id(*bucket, *version);
  if (read == Read::kNotModified) {
    outcome.extra.status = 304;
    return version;
  }
  TRY(wanted, wanted_of(in, *version));
  out.accept_ranges = "bytes";
  out.content_length = static_cast<std::int64_t>(wanted.length);
  show_headers(out, *version);
  TRY_VOID(override_headers(at, in, out));
  if (wanted.partial) {
    outcome.extra.status = 206;
    out.content_range = "bytes " + std::to_string(wanted.offset) + "-" +
                        std::to_string(wanted.offset + std::max<std::uint64_t>(wanted.length, 1) - 1) + "/" +
                        std::to_string(version->size);
  }
  if (wanted.parts) out.parts_count = static_cast<std::int32_t>(*wanted.parts);
  if (in.checksum_mode == "ENABLED") {
    const bool one_part = in.part_number.has_value();
    if (one_part && wanted.part) show_checksum(out, *wanted.part);
    if (!one_part && wanted.whole(*version)) show_checksum(out, version->checksum, parts_of(*version));
  }
  return version;
}

bool is_archived(const ObjectVersion& version) {
  return version.headers.storage_class == "GLACIER" || version.headers.storage_class == "DEEP_ARCHIVE";
}

template <class Input>
Result<Accesses> read_accesses(const At& at, const Input& in) {
  const Versions& there = seen_versions(at);
  TRY(Access access, version_access(at, "s3:GetObject", in, there));
  Accesses accesses{std::move(access)};
  add_list_access(at, accesses, in.bucket, in.version_id, there);
  return accesses;
}

}  // namespace

objects::Looks GetObject::looks(const At& at, const Input& in) { return look_of_version(at, in); }

Result<Accesses> GetObject::access(const At& at, const Input& in) { return read_accesses(at, in); }

Result<Outcome<GetObject::Output>> GetObject::execute(const At& at, const Input& in) {
  Outcome<Output> outcome{};
  Wanted wanted;
  TRY(const ObjectVersion* const version, read(at, in, "GET", outcome, wanted));
  if (outcome.extra.status == 304) return outcome;
  if (is_archived(*version)) return errors::invalid_object_state(version->headers.storage_class);
  if (!version->tags.empty()) outcome.output.tag_count = static_cast<std::int32_t>(version->tags.size());
  const Versions& there = seen_versions(at);
  outcome.extra.bytes = services::BodySent{in.version_id ? there.named : there.newest, wanted.offset, wanted.length};
  return outcome;
}

objects::Looks HeadObject::looks(const At& at, const Input& in) { return look_of_version(at, in); }

Result<Accesses> HeadObject::access(const At& at, const Input& in) { return read_accesses(at, in); }

Result<Outcome<HeadObject::Output>> HeadObject::execute(const At& at, const Input& in) {
  Outcome<Output> outcome{};
  Wanted wanted;
  TRY(const ObjectVersion* const version, read(at, in, "HEAD", outcome, wanted));
  if (outcome.extra.status != 304 && !version->tags.empty()) {
    outcome.output.tag_count = static_cast<std::int32_t>(version->tags.size());
  }
  return outcome;
}

objects::Looks GetObjectAttributes::looks(const At& at, const Input& in) { return look_of_version(at, in); }

Result<Accesses> GetObjectAttributes::access(const At& at, const Input& in) {
  TRY(Accesses accesses, read_accesses(at, in));
  TRY(Access attributes, version_access(at, "s3:GetObjectAttributes", in, seen_versions(at)));
  attributes.object_tags = nullptr;  // accepted in policies, and never matches [S-231]
  accesses.insert(accesses.begin() + 1, std::move(attributes));
  return accesses;
}

Result<Outcome<GetObjectAttributes::Output>> GetObjectAttributes::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  TRY(const ObjectVersion* const version, find_version(at, in.key, in.version_id, "GET"));
  const auto asked = [&](std::string_view name) {
    return std::find(in.object_attributes.begin(), in.object_attributes.end(), name) != in.object_attributes.end();
  };
  Outcome<Output> outcome{};
  Output& out = outcome.output;
  out.last_modified = version->modified;
  out.version_id = read_version_id(*bucket, *version);
  if (asked("ETag")) out.e_tag = version->etag;
  if (asked("ObjectSize")) out.object_size = static_cast<std::int64_t>(version->size);
  if (asked("StorageClass")) {
    out.storage_class =
        version->headers.storage_class.empty() ? std::string(kStandard) : version->headers.storage_class;
  }
  if (asked("Checksum") && !version->checksum.algorithm.empty())
    show_checksum(out.checksum.emplace(), version->checksum);
  const std::size_t parts = parts_of(*version);
  if (!asked("ObjectParts") || parts == 0) return outcome;
  auto& shown = out.object_parts.emplace();
  shown.total_parts_count = static_cast<std::int32_t>(parts);
  if (!version->checksum.composite) return outcome;
  constexpr std::int32_t kMostParts = 1000;
  const std::int32_t after = std::max(in.part_number_marker.value_or(0), 0);
  const auto most = static_cast<std::size_t>(std::clamp(in.max_parts.value_or(kMostParts), 0, kMostParts));
  shown.part_number_marker = after;
  shown.max_parts = static_cast<std::int32_t>(most);
  shown.is_truncated = false;
  shown.parts.emplace();
  for (const directory::Piece& piece : version->pieces) {
    if (piece.part <= static_cast<std::uint32_t>(after)) continue;
    if (shown.parts->size() == most) {
      shown.is_truncated = true;
      break;
    }
    auto& part = shown.parts->emplace_back();
    part.part_number = static_cast<std::int32_t>(piece.part);
    part.size = static_cast<std::int64_t>(piece.size);
    show_checksum(part, {version->checksum.algorithm, piece.checksum, true});
  }
  shown.next_part_number_marker = shown.parts->empty() ? 0 : *shown.parts->back().part_number;
  return outcome;
}

}  // namespace deputy::s3
