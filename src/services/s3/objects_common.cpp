#include "services/s3/objects_common.h"

#include "services/s3/ownership.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::ObjectVersion;
using objects::Versions;

std::optional<ObjectFacts> facts_of(const ObjectVersion* version) {
  if (version == nullptr) return std::nullopt;
  return ObjectFacts{.owner = version->owner, .acl = version->acl ? &*version->acl : nullptr, .tags = &version->tags};
}

std::string_view action_for(std::string_view action, const std::optional<std::string>& version_id) {
  constexpr std::pair<std::string_view, std::string_view> kActions[] = {
      {"s3:GetObject", "s3:GetObjectVersion"},
      {"s3:GetObjectAttributes", "s3:GetObjectVersionAttributes"},
      {"s3:GetObjectAcl", "s3:GetObjectVersionAcl"},
      {"s3:PutObjectAcl", "s3:PutObjectVersionAcl"},
      {"s3:GetObjectTagging", "s3:GetObjectVersionTagging"},
      {"s3:PutObjectTagging", "s3:PutObjectVersionTagging"},
      {"s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"},
      {"s3:DeleteObject", "s3:DeleteObjectVersion"}};
  for (const auto& [plain, of_version] : kActions) {
    if (plain == action) return version_id ? of_version : plain;
  }
  return {};  // asks for nothing that any policy could allow
}

const Versions& seen_versions(const services::At& at, std::size_t look) {
  static const Versions kNone;
  return at.seen != nullptr && look < at.seen->answers.size() ? at.seen->versions(look) : kNone;
}

Result<const ObjectVersion*> find_version(const services::At& at, std::string_view key,
                                          const std::optional<std::string>& version_id, std::string_view method,
                                          std::size_t look) {
  const Versions& there = seen_versions(at, look);
  if (version_id) {
    if (!there.named) return errors::no_such_version(key, *version_id);
    if (there.named->is_marker) return errors::marker_not_allowed(method, there.named->shown_version());
    return there.named.get();
  }
  if (!there.newest) return errors::no_such_key(key);
  if (there.newest->is_marker) return errors::no_such_key(key, there.newest->shown_version());
  return there.newest.get();
}

void add_list_access(const services::At& at, services::Accesses& accesses, std::string_view bucket,
                     const std::optional<std::string>& version_id, const Versions& there) {
  const bool is_missing = version_id ? !there.named : !there.newest || there.newest->is_marker;
  if (is_missing) accesses.push_back(bucket_access(at, "s3:ListBucket", bucket));
}

Result<std::optional<AccessControlList>> acl_of_new(const services::At& at, const Bucket& bucket,
                                                    const AclHeaders& headers, const AccountId& owner,
                                                    std::string_view key) {
  TRY_VOID(check_acl_headers(bucket, headers));
  if (!takes_acls(bucket)) return std::optional<AccessControlList>();
  TRY(auto acl, acl_of_headers(at.snapshot, headers, {.owner = owner, .bucket_owner = bucket.account, .object = true}));
  TRY_VOID(check_public_acl(at, bucket, "s3:PutObjectAcl", bucket.arn() + "/" + std::string(key), acl));
  return acl;
}

shapes::Initiator shown_initiator(const directory::Upload& upload) {
  shapes::Initiator shown;
  const bool is_root = upload.initiator.empty() || upload.initiator.ends_with(":root");
  shown.id = is_root ? canonical_user_id(upload.initiator_account) : upload.initiator;
  return shown;
}

void rewrite(directory::Changes& changes, const services::At& at, const ObjectVersion& after) {
  const Versions& there = seen_versions(at);
  const bool is_newest = there.newest && there.newest->version == after.version;
  changes.put(is_newest ? directory::newest_key(after.bucket, after.key)
                        : directory::version_key(after.bucket, after.key, after.version),
              after, after.revision);
}

void take_bytes(ObjectVersion& version, const services::BodyReceived& body) {
  version.size = body.size;
  version.etag = hex(body.md5);
  version.checksum = body.checksum;
  version.content = body.content;
  version.pieces.clear();
  if (!body.blob.empty())
    version.pieces.push_back({.blob = body.blob, .size = body.size, .part = 0, .content = {}, .checksum = {}});
}

std::string shown_encryption(const directory::ObjectHeaders& headers) {
  return headers.encryption.empty() ? "AES256" : headers.encryption;
}

}  // namespace deputy::s3
