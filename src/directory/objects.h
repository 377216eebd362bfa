// What buckets hold: objects with their versions, uploads in parts, and the bytes to which no entry points any more. They
// lie in the store like all else, and in no snapshot: there may be millions. objects/ reads them; a commit writes them
// together with what a snapshot shows, guarded like it.
//
//   object/<bucket id>/<key>                      ObjectVersion: the newest one of its key, be it a delete marker
//   version/<bucket id>/<key> NUL <version>       ObjectVersion: the others, newest first
//   upload/<bucket id>/<key> NUL <upload>         Upload: an upload in parts that goes on; oldest first
//   part/<bucket id>/<upload>/<five digits>       Part: one of its parts
//   unused-bytes/<id>                             UnusedBytes: to be removed from blobs/
//
// So a listing of the newest versions meets nothing else, a version is found by its id, and what a bucket that is made
// anew under a name holds is never what the one before it held: the id of a bucket is its own.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/account_id.h"
#include "base/time.h"
#include "directory/entities.h"

namespace deputy::directory {

/// S3's limit of a key, in bytes of UTF-8.
inline constexpr std::size_t kLongestObjectKey = 1024;

/// Bytes that lie in blobs/, one after the other with those of the next piece.
struct Piece {
  std::string blob;  // its name there
  std::uint64_t size = 0;
  std::uint32_t part = 0;  // the number of the part that it was; 0: it was none
  std::string content;     // the bytes themselves, if they are few: then there is no blob
  std::string checksum;    // of the part, as bytes; empty: none is kept
};

/// As S3 names it ("CRC32", "CRC64NVME"), and its value as bytes, most significant first; both empty: there is none.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
struct Checksum {
  std::string algorithm;
  std::string value;
  bool composite = false;  // of the checksums of the parts, and not of the bytes
};

/// What a writer says of an object, and readers are told: the headers of PutObject.
struct ObjectHeaders {
  std::string content_type, cache_control, content_disposition, content_encoding, content_language, expires;
  Tags metadata;              // x-amz-meta-*, without that and in lower case
  std::string storage_class;  // empty: STANDARD
  std::string website_redirect;
  std::string encryption;      // "AES256", "aws:kms", "aws:kms:dsse"
  std::string encryption_key;  // of KMS, as it was sent
  bool bucket_key = false;
};

/// One version of an object, or a delete marker.
struct ObjectVersion {
  std::string bucket;  // Bucket::id
  std::string key;
  std::string version;  // 32 characters that sort newest first; also of those that show as "null"
  bool is_null = true;  // of a bucket that is not versioned, or was not at that time
  bool is_marker = false;
  AccountId owner;  // whose object it is; empty: of an anonymous writer
  Time modified;
  std::uint64_t size = 0;
  std::string etag;  // without quotes
  Checksum checksum;
  std::string content;        // all its bytes, if they are few; else
  std::vector<Piece> pieces;  // where they lie
  ObjectHeaders headers;
  Tags tags;
  std::optional<AccessControlList> acl;  // nothing: private, the owner has FULL_CONTROL
  std::string upload;                    // that it was made by; empty: by none
  std::string null_version;  // of the newest one of its key: which older version shows as "null"; empty: none
  Revision revision = 0;

  [[nodiscard]] std::string shown_version() const { return is_null ? "null" : version; }
};

/// An upload in parts that goes on.
struct Upload {
  std::string bucket, key;
  std::string id;   // sorts oldest first
  AccountId owner;  // of the object that it will be
  AccountId initiator_account;
  std::string initiator;  // the ARN of who began it
  Time began;
  ObjectHeaders headers;
  Tags tags;
  std::optional<AccessControlList> acl;
  std::string checksum_algorithm;  // empty: none was asked for
  bool checksum_composite = false;
  Revision revision = 0;
};

struct Part {
  std::string bucket, upload;
  std::uint32_t number = 0;
  std::uint64_t size = 0;
  std::string etag;
  Checksum checksum;
  std::string content;  // as of an ObjectVersion
  std::string blob;
  std::vector<std::string> former;  // blobs of the bytes that this number had before: they stay until the upload ends
  Time modified;
  Revision revision = 0;
};

/// Bytes that no entry names any more, to be removed some time after it is written; and then this.
struct UnusedBytes {
  std::string id;  // its own
  Time since;
  std::vector<std::string> blobs;
  /// An upload that ended: its parts go, and their bytes, too, but those that are an object's now.
  std::string bucket, upload;  // empty: none
  std::vector<std::string> kept;
  Revision revision = 0;
};

inline constexpr std::string_view kObjects = "object/", kVersions = "version/", kUploads = "upload/", kParts = "part/",
                                  kUnused = "unused-bytes/";

/// These, in their order in the store: what no snapshot shows.
inline constexpr std::array kHeldKinds = {kObjects, kParts, kUnused, kUploads, kVersions};
/// Whether a key of the store is of one of them.
bool is_held(std::string_view store_key);

/// Beginnings of keys, as said at the top.
std::string objects_of(std::string_view bucket_id);
std::string versions_of(std::string_view bucket_id);
std::string versions_of(std::string_view bucket_id, std::string_view key);
std::string uploads_of(std::string_view bucket_id);
std::string parts_of(std::string_view bucket_id, std::string_view upload);

/// Where it lies as the newest of its key, and as another.
std::string newest_key(std::string_view bucket_id, std::string_view key);
std::string version_key(std::string_view bucket_id, std::string_view key, std::string_view version);
std::string upload_key(std::string_view bucket_id, std::string_view key, std::string_view upload);
std::string key_of(const Upload& upload);
std::string key_of(const Part& part);
std::string key_of(const UnusedBytes& unused);

}  // namespace deputy::directory
