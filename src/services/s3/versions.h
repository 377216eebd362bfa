// How versions of an object come and go: what each write and each delete does to the entries of its key, by the state of
// the bucket's versioning. Nothing here asks for permission.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/changes.h"
#include "objects/look.h"
#include "services/operation.h"

namespace deputy::s3 {

/// The question about a key that is going to be written or deleted: so that what a write replaces is known.
objects::OfKey look_before_write(const directory::Bucket& bucket, std::string_view key);

/// Makes `version` the newest of its key: sets its version, its time and whether it shows as "null". Its bucket and key
/// are set already. `there`: the answer to look_before_write.
void put_version(directory::Changes& changes, const services::At& at, const directory::Bucket& bucket,
                 const objects::Versions& there, directory::ObjectVersion& version);

/// What is deleted of one key.
struct Deletion {
  /// Versions that were named, each once.
  std::vector<objects::VersionPtr> versions;
  /// And the key itself, no version named: of a bucket that was ever versioned that makes a delete marker.
  bool key = false;
};
/// `there.next` is none of those that go. The marker that was made, or null.
objects::VersionPtr delete_of_key(directory::Changes& changes, const services::At& at, const directory::Bucket& bucket,
                                  std::string_view key, const Deletion& deletion, const objects::Versions& there);

/// Whether clients are told of versions at all.
bool is_versioned(const directory::Bucket& bucket);
/// What x-amz-version-id says of what was written; nothing where S3 says nothing.
std::optional<std::string> written_version_id(const directory::Bucket& bucket, const directory::ObjectVersion& version);
/// What it says of a version that is read.
std::optional<std::string> read_version_id(const directory::Bucket& bucket, const directory::ObjectVersion& version);
/// Errors: InvalidArgument for what can be no version's id.
Result<void> check_version_id(const directory::Bucket& bucket, const std::optional<std::string>& version_id);

/// The id of an upload that begins now: they sort by time.
std::string draw_upload_id(const services::At& at);
/// Of an entry UnusedBytes.
std::string draw_unused_id(const services::At& at);
/// The bytes of a version that goes.
void leave_bytes(directory::Changes& changes, const services::At& at, const directory::ObjectVersion& version);

}  // namespace deputy::s3
