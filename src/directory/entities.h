// What exists: the entities of IAM and S3 as values. An entity is replaced whole, never changed in place; each knows
// the revision at which it was last written, which guards the next write (directory/changes.h).
//
// Names compare without case and keep the case they were created with (docs/wire.md, 5.5): an entity's key in the store
// and in the snapshot holds the lower-cased name, so that a second one cannot exist.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/account_id.h"
#include "base/time.h"
#include "base/unique_id.h"
#include "policy/compiled.h"

namespace deputy::directory {

using Revision = std::uint64_t;  // 0: not stored yet

struct Tag {
  std::string key, value;
  friend bool operator==(const Tag&, const Tag&) = default;
};
using Tags = std::vector<Tag>;  // in the order in which they were set; keys unique without regard to case

/// A policy document as stored, with its compiled form. Identical documents of a snapshot share both; a copy is a
/// pointer.
class PolicyText {
 public:
  PolicyText() : PolicyText(std::string()) {}
  /// As a service makes one to have it written: `compiled` may be null, it is set when the entity enters a snapshot.
  explicit PolicyText(std::string text, policy::CompiledPolicyPtr compiled = nullptr)
      : body_(std::make_shared<const Body>(std::move(text), std::move(compiled), nullptr)) {}
  /// One that is compiled when it is first asked for.
  static PolicyText compiled_on_use(std::string text, policy::Kind kind);
  /// One whose text, too, is made only then, by `unpack(what)`: AWS's own, of which an installation uses a few.
  static PolicyText unpacked_on_use(std::string (*unpack)(std::size_t what), std::size_t what, policy::Kind kind);

  /// Thread-safe, as compiled() is.
  [[nodiscard]] const std::string& text() const {
    if (body_->on_use) body_->read();
    return body_->text;
  }
  /// Never null in an entity that came out of a snapshot, but where the text is empty: there is no policy.
  [[nodiscard]] const policy::CompiledPolicy* compiled() const {
    if (body_->on_use) body_->compile();
    return body_->compiled.get();
  }

 private:
  friend class PolicyPool;
  /// What is left to do until somebody uses the document, each once.
  struct OnUse {
    const policy::Kind kind;
    std::string (*const unpack)(std::size_t) = nullptr;  // null: the text is there
    const std::size_t what = 0;
    std::once_flag read = {}, compiled = {};
  };
  struct Body {
    Body(std::string document, policy::CompiledPolicyPtr form, std::unique_ptr<OnUse> later)
        : text(std::move(document)), compiled(std::move(form)), on_use(std::move(later)) {}
    void read() const;
    void compile() const;

