// OpenID Connect identity providers: whose tokens an account takes (AssumeRoleWithWebIdentity), and for which clients.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
#include "authn/federation/issuer.h"
#include "protocol/iam/add_client_id_to_open_id_connect_provider.h"
#include "protocol/iam/create_open_id_connect_provider.h"
#include "protocol/iam/delete_open_id_connect_provider.h"
#include "protocol/iam/get_open_id_connect_provider.h"
#include "protocol/iam/list_open_id_connect_provider_tags.h"
#include "protocol/iam/list_open_id_connect_providers.h"
#include "protocol/iam/remove_client_id_from_open_id_connect_provider.h"
#include "protocol/iam/tag_open_id_connect_provider.h"
#include "protocol/iam/untag_open_id_connect_provider.h"
#include "protocol/iam/update_open_id_connect_provider.h"
#include "protocol/iam/update_open_id_connect_provider_thumbprint.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/places.h"
#include "services/iam/table.h"
#include "services/iam/tag_operations.h"
#include "services/iam/tags.h"

namespace deputy::iam {
namespace {

using directory::OidcProvider;

/// The caller's account's own; null if it has none of that ARN.
const OidcProvider* own_provider(const At& at, std::string_view arn) {
  const OidcProvider* provider = at.snapshot.oidc_provider_by_arn(arn);
  return provider != nullptr && provider->account == at.caller.account_id() ? provider : nullptr;
}

Result<const OidcProvider*> find_provider(const At& at, std::string_view arn) {
  const OidcProvider* provider = own_provider(at, arn);
  if (provider == nullptr) return errors::no_such_oidc_provider(arn);
  return provider;
}

Access on_provider(const policy::Action& action, const At& at, std::string_view arn) {
  Access access = on_arn(action, std::string(arn));
  if (const OidcProvider* provider = own_provider(at, arn)) access.resource_tags = &provider->tags;
  return access;
}

/// Adding what is there already changes nothing.
void add_once(std::vector<std::string>& list, std::string_view value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.emplace_back(value);
}

Result<std::vector<std::string>> checked_thumbprints(const std::vector<std::string>& given) {
  if (given.size() > quotas::kThumbprintsPerOidcProvider) return errors::too_many_thumbprints();
  std::vector<std::string> kept;
  for (const std::string& thumbprint : given) add_once(kept, thumbprint);
  return kept;
}

/// Counted before they are compared: of more than fit, repeated or not, none is looked at.
Result<std::vector<std::string>> with_clients(std::vector<std::string> before, std::span<const std::string> added) {
  if (added.size() > quotas::kClientIdsPerOidcProvider.limit) {
    return errors::limit_exceeded(quotas::kClientIdsPerOidcProvider);
  }
  for (const std::string& client : added) add_once(before, client);
  if (before.size() > quotas::kClientIdsPerOidcProvider.limit) {
    return errors::limit_exceeded(quotas::kClientIdsPerOidcProvider);
  }
  return before;
}

/// The URL as it names a provider: without its scheme.
std::string_view without_scheme(std::string_view url) { return url.substr(url.find("//") + 2); }

directory::ContextProvider kept(const shapes::ContextProvider& given) {
  directory::ContextProvider out;
  if (given.key_definition_list) {
    for (const auto& key : *given.key_definition_list)
      out.keys.push_back({key.source_key, key.target_key.value_or("")});
  }
  out.subject_key = given.subject_source_key;
  out.subject_type = given.subject_type_value.value_or("");
  out.subject_type_key = given.subject_type_source_key.value_or("");
  return out;
}

shapes::ContextProvider shown(const directory::ContextProvider& kept) {
  const auto given = [](const std::string& text) -> std::optional<std::string> {
    if (text.empty()) return std::nullopt;
    return text;
  };
  shapes::ContextProvider out;
  if (!kept.keys.empty()) {
    auto& list = out.key_definition_list.emplace();
    for (const auto& key : kept.keys) list.push_back({key.source, given(key.target)});
  }
  out.subject_source_key = kept.subject_key;
  out.subject_type_value = given(kept.subject_type);
  out.subject_type_source_key = given(kept.subject_type_key);
  return out;
}

bool may_register(const At& at, std::string_view url) {
  const auto parsed = authn::IssuerUrl::parse(url);
  return parsed && (at.issuers != nullptr ? *at.issuers : authn::IssuerRules()).may_register(*parsed);
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
//
// Left out, AWS fetches a thumbprint itself; Deputy keeps none then, and trusts certificate authorities alone.
struct CreateOpenIDConnectProvider : shapes::CreateOpenIDConnectProvider {
  static Result<Accesses> access(const At& at, const Input& in) {
    if (!may_register(at, in.url)) return errors::invalid_oidc_url();
    const directory::Tags tags = request_tags(in.tags);
    const auto needs = [&](const policy::Action& action) {
      return with_tags(on_new(action, at, "oidc-provider", std::nullopt, without_scheme(in.url)), tags);
    };
    Accesses all{needs(action<"iam:CreateOpenIDConnectProvider">())};
    if (!in.tags.empty()) all.push_back(needs(action<"iam:TagOpenIDConnectProvider">()));
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    if (in.identity_center_instance_arn) return errors::member_not_implemented("IdentityCenterInstanceArn", model.name);
    const AccountState& account = account_of(at);
    OidcProvider provider;
    provider.account = account.account.id;
    provider.url = without_scheme(in.url);
    provider.plain_http = in.url.starts_with("http://");
    provider.created = at.now;
    if (account.oidc_providers.get(provider.url) != nullptr) return errors::oidc_provider_already_exists(in.url);
    if (account.oidc_providers.size() >= quotas::kOidcProvidersPerAccount.limit) {
      return errors::limit_exceeded(quotas::kOidcProvidersPerAccount);
    }
    TRY(provider.client_ids, with_clients({}, in.client_id_list));
    TRY(provider.thumbprints, checked_thumbprints(in.thumbprint_list));
    TRY(provider.tags, new_tags(in.tags, TagKeys::kExact));
    if (in.context_provider) provider.context = kept(*in.context_provider);

    Outcome<Output> out;
    out.output.open_id_connect_provider_arn = provider.arn();
    out.output.tags = shown_tags(provider.tags);
    out.changes.create(provider);
    guard_place(out.changes, at, account.oidc_providers.size(), quotas::kOidcProvidersPerAccount);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html
struct GetOpenIDConnectProvider : shapes::GetOpenIDConnectProvider {
  static Accesses access(const At& at, const Input& in) {
    return {on_provider(action<"iam:GetOpenIDConnectProvider">(), at, in.open_id_connect_provider_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const OidcProvider* provider = own_provider(at, in.open_id_connect_provider_arn);
    if (provider == nullptr) return errors::no_such_oidc_provider_to_get(in.open_id_connect_provider_arn);
    Outcome<Output> out;
    out.output.url = provider->url;
    out.output.client_id_list = provider->client_ids;
    out.output.thumbprint_list = provider->thumbprints;
    out.output.create_date = provider->created;
    out.output.tags = shown_tags(provider->tags).value_or(GivenTags{});  // always there, empty if none
    if (provider->context) out.output.context_provider = shown(*provider->context);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviders.html
struct ListOpenIDConnectProviders : shapes::ListOpenIDConnectProviders {
  static Accesses access(const At& at, const Input&) {
    return {on_new(action<"iam:ListOpenIDConnectProviders">(), at, "oidc-provider", std::nullopt, "*")};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    Outcome<Output> out;
    auto& list = out.output.open_id_connect_provider_list.emplace();
    account_of(at).oidc_providers.each([&](const OidcProvider& provider) { list.push_back({provider.arn()}); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html
//
// Roles that trust it keep saying so, and can no longer be assumed by way of it.
struct DeleteOpenIDConnectProvider : shapes::DeleteOpenIDConnectProvider {
  static Accesses access(const At& at, const Input& in) {
    return {on_provider(action<"iam:DeleteOpenIDConnectProvider">(), at, in.open_id_connect_provider_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const OidcProvider* provider, find_provider(at, in.open_id_connect_provider_arn));
    return erased<Output>(*provider);
  }
};

/// What the operations that change a provider share: it is found, changed by `change`, and written.
template <class Output, class Change>
Result<Outcome<Output>> changed(const At& at, std::string_view arn, Change&& change) {
  TRY(const OidcProvider* before, find_provider(at, arn));
  OidcProvider provider = *before;
  TRY_VOID(change(provider));
  return written<Output>(provider);
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html
struct AddClientIDToOpenIDConnectProvider : shapes::AddClientIDToOpenIDConnectProvider {
  static Accesses access(const At& at, const Input& in) {
    return {on_provider(action<"iam:AddClientIDToOpenIDConnectProvider">(), at, in.open_id_connect_provider_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return changed<Output>(at, in.open_id_connect_provider_arn, [&](OidcProvider& provider) -> Result<void> {
      TRY(provider.client_ids, with_clients(std::move(provider.client_ids), std::span(&in.client_id, 1)));
      return {};
    });
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveClientIDFromOpenIDConnectProvider.html
struct RemoveClientIDFromOpenIDConnectProvider : shapes::RemoveClientIDFromOpenIDConnectProvider {
  static Accesses access(const At& at, const Input& in) {
    return {on_provider(action<"iam:RemoveClientIDFromOpenIDConnectProvider">(), at, in.open_id_connect_provider_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return changed<Output>(at, in.open_id_connect_provider_arn, [&](OidcProvider& provider) -> Result<void> {
      std::erase(provider.client_ids, in.client_id);  // one that is not there is nothing to complain about
      return {};
    });
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateOpenIDConnectProviderThumbprint.html
struct UpdateOpenIDConnectProviderThumbprint : shapes::UpdateOpenIDConnectProviderThumbprint {
  static Accesses access(const At& at, const Input& in) {
    return {on_provider(action<"iam:UpdateOpenIDConnectProviderThumbprint">(), at, in.open_id_connect_provider_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    return changed<Output>(at, in.open_id_connect_provider_arn, [&](OidcProvider& provider) -> Result<void> {
      TRY(provider.thumbprints, checked_thumbprints(in.thumbprint_list));
      return {};
    });
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateOpenIDConnectProvider.html
//
// The context provider is kept and shown; there is no Identity Center here, so no provider can name an instance of it.
struct UpdateOpenIDConnectProvider : shapes::UpdateOpenIDConnectProvider {
  static Accesses access(const At& at, const Input& in) {
    return {on_provider(action<"iam:UpdateOpenIDConnectProvider">(), at, in.open_id_connect_provider_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const bool takes_context = in.remove_context_provider.value_or(false);
    const bool takes_instance = in.remove_identity_center_instance.value_or(false);
    const bool of_context = in.context_provider || takes_context;
    const bool of_instance = in.identity_center_instance_arn || takes_instance;
    if (of_context && of_instance) return errors::context_provider_and_instance();
    if (!of_context && !of_instance) return errors::nothing_to_update();
    if (in.context_provider && takes_context) return errors::nothing_to_update();
    return changed<Output>(at, in.open_id_connect_provider_arn, [&](OidcProvider& provider) -> Result<void> {
      if (in.identity_center_instance_arn) {
        return errors::member_not_implemented("IdentityCenterInstanceArn", model.name);
      }
      if (in.context_provider) provider.context = kept(*in.context_provider);
      if (takes_context) provider.context.reset();
      return {};
    });
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagOpenIDConnectProvider.html
struct OidcProviderTags {
  static constexpr TagKeys kKeys = TagKeys::kExact;
  static constexpr auto on = on_provider;
  static constexpr auto find = find_provider;
  static constexpr auto find_to_tag = find_provider;
  static constexpr auto find_to_untag = find_provider;
  static const std::string& name(const auto& in) { return in.open_id_connect_provider_arn; }
};
using TagOpenIDConnectProvider = Tagging<shapes::TagOpenIDConnectProvider, OidcProviderTags>;
using UntagOpenIDConnectProvider = Untagging<shapes::UntagOpenIDConnectProvider, OidcProviderTags>;
using ListOpenIDConnectProviderTags = TagListing<shapes::ListOpenIDConnectProviderTags, OidcProviderTags>;

}  // namespace

std::span<const Binding> oidc_provider_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateOpenIDConnectProvider>(),
      bind<GetOpenIDConnectProvider>(),
      bind<ListOpenIDConnectProviders>(),
      bind<DeleteOpenIDConnectProvider>(),
      bind<AddClientIDToOpenIDConnectProvider>(),
      bind<RemoveClientIDFromOpenIDConnectProvider>(),
      bind<UpdateOpenIDConnectProviderThumbprint>(),
      bind<UpdateOpenIDConnectProvider>(),
      bind<TagOpenIDConnectProvider>(),
      bind<UntagOpenIDConnectProvider>(),
      bind<ListOpenIDConnectProviderTags>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
