#include "services/s3/common.h"

#include <algorithm>
#include <array>

#include "authz/authorize.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

namespace {

using directory::Bucket;
using directory::Caller;
using policy::Key;

/// Nobody's account: of whom nobody signs for. It is never an account that is here.
AccountId nobody() { return *AccountId::parse("000000000000"); }

/// Whether the caller is the account whose object it is.
bool is_owner(const Caller& caller, const ObjectFacts& object) {
  if (object.owner.empty()) return caller.kind == Caller::Kind::kAnonymous;
  return caller.account != nullptr && caller.account_id() == object.owner;
}

/// Reading an object of another account, and its ACL, is not the bucket owner's to allow. [S-178]
constexpr std::array<std::string_view, 10> kOfObjectOwner = {
    "s3:GetObject",           "s3:GetObjectVersion",           "s3:GetObjectAcl", "s3:GetObjectVersionAcl",
    "s3:GetObjectAttributes", "s3:GetObjectVersionAttributes", "s3:PutObjectAcl", "s3:PutObjectVersionAcl",
    "s3:GetObjectTorrent",    "s3:GetObjectVersionTorrent"};
/// What sees s3:ExistingObjectTag. [S-231]
constexpr std::array<std::string_view, 12> kSeesTags = {
    "s3:GetObject",        "s3:GetObjectVersion",        "s3:GetObjectAcl",        "s3:GetObjectVersionAcl",
    "s3:PutObjectAcl",     "s3:PutObjectVersionAcl",     "s3:GetObjectTagging",    "s3:GetObjectVersionTagging",
    "s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_granted(const std::optional<Permission>& needed, const AccessControlList* acl, const Caller& caller,
                bool ignore_public) {
  return needed && acl != nullptr && grants(*acl, caller, *needed, ignore_public);
}

/// Who owns what the access is to, and what the bucket's policy says.
void add_bucket(services::Access& access, const services::At& at, const Bucket& bucket,
                const directory::PublicAccessBlock& block) {
  access.owner = bucket.account;
  access.keys.emplace_back(Key::kS3ResourceAccount, bucket.account.view());
  access.resource_policy = bucket.access.policy.compiled();
  // Where a public policy is in force, even those whom it names beside the public do not pass. [S-194]
  access.resource_policy_only_denies =
      block.restrict_buckets && bucket.access.policy_is_public && is_outsider(at.caller, bucket.account);
}

/// An object that is not the bucket owner's: its owner and its list decide, the bucket's policy can only deny.
void give_to_object_owner(services::Access& access, const services::At& at, const Bucket& bucket,
                          const ObjectFacts& object, bool ignore_public) {
  access.owner = object.owner.empty() ? nobody() : object.owner;
  access.keys.emplace_back(Key::kResourceAccount, bucket.account.view());
  access.resource_policy_only_denies = true;
  access.granted_by_acl = is_granted(permission_on_object(access.action.name), object.acl, at.caller, ignore_public) ||
                          (object.owner.empty() && is_owner(at.caller, object));
}

}  // namespace

directory::PublicAccessBlock effective_block(const directory::Snapshot& snapshot, const Bucket& bucket) {
  directory::PublicAccessBlock block{false, false, false, false};
  const auto add = [&](const directory::PublicAccessBlock& other) {
    block.block_acls |= other.block_acls;
    block.ignore_acls |= other.ignore_acls;
    block.block_policy |= other.block_policy;
    block.restrict_buckets |= other.restrict_buckets;
  };
  if (bucket.access.has_public_access_block) add(bucket.access.public_access_block);
  const directory::AccountState* owner = snapshot.account(bucket.account);
  if (owner != nullptr && owner->account.public_access_block) add(*owner->account.public_access_block);
  return block;
}

bool is_outsider(const Caller& caller, const AccountId& account) {
  if (caller.account != nullptr) return caller.account_id() != account;
  return caller.kind != Caller::Kind::kService;
}

Result<void> check_public_acl(const services::At& at, const Bucket& bucket, std::string_view action,
                              std::string_view resource, const std::optional<AccessControlList>& acl) {
  if (!acl || !is_public(*acl) || !effective_block(at.snapshot, bucket).block_acls) return {};
  if (!authz::is_of_the_same(at.caller, bucket.account, at.snapshot)) return errors::access_denied();
  return errors::public_acl_blocked(at.caller.arn, action, resource);
}

