#include "services/s3/common.h"

#include <algorithm>
#include <array>

#include "crypto/digest.h"
#include "services/s3/errors.h"

namespace deputy::s3 {

services::Access bucket_access(const services::At& at, std::string_view action, std::string_view bucket) {
  services::Access access{.action = policy::Action(action),
                          .resource = "arn:aws:s3:::" + std::string(bucket),
                          .owner = {},
                          .resource_kind = policy::ResourceKind::kBucket};
  if (const directory::Bucket* found = at.snapshot.bucket(bucket)) {
    access.owner = found->account;
    access.keys.emplace_back(policy::Key::kS3ResourceAccount, found->account.view());
  }
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

std::string canonical_user_id(const AccountId& account) {
  return crypto::sha256({"canonical user of account ", account.view()}).hex();
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