    mutable std::string text;  // these two are set once, under the flags of `on_use`, if there is one
    mutable policy::CompiledPolicyPtr compiled;
    const std::unique_ptr<OnUse> on_use;
  };
  std::shared_ptr<const Body> body_;
};

struct InlinePolicy {
  std::string name;
  PolicyText document;
};

/// A long-term key. The secret is sealed by crypto::Vault; the directory never sees it in clear.
struct AccessKey {
  std::string id;
  std::string sealed_secret;
  bool active = true;
  Time created;
};

/// A user's public key for SSH, an RSA key. Nothing here is reached with one: it is kept and shown.
struct SshPublicKey {
  std::string id;                 // APKA…
  std::string modulus, exponent;  // big-endian, without leading zeros
  bool active = true;
  Time uploaded;
};

/// An X.509 certificate with which somebody once signed requests of SOAP. It is kept and shown.
struct SigningCertificate {
  std::string id;    // 32 capitals and digits
  std::string body;  // PEM, as it was sent
  bool active = true;
  Time uploaded;
};

/// A user's name and password, or key, for one service of AWS. The secret is sealed by crypto::Vault.
struct ServiceCredential {
  std::string id;       // ACCA…
  std::string service;  // "codecommit.amazonaws.com"
  std::string name;     // ServiceUserName, or the alias of a key
  std::string sealed_secret;
  bool active = true;
  Time created;
  bool expires = false;
  Time expiry;  // if it expires
};

/// What passwords of an account's users must be like; the numbers are those of UpdateAccountPasswordPolicy, 0: no
/// limit. An account without one has AWS's default rules (services/iam/password_rules.h).
struct PasswordPolicy {
  std::uint32_t minimum_length = 6;
  bool symbols = false, numbers = false, uppercase = false, lowercase = false;  // needed
  bool users_may_change = false;  // every user its own password, allowed beside its policies
  std::uint32_t max_age_days = 0;
  std::uint32_t remembered = 0;  // of a user's passwords, the current one included: none of them again
  bool hard_expiry = false, hard_expiry_said = false;  // shown only if it was said
};

/// A password as it is kept: never itself, only what a slow hash made of it (crypto/password.h).
struct PasswordHash {
  std::string salt;
  std::uint32_t log2_n = 0, r = 0, p = 0;  // what it cost
  std::string digest;
};

/// A user's password for the console. Written with its user, so that neither is deleted under the other.
struct LoginProfile {
  Time created, changed;  // the profile; its password
  bool reset_required = false;
  std::uint32_t max_signin_seconds = 0;  // of a session at AWS's console; 0: it was not set
  PasswordHash password;
  std::vector<PasswordHash> former;  // newest first, as many as the account's policy wanted remembered
};

/// The keys that sign an account's identity tokens for some time (authn/federation/identity_token.h): an RSA and a P-384 pair.
struct SigningKey {
  std::uint32_t number = 0;               // counts up; part of the ids by which key sets name the two
  std::string sealed_rsa, sealed_ec;      // private halves, by crypto::Vault
  std::string rsa_modulus, rsa_exponent;  // public halves, as crypto::KeyPair gives them
  std::string ec_x, ec_y;
  Time created;
};

/// The generation of every account from before accounts had one: of each number there was one of those at most when
/// generations came, so they are told apart from all that follow.
inline constexpr std::string_view kFirstGeneration = "ACCTFIRSTGENERATION22";

/// Who generated a report of last uses, and about what; what it says is read from Usage when it is asked for.
struct AccessReport {
  std::string id;       // of the job: a UUID
  std::string maker;    // the user's id, or the access key id of the session
  std::string subject;  // the ARN, or the path of an organization's entity
  bool organization = false;
  bool actions = false;  // of each action, not of each service alone
  Time created;
};

/// S3 Block Public Access, of a bucket or of a whole account.
struct PublicAccessBlock {
  bool block_acls = true;        // no ACL that grants to everybody is put any more
  bool ignore_acls = true;       // such grants grant nothing
  bool block_policy = true;      // no policy that is public is put any more
  bool restrict_buckets = true;  // where one is, only the owner's account and services of AWS pass
  friend bool operator==(const PublicAccessBlock&, const PublicAccessBlock&) = default;
};

struct Account {
  AccountId id;
  /// Drawn when the account is made, ACCT…: tells it from another one that had or will have the same twelve digits. All
  /// that is held for an account outside of it (sessions of root, invitations, sealed messages) names both.
  UniqueId generation;
  std::string name, email;
  std::string alias;  // empty: none
  Time created;
  std::vector<AccessKey> root_keys;
  bool closed = false;  // being deleted: nobody of it is let in any more, so nothing is made in it (authn/credentials)
  // Its organization closed it: nobody of it is let in, and nobody becomes a role of it; it stays until the operator
  // deletes it.
  bool suspended = false;
  Time suspended_since;  // if it is
  std::optional<PasswordPolicy> password_policy;
  // Outbound identity federation; its issuer and keys stay when it is switched off:
  bool outbound_enabled = false;
  std::string outbound_issuer;           // a UUID; empty: it was never switched on
  std::vector<SigningKey> signing_keys;  // oldest first
  std::string made_by;                   // the organization that asked for it; empty: the operator made it
  std::vector<SigningCertificate> root_certificates;
  bool long_global_tokens = false;                       // tokens of the global endpoint are of version 2
  Tags properties;                                       // of GetAccountProperties: "Namespace/Name" and value, by name
  std::vector<AccessReport> access_reports;              // the newest few, oldest first
  std::optional<PublicAccessBlock> public_access_block;  // of all its buckets; nothing: it blocks nothing
  Revision revision = 0;
};

/// Accounts that organizations made (Account::made_by) are counted over all of them. This is written whenever one is
/// made, so that two who count at the same time do not both take the last place, or the same email.
struct TenantAccounts {
  std::uint32_t made = 0;  // with the one that was made last
  Revision revision = 0;
};

/// The twelve digits of an account that was deleted: whatever still names them would trust whoever gets them next.
struct DeletedAccount {
  AccountId account;
  Time deleted;
  Revision revision = 0;

