// libdeputy: may this request happen under these AWS policies?
//
//   deputy::Policy user(deputy::PolicyType::kIdentity, user_json);      // compile once, share between threads
//   deputy::Policy trust(deputy::PolicyType::kTrust, trust_json);
//   if (!trust.ok()) std::cerr << trust.problem().text();
//
//   deputy::PolicySet policies;                                         // all that binds this caller and this resource
//   policies.add(user).add(trust);
//
//   deputy::Request request(deputy::Principal::user("arn:aws:iam::111111111111:user/dana"), "sts:AssumeRole",
//                           "arn:aws:iam::222222222222:role/Reader");
//   request.set("aws:SourceIp", "10.0.0.4");
//   if (deputy::decide(policies, request).allowed) ...
//   else std::cerr << deputy::explain(policies, request).text();
//
// What always holds:
// - In doubt the answer is no. A policy that does not compile, or a request that makes no sense, denies; nothing throws
//   but std::bad_alloc. Ask ok() to know why.
// - decide() is a pure function: it does no I/O, reads no clock, takes no lock and allocates nothing. Any number of
//   threads may share policies, sets and requests that none of them changes.
// - A context key exists only if somebody set it. The keys of the principal are set for you (see Request); the time, the
//   network and everything else are yours to tell.
//
// This API follows the ABI of the C++ compiler; deputy.h is the same in C, with an ABI that stays.
// The rules: docs/policy-engine.md tells the story, docs/policy-evaluation.md has all of them.
#pragma once

