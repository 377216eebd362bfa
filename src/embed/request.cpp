// Request: the question as the engine takes it, from text that is checked and kept here.
#include <algorithm>
#include <array>
#include <cstring>

#include "base/account_id.h"
#include "base/arn.h"
#include "base/encoding.h"
#include "embed/inside.h"
#include "policy/principal_keys.h"
#include "policy/text.h"

namespace deputy {
inline namespace v1 {
namespace {

constexpr std::size_t kMostText = 1024 * 1024;
constexpr std::size_t kMostKeys = 1000;
constexpr std::size_t kMostValues = 1000;

policy::PrincipalType type_of(PrincipalType type) {
  switch (type) {
    case PrincipalType::kAnonymous:
      return policy::PrincipalType::kAnonymous;
    case PrincipalType::kRoot:
      return policy::PrincipalType::kRoot;
    case PrincipalType::kUser:
      return policy::PrincipalType::kUser;
    case PrincipalType::kRoleSession:
      return policy::PrincipalType::kRoleSession;
    case PrincipalType::kFederatedUser:
      return policy::PrincipalType::kFederatedUser;
    case PrincipalType::kService:
      return policy::PrincipalType::kService;
    case PrincipalType::kWebIdentity:
      return policy::PrincipalType::kWebIdentity;
    case PrincipalType::kSaml:
      return policy::PrincipalType::kSaml;
  }
  return policy::PrincipalType::kAnonymous;
}

/// The account of an ARN of this service whose resource begins so and goes on; empty for every other text.
std::string_view account_of(std::string_view arn, std::string_view service, std::string_view resource) {
  const auto fields = Arn::split(arn);
  if (!fields || fields->service != service || !AccountId::parse(fields->account)) return {};
  if (!fields->resource.starts_with(resource)) return {};
  const bool whole = resource == "root";
  if (whole != (fields->resource.size() == resource.size())) return {};
  return fields->account;
}

std::string_view last_segment(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_action(std::string_view action) {
  const std::size_t colon = action.find(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < action.size() &&
         action.find(':', colon + 1) == std::string_view::npos && action.find_first_of("*?") == std::string_view::npos;
}

/// Nearly every text is: eight bytes at a time, where is_utf8 looks at each.
bool is_ascii(std::string_view text) {
  std::uint64_t high = 0;
  std::size_t i = 0;
  for (std::uint64_t word = 0; i + sizeof(word) <= text.size(); i += sizeof(word)) {
    std::memcpy(&word, text.data() + i, sizeof(word));
    high |= word;
  }
  for (; i < text.size(); ++i) high |= static_cast<unsigned char>(text[i]);
  return (high & 0x8080808080808080U) == 0;
}

}  // namespace

void Request::Impl::fail(std::string why) {
  if (error.empty()) error = std::move(why);
}

void Request::Impl::refuse(std::string_view written, std::string_view why) {
  constexpr std::size_t kMostQuoted = 256;
  fail("\"" + std::string(written.substr(0, kMostQuoted)) + (written.size() > kMostQuoted ? "…" : "") + "\" " +
       std::string(why));
}

std::string_view Request::Impl::keep(std::string_view what, std::string_view from) {
  if (from.size() > kMostText || text.bytes() + from.size() > kMostText) {
    fail("The request holds more than 1 MiB of text.");
    return {};
  }
  if (!is_ascii(from) && !is_utf8(from)) {
    fail("The " + std::string(what) + " is not UTF-8.");
    return {};
  }
  return text.copy(from);
}

void Request::Impl::build(const Principal& principal, std::string_view action, std::string_view resource,
                          std::string_view resource_account) {
  text.clear();
  named.clear();
  context.clear();
  error.clear();
  const std::string_view kept_action = keep("action", action);
  request = policy::Request{{}, policy::Action(kept_action), {}, {}, &context};
  if (!is_action(kept_action)) refuse(kept_action, "is no action of the form service:Action.");
  bind_principal(principal);
  bind_resource(resource, resource_account);
  if (error.empty()) derive_principal_keys();
}

void Request::Impl::bind_principal(const Principal& from) {
  policy::Principal& to = request.principal;
  to.type = type_of(from.type);
  to.arn = keep("principal", from.arn);
  to.unique_id = keep("unique id", from.unique_id);
  to.role_arn = keep("role ARN", from.role_arn);
  to.user_arn = keep("user ARN", from.user_arn);
  to.service = keep("service", from.service);
  switch (from.type) {
    case PrincipalType::kAnonymous:
      return;
    case PrincipalType::kRoot:
      to.account = account_of(to.arn, "iam", "root");
      if (to.account.empty()) return refuse(to.arn, "is no ARN of a root user, arn:aws:iam::111111111111:root.");
      to.unique_id = to.account;
      return;
    case PrincipalType::kUser:
      to.account = account_of(to.arn, "iam", "user/");
      if (to.account.empty()) return refuse(to.arn, "is no ARN of a user, arn:aws:iam::111111111111:user/name.");
      return;
    case PrincipalType::kRoleSession:
      to.account = account_of(to.arn, "sts", "assumed-role/");
      if (to.account.empty())
        return refuse(to.arn, "is no ARN of a role session, arn:aws:sts::111111111111:assumed-role/role/session.");
      if (account_of(to.role_arn, "iam", "role/") != to.account)
        return refuse(to.role_arn, "is no ARN of a role of the session's account.");
      if (!to.arn.substr(to.arn.find('/') + 1).starts_with(std::string(last_segment(to.role_arn)) + "/"))
        return refuse(to.arn, "is no session of the role that the role ARN names.");
      return;
    case PrincipalType::kFederatedUser:
      to.account = account_of(to.arn, "sts", "federated-user/");
      if (to.account.empty())
        return refuse(to.arn, "is no ARN of a federated user, arn:aws:sts::111111111111:federated-user/name.");
      if (account_of(to.user_arn, "iam", "user/") != to.account && account_of(to.user_arn, "iam", "root") != to.account)
        return refuse(to.user_arn, "is no ARN of a user of the federated user's account.");
      return;
    case PrincipalType::kService:
      if (to.service.empty()) fail("The principal names no service, \"lambda.amazonaws.com\".");
      return;
    case PrincipalType::kWebIdentity:
    case PrincipalType::kSaml:
      if (to.arn.empty()) fail("The principal names no identity provider.");
      return;
  }
  fail("There is no principal type of this number.");
}

void Request::Impl::bind_resource(std::string_view resource, std::string_view resource_account) {
  request.resource = keep("resource", resource);
  request.resource_account = keep("resource account", resource_account);
  if (!request.resource_account.empty()) {
    if (!AccountId::parse(request.resource_account))
      return refuse(request.resource_account, "is no account: twelve digits.");
  }
  if (request.resource == "*") {
    if (request.resource_account.empty()) request.resource_account = request.principal.account;
    return;
  }
  const auto fields = Arn::split(request.resource);
  if (!fields) return refuse(request.resource, "is no resource: neither an ARN nor \"*\".");
  if (AccountId::parse(fields->account)) {
    if (request.resource_account.empty()) request.resource_account = fields->account;
    return;
  }
  if (request.resource_account.empty())
    refuse(request.resource, "names no account: the resource account must say who owns it.");
}

void Request::Impl::derive_principal_keys() {
  if (!request.resource_account.empty()) context.set(policy::Key::kResourceAccount, request.resource_account);
  policy::set_principal_keys(context, request.principal);
}

void Request::Impl::set(std::string_view key, const std::string_view* values, std::size_t count) {
  if (!error.empty()) return;
  if (key.empty()) return fail("A context key has no name.");
  if (count > kMostValues) return fail("A context key has more than 1000 values.");
  const std::span<std::string_view> kept = text.list(count);
  for (std::size_t i = 0; i < count; ++i) kept[i] = keep("value of a context key", values[i]);
  const auto slot = policy::find_key(key);
  const std::string_view name = slot ? std::string_view() : keep("name of a context key", key);
  if (!error.empty()) return;
  if (slot) return context.set(*slot, kept);

  const auto found = std::find_if(named.begin(), named.end(), [&](const NamedKey& other) {
    return other.name.size() == name.size() && policy::same_ignoring_case(other.name, name);
  });
  if (found == named.end()) {
    if (named.size() == kMostKeys) return fail("The request has more than 1000 context keys.");
    named.push_back({name, kept});
    return context.set(name, kept);
  }
  found->values = kept;
  replace_named();
}

void Request::Impl::replace_named() {
  std::array<policy::Context::Values, static_cast<std::size_t>(policy::Key::kCount)> slots;
  // A slot of one value holds it itself: take it out before the slots are cleared.
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto values = context.get(static_cast<policy::Key>(i));
    const auto kept = text.list(values.size());
    std::copy(values.begin(), values.end(), kept.begin());
    slots[i] = kept;
  }
  context.clear();
  for (std::size_t i = 0; i < slots.size(); ++i) context.set(static_cast<policy::Key>(i), slots[i]);
  for (const NamedKey& key : named) context.set(key.name, key.values);
}

Request::Request(const Principal& principal, std::string_view action, std::string_view resource,
                 std::string_view resource_account)
    : impl_(std::make_unique<Impl>()) {
  impl_->build(principal, action, resource, resource_account);
}
Request::Request(Request&& other) noexcept = default;
Request& Request::operator=(Request&& other) noexcept = default;
Request::~Request() = default;

Request& Request::reset(const Principal& principal, std::string_view action, std::string_view resource,
                        std::string_view resource_account) {
  if (impl_ == nullptr) impl_ = std::make_unique<Impl>();
  impl_->build(principal, action, resource, resource_account);
  return *this;
}

Request& Request::set(std::string_view key, std::string_view value) { return set(key, &value, 1); }
Request& Request::set(std::string_view key, std::initializer_list<std::string_view> values) {
  return set(key, values.begin(), values.size());
}
Request& Request::set(std::string_view key, const std::string_view* values, std::size_t count) {
  if (impl_ != nullptr) impl_->set(key, values, count);
  return *this;
}

bool Request::ok() const noexcept { return impl_ != nullptr && impl_->error.empty(); }

const std::string& Request::error() const noexcept {
  static const std::string kMovedFrom = "The request was moved from.";
  if (impl_ == nullptr) return kMovedFrom;
  return impl_->error;
}

}  // namespace v1
}  // namespace deputy
