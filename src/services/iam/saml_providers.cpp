// SAML identity providers: whose assertions an account takes (AssumeRoleWithSAML).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html
#include <algorithm>
#include <numeric>

#include "authn/federation/saml_metadata.h"
#include "base/time_range.h"
#include "protocol/iam/create_saml_provider.h"
#include "protocol/iam/delete_saml_provider.h"
#include "protocol/iam/get_saml_provider.h"
#include "protocol/iam/list_saml_provider_tags.h"
#include "protocol/iam/list_saml_providers.h"
#include "protocol/iam/tag_saml_provider.h"
#include "protocol/iam/untag_saml_provider.h"
#include "protocol/iam/update_saml_provider.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/table.h"
#include "services/iam/tag_operations.h"
#include "services/iam/tags.h"

namespace deputy::iam {
namespace {

using directory::SamlProvider;

const SamlProvider* own_provider(const At& at, std::string_view arn) {
  const SamlProvider* provider = at.snapshot.saml_provider_by_arn(arn);
  return provider != nullptr && provider->account == at.caller.account_id() ? provider : nullptr;
}

Result<const SamlProvider*> find_provider(const At& at, std::string_view arn) {
  const SamlProvider* provider = own_provider(at, arn);
  if (provider == nullptr) return errors::no_such_saml_provider(arn);
  return provider;
}

Access on_provider(const policy::Action& action, const At& at, std::string_view arn) {
  Access access = on_arn(action, std::string(arn));
  if (const SamlProvider* provider = own_provider(at, arn)) access.resource_tags = &provider->tags;
  return access;
}

/// Takes a metadata document in: what it says is kept beside it, so that no request reads it again.
Result<void> take_metadata(SamlProvider& provider, const std::string& document, Time now) {
  constexpr auto kHundredYears = std::chrono::hours(24) * 36525;
  if (document.size() > quotas::kSamlMetadataBytes) return errors::metadata_too_large(quotas::kSamlMetadataBytes);
  TRY(authn::SamlMetadata metadata, authn::SamlMetadata::parse(document));
  const std::size_t size =
      std::accumulate(metadata.certificates.begin(), metadata.certificates.end(), document.size(),
                      [](std::size_t sum, const std::string& certificate) { return sum + certificate.size(); });
  if (size > quotas::kSamlMetadataBytes) {  // the certificates lie beside it
    return errors::metadata_too_large(quotas::kSamlMetadataBytes);
  }
  provider.metadata = document;
  provider.entity_id = std::move(metadata.entity_id);
  provider.certificates = std::move(metadata.certificates);
  provider.valid_until = metadata.valid_until.value_or(std::min(now + kHundredYears, kLastTime));
  return {};
}

template <class Input>
Result<void> refuse_unbuilt(const Input& in, std::string_view operation) {
  if (in.assertion_encryption_mode || in.add_private_key) return errors::encrypted_assertions_not_implemented();
  if (in.context_provider) return errors::member_not_implemented("ContextProvider", operation);
  if (in.identity_center_instance_arn) return errors::member_not_implemented("IdentityCenterInstanceArn", operation);
  return {};
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html
struct CreateSAMLProvider : shapes::CreateSAMLProvider {
  static constexpr bool kReadsDocument = true;

  static Accesses access(const At& at, const Input& in) {
    const directory::Tags tags = request_tags(in.tags);
    const auto needs = [&](const policy::Action& action) {
      return with_tags(on_new(action, at, "saml-provider", std::nullopt, in.name), tags);
    };
    Accesses all{needs(action<"iam:CreateSAMLProvider">())};
    if (!in.tags.empty()) all.push_back(needs(action<"iam:TagSAMLProvider">()));
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    TRY_VOID(refuse_unbuilt(in, model.name));
    if (is_taken(account.saml_providers, in.name)) return errors::saml_provider_already_exists(in.name);
    if (account.saml_providers.size() >= quotas::kSamlProvidersPerAccount.limit) {
      return errors::limit_exceeded(quotas::kSamlProvidersPerAccount);
    }
    SamlProvider provider;
    provider.account = account.account.id;
    provider.name = in.name;
    provider.created = at.now;
    TRY_VOID(take_metadata(provider, in.saml_metadata_document, at.now));
    TRY(provider.tags, new_tags(in.tags, TagKeys::kExact));

    Outcome<Output> out;
    out.output.saml_provider_arn = provider.arn();
    out.output.tags = shown_tags(provider.tags);
    out.changes.create(provider);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html
struct UpdateSAMLProvider : shapes::UpdateSAMLProvider {
  static constexpr bool kReadsDocument = true;

  static Accesses access(const At& at, const Input& in) {
    return {on_provider(action<"iam:UpdateSAMLProvider">(), at, in.saml_provider_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY_VOID(refuse_unbuilt(in, model.name));
    TRY(const SamlProvider* before, find_provider(at, in.saml_provider_arn));
    SamlProvider provider = *before;
    if (in.saml_metadata_document) TRY_VOID(take_metadata(provider, *in.saml_metadata_document, at.now));
    return written<Output>(provider, {.saml_provider_arn = provider.arn()});
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetSAMLProvider.html
struct GetSAMLProvider : shapes::GetSAMLProvider {
  static Accesses access(const At& at, const Input& in) {
    return {on_provider(action<"iam:GetSAMLProvider">(), at, in.saml_provider_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const SamlProvider* provider, find_provider(at, in.saml_provider_arn));
    Outcome<Output> out;
    out.output.saml_metadata_document = provider->metadata;
    out.output.create_date = provider->created;
    out.output.valid_until = provider->valid_until;
    out.output.tags = shown_tags(provider->tags);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSAMLProviders.html
struct ListSAMLProviders : shapes::ListSAMLProviders {
  static Accesses access(const At& at, const Input&) {
    return {on_new(action<"iam:ListSAMLProviders">(), at, "saml-provider", std::nullopt, "*")};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    Outcome<Output> out;
    auto& list = out.output.saml_provider_list.emplace();
    account_of(at).saml_providers.each([&](const SamlProvider& provider) {
      list.push_back({provider.arn(), provider.valid_until, provider.created});
    });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteSAMLProvider.html
struct DeleteSAMLProvider : shapes::DeleteSAMLProvider {
  static Accesses access(const At& at, const Input& in) {
    return {on_provider(action<"iam:DeleteSAMLProvider">(), at, in.saml_provider_arn)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const SamlProvider* provider, find_provider(at, in.saml_provider_arn));
    return erased<Output>(*provider);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagSAMLProvider.html
struct SamlProviderTags {
  static constexpr TagKeys kKeys = TagKeys::kExact;
  static constexpr auto on = on_provider;
  static constexpr auto find = find_provider;
  static constexpr auto find_to_tag = find_provider;
  static constexpr auto find_to_untag = find_provider;
  static const std::string& name(const auto& in) { return in.saml_provider_arn; }
};
using TagSAMLProvider = Tagging<shapes::TagSAMLProvider, SamlProviderTags>;
using UntagSAMLProvider = Untagging<shapes::UntagSAMLProvider, SamlProviderTags>;
using ListSAMLProviderTags = TagListing<shapes::ListSAMLProviderTags, SamlProviderTags>;

}  // namespace

std::span<const Binding> saml_provider_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateSAMLProvider>(), bind<UpdateSAMLProvider>(), bind<GetSAMLProvider>(),   bind<ListSAMLProviders>(),
      bind<DeleteSAMLProvider>(), bind<TagSAMLProvider>(),    bind<UntagSAMLProvider>(), bind<ListSAMLProviderTags>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
