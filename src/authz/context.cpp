#include "authz/context.h"

#include <algorithm>

#include "base/encoding.h"
#include "policy/principal_keys.h"

namespace deputy::authz {

using directory::Caller;
using directory::Session;
using policy::Key;
using policy::TagFamily;

std::string_view ContextBuilder::keep(std::string text) {
  if (used_ == kept_.size()) kept_.push_back(std::make_unique<std::string>());
  std::string& place = *kept_[used_++];
  place = std::move(text);
  return place;
}

std::vector<std::string_view>& ContextBuilder::next_list() {
  if (lists_used_ == lists_.size()) lists_.push_back(std::make_unique<std::vector<std::string_view>>());
  return *lists_[lists_used_++];
}

void ContextBuilder::set_list(Key key, const std::vector<std::string>& values) {
  std::vector<std::string_view>& views = next_list();
  views.assign(values.begin(), values.end());
  context_.set(key, std::span<const std::string_view>(views));
}

void ContextBuilder::set_named(const directory::NamedKeys& keys) {
  for (const auto& [name, values] : keys) {
    std::vector<std::string_view>& views = next_list();
    views.assign(values.begin(), values.end());
    context_.set(name, std::span<const std::string_view>(views));
  }
}

const policy::Context& ContextBuilder::build(const policy::Principal& who, const Caller& caller, const Access& access,
                                             const Circumstances& how, const directory::Snapshot& snapshot) {
  context_.clear();
  used_ = lists_used_ = 0;
  principal(who, caller);
  if (caller.session) session(*caller.session, how);
  if (caller.gave_mfa_code) {  // of this call, so it comes before what the session says [K-3]
    context_.set(Key::kMultiFactorAuthPresent, "true");
    context_.set(Key::kMultiFactorAuthAge, "0");
  }
  circumstances(how);
  resource(caller, access);
  if (!snapshot.organizations().empty()) organizations(caller, access, snapshot);
  request(access);
  return context_;
}

/// Who calls, and what is known of him beside that.
void ContextBuilder::principal(const policy::Principal& who, const Caller& caller) {
  policy::set_principal_keys(context_, who);
  if (caller.federated) set_named(caller.federated->keys);  // not yet a principal: only what the provider says of it
  if (caller.service) service(*caller.service);
  if (caller.account != nullptr) tags_of_principal(caller);
}

/// Session tags over those of the role or user. [T-10]
void ContextBuilder::tags_of_principal(const Caller& caller) {
  if (caller.session) {
    for (const auto& tag : caller.session->tags) context_.set_tag(TagFamily::kPrincipalTag, tag.key, tag.value);
  }
  const directory::Tags* own = caller.role ? &caller.role->tags : caller.user ? &caller.user->tags : nullptr;
  if (own == nullptr) return;
  for (const auto& tag : *own) {
    if (caller.session && directory::find_tag(caller.session->tags, tag.key)) continue;
    context_.set_tag(TagFamily::kPrincipalTag, tag.key, tag.value);
  }
}

/// A service principal, and whose resource it acts for. [K-7]
void ContextBuilder::service(const directory::ServiceCall& call) {
  set_list(Key::kPrincipalServiceNamesList, call.names);
  if (!call.source_arn.empty()) context_.set(Key::kSourceArn, call.source_arn);
  if (!call.source_account.empty()) context_.set(Key::kSourceAccount, call.source_account);
  if (!call.source_org_id.empty()) context_.set(Key::kSourceOrgId, call.source_org_id);
  set_list(Key::kSourceOrgPaths, call.source_org_paths);
}

void ContextBuilder::session(const Session& session, const Circumstances& how) {
  context_.set(Key::kTokenIssueTime, keep(iso8601(session.issued)));
  if (!session.source_identity.empty()) context_.set(Key::kSourceIdentity, session.source_identity);
  if (session.kind == Session::Kind::kAssumedRoot) context_.set(Key::kAssumedRoot, "true");
  if (!session.federated_provider.empty()) context_.set(Key::kFederatedProvider, session.federated_provider);
  set_named(session.federated_keys);
  if (!session.mfa) return;
  context_.set(Key::kMultiFactorAuthPresent, *session.mfa ? "true" : "false");
  if (*session.mfa && session.kind != Session::Kind::kFederatedUser) {
    const auto age = epoch_seconds(how.now) - epoch_seconds(session.mfa_time);
    context_.set(Key::kMultiFactorAuthAge, keep(std::to_string(std::max<std::int64_t>(age, 0))));
  }
}

/// Of the caller's account and of the resource's. [K-2, K-8]
void ContextBuilder::organizations(const Caller& caller, const Access& access, const directory::Snapshot& snapshot) {
  if (caller.account != nullptr) {
    organization_of(*caller.account, Key::kPrincipalOrgId, Key::kPrincipalOrgPaths, snapshot);
  }
  const bool own = access.owner.empty() || (caller.account != nullptr && access.owner == caller.account_id());
  const directory::AccountState* owner = own ? caller.account : snapshot.account(access.owner);
  if (owner != nullptr) organization_of(*owner, Key::kResourceOrgId, Key::kResourceOrgPaths, snapshot);
}

void ContextBuilder::organization_of(const directory::AccountState& account, Key id, Key paths,
                                     const directory::Snapshot& snapshot) {
  const directory::OrganizationState* organization = snapshot.organization_of(account);
  if (organization == nullptr) return;
  context_.set(id, organization->organization.id);
  const std::string& path = organization->path_of(*account.membership);
  if (path.empty()) return;
  std::vector<std::string_view>& list = next_list();
  list.assign(1, path);
  context_.set(paths, std::span<const std::string_view>(list));
}

void ContextBuilder::circumstances(const Circumstances& how) {
  context_.set(Key::kCurrentTime, keep(iso8601(how.now)));
  context_.set(Key::kEpochTime, keep(std::to_string(epoch_seconds(how.now))));
  context_.set(Key::kSecureTransport, how.secure ? "true" : "false");
  context_.set(Key::kViaAwsService, "false");
  if (!how.source_ip.empty()) context_.set(Key::kSourceIp, how.source_ip);
  if (!how.region.empty()) context_.set(Key::kRequestedRegion, how.region);
  if (!how.user_agent.empty()) context_.set(Key::kUserAgent, how.user_agent);
  if (!how.referer.empty()) context_.set(Key::kReferer, how.referer);
  if (how.s3) circumstances_of_s3(how);
}

void ContextBuilder::circumstances_of_s3(const Circumstances& how) {
  context_.set(Key::kS3AuthType, how.s3->presigned ? "REST-QUERY-STRING" : "REST-HEADER");
  context_.set(Key::kS3SignatureVersion, "AWS4-HMAC-SHA256");
  if (how.s3->signed_at) {
    const auto age = (how.now - *how.s3->signed_at).count();
    context_.set(Key::kS3SignatureAge, keep(std::to_string(std::max<std::int64_t>(age, 0))));
  }
  if (!how.s3->content_sha256.empty()) context_.set(Key::kS3XAmzContentSha256, how.s3->content_sha256);
  if (!how.tls_version.empty()) context_.set(Key::kS3TlsVersion, how.tls_version);
}

void ContextBuilder::resource(const Caller& caller, const Access& access) {
  if (!access.owner.empty()) {
    context_.set(Key::kResourceAccount, access.owner.view());
  } else if (caller.account != nullptr) {
    context_.set(Key::kResourceAccount, caller.account_id().view());
  }
  const auto set = [this](std::string_view key, std::string_view value) {
    context_.set_tag(TagFamily::kResourceTag, key, value);
    context_.set_tag(TagFamily::kIamResourceTag, key, value);
  };
  if (access.resource_tags == nullptr) return;
  for (const auto& tag : *access.resource_tags) {
    const std::string* other = directory::find_tag(access.overriding_resource_tags, tag.key);
    set(tag.key, other != nullptr ? *other : tag.value);
  }
}

void ContextBuilder::object_tags(const Access& access) {
  if (access.object_tags != nullptr) {
    for (const auto& tag : *access.object_tags) context_.set_tag(TagFamily::kS3ExistingObjectTag, tag.key, tag.value);
  }
  if (access.request_object_tags.empty()) return;
  std::vector<std::string_view>& keys = next_list();
  keys.clear();
  for (const auto& tag : access.request_object_tags) {
    context_.set_tag(TagFamily::kS3RequestObjectTag, tag.key, tag.value);
    keys.emplace_back(tag.key);
  }
  context_.set(Key::kS3RequestObjectTagKeys, std::span<const std::string_view>(keys));
}

void ContextBuilder::request(const Access& access) {
  for (const auto& [key, value] : access.keys) context_.set(key, value);
  for (const auto& [key, values] : access.lists) set_list(key, values);
  object_tags(access);
  if (access.request_tags.empty() && access.tag_keys.empty()) return;
  std::vector<std::string_view>& keys = next_list();
  keys.assign(access.tag_keys.begin(), access.tag_keys.end());
  for (const auto& tag : access.request_tags) {
    context_.set_tag(TagFamily::kRequestTag, tag.key, tag.value);
    keys.emplace_back(tag.key);
  }
  context_.set(Key::kTagKeys, std::span<const std::string_view>(keys));
}

}  // namespace deputy::authz
