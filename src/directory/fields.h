// The stored fields of each entity, written once for the encoder and the decoder. Numbers are never reused; a new field
// gets the next one. What is not here is not stored: `revision` comes from the store, `compiled` from the pool.
#pragma once

#include <concepts>
#include <type_traits>

#include "directory/entities.h"
#include "directory/last_use.h"
#include "directory/objects.h"
#include "directory/organization.h"

namespace deputy::directory {

/// `Entity` or `const Entity`: decoders write, encoders read.
template <class E, class Entity>
concept Of = std::same_as<std::remove_const_t<E>, Entity>;

template <class V, Of<Tag> E>
void fields(V& v, E& e) {
  v(1, e.key);
  v(2, e.value);
}

template <class V, Of<AccessKey> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.sealed_secret);
  v(3, e.active);
  v(4, e.created);
}

template <class V, Of<SshPublicKey> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.modulus);
  v(3, e.exponent);
  v(4, e.active);
  v(5, e.uploaded);
}

template <class V, Of<SigningCertificate> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.body);
  v(3, e.active);
  v(4, e.uploaded);
}

template <class V, Of<ServiceCredential> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.service);
  v(3, e.name);
  v(4, e.sealed_secret);
  v(5, e.active);
  v(6, e.created);
  v(7, e.expires);
  v(8, e.expiry);
}

template <class V, Of<AccessReport> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.maker);
  v(3, e.subject);
  v(4, e.organization);
  v(5, e.actions);
  v(6, e.created);
}

template <class V, Of<InlinePolicy> E>
void fields(V& v, E& e) {
  v(1, e.name);
  v.document(2, e.document, policy::Kind::kIdentity);
}

template <class V, Of<ResolvedPrincipal> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.arn);
}

template <class V, Of<PolicyVersion> E>
void fields(V& v, E& e) {
  v(1, e.number);
  v.document(2, e.document, policy::Kind::kManaged);
  v(3, e.created);
}

template <class V, Of<PasswordPolicy> E>
void fields(V& v, E& e) {
  v(1, e.minimum_length);
  v(2, e.symbols);
  v(3, e.numbers);
  v(4, e.uppercase);
  v(5, e.lowercase);
  v(6, e.users_may_change);
  v(7, e.max_age_days);
  v(8, e.remembered);
  v(9, e.hard_expiry);
  v(10, e.hard_expiry_said);
}

template <class V, Of<PasswordHash> E>
void fields(V& v, E& e) {
  v(1, e.salt);
  v(2, e.log2_n);
  v(3, e.r);
  v(4, e.p);
  v(5, e.digest);
}

template <class V, Of<LoginProfile> E>
void fields(V& v, E& e) {
  v(1, e.created);
  v(2, e.changed);
  v(3, e.reset_required);
  v(4, e.password);
  v(5, e.former);
  v(6, e.max_signin_seconds);
}

template <class V, Of<SigningKey> E>
void fields(V& v, E& e) {
  v(1, e.number);
  v(2, e.sealed_rsa);
  v(3, e.sealed_ec);
  v(4, e.rsa_modulus);
  v(5, e.rsa_exponent);
  v(6, e.ec_x);
  v(7, e.ec_y);
  v(8, e.created);
}

template <class V, Of<PublicAccessBlock> E>
void fields(V& v, E& e) {
  v(1, e.block_acls);
  v(2, e.ignore_acls);
  v(3, e.block_policy);
  v(4, e.restrict_buckets);
}

template <class V, Of<Account> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.name);
  v(3, e.email);
  v(4, e.alias);
  v(5, e.created);
  v(6, e.root_keys);
  v(7, e.closed);
  v(8, e.password_policy);
  v(9, e.outbound_enabled);
  v(10, e.outbound_issuer);
  v(11, e.signing_keys);
  v(12, e.generation);
  v(13, e.made_by);
  v(14, e.root_certificates);
  v(15, e.long_global_tokens);
  v(16, e.properties);
  v(17, e.access_reports);
  v(18, e.suspended);
  v(19, e.suspended_since);
  v(20, e.public_access_block);
}

template <class V, Of<TenantAccounts> E>
void fields(V& v, E& e) {
  v(1, e.made);
}

template <class V, Of<DeletedAccount> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.deleted);
}

template <class V, Of<CredentialReport> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.generated);
  v(3, e.size);
  v(4, e.packed);
}

template <class V, Of<User> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.id);
  v(3, e.path);
  v(4, e.name);
  v(5, e.created);
  v(6, e.tags);
  v(7, e.inline_policies);
  v(8, e.attached_policies);
  v(9, e.boundary);
  v(10, e.groups);
  v(11, e.access_keys);
  v(12, e.mfa_devices);
  v(13, e.login_profile);
  v(14, e.ssh_public_keys);
  v(15, e.signing_certificates);
  v(16, e.service_credentials);
}

