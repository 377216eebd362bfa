// What the principals of a seed refer to: managed policies, identity providers; instance profiles; buckets.
#include <algorithm>

#include "protocol/iam/add_client_id_to_open_id_connect_provider.h"
#include "protocol/iam/add_role_to_instance_profile.h"
#include "protocol/iam/create_instance_profile.h"
#include "protocol/iam/create_open_id_connect_provider.h"
#include "protocol/iam/create_policy.h"
#include "protocol/iam/create_policy_version.h"
#include "protocol/iam/create_saml_provider.h"
#include "protocol/iam/delete_policy_version.h"
#include "protocol/iam/remove_client_id_from_open_id_connect_provider.h"
#include "protocol/iam/remove_role_from_instance_profile.h"
#include "protocol/iam/tag_instance_profile.h"
#include "protocol/iam/tag_open_id_connect_provider.h"
#include "protocol/iam/tag_policy.h"
#include "protocol/iam/tag_saml_provider.h"
#include "protocol/iam/untag_instance_profile.h"
#include "protocol/iam/untag_open_id_connect_provider.h"
#include "protocol/iam/untag_policy.h"
#include "protocol/iam/untag_saml_provider.h"
#include "protocol/iam/update_open_id_connect_provider_thumbprint.h"
#include "protocol/iam/update_saml_provider.h"
#include "protocol/s3/create_bucket.h"
#include "protocol/s3/delete_bucket_policy.h"
#include "protocol/s3/put_bucket_ownership_controls.h"
#include "protocol/s3/put_bucket_policy.h"
#include "protocol/s3/put_public_access_block.h"
#include "services/admin/errors.h"
#include "services/admin/seed_tags.h"
#include "services/admin/seeding.h"

