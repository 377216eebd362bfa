#include "services/s3/object_acl.h"

#include "services/s3/errors.h"
#include "services/s3/objects_common.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::ObjectVersion;
using services::Access;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

/// Whose object it is today: the bucket owner's, where that is enforced. [S-173]
const AccountId& owner_of(const Bucket& bucket, const ObjectVersion& version) {
  return takes_acls(bucket) ? version.owner : bucket.account;
}

template <class Input>
Result<Accesses> acl_accesses(const At& at, std::string_view action, const Input& in) {
  const auto& there = seen_versions(at);
  TRY(Access access, version_access(at, action, in, there));
  Accesses accesses{std::move(access)};
  add_list_access(at, accesses, in.bucket, in.version_id, there);
  return accesses;
}

}  // namespace

objects::Looks GetObjectAcl::looks(const At& at, const Input& in) { return look_of_version(at, in); }
Result<Accesses> GetObjectAcl::access(const At& at, const Input& in) { return acl_accesses(at, "s3:GetObjectAcl", in); }

Result<Outcome<GetObjectAcl::Output>> GetObjectAcl::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  TRY(const ObjectVersion* const version, find_version(at, in.key, in.version_id, "GET"));
  const AccountId& owner = owner_of(*bucket, *version);
  Output out;
  out.owner = shown_owner(owner);
  out.grants = shown_grants(takes_acls(*bucket) ? version->acl : std::nullopt, owner);
  return Outcome<Output>{std::move(out)};
}

objects::Looks PutObjectAcl::looks(const At& at, const Input& in) { return look_of_version(at, in); }

Result<Accesses> PutObjectAcl::access(const At& at, const Input& in) {
  TRY(Accesses accesses, acl_accesses(at, "s3:PutObjectAcl", in));
  add_acl_keys(accesses.front(), acl_headers(in));
  return accesses;
}

Result<Outcome<PutObjectAcl::Output>> PutObjectAcl::execute(const At& at, const Input& in) {
  TRY(const Bucket* const bucket, bucket_of(at, in));
  if (!takes_acls(*bucket)) return errors::acl_not_supported();
  TRY(const ObjectVersion* const version, find_version(at, in.key, in.version_id, "PUT"));
  ObjectVersion after = *version;
  const AclOwners owners{.owner = after.owner, .bucket_owner = bucket->account, .object = true};
  TRY(after.acl, acl_of_request(at.snapshot, acl_headers(in), in.access_control_policy, owners));
  TRY_VOID(check_public_acl(at, *bucket, "s3:PutObjectAcl", bucket->arn() + "/" + in.key, after.acl));
  Outcome<Output> outcome{};
  rewrite(outcome.changes, at, after);
  return outcome;
}

}  // namespace deputy::s3
