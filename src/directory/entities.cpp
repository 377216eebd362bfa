#include "directory/entities.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/arn.h"
#include "base/encoding.h"
#include "policy/document.h"

namespace deputy::directory {

namespace {
constexpr std::size_t kMostOfAws = 1 << 20;  // bytes; AWSSupportServiceRolePolicy has 152,297
}  // namespace

PolicyText PolicyText::compiled_on_use(std::string text, policy::Kind kind) {
  PolicyText lazy;
  lazy.body_ = std::make_shared<const Body>(std::move(text), nullptr, std::unique_ptr<OnUse>(new OnUse{kind}));
  return lazy;
}

PolicyText PolicyText::unpacked_on_use(std::string (*unpack)(std::size_t), std::size_t what, policy::Kind kind) {
  PolicyText lazy;
  lazy.body_ =
      std::make_shared<const Body>(std::string(), nullptr, std::unique_ptr<OnUse>(new OnUse{kind, unpack, what}));
  return lazy;
}

void PolicyText::Body::read() const {
  const auto unpack = on_use->unpack;
  if (unpack == nullptr) return;
  std::call_once(on_use->read, [this, unpack] { text = unpack(on_use->what); });
}

void PolicyText::Body::compile() const {
  std::call_once(on_use->compiled, [this] {
    read();
    // AWS's own may be longer than what it takes from its customers.
    const std::size_t most = on_use->unpack != nullptr ? kMostOfAws : policy::kMostDocumentBytes;
    const auto document = policy::parse(text, on_use->kind, most);
    if (!document || !policy::validate(*document, on_use->kind)) return;
    if (auto form = policy::compile(*document, on_use->kind)) compiled = std::move(form).value();
  });
}

std::string User::arn() const { return iam_arn(account, "user", path, name); }
std::string Group::arn() const { return iam_arn(account, "group", path, name); }
std::string Role::arn() const { return iam_arn(account, "role", path, name); }
std::string InstanceProfile::arn() const { return iam_arn(account, "instance-profile", path, name); }
std::string ServerCertificate::arn() const { return iam_arn(account, "server-certificate", path, name); }
std::string ManagedPolicy::arn() const {
  if (aws) return "arn:aws:iam::aws:policy" + path + name;
  return iam_arn(account, "policy", path, name);
}
std::string OidcProvider::arn() const { return iam_arn(account, "oidc-provider", "/", url); }
std::string SamlProvider::arn() const { return iam_arn(account, "saml-provider", "/", name); }
std::string MfaDevice::arn() const { return iam_arn(account, "mfa", path, name); }
std::string Bucket::arn() const { return "arn:aws:s3:::" + name; }
const SharedText* Bucket::configuration(std::string_view of) const {
  const auto found = std::ranges::lower_bound(configurations, of, {}, &BucketConfiguration::name);
  return found != configurations.end() && found->name == of ? &found->text : nullptr;
}

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
