// Bytes that come with a request or go with its answer and are too many for a member of its input or output: operations
// say what they want to have of them, and where in what is stored the answer lies; whoever runs them carries the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/checksums.h"
#include "objects/look.h"

namespace deputy::services {

/// What an operation asks of whoever takes the body in.
struct BodyWanted {
  std::uint64_t most = 0;  // bytes; beyond: EntityTooLarge
  /// To be computed beside the MD5. A trailer that names another one wins.
  crypto::ChecksumAlgorithm checksum = crypto::ChecksumAlgorithm::kCrc64Nvme;
  bool in_memory = false;  // all of it in `content`, however much
};

/// What came, in order and as it was announced: signatures, hashes and trailers are checked.
struct BodyReceived {
  std::uint64_t size = 0;
  std::string md5;                    // 16 bytes
  directory::Checksum checksum;       // as computed
  bool checksum_was_trailed = false;  // and the client's trailer said the same
  std::string content;                // all of it, if it is little
  std::string blob;                   // else where it lies (blobs/), until the call ends: for good if an entry names it
};

/// A part of a version's bytes, as the body of an answer.
struct BodySent {
  objects::VersionPtr version;
  std::uint64_t offset = 0, length = 0;
};

/// Bytes of a version are to be made the body of the request, as if the client had sent them: a copy.
struct BodyCopied {
  objects::VersionPtr version;
  std::uint64_t offset = 0, length = 0;
};

}  // namespace deputy::services
