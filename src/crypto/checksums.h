// The checksums of objects in S3, fed piece by piece: the five that clients choose from, and the MD5 of which an ETag is
// made. They find damage; none of them proves who made the bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
//
//   Checksum checksum(ChecksumAlgorithm::kCrc64Nvme);
//   checksum.update(piece); …
//   base64(checksum.finish());                               // as x-amz-checksum-crc64nvme has it
//
//   combine_checksums(ChecksumAlgorithm::kCrc32, of_part_1, of_part_2, size_of_part_2);   // of both, bytes unread
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

typedef struct evp_md_ctx_st EVP_MD_CTX;  // NOLINT(modernize-use-using): OpenSSL's own declaration

namespace deputy::crypto {

enum class ChecksumAlgorithm : std::uint8_t { kCrc32, kCrc32c, kCrc64Nvme, kSha1, kSha256, kMd5 };

/// By the name that S3's members and messages have: "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"; and "MD5".
std::optional<ChecksumAlgorithm> checksum_algorithm(std::string_view name);
std::string_view name_of(ChecksumAlgorithm algorithm);
/// Bytes of a value.
std::size_t checksum_size(ChecksumAlgorithm algorithm);
/// Whether the checksum of a whole follows from those of its parts: what FULL_OBJECT of a multipart upload needs.
bool is_combinable(ChecksumAlgorithm algorithm);

/// One thread at a time. Allocates nothing once its thread has finished one of its kind.
class Checksum {
 public:
  explicit Checksum(ChecksumAlgorithm algorithm);
  Checksum(Checksum&& other) noexcept;
  Checksum& operator=(Checksum&& other) noexcept;
  Checksum(const Checksum&) = delete;
  Checksum& operator=(const Checksum&) = delete;
  ~Checksum();

  [[nodiscard]] ChecksumAlgorithm algorithm() const { return algorithm_; }
  void update(std::string_view bytes);
  /// The value of all that came, in network order; then it begins anew.
  std::string finish();

 private:
  void begin();

  ChecksumAlgorithm algorithm_;
  std::uint64_t crc_ = 0;          // of the CRCs
  EVP_MD_CTX* context_ = nullptr;  // of the others
};

/// Of bytes that are there as a whole.
std::string checksum_of(ChecksumAlgorithm algorithm, std::string_view bytes);

/// Nothing if the algorithm is not combinable, or a value has not its size.
std::optional<std::string> combine_checksums(ChecksumAlgorithm algorithm, std::string_view first,
                                             std::string_view second, std::uint64_t second_size);

}  // namespace deputy::crypto
