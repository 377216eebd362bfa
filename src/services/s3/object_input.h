// What requests say of an object beside its bytes: headers that are kept, tags, checksums, conditions. Templates where the
// inputs of several operations have members of the same names.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "crypto/checksums.h"
#include "directory/objects.h"
#include "services/operation.h"
#include "services/s3/object_errors.h"

namespace deputy::s3 {

inline constexpr std::uint64_t kLargestUpload = 5ULL << 30;  // of one request: 5 GiB
inline constexpr std::size_t kLargestMetadata = 2048;
inline constexpr std::string_view kStandard = "STANDARD", kDefaultContentType = "binary/octet-stream";

/// Errors: KeyTooLongError, InvalidURI.
Result<void> check_key(std::string_view key);
/// Errors: InvalidStorageClass.
Result<void> check_storage_class(const std::optional<std::string>& sent);
/// x-amz-tagging: a=b&c=d. Errors: InvalidArgument, InvalidTag, BadRequest.
Result<directory::Tags> tags_of_header(const std::string& text);
/// As S3 counts it against its limit, and as it is kept: names in lower case, repeated ones joined. Error:
/// MetadataTooLarge.
Result<directory::Tags> metadata_of(const std::vector<std::pair<std::string, std::string>>& sent);
/// The name without `aws-chunked`, which is framing.
std::string content_encoding_of(const std::string& sent);

/// The headers that are kept. Errors: those above, NotImplemented for keys of the customer.
template <class Input>
Result<directory::ObjectHeaders> headers_of(const Input& in) {
  TRY_VOID(check_storage_class(in.storage_class));
  if (in.sse_customer_algorithm) return errors::not_implemented("x-amz-server-side-encryption-customer-algorithm");
  directory::ObjectHeaders headers;
  headers.content_type = in.content_type.value_or(std::string(kDefaultContentType));
  headers.cache_control = in.cache_control.value_or("");
  headers.content_disposition = in.content_disposition.value_or("");
  if (in.content_encoding) headers.content_encoding = content_encoding_of(*in.content_encoding);
  headers.content_language = in.content_language.value_or("");
  headers.expires = in.expires.value_or("");
  TRY(headers.metadata, metadata_of(in.metadata));
  const std::string storage = in.storage_class.value_or(std::string(kStandard));
  if (storage != kStandard) headers.storage_class = storage;
  headers.website_redirect = in.website_redirect_location.value_or("");
  headers.encryption = in.server_side_encryption.value_or("");
  headers.encryption_key = in.ssekms_key_id.value_or("");
  headers.bucket_key = in.bucket_key_enabled.value_or(false);
  return headers;
}

/// The algorithms that S3 has, with the member of a shape that is of each.
template <class Shape>
std::array<std::pair<std::string_view, std::optional<std::string>*>, 5> checksum_members(Shape& shape) {
  return {{{"CRC32", &shape.checksum_crc32},
           {"CRC32C", &shape.checksum_crc32_c},
           {"CRC64NVME", &shape.checksum_crc64_nvme},
           {"SHA1", &shape.checksum_sha1},
           {"SHA256", &shape.checksum_sha256}}};
}

/// A checksum that a request names by a header or an element.
struct SentChecksum {
  crypto::ChecksumAlgorithm algorithm;
  std::string value;  // bytes
};
/// Errors: InvalidRequest for two, or for what is no value of the algorithm.
template <class Input>
Result<std::optional<SentChecksum>> sent_checksum(const Input& in) {
  std::optional<SentChecksum> found;
  for (const auto& [name, text] : checksum_members(const_cast<Input&>(in))) {
    if (!*text) continue;
    if (found) return errors::two_checksums();
    const auto algorithm = *crypto::checksum_algorithm(name);
    auto value = unbase64(**text);
    if (!value || value->size() != crypto::checksum_size(algorithm)) return errors::invalid_checksum(name);
    found = SentChecksum{algorithm, *std::move(value)};
  }
  return found;
}

/// Which checksum is computed of an upload: the one that was sent, the one that was named, S3's own. Error:
/// InvalidRequest.
template <class Input>
Result<crypto::ChecksumAlgorithm> wanted_checksum(const Input& in) {
  TRY(const std::optional<SentChecksum> sent, sent_checksum(in));
  if (sent) return sent->algorithm;
  return crypto::ChecksumAlgorithm::kCrc64Nvme;
}

/// Error: InvalidDigest.
Result<void> check_md5_form(const std::optional<std::string>& content_md5);
/// Whether what came is what the request says. Errors: BadDigest.
Result<void> check_md5(const std::optional<std::string>& content_md5, const services::BodyReceived& body);
template <class Input>
Result<void> check_body(const Input& in, const services::BodyReceived& body) {
  TRY_VOID(check_md5(in.content_md5, body));
  TRY(const std::optional<SentChecksum> sent, sent_checksum(in));
  if (sent && sent->value != body.checksum.value) return errors::bad_checksum(crypto::name_of(sent->algorithm));
  return {};
}

/// As it is shown: base64, with the number of parts behind a composite one.
std::string shown_checksum(const directory::Checksum& checksum, std::size_t parts);
std::string_view checksum_type(const directory::Checksum& checksum);
/// Sets the member of the algorithm, and the type.
template <class Output>
void show_checksum(Output& out, const directory::Checksum& checksum, std::size_t parts = 0) {
  for (const auto& [name, member] : checksum_members(out)) {
    if (name == checksum.algorithm) *member = shown_checksum(checksum, parts);
  }
  if constexpr (requires { out.checksum_type; }) {
    if (!checksum.algorithm.empty()) out.checksum_type = checksum_type(checksum);
  }
}

/// "…", as ETags are in headers and listings.
std::string quoted(std::string_view etag);
std::string_view unquoted(std::string_view etag);

/// Conditions of a write: If-Match and If-None-Match. `newest`: null, or a delete marker: there is no object. Errors:
/// PreconditionFailed, NoSuchKey, NotImplemented.
Result<void> check_write_conditions(const std::optional<std::string>& if_match,
                                    const std::optional<std::string>& if_none_match,
                                    const directory::ObjectVersion* newest, std::string_view key);

/// Conditions of a read, or of the source of a copy.
struct ReadConditions {
  std::optional<std::string> if_match, if_none_match;
  std::optional<Time> if_modified_since, if_unmodified_since;
};
enum class Read : std::uint8_t { kGo, kNotModified };
/// Error: PreconditionFailed; `prefix` stands before the names of the headers.
Result<Read> check_read_conditions(const ReadConditions& conditions, const directory::ObjectVersion& version, Time now,
                                   std::string_view prefix = "");

}  // namespace deputy::s3
