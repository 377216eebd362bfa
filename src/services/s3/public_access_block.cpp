#include "services/s3/public_access_block.h"

#include "services/s3/common.h"
#include "services/s3/control.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

using directory::Account;
using directory::Bucket;
using directory::PublicAccessBlock;

namespace {

/// Of either service's shape, whose members are the same.
template <class Configuration>
Result<PublicAccessBlock> block_of(const Configuration& said) {
  if (!said.block_public_acls && !said.ignore_public_acls && !said.block_public_policy &&
      !said.restrict_public_buckets) {
    return errors::empty_public_access_block();
  }
  return PublicAccessBlock{.block_acls = said.block_public_acls.value_or(false),
                           .ignore_acls = said.ignore_public_acls.value_or(false),
                           .block_policy = said.block_public_policy.value_or(false),
                           .restrict_buckets = said.restrict_public_buckets.value_or(false)};
}

template <class Configuration>
void show(const PublicAccessBlock& block, std::optional<Configuration>& out) {
  out.emplace();
  out->block_public_acls = block.block_acls;
  out->ignore_public_acls = block.ignore_acls;
  out->block_public_policy = block.block_policy;
  out->restrict_public_buckets = block.restrict_buckets;
}

}  // namespace

Result<Accesses> GetPublicAccessBlock::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:GetBucketPublicAccessBlock", in);
}

Result<Outcome<GetPublicAccessBlock::Output>> GetPublicAccessBlock::execute(const At& at, const Input& in) {
  TRY(const Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (!bucket->access.has_public_access_block) return errors::no_public_access_block(in.bucket);
  Output out;
  show(bucket->access.public_access_block, out.public_access_block_configuration);
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> PutPublicAccessBlock::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:PutBucketPublicAccessBlock", in);
}

Result<Outcome<PutPublicAccessBlock::Output>> PutPublicAccessBlock::execute(const At& at, const Input& in) {
  TRY(const Bucket* before, find_bucket(at, in.bucket, in.expected_bucket_owner));
  Bucket bucket = *before;
  TRY(bucket.access.public_access_block, block_of(in.public_access_block_configuration));
  bucket.access.has_public_access_block = true;
  return services::written<Output>(bucket);
}

Result<Accesses> DeletePublicAccessBlock::access(const At& at, const Input& in) {
  return on_bucket(at, "s3:PutBucketPublicAccessBlock", in);
}

Result<Outcome<DeletePublicAccessBlock::Output>> DeletePublicAccessBlock::execute(const At& at, const Input& in) {
  TRY(const Bucket* before, find_bucket(at, in.bucket, in.expected_bucket_owner));
  if (!before->access.has_public_access_block) return Outcome<Output>{};
  Bucket bucket = *before;
  bucket.access.has_public_access_block = false;
  return services::written<Output>(bucket);
}

// ---- Of an account

Result<Accesses> GetAccountPublicAccessBlock::access(const At&, const Input& in) {
  TRY(services::Access access, account_access("s3:GetAccountPublicAccessBlock", in.account_id));
  return Accesses{std::move(access)};
}

Result<Outcome<GetAccountPublicAccessBlock::Output>> GetAccountPublicAccessBlock::execute(const At& at, const Input&) {
  const auto& block = at.caller.account->account.public_access_block;
  if (!block) return errors::no_public_access_block_of_account(at.caller.account_id().view());
  Output out;
  show(*block, out.public_access_block_configuration);
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> PutAccountPublicAccessBlock::access(const At&, const Input& in) {
  TRY(services::Access access, account_access("s3:PutAccountPublicAccessBlock", in.account_id));
  return Accesses{std::move(access)};
}

Result<Outcome<PutAccountPublicAccessBlock::Output>> PutAccountPublicAccessBlock::execute(const At& at,
                                                                                          const Input& in) {
  Account account = at.caller.account->account;
  TRY(account.public_access_block, block_of(in.public_access_block_configuration));
  return services::written<Output>(account);
}

Result<Accesses> DeleteAccountPublicAccessBlock::access(const At&, const Input& in) {
  TRY(services::Access access, account_access("s3:PutAccountPublicAccessBlock", in.account_id));
  return Accesses{std::move(access)};
}

Result<Outcome<DeleteAccountPublicAccessBlock::Output>> DeleteAccountPublicAccessBlock::execute(const At& at,
                                                                                                const Input&) {
  if (!at.caller.account->account.public_access_block) return Outcome<Output>{};
  Account account = at.caller.account->account;
  account.public_access_block.reset();
  return services::written<Output>(account);
}

}  // namespace deputy::s3