#include <deputy/export.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace deputy {
inline namespace v1 {

/// Where a policy hangs; decides its grammar and where PolicySet::add() puts it.
enum class PolicyType : std::uint8_t {
  kIdentity,     ///< inline policy of the user, the role, or a group of the user
  kManaged,      ///< managed policy attached to one of them
  kBoundary,     ///< permissions boundary
  kSession,      ///< session policy, inline or by ARN
  kTrust,        ///< trust policy of the role that is asked for
  kBucket,       ///< S3 bucket policy
  kKey,          ///< KMS key policy
  kGeneric,      ///< any other resource-based policy (queues, topics, secrets, your own)
  kVpcEndpoint,  ///< policy of the VPC endpoint that the request came through
  kScp,          ///< service control policy of the caller's account
  kRcp           ///< resource control policy of the resource's account
};

/// Why a document was refused.
struct DEPUTY_API Problem {
  std::string message;       ///< in AWS's words
  std::string detail;        ///< the same for people, with what they wrote; may be empty
  std::uint32_t line = 0;    ///< counted from 1; 0: the document as a whole
  std::uint32_t column = 0;  ///< in characters, from 1
  std::size_t offset = 0;    ///< in bytes, from 0

  /// "line 3, column 7: message detail"
  [[nodiscard]] std::string text() const;
};

/// A compiled document: immutable, cheap to copy (copies share it), safe to share between threads.
class DEPUTY_API Policy {
 public:
  /// Parses, validates by the grammar of the type, and compiles. At most 131,072 bytes. The name is for answers.
  Policy(PolicyType type, std::string_view json, std::string_view name = {});

  /// Whether it compiled. One that did not denies wherever it is added.
  [[nodiscard]] bool ok() const noexcept;
  explicit operator bool() const noexcept { return ok(); }  ///< ok()
  [[nodiscard]] const Problem& problem() const noexcept;    ///< empty if ok()
  [[nodiscard]] PolicyType type() const noexcept;           ///< as it was made
  [[nodiscard]] std::string_view name() const noexcept;     ///< as it was made

  struct Impl;

 private:
  friend class PolicySet;
  std::shared_ptr<const Impl> impl_;
};

/// All policies that bind one caller and one resource: both accounts' sides of a cross-account request.
class DEPUTY_API PolicySet {
 public:
  PolicySet();                                       ///< an empty one
  PolicySet(const PolicySet& other);                 ///< shares the policies
  PolicySet(PolicySet&& other) noexcept;             ///< leaves nothing in `other` but the right to be assigned
  PolicySet& operator=(const PolicySet& other);      ///< shares the policies
  PolicySet& operator=(PolicySet&& other) noexcept;  ///< as the constructor
  ~PolicySet();                                      ///< names in decisions that came of it go with it

  /// The type of the policy says where it belongs. `level` is for SCPs and RCPs: 0 the root, then each OU down the
  /// path, last the account; each level must allow. The set keeps the policy alive.
  ///
  /// After a policy that did not compile, a second boundary, endpoint or resource policy, or a level over 15 the set is
  /// not ok() and denies everything.
  PolicySet& add(const Policy& policy, unsigned level = 0);
  /// The session was made with session policies, even if add() brings none: what none of them allows is denied.
  PolicySet& limit_to_session();
  /// There are so many levels of SCPs or RCPs (`type`), even if add() brings nothing to some: those allow nothing.
  PolicySet& require_levels(PolicyType type, unsigned levels);

  /// Whether all that was added belongs together. A set that is not ok() denies everything.
  [[nodiscard]] bool ok() const noexcept;
  explicit operator bool() const noexcept { return ok(); }  ///< ok()
  [[nodiscard]] const std::string& error() const noexcept;  ///< empty if ok()

  struct Impl;

 private:
  friend struct Inside;
  std::unique_ptr<Impl> impl_;
};

/// What kind of caller asks.
enum class PrincipalType : std::uint8_t {
  kAnonymous,      ///< without credentials
  kRoot,           ///< the root user of an account
  kUser,           ///< an IAM user
  kRoleSession,    ///< whoever assumed a role
  kFederatedUser,  ///< a session of GetFederationToken
  kService,        ///< an AWS service
  kWebIdentity,    ///< with a token of an OpenID Connect provider: AssumeRoleWithWebIdentity alone
  kSaml            ///< with an assertion of a SAML provider: AssumeRoleWithSAML alone
};

/// Who asks. The text is borrowed: Request copies it.
struct DEPUTY_API Principal {
  PrincipalType type = PrincipalType::kAnonymous;  ///< decides which of the others are read
  std::string_view arn;        ///< session ARN of sessions; the provider of web identity and SAML callers
  std::string_view unique_id;  ///< AIDA…, AROA…:session-name, account:name; may be left out
  std::string_view role_arn;   ///< of a role session, with its path
  std::string_view user_arn;   ///< of a federated user: whose keys made the session
  std::string_view service;    ///< "lambda.amazonaws.com"

  /// Nobody in particular: only a resource policy for "*" can let it in.
  static Principal anonymous() { return {}; }
  /// arn:aws:iam::111111111111:root
  static Principal root(std::string_view arn) { return make(PrincipalType::kRoot, arn); }
  /// arn:aws:iam::111111111111:user/dana; its id (AIDA…), if policies or variables name it.
  static Principal user(std::string_view arn, std::string_view unique_id = {}) {
    return make(PrincipalType::kUser, arn, unique_id);
  }
  /// The ARN of the session (arn:aws:sts::…:assumed-role/Role/name) and that of its role (arn:aws:iam::…:role/…).
  static Principal role_session(std::string_view session_arn, std::string_view role_arn,
                                std::string_view unique_id = {}) {
    Principal session = make(PrincipalType::kRoleSession, session_arn, unique_id);
    session.role_arn = role_arn;
    return session;
  }
  /// The ARN of the session (arn:aws:sts::…:federated-user/name) and that of the user whose keys made it.
  static Principal federated_user(std::string_view arn, std::string_view user_arn, std::string_view unique_id = {}) {
    Principal session = make(PrincipalType::kFederatedUser, arn, unique_id);
    session.user_arn = user_arn;
    return session;
  }
  /// "lambda.amazonaws.com"
  static Principal aws_service(std::string_view name) {
    Principal caller = make(PrincipalType::kService, {});
    caller.service = name;
    return caller;
  }
  /// As a `Federated` principal names it: "accounts.google.com" or the ARN of the provider.
  static Principal web_identity(std::string_view provider) { return make(PrincipalType::kWebIdentity, provider); }
  /// The ARN of the provider.
  static Principal saml(std::string_view provider_arn) { return make(PrincipalType::kSaml, provider_arn); }

 private:
  static Principal make(PrincipalType type, std::string_view arn, std::string_view unique_id = {}) {
    Principal principal;
    principal.type = type;
    principal.arn = arn;
    principal.unique_id = unique_id;
    return principal;
  }
};

/// One question: who wants to do what to which resource, and in which circumstances. Owns its text.
///
/// Set for you, as AWS sets them, unless you set them: aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalType,
/// aws:userid, aws:username, aws:PrincipalIsAWSService, aws:PrincipalServiceName, aws:ResourceAccount.
class DEPUTY_API Request {
 public:
  /// `action`: "s3:GetObject". `resource`: an ARN, or "*" where the action has no resource type. `resource_account`:
  /// who owns it; may be left out where the ARN says so (and for "*", the caller's account), but not for an S3 bucket.
  Request(const Principal& principal, std::string_view action, std::string_view resource,
          std::string_view resource_account = {});
  Request(Request&& other) noexcept;             ///< leaves nothing in `other` but the right to be assigned
  Request& operator=(Request&& other) noexcept;  ///< as the constructor
  ~Request();                                    ///< with all text that was copied into it

  /// The next question in the same memory: in the long run, building a request allocates nothing.
  Request& reset(const Principal& principal, std::string_view action, std::string_view resource,
                 std::string_view resource_account = {});

  /// Sets a context key, replacing what it was; names ignore case. An empty list makes the key absent.
  Request& set(std::string_view key, std::string_view value);
  Request& set(std::string_view key, std::initializer_list<std::string_view> values);     ///< as above
  Request& set(std::string_view key, const std::string_view* values, std::size_t count);  ///< as above

  /// False if principal, action or resource make no sense, a text is not UTF-8, or it is too much (1,000 keys, 1,000
  /// values a key, 1 MiB of text since reset(), replaced values included). Such a request is denied.
  [[nodiscard]] bool ok() const noexcept;
  explicit operator bool() const noexcept { return ok(); }  ///< ok()
  [[nodiscard]] const std::string& error() const noexcept;  ///< empty if ok()

  struct Impl;

 private:
  friend struct Inside;
  std::unique_ptr<Impl> impl_;
};

/// The kinds of policies, in the order in which they are asked.
enum class Layer : std::uint8_t {
  kNone,         ///< nobody denied; or policies or request are not ok()
  kRcp,          ///< resource control policies
  kScp,          ///< service control policies
  kVpcEndpoint,  ///< the VPC endpoint's policy
  kResource,     ///< the resource's own policy: bucket, key, trust
  kIdentity,     ///< inline and managed policies of the caller
  kBoundary,     ///< its permissions boundary
  kSession       ///< the session's own policies
};
/// "identity", "vpc_endpoint", …; "" for kNone.
DEPUTY_API std::string_view name(Layer layer) noexcept;

/// The answer. As a truth value: allowed.
struct DEPUTY_API Decision {
  bool allowed = false;         ///< everything that must allow did, and nothing denied
  bool explicit_deny = false;   ///< a Deny statement decided; otherwise an Allow was missing
  Layer layer = Layer::kNone;   ///< which denied
  std::int32_t statement = -1;  ///< index of the statement that decided; -1: none did, an Allow was missing
  std::string_view policy;      ///< its policy's name; borrowed from the set

  explicit operator bool() const noexcept { return allowed; }  ///< allowed
};

/// Decides. Costs tens of nanoseconds for a few policies, and does not grow with statements that cannot match.
[[nodiscard]] DEPUTY_API Decision decide(const PolicySet& policies, const Request& request) noexcept;

/// Why a decision fell as it did. `decision` is the one that decide() gives.
struct DEPUTY_API Explanation {
  /// What a layer says.
  enum class Outcome : std::uint8_t {
    kNoPart,  ///< the layer has no say in this request, or has no policy
    kDenies,  ///< a Deny of it applies
    kAllows,  ///< an Allow of it applies, and no Deny
    kNoAllow  ///< no Deny and no Allow of it applies
  };
  /// The parts of a statement, in the order in which they are looked at; `Not…` counts as the part that it negates.
  enum class Element : std::uint8_t { kNone, kAction, kPrincipal, kResource, kCondition };
  /// One layer with what it says.
  struct LayerOutcome {
    Layer layer = Layer::kNone;          ///< which
    Outcome outcome = Outcome::kNoPart;  ///< what it says
  };
  /// One statement with whether it applies.
  struct Statement {
    Layer layer = Layer::kNone;          ///< of its policy
    std::uint32_t level = 0;             ///< SCPs and RCPs
    std::uint32_t policy_index = 0;      ///< among those of its layer and level, in the order of add()
    std::string policy;                  ///< its name
    std::int32_t index = 0;              ///< of the statement in its policy
    std::string sid;                     ///< its Sid; empty: it has none
    bool allow = false;                  ///< its Effect; else Deny
    bool applies = false;                ///< all of its elements match
    Element failed = Element::kNone;     ///< the first element that does not match
    std::string reason;                  ///< "aws:SourceIp 10.0.0.4 is not in 192.0.2.0/24"; empty if it applies
    std::uint32_t line = 0, column = 0;  ///< in the policy's document
  };

  Decision decision;                  ///< as decide() gives it
  std::string note;                   ///< why no policy was asked, if none was
  std::vector<LayerOutcome> layers;   ///< in the order in which they are asked
  std::vector<Statement> statements;  ///< of all policies in the set

  [[nodiscard]] std::string text() const;  ///< for people, several lines
  [[nodiscard]] std::string json() const;  ///< for programs: one object, one line
};
/// Decides again, and says why. Costs much more than decide(): for people who ask.
[[nodiscard]] DEPUTY_API Explanation explain(const PolicySet& policies, const Request& request);

/// Of the library that is loaded: "0.1.0".
DEPUTY_API std::string_view version() noexcept;

}  // namespace v1
}  // namespace deputy
