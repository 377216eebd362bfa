#include "services/s3/versioning.h"

#include "services/s3/bucket_settings.h"
#include "services/s3/common.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::Versioning;
using services::Accesses;
using services::At;
using services::Outcome;

namespace {

/// A bucket policy cannot give these two to others.
Result<const Bucket*> find_own(const At& at, std::string_view name, const std::optional<std::string>& expected_owner) {
  TRY(const Bucket* bucket, find_bucket(at, name, expected_owner));
  if (at.caller.account == nullptr || at.caller.account_id() != bucket->account) return errors::access_denied();
  return bucket;
}

}  // namespace

Result<Accesses> GetBucketVersioning::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:GetBucketVersioning", in);
}

Result<Outcome<GetBucketVersioning::Output>> GetBucketVersioning::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_own(at, in.bucket, in.expected_bucket_owner));
  Output out;
  if (bucket->versioning == Versioning::kEnabled) out.status = "Enabled";
  if (bucket->versioning == Versioning::kSuspended) out.status = "Suspended";
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> PutBucketVersioning::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:PutBucketVersioning", in);
}

Result<Outcome<PutBucketVersioning::Output>> PutBucketVersioning::execute(const At& at, const Input& in) {
  TRY(const Bucket* before, find_own(at, in.bucket, in.expected_bucket_owner));
  const auto& [mfa_delete, status] = in.versioning_configuration;
  if (mfa_delete == "Enabled") return errors::mfa_delete_not_implemented();
  if (!status) return errors::illegal_versioning();
  if (*status == "Suspended" && before->configuration(kReplication.name)) return errors::replication_needs_versions();
  Bucket bucket = *before;
  bucket.versioning = *status == "Enabled" ? Versioning::kEnabled : Versioning::kSuspended;
  return services::written<Output>(bucket);
}

}  // namespace deputy::s3
