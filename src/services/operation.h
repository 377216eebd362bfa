// What an operation is to the server: a declaration of what it needs and a pure function.
//
//   struct GetUser : shapes::GetUser {                                     // Input, Output, model: generated
//     static Result<Accesses> access(const At& at, const Input& in);       // every permission it needs
//     static Result<Outcome<Output>> execute(const At& at, const Input& in);  // a reply and changes
//   };
//   constexpr Binding kBindings[] = {bind<GetUser>(), …};                  // services/iam/table.cpp
//
// An operation whose caller is vouched for by an identity provider, instead of signing, says what to believe:
//
//     static Result<Assertion> assertion(const Input& in);
//
// An operation that takes an MFA code says what it is worth before anything is decided:
//
//     static Proof prove(const At& at, const Input& in);
//
// An operation on passwords says which slow hashes it needs, once it was allowed. They are made away from the event
// loops; then everything is decided again, and `execute` finds them in `at.hashes`, in the same order:
//
//     static Result<SlowHashes> hashes(const At& at, const Input& in);     // the same for the same snapshot and time
//
// An operation that parses a large document of its input says so; it is executed away from the event loops:
//
//     static constexpr bool kReadsDocument = true;
//
// An operation on what buckets hold says what it has to know of that, before it is decided; `access` and `execute` find the
// answers in `at.seen`, in the same order:
//
//     static objects::Looks looks(const At& at, const Input& in);
//
// An operation that takes bytes says how, once it was allowed. They are taken in, wherever they go; then everything is
// decided again, and `execute` finds them in `at.body`. One that copies bytes says which, in the same way:
//
//     static Result<BodyWanted> body(const At& at, const Input& in);
//     static Result<std::optional<BodyCopied>> copied(const At& at, const Input& in);     // beside body()
//
// An operation on many things says so, and finds in `at.refusals` which of its accesses were refused, in their order:
//
//     static constexpr bool kDecidesEach = true;
//
// Neither function sees HTTP, XML, a lock, a clock or the store. `execute` runs only when every access was allowed, and
// again on a newer snapshot when somebody else wrote first. Order of answers: the shape was validated before (AWS's
// ValidationError), then authorization, then existence and state (docs/wire.md, 5.1).
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "authn/federation/issuer.h"
#include "authn/session_token.h"
#include "authz/access.h"
#include "base/error.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "crypto/vault.h"
#include "directory/caller.h"
#include "directory/changes.h"
#include "directory/usage.h"
#include "protocol/operation.h"
#include "services/account_limits.h"
#include "services/bytes.h"

namespace deputy::services {

using authz::Access;
using authz::Accesses;
using SlowHashes = std::vector<crypto::SlowHash>;

struct Binding;

/// The table of all operations, for one that runs others: an operator's seed (services/admin/seed.h).
class Operations {
 public:
  virtual ~Operations() = default;
  /// Null: AWS has the operation, Deputy has not.
  [[nodiscard]] virtual const Binding* find(const protocol::Operation& operation) const = 0;
};

/// A long-term key that the operator chose, instead of one that is drawn.
struct ChosenKey {
  std::string_view id, secret;
};

/// How far a long operation is, for whoever asks meanwhile.
struct Progress {
  std::atomic<std::int64_t> done{0}, total{0};
};

/// Where and when an operation runs. Everything is borrowed for the time of the call.
struct At {
  const directory::Snapshot& snapshot;
  const directory::Caller& caller;
  Time now;
  std::string_view region;  // of the endpoint as the caller addressed it
  crypto::Entropy& entropy;
  const crypto::Vault& vault;                   // seals long-term secrets
  const authn::SessionTokens& tokens;           // makes sessions
  const directory::Usage& usage;                // when keys and roles were last used
  const authn::IssuerRules* issuers = nullptr;  // which providers may be registered; null: those that AWS takes
  bool global_endpoint = false;                 // addressed as the one of no region: sts.amazonaws.com
  std::span<const crypto::Secret> hashes = {};  // that the operation asked for
  std::string_view public_url = {};             // where others reach the server: of the issuers of identity tokens
  AccountLimits account_limits = {};
  const Operations* operations = nullptr;               // null: this one may run no others
  const ChosenKey* chosen_key = nullptr;                // of CreateAccessKey; null: as for every request, one is drawn
  Progress* progress = nullptr;                         // null: nobody asks
  const objects::Seen* seen = nullptr;                  // what the operation asked to know of buckets
  const BodyReceived* body = nullptr;                   // in execute(), of an operation that takes bytes
  std::span<const std::optional<Error>> refusals = {};  // in execute(), of an operation on many things

