// A copy within S3: the source is read with the caller's permissions there, and written with those here.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
#pragma once

#include "protocol/s3/copy_object.h"
#include "services/operation.h"
#include "services/s3/objects_common.h"

namespace deputy::s3 {

/// x-amz-copy-source: "bucket/key", percent-encoded, perhaps with "?versionId=…".
struct CopySource {
  std::string bucket, key;
  std::optional<std::string> version_id;
  std::optional<std::string> expected_bucket_owner;
};
/// Error: InvalidArgument.
Result<CopySource> copy_source(const std::string& header, const std::optional<std::string>& expected_owner);
/// The look for it; empty if there is no such bucket.
objects::Looks look_of_source(const services::At& at, const CopySource& source);
/// Which answer is the source's, where the destination was asked for first.
std::size_t source_look(const services::At& at, std::string_view destination_bucket);
/// What reading it needs. Errors: NoSuchBucket, AccessDenied.
Result<services::Accesses> source_accesses(const services::At& at, const CopySource& source, std::size_t look);
/// The version that is copied. Errors: NoSuchKey, NoSuchVersion, InvalidRequest, PreconditionFailed, InvalidObjectState.
template <class Input>
Result<objects::VersionPtr> source_version(const services::At& at, const CopySource& source, const Input& in,
                                           std::size_t look);
Result<objects::VersionPtr> find_source(const services::At& at, const CopySource& source,
                                        const ReadConditions& conditions, std::size_t look);
template <class Input>
Result<objects::VersionPtr> source_version(const services::At& at, const CopySource& source, const Input& in,
                                           std::size_t look) {
  return find_source(at, source,
                     {in.copy_source_if_match, in.copy_source_if_none_match, in.copy_source_if_modified_since,
                      in.copy_source_if_unmodified_since},
                     look);
}
/// x-amz-copy-source-version-id. [S-88]
std::optional<std::string> shown_source_version(const services::At& at, const CopySource& source,
                                                const directory::ObjectVersion& version);

/// s3:GetObject (or of the version), with s3:GetObjectTagging where tags are copied, and what PutObject needs. [S-218]
/// Errors: those of reading and of PutObject; InvalidRequest.
struct CopyObject : shapes::CopyObject {
  static objects::Looks looks(const services::At& at, const Input& in);
  static Result<services::Accesses> access(const services::At& at, const Input& in);
  static Result<services::BodyWanted> body(const services::At& at, const Input& in);
  static Result<std::optional<services::BodyCopied>> copied(const services::At& at, const Input& in);
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::s3
