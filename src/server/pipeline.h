// The journey of one request, from its bytes to its answer. Read pipeline.cpp: it is the map of the program.
#pragma once

#include <memory>

#include "audit/log.h"
#include "authn/session_token.h"
#include "authn/signature/identify.h"
#include "crypto/random.h"
#include "crypto/vault.h"
#include "directory/usage.h"
#include "host/clock.h"
#include "http/server.h"
#include "server/bindings.h"
#include "server/fair_thread.h"
#include "server/issuer_documents.h"
#include "server/origin.h"
#include "server/slow_hashes.h"
#include "server/step.h"
#include "server/writes.h"
#include "state/state.h"

namespace deputy::server {

/// The rooms that a request passes. All outlive the pipeline and are thread-safe.
struct Rooms {
  state::State& state;
  Writes& writes;
  const authn::Identifier& identifier;
  const authn::SessionTokens& tokens;
  const crypto::Vault& vault;
  crypto::Entropy& entropy;
  directory::Usage& usage;
  audit::Log& audit;
  const Clock& clock;
  const Bindings& bindings;
  const TrustedProxies& proxies;
  authn::IssuerKeys& issuer_keys;
  SlowHashes& slow_hashes;
  FairThread& documents;  // reads SAML's XML
  const PublicUrl& public_url;
  bool encoded_messages = false;  // refusals carry what sts:DecodeAuthorizationMessage decodes
  services::AccountLimits account_limits = {};
};

/// Answers whoever asks whether the server is up; no bucket can have such a name.
inline constexpr std::string_view kHealthPath = "/_deputy/health";

struct Exchange;
using ExchangePtr = std::shared_ptr<Exchange>;

/// Thread-safe; one for all event loops.
class Pipeline {
 public:
  explicit Pipeline(const Rooms& rooms) : rooms_(rooms) {}

  /// The http::Handler of the network port.
  void handle(const http::Request& request, http::Responder respond) const;

 private:
  void attempt(ExchangePtr x) const;
  void write(ExchangePtr x, services::ErasedOutcome outcome) const;
  /// Asks for what the attempt could not go on without; when it is there, the next one begins.
  void wait(ExchangePtr x, NeedsKeys keys) const;
  void wait(ExchangePtr x, NeedsTurn turn) const;
  void wait(ExchangePtr x, NeedsHashes hashes) const;
  Step<services::ErasedOutcome> answer(Exchange& x) const;
  /// May the caller do it, and what happens then: the second half of `answer`.
  Step<services::ErasedOutcome> decide(Exchange& x, const services::Binding& binding, const services::At& at) const;
  /// The hashes that an operation needs, as `x.arrived.hashes`.
  static Step<void> hash(Exchange& x, const services::Binding& binding, const services::At& at);
  Error with_message(const Exchange& x, const Error& refusal, std::string_view facts) const;
  /// Who calls, by the signature; without one only where the operation asks for none.
  Result<void> identify(Exchange& x) const;
  /// Who calls, by the word of an identity provider.
  Step<void> believe(Exchange& x, const services::Assertion& assertion) const;
  void finish(Exchange& x, const Result<services::ErasedOutcome>& outcome) const;
  void note_use(const Exchange& x) const;
  void record(const Exchange& x, const void* output, const Error* error) const;

  const Rooms rooms_;
};

}  // namespace deputy::server