services::Access bucket_access(const services::At& at, std::string_view action, std::string_view bucket) {
  services::Access access{.action = policy::Action(action),
                          .resource = "arn:aws:s3:::" + std::string(bucket),
                          .owner = {},
                          .resource_kind = policy::ResourceKind::kBucket};
  const Bucket* found = at.snapshot.bucket(bucket);
  if (found == nullptr) return access;
  const directory::PublicAccessBlock block = effective_block(at.snapshot, *found);
  add_bucket(access, at, *found, block);
  if (takes_acls(*found) && found->access.acl) {
    access.granted_by_acl = is_granted(permission_on_bucket(action), &*found->access.acl, at.caller, block.ignore_acls);
  }
  return access;
}

Result<services::Access> bucket_access(const services::At& at, std::string_view action, std::string_view bucket,
                                       const std::optional<std::string>& expected_owner) {
  TRY([[maybe_unused]] const Bucket* found, find_bucket(at, bucket, expected_owner));
  return bucket_access(at, action, bucket);
}

services::Access object_access(const services::At& at, std::string_view action, std::string_view bucket,
                               std::string_view key, const ObjectFacts* existing) {
  services::Access access{.action = policy::Action(action),
                          .resource = "arn:aws:s3:::" + std::string(bucket) + "/" + std::string(key),
                          .owner = {},
                          .resource_kind = policy::ResourceKind::kBucket};
  if (existing != nullptr && is_one_of(kSeesTags, action)) access.object_tags = existing->tags;
  const Bucket* found = at.snapshot.bucket(bucket);
  if (found == nullptr) return access;
  const directory::PublicAccessBlock block = effective_block(at.snapshot, *found);
  add_bucket(access, at, *found, block);
  if (!takes_acls(*found)) return access;
  if (existing != nullptr && existing->owner != found->account && is_one_of(kOfObjectOwner, action)) {
    give_to_object_owner(access, at, *found, *existing, block.ignore_acls);
    return access;
  }
  const AccessControlList* of_bucket = found->access.acl ? &*found->access.acl : nullptr;
  // WRITE is to make objects, and to replace and delete one's own. [S-187]
  const bool writes = existing == nullptr || is_owner(at.caller, *existing);
  access.granted_by_acl =
      (writes && is_granted(permission_on_bucket(action), of_bucket, at.caller, block.ignore_acls)) ||
      (existing != nullptr && is_granted(permission_on_object(action), existing->acl, at.caller, block.ignore_acls));
  return access;
}

Result<const directory::Bucket*> find_bucket(const services::At& at, std::string_view name,
                                             const std::optional<std::string>& expected_owner) {
  const directory::Bucket* found = at.snapshot.bucket(name);
  if (found == nullptr) return errors::no_such_bucket(name);
  if (expected_owner) {
    if (!AccountId::parse(*expected_owner)) return errors::invalid_expected_owner(*expected_owner);
    if (*expected_owner != found->account.view()) return errors::not_of_expected_owner();
  }
  return found;
}

Result<services::Accesses> on_bucket(const services::At& at, std::string_view action, std::string_view bucket,
                                     const std::optional<std::string>& expected_owner) {
  TRY_VOID(find_bucket(at, bucket, expected_owner));
  return services::Accesses{bucket_access(at, action, bucket)};
}

bool is_valid_bucket_name(std::string_view name) {
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.size() < 3 || name.size() > 63) return false;
  if (!alphanumeric(name.front()) || !alphanumeric(name.back())) return false;
  if (!std::all_of(name.begin(), name.end(), [&](char c) { return alphanumeric(c) || c == '.' || c == '-'; }))
    return false;
  if (name.find("..") != std::string_view::npos) return false;
  constexpr std::array<std::string_view, 3> prefixes = {"xn--", "sthree-", "amzn-s3-demo-"};
  constexpr std::array<std::string_view, 5> suffixes = {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"};
  if (std::any_of(prefixes.begin(), prefixes.end(), [&](auto p) { return name.starts_with(p); })) return false;
  if (std::any_of(suffixes.begin(), suffixes.end(), [&](auto s) { return name.ends_with(s); })) return false;
  const bool like_an_address =
      std::count(name.begin(), name.end(), '.') == 3 &&
      std::all_of(name.begin(), name.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  return !like_an_address;
}

}  // namespace deputy::s3
