// What the doors of the server have in common: the rooms that a request passes, put together once (server/serve.cpp).
#pragma once

#include "audit/log.h"
#include "authn/federation/issuer_keys.h"
#include "authn/session_token.h"
#include "authn/signature/identify.h"
#include "blobs/blobs.h"
#include "crypto/random.h"
#include "crypto/vault.h"
#include "directory/usage.h"
#include "host/clock.h"
#include "objects/index.h"
#include "server/bindings.h"
#include "server/copies.h"
#include "server/crew.h"
#include "server/fair_thread.h"
#include "server/health.h"
#include "server/issuer_documents.h"
#include "server/metrics.h"
#include "server/origin.h"
#include "server/slow_hashes.h"
#include "server/writes.h"
#include "services/account_limits.h"
#include "state/state.h"

namespace deputy::server {

/// All outlive whoever holds this, and are thread-safe. Made by name: `{.state = …}`.
struct Rooms {
  state::State& state;
  Writes& writes;
  const authn::Identifier& identifier;
  const authn::SessionTokens& tokens;
  const crypto::Vault& vault;
  crypto::Entropy& entropy;
  directory::Usage& usage;
  blobs::Blobs& blobs;
  Copies& copies;
  audit::Log& audit;
  const Clock& clock;
  const Bindings& bindings;
  const TrustedProxies& proxies;
  const std::vector<std::string>& domains;  // whose names mean what AWS's mean (protocol::destination)
  authn::IssuerKeys& issuer_keys;
  SlowHashes& slow_hashes;
  FairThread& documents;  // reads SAML's XML
  const PublicUrl& public_url;
  const Readiness& readiness;
  Metrics& metrics;
  objects::Index& index;          // what buckets hold
  Crew& crew;                     // who carries them
  bool encoded_messages = false;  // refusals carry what sts:DecodeAuthorizationMessage decodes
  services::AccountLimits account_limits = {};
  services::Progress* seed_progress = nullptr;  // of the operator's seed; null: nobody asks
};

}  // namespace deputy::server