  [[nodiscard]] std::string key_name() const { return account.str(); }
};

struct User {
  AccountId account;
  UniqueId id;  // AIDA…
  std::string path, name;
  Time created;
  Tags tags;
  std::vector<InlinePolicy> inline_policies;   // by name
  std::vector<std::string> attached_policies;  // ARNs, in the order of attachment
  std::string boundary;                        // ARN; empty: none
  std::vector<UniqueId> groups;                // AGPA…
  std::vector<AccessKey> access_keys;
  std::vector<std::string> mfa_devices;  // serial numbers, in the order in which they were enabled
  std::optional<LoginProfile> login_profile;
  std::vector<SshPublicKey> ssh_public_keys;             // in the order of their uploads
  std::vector<SigningCertificate> signing_certificates;  // the same
  std::vector<ServiceCredential> service_credentials;    // in the order in which they were made
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
};

struct Group {
  AccountId account;
  UniqueId id;  // AGPA…
  std::string path, name;
  Time created;
  std::vector<InlinePolicy> inline_policies;
  std::vector<std::string> attached_policies;
  std::uint32_t members = 0;  // written with each change of membership, so that deleting a group cannot race with one
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
};

/// The last credential report of an account, as it was generated.
struct CredentialReport {
  AccountId account;
  Time generated;
  std::uint32_t size = 0;  // of the CSV
  std::string packed;      // the CSV, as zlib packs it
  Revision revision = 0;

