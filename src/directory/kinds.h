// The kinds of entities that are stored, a row each. What else there is to say of a kind follows from its row: its key
// in the store and its codec (codec.h), what Changes may do with it (changes.h), how it is read (reading.h), where a
// snapshot holds it and puts what was written (snapshot.h, builder.cpp), and that it goes with the account or
// organization that it is of (leftovers.h, services/admin/accounts.cpp).
//
//   ROW(Role, roles, "role")   the role Deploy of an account: `AccountState::roles`, by its key_name() "deploy";
//                              in the store "account/<id>/role/deploy"; in ARNs "role/Deploy"
//
// A new kind is a struct (entities.h) with its stored fields (fields.h) and a row here. The struct has `revision`, and
// says whose it is: `account`, or `organization`. It goes by its `name` without regard to case, if it has one, else by
// its `id`; one that goes by something else says so in a member `key_name()`.
//
// What a row cannot say, because one kind alone needs it, stands in the overloads of `follow` in builder.cpp (an index
// that goes with it) and of `problem_of` in reading.cpp (what else must be true of it).
//
// The words are those of the store: they never change, and never mean another kind.
#pragma once

/// Many of an account: in a map of AccountState. The word is also the type in their ARNs, if they have any.
#define DEPUTY_KINDS_OF_ACCOUNTS(ROW)                         \
  ROW(User, users, "user")                                    \
  ROW(Group, groups, "group")                                 \
  ROW(Role, roles, "role")                                    \
  ROW(ManagedPolicy, policies, "policy")                      \
  ROW(OidcProvider, oidc_providers, "oidc-provider")          \
  ROW(SamlProvider, saml_providers, "saml-provider")          \
  ROW(InstanceProfile, instance_profiles, "instance-profile") \
  ROW(MfaDevice, mfa_devices, "mfa")                          \
  ROW(ServerCertificate, server_certificates, "server-certificate")

/// One of an account at most: a pointer of AccountState, null if there is none.
#define DEPUTY_SINGLES_OF_ACCOUNTS(ROW)                         \
  ROW(CredentialReport, credential_report, "credential-report") \
  ROW(Membership, membership, "membership")

/// Many of an organization: in a map of OrganizationState.
#define DEPUTY_KINDS_OF_ORGANIZATIONS(ROW)                 \
  ROW(OrganizationalUnit, units, "unit")                   \
  ROW(OrganizationPolicy, policies, "organization-policy") \
  ROW(DelegationPolicy, delegation, "resource-policy")     \
  ROW(Handshake, handshakes, "handshake")                  \
  ROW(AccountCreation, creations, "creation")

/// Of the server, or named over all accounts: in a map of Snapshot. The word is the beginning of the key.
#define DEPUTY_KINDS_OF_SERVER(ROW)                      \
  ROW(Bucket, buckets, "bucket/")                        \
  ROW(UsedAssertion, used_assertions, "used-assertion/") \
  ROW(TokenKey, token_keys, "token-key/")                \
  ROW(DeletedAccount, deleted_accounts, "deleted-account/")

/// What the others are of, and what there is once: each with code of its own.
#define DEPUTY_KINDS_APART(ROW)                     \
  ROW(Account, accounts, "account/")                \
  ROW(Organization, organizations, "organization/") \
  ROW(TenantAccounts, tenant_accounts, "tenant-accounts")

#define DEPUTY_KINDS(ROW)            \
  DEPUTY_KINDS_OF_ACCOUNTS(ROW)      \
  DEPUTY_SINGLES_OF_ACCOUNTS(ROW)    \
  DEPUTY_KINDS_OF_ORGANIZATIONS(ROW) \
  DEPUTY_KINDS_OF_SERVER(ROW)        \
  DEPUTY_KINDS_APART(ROW)