  /// The same place for another caller, on another snapshot: for an operation that runs others.
  [[nodiscard]] At on(const directory::Snapshot& other, const directory::Caller& who) const {
    // All of them, told by name: a member that is added and not here does not compile.
    const auto& [_, by, when, where, random, secrets, sealed, used, rules, global, hashed, url, limits, table, key, far,
                 found, bytes, refused] = *this;
    return {other,  who, when,   where, random, secrets, sealed, used,  rules,  global,
            hashed, url, limits, table, key,    far,     found,  bytes, refused};
  }
};

/// What an answer has beside its output.
struct Extra {
  int status = 0;                      // 0: the model's
  std::optional<BodySent> bytes = {};  // the body
};

/// What an operation answers, and what must be durable before that answer leaves.
template <class Output>
struct Outcome {
  Output output;
  directory::Changes changes = {};
  std::optional<Error> refusal = {};  // answered instead: a refusal that leaves its mark, as a wrong MFA code does
  Extra extra = {};
};

/// What most operations that change something end with: an entity is written as it is now, or it goes. Whoever found it,
/// copied it and changed the copy says so in one line.
///
///   User user = *before;
///   user.path = *in.new_path;
///   return written<Output>(user);
template <class Output, class Entity>
Outcome<Output> written(const Entity& entity, Output output = {}) {
  Outcome<Output> out{std::move(output)};
  out.changes.update(entity);
  return out;
}
template <class Output, class Entity>
Outcome<Output> erased(const Entity& entity, Output output = {}) {
  Outcome<Output> out{std::move(output)};
  out.changes.erase(entity);
  return out;
}

/// What a second factor that came with the call is worth. `changes` are written whatever becomes of the call, so that a
/// code is used up, and a wrong one counted, also where policies or the operation say no.
struct Proof {
  bool mfa = false;  // a right code was given: Caller::gave_mfa_code
  directory::Changes changes = {};
  std::optional<Error> refusal = {};  // a wrong one: the call ends here
};

/// A value of a generated shape whose type only its operation knows.
using Erased = std::unique_ptr<void, void (*)(void*)>;
template <class T>
Erased erase(T value) {
  return {new T(std::move(value)), [](void* p) { delete static_cast<T*>(p); }};
}

struct ErasedOutcome {
  Erased output;
  directory::Changes changes;
  std::optional<Error> refusal;
  Extra extra = {};
};

/// What proves the caller of an operation that asks for no signature: the word of an identity provider.
struct Assertion {
  enum class Kind : std::uint8_t { kWebIdentity, kSaml };
  Kind kind = Kind::kWebIdentity;
  AccountId account;                                  // that trusts the provider: of the role
  std::string_view text;                              // the token or response, as sent; of the input
  std::string_view role_arn = {}, provider_arn = {};  // of SAML: what the response must name
};

/// An operation with its types erased: a row of the server's table.
struct Binding {
  const protocol::Operation* model;
  Erased (*input)();  // an empty Input for the decoder to fill
  Result<Accesses> (*access)(const At&, const void* input);
  Result<ErasedOutcome> (*execute)(const At&, const void* input);
  Result<Assertion> (*assertion)(const void* input) = nullptr;           // null: the caller is who signed
  Proof (*prove)(const At&, const void* input) = nullptr;                // null: the operation takes no second factor
  Result<SlowHashes> (*hashes)(const At&, const void* input) = nullptr;  // null: it needs none
  bool reads_document = false;                                           // `execute` is too long for an event loop
  bool decides_each = false;                                             // see At::refusals
  objects::Looks (*looks)(const At&, const void* input) = nullptr;       // null: it asks nothing of buckets
  Result<BodyWanted> (*body)(const At&, const void* input) = nullptr;    // null: it takes no bytes
  Result<std::optional<BodyCopied>> (*copied)(const At&, const void* input) = nullptr;  // null: those of the request
};

template <class Op>
constexpr Binding bind() {
  using Input = typename Op::Input;
  Binding binding{
      &Op::model,
      [] { return erase(Input{}); },
      [](const At& at, const void* in) { return Result<Accesses>(Op::access(at, *static_cast<const Input*>(in))); },
      [](const At& at, const void* in) -> Result<ErasedOutcome> {
        TRY(auto outcome, Op::execute(at, *static_cast<const Input*>(in)));
        return ErasedOutcome{erase(std::move(outcome.output)), std::move(outcome.changes), std::move(outcome.refusal),
                             std::move(outcome.extra)};
      },
  };
  if constexpr (requires { &Op::assertion; }) {
    binding.assertion = [](const void* in) { return Op::assertion(*static_cast<const Input*>(in)); };
  }
  if constexpr (requires { &Op::prove; }) {
    binding.prove = [](const At& at, const void* in) { return Op::prove(at, *static_cast<const Input*>(in)); };
  }
  if constexpr (requires { &Op::hashes; }) {
    binding.hashes = [](const At& at, const void* in) { return Op::hashes(at, *static_cast<const Input*>(in)); };
  }
  if constexpr (requires { Op::kDecidesEach; }) binding.decides_each = Op::kDecidesEach;
  if constexpr (requires { &Op::looks; }) {
    binding.looks = [](const At& at, const void* in) { return Op::looks(at, *static_cast<const Input*>(in)); };
  }
  if constexpr (requires { &Op::body; }) {
    binding.body = [](const At& at, const void* in) { return Op::body(at, *static_cast<const Input*>(in)); };
  }
  if constexpr (requires { &Op::copied; }) {
    binding.copied = [](const At& at, const void* in) { return Op::copied(at, *static_cast<const Input*>(in)); };
  }
  if constexpr (requires { Op::kReadsDocument; }) binding.reads_document = Op::kReadsDocument;
  return binding;
}

}  // namespace deputy::services