  [[nodiscard]] static std::string key_name() { return "last"; }
};

/// A principal of a stored policy: the id that stands in the stored text and the ARN that it stood for when saved.
/// [P-12]
struct ResolvedPrincipal {
  UniqueId id;
  std::string arn;
};

struct Role {
  AccountId account;
  UniqueId id;  // AROA…
  std::string path, name;
  std::string description;  // empty: none was given
  Time created;
  std::uint32_t max_session_seconds = 3600;
  std::uint32_t max_signin_seconds = 0;  // of a session at AWS's console; 0: it was not set
  PolicyText trust;                      // principals replaced by unique ids; shown through `trust_principals`
  std::vector<ResolvedPrincipal> trust_principals;
  Tags tags;
  std::vector<InlinePolicy> inline_policies;
  std::vector<std::string> attached_policies;
  std::string boundary;
  std::uint32_t instance_profiles =
      0;  // that hold it: written with each, so that deleting the role cannot race with one
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
};

/// What carries a role to an EC2 instance: at most one role, by name, since roles cannot be renamed.
struct InstanceProfile {
  AccountId account;
  UniqueId id;  // AIPA…
  std::string path, name;
  Time created;
  std::string role;  // empty: none
  Tags tags;
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
};

/// A certificate with which a server would show who it is. Nothing here does, so its private key was looked at and is
/// not kept.
struct ServerCertificate {
  AccountId account;
  UniqueId id;  // ASCA…
  std::string path, name;
  std::string body, chain;  // PEM, without white space around it; chain empty: none was sent
  Time expires, uploaded;
  Tags tags;
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
};

struct PolicyVersion {
  std::uint32_t number = 1;  // v1, v2, … never reused [L-16]
  PolicyText document;
  Time created;
};

/// A managed policy: of a customer, or of AWS (then `aws` is set and the account means nothing).
struct ManagedPolicy {
  AccountId account;
  bool aws = false;
  UniqueId id;  // ANPA…
  std::string path, name;
  std::string description;
  Time created, updated;
  std::vector<PolicyVersion> versions;  // oldest first, at most five
  std::uint32_t default_version = 1;
  std::uint32_t next_version = 2;
  Tags tags;
  // Written with each attachment, so that deleting the policy cannot race with one. Zero and unused for AWS's.
  std::uint32_t attachments = 0;
  std::uint32_t boundary_uses = 0;
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
  [[nodiscard]] const PolicyVersion* version(std::uint32_t number) const;
  /// What is evaluated: the default version. [L-16]
  [[nodiscard]] const PolicyVersion& current() const;
};

/// Which claims of a provider's tokens name people to IAM Identity Center. It is kept and shown; sessions have none of it.
struct ContextProvider {
  struct Key {
    std::string source, target;  // target empty: none was given
  };
  std::vector<Key> keys;
  std::string subject_key;
  std::string subject_type;      // fixed; empty: none was given
  std::string subject_type_key;  // the claim that says it; empty: none was given
};

/// An OpenID Connect identity provider that an account trusts. Its URL is its name: there is no path, no unique id.
struct OidcProvider {
  AccountId account;
  std::string url;  // without its scheme, as IAM shows it: "token.actions.githubusercontent.com"
  bool plain_http =
      false;  // http:// instead of https://; only for issuers that the operator allowed (authn/federation/issuer.h)
  std::vector<std::string> client_ids;   // audiences, in the order in which they were added
  std::vector<std::string> thumbprints;  // SHA-1 of certificates, 40 hex digits
  Time created;
  Tags tags;
  std::optional<ContextProvider> context;
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
  /// A URL knows upper from lower case.
  [[nodiscard]] std::string key_name() const { return url; }
  /// What `iss` says in its tokens.
  [[nodiscard]] std::string issuer() const { return (plain_http ? "http://" : "https://") + url; }
};

/// A SAML identity provider that an account trusts. What its metadata document says lies beside it, so that no request
/// reads the document again.
struct SamlProvider {
  AccountId account;
  std::string name;
  std::string metadata;                   // as given
  std::string entity_id;                  // whom its assertions must name as issuer
  std::vector<std::string> certificates;  // DER
  Time created, valid_until;
  Tags tags;
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
};

/// The mark that a SAML assertion was used, kept until nobody could use it any more.
struct UsedAssertion {
  Time usable_until;
  std::string digest;  // of its provider and id, in hex
  Revision revision = 0;

  /// In the order of time.
  [[nodiscard]] std::string key_name() const;
};

/// A virtual MFA device: an app on a phone that shares a seed with us. What is known of its codes lies here too, so
/// that a code is used up, and a wrong one counted, by writing the device (authn/mfa.h).
struct MfaDevice {
  AccountId account;
  std::string path, name;   // unique together
  std::string sealed_seed;  // by crypto::Vault
  Time created;
  Tags tags;
  UniqueId user;  // AIDA… of whom it is; empty: nobody's
  Time enabled;   // since when

  std::uint32_t last_step = 0;  // the period of 30 s whose code was accepted last; no code up to it is any more
  std::int32_t drift = 0;       // periods by which its clock was found to be ahead of ours
  std::uint32_t failures = 0;   // wrong codes since the last right one
  Time locked_until;            // no code is accepted before
  Revision revision = 0;

  /// Its serial number.
  [[nodiscard]] std::string arn() const;
  /// "phone", "team/phone".
  [[nodiscard]] std::string key_name() const;
};

/// A grant of an access control list: to an account, by its canonical user id, or to a group of them, by its URI.
struct AclGrant {
  enum class Permission : std::uint8_t { kRead = 1, kWrite, kReadAcp, kWriteAcp, kFullControl };
  std::string grantee;  // 64 hex digits, or "http://acs.amazonaws.com/groups/…"
  Permission permission = Permission::kRead;

