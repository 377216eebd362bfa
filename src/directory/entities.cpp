#include "directory/entities.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/arn.h"
#include "base/encoding.h"

namespace deputy::directory {

void PolicyText::Body::compile() const {
  if (auto form = policy::compile(text, *on_use)) compiled = std::move(form).value();
}

std::string User::arn() const { return iam_arn(account, "user", path, name); }
std::string Group::arn() const { return iam_arn(account, "group", path, name); }
std::string Role::arn() const { return iam_arn(account, "role", path, name); }
std::string InstanceProfile::arn() const { return iam_arn(account, "instance-profile", path, name); }
std::string ManagedPolicy::arn() const {
  if (aws) return "arn:aws:iam::aws:policy" + path + name;
  return iam_arn(account, "policy", path, name);
}
std::string OidcProvider::arn() const { return iam_arn(account, "oidc-provider", "/", url); }
std::string SamlProvider::arn() const { return iam_arn(account, "saml-provider", "/", name); }
std::string MfaDevice::arn() const { return iam_arn(account, "mfa", path, name); }
std::string Bucket::arn() const { return "arn:aws:s3:::" + name; }

std::string UsedAssertion::key_name() const { return fmt::format("{:012}/{}", epoch_seconds(usable_until), digest); }
std::string MfaDevice::key_name() const {
  return ascii_lower(std::string(path, path.starts_with('/') ? 1 : 0).append(name));
}
std::string TokenKey::key_name() const { return fmt::format("{:010}", number); }

const PolicyVersion* ManagedPolicy::version(std::uint32_t wanted) const {
  const auto at = std::find_if(versions.begin(), versions.end(), [&](const auto& v) { return v.number == wanted; });
  return at == versions.end() ? nullptr : &*at;
}
const PolicyVersion& ManagedPolicy::current() const { return *version(default_version); }

bool is_reserved_tag(std::string_view key_or_value) { return equals_ignoring_case(key_or_value.substr(0, 4), "aws:"); }

const std::string* find_tag(const Tags& tags, std::string_view key) {
  for (const Tag& tag : tags) {
    if (equals_ignoring_case(tag.key, key)) return &tag.value;
  }
  return nullptr;
}

}  // namespace deputy::directory
