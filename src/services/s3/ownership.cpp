#include "services/s3/ownership.h"

#include <algorithm>
#include <array>

#include "services/s3/common.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

using directory::Bucket;
using directory::ObjectOwnership;

namespace {

struct OwnershipName {
  std::string_view name;
  ObjectOwnership ownership;
};
constexpr std::array kNames = {OwnershipName{"BucketOwnerEnforced", ObjectOwnership::kBucketOwnerEnforced},
                               OwnershipName{"BucketOwnerPreferred", ObjectOwnership::kBucketOwnerPreferred},
                               OwnershipName{"ObjectWriter", ObjectOwnership::kObjectWriter}};

constexpr std::string_view kGivesAway = "bucket-owner-full-control";

}  // namespace

std::string_view name_of(ObjectOwnership ownership) {
  const auto found = std::ranges::find(kNames, ownership, &OwnershipName::ownership);
  return found != kNames.end() ? found->name : std::string_view();
}

std::optional<ObjectOwnership> ownership_named(std::string_view name) {
  const auto found = std::ranges::find(kNames, name, &OwnershipName::name);
  if (found == kNames.end()) return std::nullopt;
  return found->ownership;
}

AccountId owner_of_written(const Bucket& bucket, const directory::Caller& writer, const AclHeaders& headers) {
  switch (bucket.access.ownership) {
    case ObjectOwnership::kBucketOwnerEnforced:
      return bucket.account;
    case ObjectOwnership::kBucketOwnerPreferred:
      if (headers.canned == kGivesAway) return bucket.account;
      break;
    case ObjectOwnership::kObjectWriter:
    case ObjectOwnership::kNone:
      break;
  }
  if (writer.account != nullptr) return writer.account_id();
  // A service of AWS has no account that could own anything.
  return writer.kind == directory::Caller::Kind::kAnonymous ? AccountId() : bucket.account;
}

Result<void> check_acl_headers(const Bucket& bucket, const AclHeaders& headers) {
  constexpr std::array<std::string_view, 3> kHarmless = {"private", "bucket-owner-read", kGivesAway};
  if (takes_acls(bucket) || !headers.any()) return {};
  const bool harmless = headers.grants.empty() && std::ranges::find(kHarmless, *headers.canned) != kHarmless.end();
  if (!harmless) return errors::acl_not_supported();
  return {};
}

Result<Accesses> GetBucketOwnershipControls::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:GetBucketOwnershipControls", in);
}

Result<Outcome<GetBucketOwnershipControls::Output>> GetBucketOwnershipControls::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  const std::string_view name = name_of(bucket->access.ownership);
  if (name.empty()) return errors::no_ownership_controls(in.bucket);
  Output out;
  out.ownership_controls.emplace().rules.push_back({.object_ownership = std::string(name)});
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> PutBucketOwnershipControls::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:PutBucketOwnershipControls", in);
}

Result<Outcome<PutBucketOwnershipControls::Output>> PutBucketOwnershipControls::execute(const At& at, const Input& in) {
  TRY(const Bucket* before, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (in.ownership_controls.rules.size() != 1) return errors::malformed_xml();
  const auto ownership = ownership_named(in.ownership_controls.rules.front().object_ownership);
  if (!ownership) return errors::malformed_xml();
  const auto& acl = before->access.acl;
  if (*ownership == ObjectOwnership::kBucketOwnerEnforced && acl && grants_to_others(*acl, before->account)) {
    return errors::bucket_acl_with_ownership();
  }
  Bucket bucket = *before;
  bucket.access.ownership = *ownership;
  return services::written<Output>(bucket);
}

Result<Accesses> DeleteBucketOwnershipControls::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:PutBucketOwnershipControls", in);
}

Result<Outcome<DeleteBucketOwnershipControls::Output>> DeleteBucketOwnershipControls::execute(const At& at,
                                                                                              const Input& in) {
  TRY(const Bucket* before, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (before->access.ownership == ObjectOwnership::kNone) return Outcome<Output>{};
  Bucket bucket = *before;
  bucket.access.ownership = ObjectOwnership::kNone;
  return services::written<Output>(bucket);
}

}  // namespace deputy::s3