  [[nodiscard]] bool is_to_group() const { return grantee.starts_with("http"); }
  friend bool operator==(const AclGrant&, const AclGrant&) = default;
};

/// The grants as they were put, in their order: the owner has none that does not stand here.
struct AccessControlList {
  std::vector<AclGrant> grants;
  friend bool operator==(const AccessControlList&, const AccessControlList&) = default;
};

/// To whom the objects of a bucket belong that others write, and whether ACLs count.
enum class ObjectOwnership : std::uint8_t {
  kBucketOwnerEnforced = 1,  // the bucket owner, always; ACLs do not count
  kBucketOwnerPreferred,     // the bucket owner, if the writer says bucket-owner-full-control
  kObjectWriter,             // the writer's account
  kNone,                     // the controls were deleted: the same, but there is nothing to show
};

/// Who may touch a bucket, beside the identity policies of callers. The defaults are those of a new bucket, and of one
/// that was stored before there was a choice.
struct BucketAccess {
  PolicyText policy;  // its text is empty where there is none; principals as in Role::trust
  std::vector<ResolvedPrincipal> policy_principals;
  ObjectOwnership ownership = ObjectOwnership::kBucketOwnerEnforced;
  std::optional<AccessControlList> acl;  // nothing: private, the owner has FULL_CONTROL
  bool has_public_access_block = true;   // false: it was deleted, and blocks nothing
  PublicAccessBlock public_access_block;

  /// Whether the policy opens the bucket to the public; not stored, told when the bucket is read.
  bool policy_is_public = false;

  [[nodiscard]] bool has_policy() const { return !policy.text().empty(); }
};

/// A text that may be long and is kept as it is; a copy is a pointer.
class SharedText {
 public:
  SharedText() = default;
  explicit SharedText(std::string text) : text_(std::make_shared<const std::string>(std::move(text))) {}
  [[nodiscard]] std::string_view view() const { return text_ ? std::string_view(*text_) : std::string_view(); }

 private:
  std::shared_ptr<const std::string> text_;
};

/// One configuration of a bucket that is kept and shown: what it is ("lifecycle", "metrics/EntireBucket") and what was
/// put, as services/s3/configurations.h writes it.
struct BucketConfiguration {
  std::string name;
  SharedText text;
};

/// Whether a bucket keeps former versions of its objects. Once it does, it never goes back: it is suspended at most.
enum class Versioning : std::uint8_t { kNever = 1, kEnabled, kSuspended };

/// S3 buckets share one namespace over all accounts: the name is the key.
struct Bucket {
  AccountId account;
  std::string name;
  std::string region;
  Time created;
  BucketAccess access = {};
  std::string id = {};  // its own for all times: what it holds is kept under it (objects.h)
  Versioning versioning = Versioning::kNever;
  Tags tags = {};  // keys unique in their case, in the order in which they were put
  std::vector<BucketConfiguration> configurations = {};  // by name
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
  [[nodiscard]] std::string key_name() const { return name; }
  /// What was put of that name; null if nothing was.
  [[nodiscard]] const SharedText* configuration(std::string_view of) const;
};

/// A key that seals session tokens (authn/session_token.h), itself sealed by the vault.
struct TokenKey {
  std::uint32_t number = 1;
  std::string sealed_key;
  Time created;
  Revision revision = 0;

  /// In the order of numbers.
  [[nodiscard]] std::string key_name() const;
};

/// The value of a tag, ignoring the case of its key; null if there is none.
const std::string* find_tag(const Tags& tags, std::string_view key);

/// Keys and values that begin with "aws:", in any case, are AWS's own: nobody sets them.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_naming
bool is_reserved_tag(std::string_view key_or_value);

}  // namespace deputy::directory
