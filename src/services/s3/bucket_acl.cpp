#include "services/s3/bucket_acl.h"

#include "services/s3/common.h"
#include "services/s3/errors.h"
#include "services/s3/ownership.h"

namespace deputy::s3 {

using directory::Bucket;

Result<Accesses> GetBucketAcl::access(const At& at, const Input& in) { return on_bucket(at, "s3:GetBucketAcl", in); }

Result<Outcome<GetBucketAcl::Output>> GetBucketAcl::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  Output out;
  out.owner = shown_owner(bucket->account);
  out.grants = shown_grants(bucket->access.acl, bucket->account);
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> PutBucketAcl::access(const At& at, const Input& in) {
  TRY(services::Access access, bucket_access(at, "s3:PutBucketAcl", in.bucket, in.expected_bucket_owner));
  add_acl_keys(access, acl_headers(in));
  return Accesses{std::move(access)};
}

Result<Outcome<PutBucketAcl::Output>> PutBucketAcl::execute(const At& at, const Input& in) {
  TRY(const Bucket* before, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (!takes_acls(*before)) return errors::acl_not_supported();
  Bucket bucket = *before;
  const AclOwners owners{.owner = bucket.account, .bucket_owner = bucket.account};
  TRY(bucket.access.acl, acl_of_request(at.snapshot, acl_headers(in), in.access_control_policy, owners));
  TRY_VOID(check_public_acl(at, bucket, "s3:PutBucketAcl", bucket.arn(), bucket.access.acl));
  return services::written<Output>(bucket);
}

}  // namespace deputy::s3