namespace deputy::admin {

namespace api = iam::shapes;
using Done = Seeding::Done;

namespace {

/// Versions that a policy may have; the oldest that is not the default gives way, as whoever updates one does by hand.
constexpr std::size_t kVersions = 5;

std::string version_id(std::uint32_t number) { return "v" + std::to_string(number); }

void update_policy(Seeding& seeding, const AccountId& account, const shapes::SeedManagedPolicy& wanted,
                   const directory::ManagedPolicy& there) {
  const std::string arn = there.arn();
  const About about{"policy/" + wanted.policy_name};
  const Spot document{wanted.place, "PolicyDocument"};
  if (wanted.path && *wanted.path != there.path) {
    seeding.fault({wanted.place, "Path"}, errors::cannot_change("path", arn, there.path));
  }
  if (wanted.description && *wanted.description != there.description) {
    seeding.fault({wanted.place, "Description"}, errors::cannot_change("description", arn, there.description));
  }
  const directory::Tags tags = there.tags;
  if (there.current().document.text() != *wanted.policy_document) {
    if (there.versions.size() >= kVersions) {
      const auto oldest = std::find_if(there.versions.begin(), there.versions.end(),
                                       [&](const auto& version) { return version.number != there.default_version; });
      Request request;
      request.with("PolicyArn", arn).with("VersionId", version_id(oldest->number));
      seeding.run(document, account, api::DeletePolicyVersion::model, request, about);
    }
    Request request;
    request.with("PolicyArn", arn).with("PolicyDocument", wanted.policy_document);
    request.truth("SetAsDefault");
    seeding.run(document, account, api::CreatePolicyVersion::model, request, about);
  }
  seed_tags(seeding, {wanted.place, "Tags"}, account, {"PolicyArn", arn, about}, all(wanted.tags), tags,
            api::TagPolicy::model, api::UntagPolicy::model);
}

}  // namespace

void seed_policy(Seeding& seeding, const AccountId& account, const shapes::SeedManagedPolicy& wanted) {
  seeding.step();
  const std::string arn = arn_in(account, "policy", wanted.path, wanted.policy_name);
  if (wanted.broken.value_or(false) || !wanted.policy_document) return seeding.break_name(arn);
  const std::size_t faults = seeding.faults();
  const directory::ManagedPolicy* there = seeding.account(account)->policies.get(ascii_lower(wanted.policy_name));
  if (there != nullptr && there->name == wanted.policy_name) {
    update_policy(seeding, account, wanted, *there);
  } else {
    Request request;
    request.with("PolicyName", wanted.policy_name)
        .with("Path", wanted.path)
        .with("Description", wanted.description)
        .with("PolicyDocument", wanted.policy_document)
        .tags(all(wanted.tags));
    seeding.run({wanted.place, "PolicyDocument"}, account, api::CreatePolicy::model, request,
                {"policy/" + wanted.policy_name});
  }
  if (seeding.faults() != faults) seeding.break_name(arn);
}

namespace {

/// As IAM keeps it: without its scheme and the slash at the end.
std::string_view bare_url(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (url.starts_with(scheme)) url.remove_prefix(scheme.size());
  }
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

void update_oidc_provider(Seeding& seeding, const AccountId& account, const shapes::SeedOpenIDConnectProvider& wanted,
                          const directory::OidcProvider& there) {
  const std::string arn = there.arn();
  const About about{"oidc-provider/" + there.url};
  const std::vector<std::string> held = there.client_ids;
  const std::vector<std::string> thumbprints = there.thumbprints;
  const directory::Tags tags = there.tags;
  const auto run = [&](const Spot& spot, const protocol::Operation& operation, const std::string& client) {
    Request request;
    request.with("OpenIDConnectProviderArn", arn).with("ClientID", client);
    seeding.run(spot, account, operation, request, {about.resource, client});
  };
  for (std::size_t i = 0; i < all(wanted.client_id_list).size(); ++i) {
    run({wanted.place, element("ClientIDList", i)}, api::AddClientIDToOpenIDConnectProvider::model,
        all(wanted.client_id_list)[i]);
  }
  for (const std::string& client : held) {
    const auto& named = all(wanted.client_id_list);
    if (!seeding.prunes() || std::find(named.begin(), named.end(), client) != named.end()) continue;
    run({wanted.place, "ClientIDList"}, api::RemoveClientIDFromOpenIDConnectProvider::model, client);
  }
  if (!all(wanted.thumbprint_list).empty() && all(wanted.thumbprint_list) != thumbprints) {
    Request request;
    request.with("OpenIDConnectProviderArn", arn).list("ThumbprintList", all(wanted.thumbprint_list));
    seeding.run({wanted.place, "ThumbprintList"}, account, api::UpdateOpenIDConnectProviderThumbprint::model, request,
                about);
  }
  seed_tags(seeding, {wanted.place, "Tags"}, account, {"OpenIDConnectProviderArn", arn, about}, all(wanted.tags), tags,
            api::TagOpenIDConnectProvider::model, api::UntagOpenIDConnectProvider::model);
}

}  // namespace

void seed_oidc_provider(Seeding& seeding, const AccountId& account, const shapes::SeedOpenIDConnectProvider& wanted) {
  seeding.step();
  const std::string url(bare_url(wanted.url));
  const std::string arn = arn_in(account, "oidc-provider", std::nullopt, url);
  if (wanted.broken.value_or(false)) return seeding.break_name(arn);
  if (const auto* there = seeding.account(account)->oidc_providers.get(url)) {
    return update_oidc_provider(seeding, account, wanted, *there);
  }
  Request request;
  request.with("Url", wanted.url)
      .list("ClientIDList", all(wanted.client_id_list))
      .list("ThumbprintList", all(wanted.thumbprint_list))
      .tags(all(wanted.tags));
  if (seeding.run({wanted.place, "Url"}, account, api::CreateOpenIDConnectProvider::model, request,
                  {"oidc-provider/" + url}) == Done::kFailed) {
    seeding.break_name(arn);
  }
}

void seed_saml_provider(Seeding& seeding, const AccountId& account, const shapes::SeedSAMLProvider& wanted) {
  seeding.step();
  const std::string arn = arn_in(account, "saml-provider", std::nullopt, wanted.name);
  if (wanted.broken.value_or(false) || !wanted.saml_metadata_document) return seeding.break_name(arn);
  const About about{"saml-provider/" + wanted.name};
  const Spot document{wanted.place, "SAMLMetadataDocument"};
  const auto* there = seeding.account(account)->saml_providers.get(ascii_lower(wanted.name));
  if (there == nullptr) {
    Request request;
    request.with("Name", wanted.name)
        .with("SAMLMetadataDocument", wanted.saml_metadata_document)
        .tags(all(wanted.tags));
    if (seeding.run(document, account, api::CreateSAMLProvider::model, request, about) == Done::kFailed) {
      seeding.break_name(arn);
    }
    return;
  }
  const directory::Tags tags = there->tags;
  if (there->metadata != *wanted.saml_metadata_document) {
    Request request;
    request.with("SAMLProviderArn", std::string_view(there->arn()))
        .with("SAMLMetadataDocument", wanted.saml_metadata_document);
    seeding.run(document, account, api::UpdateSAMLProvider::model, request, about);
  }
  seed_tags(seeding, {wanted.place, "Tags"}, account, {"SAMLProviderArn", arn, about}, all(wanted.tags), tags,
            api::TagSAMLProvider::model, api::UntagSAMLProvider::model);
}

void seed_bucket(Seeding& seeding, const AccountId& account, const shapes::SeedBucket& wanted) {
  seeding.step();
  if (wanted.broken.value_or(false)) return;
  const directory::Bucket* there = seeding.now().bucket(wanted.bucket);
  if (there != nullptr && there->account == account) return;
  s3::shapes::CreateBucket::Input input;
  input.bucket = wanted.bucket;
  if (wanted.location_constraint) {
    input.create_bucket_configuration.emplace().location_constraint = wanted.location_constraint;
  }
  const Spot spot{wanted.place, "Bucket"};
  directory::Caller root;
  root.account = seeding.account(account);
  // Whether a name can be one is asked with the permission.
  const services::Binding& binding = *seeding.at().operations->find(s3::shapes::CreateBucket::model);
  if (const auto valid = binding.access(seeding.at().on(seeding.now(), root), &input); !valid) {
    return seeding.fault(spot, valid.error());
  }
  seeding.run_typed(spot, account, s3::shapes::CreateBucket::model, &input, {"bucket/" + wanted.bucket});
}

void seed_bucket_access(Seeding& seeding, const AccountId& account, const shapes::SeedBucket& wanted) {
  if (wanted.broken.value_or(false)) return;
  const directory::Bucket* there = seeding.now().bucket(wanted.bucket);
  if (there == nullptr || there->account != account) return;  // that it could not be made is told
  const bool has_policy = there->access.has_policy();
  const About about{"bucket/" + wanted.bucket};
  const auto run = [&]<class Op>(const char* member, typename Op::Input input) {
    input.bucket = wanted.bucket;
    seeding.run_typed({wanted.place, member}, account, Op::model, &input, about);
  };
  if (wanted.object_ownership) {
    run.operator()<s3::shapes::PutBucketOwnershipControls>(
        "ObjectOwnership", {.ownership_controls = {.rules = {{*wanted.object_ownership}}}});
  }
  if (const auto& flags = all(wanted.public_access_block); !flags.empty()) {
    const auto on = [&](std::string_view flag) { return std::ranges::find(flags, flag) != flags.end(); };
    run.operator()<s3::shapes::PutPublicAccessBlock>(
        "PublicAccessBlock",
        {.public_access_block_configuration = {.block_public_acls = on("BlockPublicAcls"),
                                               .ignore_public_acls = on("IgnorePublicAcls"),
                                               .block_public_policy = on("BlockPublicPolicy"),
                                               .restrict_public_buckets = on("RestrictPublicBuckets")}});
  }
  if (wanted.bucket_policy) {
    run.operator()<s3::shapes::PutBucketPolicy>("BucketPolicy", {.policy = *wanted.bucket_policy});
  } else if (has_policy && seeding.prunes()) {
    run.operator()<s3::shapes::DeleteBucketPolicy>("Bucket", {});
  }
}

void seed_instance_profile(Seeding& seeding, const AccountId& account, const shapes::SeedInstanceProfile& wanted) {
  seeding.step();
  if (wanted.broken.value_or(false)) return;
  const std::string& name = wanted.instance_profile_name;
  const About about{"instance-profile/" + name};
  const Spot spot{wanted.place, "InstanceProfileName"};
  const auto find = [&] { return seeding.account(account)->instance_profiles.get(ascii_lower(name)); };
  if (const directory::InstanceProfile* there = find()) {
    if (wanted.path && *wanted.path != there->path) {
      seeding.fault({wanted.place, "Path"}, errors::cannot_change("path", there->arn(), there->path));
    }
    const directory::Tags tags = there->tags;
    seed_tags(seeding, {wanted.place, "Tags"}, account, {"InstanceProfileName", name, about}, all(wanted.tags), tags,
              api::TagInstanceProfile::model, api::UntagInstanceProfile::model);
  } else {
    Request request;
    request.with("InstanceProfileName", name).with("Path", wanted.path).tags(all(wanted.tags));
    if (seeding.run(spot, account, api::CreateInstanceProfile::model, request, about) == Done::kFailed) return;
  }
  const auto hand = [&](const Spot& of, const protocol::Operation& operation, const std::string& role) {
    Request request;
    request.with("InstanceProfileName", name).with("RoleName", role);
    seeding.run(of, account, operation, request, {about.resource, role});
  };
  const std::string held = find()->role;
  const bool wants_none = all(wanted.roles).empty();
  if (!held.empty() && (wants_none ? seeding.prunes() : all(wanted.roles).front() != held)) {
    hand({wanted.place, "Roles"}, api::RemoveRoleFromInstanceProfile::model, held);
  }
  for (std::size_t i = 0; i < all(wanted.roles).size(); ++i) {
    if (all(wanted.roles)[i] == held || seeding.is_broken(local_name(account, "role", all(wanted.roles)[i]))) continue;
    hand({wanted.place, element("Roles", i)}, api::AddRoleToInstanceProfile::model, all(wanted.roles)[i]);
  }
}

}  // namespace deputy::admin