template <class V, Of<Group> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.id);
  v(3, e.path);
  v(4, e.name);
  v(5, e.created);
  v(6, e.inline_policies);
  v(7, e.attached_policies);
  v(8, e.members);
}

template <class V, Of<Role> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.id);
  v(3, e.path);
  v(4, e.name);
  v(5, e.description);
  v(6, e.created);
  v(7, e.max_session_seconds);
  v.document(8, e.trust, policy::Kind::kTrust);
  v(9, e.trust_principals);
  v(10, e.tags);
  v(11, e.inline_policies);
  v(12, e.attached_policies);
  v(13, e.boundary);
  v(14, e.instance_profiles);
  v(15, e.max_signin_seconds);
}

template <class V, Of<InstanceProfile> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.id);
  v(3, e.path);
  v(4, e.name);
  v(5, e.created);
  v(6, e.role);
  v(7, e.tags);
}

template <class V, Of<ServerCertificate> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.id);
  v(3, e.path);
  v(4, e.name);
  v(5, e.body);
  v(6, e.chain);
  v(7, e.expires);
  v(8, e.uploaded);
  v(9, e.tags);
}

template <class V, Of<ManagedPolicy> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.id);
  v(3, e.path);
  v(4, e.name);
  v(5, e.description);
  v(6, e.created);
  v(7, e.updated);
  v(8, e.versions);
  v(9, e.default_version);
  v(10, e.next_version);
  v(11, e.tags);
  v(12, e.attachments);
  v(13, e.boundary_uses);
}

template <class V, Of<ContextProvider::Key> E>
void fields(V& v, E& e) {
  v(1, e.source);
  v(2, e.target);
}

template <class V, Of<ContextProvider> E>
void fields(V& v, E& e) {
  v(1, e.keys);
  v(2, e.subject_key);
  v(3, e.subject_type);
  v(4, e.subject_type_key);
}

template <class V, Of<OidcProvider> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.url);
  v(3, e.plain_http);
  v(4, e.client_ids);
  v(5, e.thumbprints);
  v(6, e.created);
  v(7, e.tags);
  v(8, e.context);
}

template <class V, Of<SamlProvider> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.name);
  v(3, e.metadata);
  v(4, e.entity_id);
  v(5, e.certificates);
  v(6, e.created);
  v(7, e.valid_until);
  v(8, e.tags);
}

template <class V, Of<UsedAssertion> E>
void fields(V& v, E& e) {
  v(1, e.usable_until);
  v(2, e.digest);
}

template <class V, Of<MfaDevice> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.path);
  v(3, e.name);
  v(4, e.sealed_seed);
  v(5, e.created);
  v(6, e.tags);
  v(7, e.user);
  v(8, e.enabled);
  v(9, e.last_step);
  v(10, e.drift);
  v(11, e.failures);
  v(12, e.locked_until);
}

template <class V, Of<AclGrant> E>
void fields(V& v, E& e) {
  v(1, e.grantee);
  v(2, e.permission);
}

template <class V, Of<AccessControlList> E>
void fields(V& v, E& e) {
  v(1, e.grants);
}

template <class V, Of<BucketAccess> E>
void fields(V& v, E& e) {
  v.document(1, e.policy, policy::Kind::kBucket);
  v(2, e.policy_principals);
  v(3, e.ownership);
  v(4, e.acl);
  v(5, e.has_public_access_block);
  v(6, e.public_access_block);
}

template <class V, Of<BucketConfiguration> E>
void fields(V& v, E& e) {
  v(1, e.name);
  v(2, e.text);
}

template <class V, Of<Bucket> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.name);
  v(3, e.region);
  v(4, e.created);
  v(5, e.access);
  v(6, e.id);
  v(7, e.versioning);
  v(8, e.tags);
  v(9, e.configurations);
}

template <class V, Of<EnabledService> E>
void fields(V& v, E& e) {
  v(1, e.principal);
  v(2, e.since);
}

template <class V, Of<EnabledPolicyType> E>
void fields(V& v, E& e) {
  v(1, e.type);
  v(2, e.generation);
}

template <class V, Of<AttachedPolicies> E>
void fields(V& v, E& e) {
  v(1, e.type);
  v(2, e.generation);
  v(3, e.policies);
}

template <class V, Of<OrganizationalUnit> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.organization);
  v(3, e.parent);
  v(4, e.name);
  v(5, e.attached);
  v(6, e.tags);
}

template <class V, Of<OrganizationPolicy> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.organization);
  v(3, e.type);
  v(4, e.name);
  v(5, e.description);
  v.document(6, e.service_control, policy::Kind::kScp);
  v.document(7, e.resource_control, policy::Kind::kRcp);
  v(8, e.other);
  v(9, e.tags);
}

