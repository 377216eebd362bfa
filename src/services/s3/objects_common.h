// What operations on objects share: the object that a request means, and what has to be allowed.
#pragma once

#include <optional>
#include <string_view>

#include "objects/look.h"
#include "services/operation.h"
#include "services/s3/common.h"
#include "services/s3/object_input.h"
#include "services/s3/versions.h"

namespace deputy::s3 {

/// Who may touch this version; null: there is none.
std::optional<ObjectFacts> facts_of(const directory::ObjectVersion* version);

/// The permission's name where a version is named, "s3:GetObjectVersion" for "s3:GetObject": of static storage, as
/// Access keeps it.
std::string_view action_for(std::string_view action, const std::optional<std::string>& version_id);

/// What is asked about a version of a key, with s3:VersionId if one is named. Errors: NoSuchBucket, AccessDenied (of the
/// expected owner), InvalidArgument, KeyTooLongError.
template <class Input>
Result<services::Access> version_access(const services::At& at, std::string_view action, const Input& in,
                                        const objects::Versions& there);

/// The look for what a request names; empty if there is no such bucket.
template <class Input>
objects::Looks look_of_version(const services::At& at, const Input& in) {
  const directory::Bucket* bucket = at.snapshot.bucket(in.bucket);
  if (bucket == nullptr) return {};
  return {objects::OfKey{bucket->id, in.key, in.version_id.value_or("")}};
}
template <class Input>
objects::Looks look_of_write(const services::At& at, const Input& in) {
  const directory::Bucket* bucket = at.snapshot.bucket(in.bucket);
  if (bucket == nullptr) return {};
  return {look_before_write(*bucket, in.key)};
}

/// The version that a read means, of an object that may be missing. `may_list`: the caller may know that it is. Errors:
/// NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker by its id; `method` is the request's). [S-99, S-102]
Result<const directory::ObjectVersion*> find_version(const services::At& at, std::string_view key,
                                                     const std::optional<std::string>& version_id,
                                                     std::string_view method, std::size_t look = 0);

/// The answers where there is a bucket; else nothing was asked.
const objects::Versions& seen_versions(const services::At& at, std::size_t look = 0);

/// Adds, where the key is missing, the permission to know that: s3:ListBucket on the bucket. [S-252, S-254]
void add_list_access(const services::At& at, services::Accesses& accesses, std::string_view bucket,
                     const std::optional<std::string>& version_id, const objects::Versions& there);

/// Errors: NoSuchBucket; AccessDenied if it is not the expected owner's; those of a key.
template <class Input>
Result<const directory::Bucket*> bucket_of(const services::At& at, const Input& in) {
  TRY_VOID(check_key(in.key));
  return find_bucket(at, in.bucket, in.expected_bucket_owner);
}

template <class Input>
Result<services::Access> version_access(const services::At& at, std::string_view action, const Input& in,
                                        const objects::Versions& there) {
  TRY(const directory::Bucket* const bucket, bucket_of(at, in));
  TRY_VOID(check_version_id(*bucket, in.version_id));
  const directory::ObjectVersion* version = in.version_id ? there.named.get() : there.newest.get();
  const auto facts = facts_of(version);
  services::Access access =
      object_access(at, action_for(action, in.version_id), in.bucket, in.key, facts ? &*facts : nullptr);
  if (in.version_id) access.keys.emplace_back(policy::Key::kS3VersionId, *in.version_id);
  return access;
}

/// What every write of an object asks for, by its headers and tags; `key` as in the request. [S-216, S-233 to S-238]
template <class Input>
Result<services::Accesses> write_accesses(const services::At& at, const Input& in, const directory::Tags& tags);

/// The list of a new object, if lists count in the bucket; else only what stands for none is taken. Errors:
/// AccessControlListNotSupported, InvalidArgument, InvalidRequest, AccessDenied (public ones are blocked).
Result<std::optional<AccessControlList>> acl_of_new(const services::At& at, const directory::Bucket& bucket,
                                                    const AclHeaders& headers, const AccountId& owner,
                                                    std::string_view key);

/// Who began an upload: the ARN of a user or of a role's session, for root the canonical id. [S-148]
shapes::Initiator shown_initiator(const directory::Upload& upload);

/// A version that was found, with something else about it, where it lies.
void rewrite(directory::Changes& changes, const services::At& at, const directory::ObjectVersion& after);

/// The bytes that came, with their ETag and checksum.
void take_bytes(directory::ObjectVersion& version, const services::BodyReceived& body);

/// The encryption that is shown of an object: S3's own where nothing was asked for.
std::string shown_encryption(const directory::ObjectHeaders& headers);

template <class Input>
Result<services::Accesses> write_accesses(const services::At& at, const Input& in, const directory::Tags& tags) {
  TRY([[maybe_unused]] const directory::Bucket* const bucket, bucket_of(at, in));
  const auto& there = seen_versions(at);
  const auto facts = facts_of(there.newest.get());
  const auto asked = [&](std::string_view action) {
    return object_access(at, action, in.bucket, in.key, facts ? &*facts : nullptr);
  };
  services::Access put = asked("s3:PutObject");
  const auto say = [&](policy::Key key, const std::optional<std::string>& value) {
    if (value) put.keys.emplace_back(key, *value);
  };
  const AclHeaders acl = acl_headers(in);
  add_acl_keys(put, acl);
  say(policy::Key::kS3XAmzServerSideEncryption, in.server_side_encryption);
  say(policy::Key::kS3XAmzServerSideEncryptionAwsKmsKeyId, in.ssekms_key_id);
  say(policy::Key::kS3XAmzStorageClass, in.storage_class);
  say(policy::Key::kS3XAmzWebsiteRedirectLocation, in.website_redirect_location);
  if constexpr (requires { in.if_match; }) say(policy::Key::kS3IfMatch, in.if_match);
  if constexpr (requires { in.if_none_match; }) say(policy::Key::kS3IfNoneMatch, in.if_none_match);
  put.request_object_tags = tags;
  services::Accesses accesses{std::move(put)};
  if (!tags.empty()) {
    accesses.push_back(asked("s3:PutObjectTagging"));
    accesses.back().request_object_tags = tags;
  }
  if (acl.any()) {
    accesses.push_back(asked("s3:PutObjectAcl"));
    add_acl_keys(accesses.back(), acl);
  }
  if constexpr (requires { in.if_match; }) {
    if (in.if_match) accesses.push_back(asked("s3:GetObject"));
  }
  return accesses;
}

}  // namespace deputy::s3