template <class V, Of<DelegationPolicy> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.organization);
  v.document(3, e.document, policy::Kind::kKey);  // a resource policy like others, once it has been checked
  v(4, e.tags);
  v(5, e.principals);
}

template <class V, Of<Organization> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.root);
  v(3, e.management);
  v(4, e.all_features);
  v(5, e.created);
  v(6, e.trusted_services);
  v(7, e.root_credentials_management);
  v(8, e.root_sessions);
  v(9, e.accounts);
  v(10, e.policy_types);
  v(11, e.generation);
  v(12, e.attached);
  v(13, e.root_tags);
}

template <class V, Of<Membership> E>
void fields(V& v, E& e) {
  v(1, e.account);
  v(2, e.organization);
  v(3, e.created);
  v(4, e.joined);
  v(5, e.delegations);
  v(6, e.unit);
  v(7, e.attached);
  v(8, e.tags);
}

template <class V, Of<Handshake::Approval> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.account);
  v(3, e.state);
  v(4, e.ended);
}

template <class V, Of<Handshake> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.organization);
  v(3, e.target);
  v(4, e.by_email);
  v(5, e.notes);
  v(6, e.state);
  v(7, e.requested);
  v(8, e.expires);
  v(9, e.ended);
  v(10, e.account);
  v(11, e.generation);
  v(12, e.tags);
  v(13, e.action);
  v(14, e.approvals);
}

template <class V, Of<AccountCreation> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.organization);
  v(3, e.name);
  v(4, e.account);
  v(5, e.failure);
  v(6, e.requested);
}

template <class V, Of<ActionUse> E>
void fields(V& v, E& e) {
  v(1, e.name);
  v(2, e.when);
  v(3, e.region);
}

template <class V, Of<ServiceUse> E>
void fields(V& v, E& e) {
  v(1, e.name);
  v(2, e.when);
  v(3, e.region);
  v(4, e.actions);
}

template <class V, Of<LastUse> E>
void fields(V& v, E& e) {
  v(1, e.when);
  v(2, e.region);
  v(3, e.service);
  v(4, e.services);
}

template <class V, Of<TokenKey> E>
void fields(V& v, E& e) {
  v(1, e.number);
  v(2, e.sealed_key);
  v(3, e.created);
}

template <class V, Of<Piece> E>
void fields(V& v, E& e) {
  v(1, e.blob);
  v(2, e.size);
  v(3, e.part);
  v(4, e.checksum);
  v(5, e.content);
}

template <class V, Of<Checksum> E>
void fields(V& v, E& e) {
  v(1, e.algorithm);
  v(2, e.value);
  v(3, e.composite);
}

template <class V, Of<ObjectHeaders> E>
void fields(V& v, E& e) {
  v(1, e.content_type);
  v(2, e.cache_control);
  v(3, e.content_disposition);
  v(4, e.content_encoding);
  v(5, e.content_language);
  v(6, e.expires);
  v(7, e.metadata);
  v(8, e.storage_class);
  v(9, e.website_redirect);
  v(10, e.encryption);
  v(11, e.encryption_key);
  v(12, e.bucket_key);
}

template <class V, Of<ObjectVersion> E>
void fields(V& v, E& e) {
  v(1, e.bucket);
  v(2, e.key);
  v(3, e.version);
  v(4, e.is_null);
  v(5, e.is_marker);
  v(6, e.owner);
  v(7, e.modified);
  v(8, e.size);
  v(9, e.etag);
  v(10, e.checksum);
  v(11, e.content);
  v(12, e.pieces);
  v(13, e.headers);
  v(14, e.tags);
  v(15, e.upload);
  v(16, e.null_version);
  v(17, e.acl);
}

template <class V, Of<Upload> E>
void fields(V& v, E& e) {
  v(1, e.bucket);
  v(2, e.key);
  v(3, e.id);
  v(4, e.owner);
  v(5, e.initiator_account);
  v(6, e.initiator);
  v(7, e.began);
  v(8, e.headers);
  v(9, e.tags);
  v(10, e.checksum_algorithm);
  v(11, e.checksum_composite);
  v(12, e.acl);
}

template <class V, Of<Part> E>
void fields(V& v, E& e) {
  v(1, e.bucket);
  v(2, e.upload);
  v(3, e.number);
  v(4, e.size);
  v(5, e.etag);
  v(6, e.checksum);
  v(7, e.content);
  v(8, e.blob);
  v(9, e.modified);
  v(10, e.former);
}

template <class V, Of<UnusedBytes> E>
void fields(V& v, E& e) {
  v(1, e.id);
  v(2, e.since);
  v(3, e.blobs);
  v(4, e.bucket);
  v(5, e.upload);
  v(6, e.kept);
}

}  // namespace deputy::directory
