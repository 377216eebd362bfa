#include "server/run.h"

#include <type_traits>

#include "authn/authorization_message.h"

namespace deputy::server {

using services::ErasedOutcome;

namespace {

/// Too many passwords are being hashed, or documents read.
Error throttled() { return {"Throttling", 400, "Rate exceeded"}; }

/// A refusal that answers only once what the call proved is durable: a code is used up though the call failed.
ErasedOutcome kept(directory::Changes changes, Error refusal) {
  return {services::Erased(nullptr, nullptr), std::move(changes), std::move(refusal)};
}

Result<services::Erased> reply_of(ErasedOutcome outcome) {
  if (outcome.refusal) return *std::move(outcome.refusal);
  return std::move(outcome.output);
}

/// The hashes that an operation needs, if they are there.
Step<std::span<const crypto::Secret>> hashes_for(const Arrived& arrived, const Known& known, const services::At& at) {
  TRY(services::SlowHashes wanted, known.binding.hashes(at, known.input));
  if (arrived.hashes && wanted == arrived.wanted) return std::span<const crypto::Secret>(*arrived.hashes);
  return Failure(NeedsHashes{known.caller.account_id(), std::move(wanted)});
}

}  // namespace

void Run::attempt(CallPtr call) const {
  call->snapshot_ = rooms_.state.snapshot();  // one revision for the whole attempt
  Step<ErasedOutcome> step = outcome_of(*call);
  call->arrived.turn = false;  // it was of that attempt alone
  if (step && !step->changes.empty()) return write(call, std::move(step).value());
  if (step) return call->finish(reply_of(std::move(step).value()));
  std::visit(
      [&](auto&& why) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(why)>, Error>) {
          call->finish(std::forward<decltype(why)>(why));
        } else {
          wait(std::move(call), std::forward<decltype(why)>(why));
        }
      },
      std::move(step).error());
}

Step<ErasedOutcome> Run::outcome_of(Call& call) const {
  TRY(const Known known, call.known(*call.snapshot_));
  call.caller_ = &known.caller;
  const services::At here = at(*call.snapshot_, known);
  services::Proof proof;
  if (known.binding.prove != nullptr) proof = known.binding.prove(here, known.input);
  known.caller.gave_mfa_code = proof.mfa;
  if (proof.refusal) return kept(std::move(proof.changes), *std::move(proof.refusal));
  Step<ErasedOutcome> outcome = decide(call, known, here);
  if (proof.changes.empty()) return outcome;
  if (!outcome) {
    Error* const refusal = std::get_if<Error>(&outcome.error());
    return refusal != nullptr ? kept(std::move(proof.changes), std::move(*refusal)) : std::move(outcome);
  }
  outcome->changes.append(std::move(proof.changes));
  return outcome;
}

Step<ErasedOutcome> Run::decide(Call& call, const Known& known, services::At at) const {
  const services::Binding& binding = known.binding;
  TRY(call.accesses, binding.access(at, known.input));
  std::string facts;
  std::string* const asked = rooms_.encoded_messages ? &facts : nullptr;
  std::optional<policy::Decision> decision;
  const auto allowed =
      authz::authorize(known.caller, call.accesses, known.how, at.snapshot, known.wording, asked, &decision);
  if (decision) rooms_.metrics.decided(*decision);
  if (!allowed) {
    const bool tells_more = !facts.empty() && known.caller.account != nullptr;
    return Failure(tells_more ? with_message(known, allowed.error(), facts) : allowed.error());
  }
  if (binding.reads_document && !call.arrived.turn) {
    return Failure(NeedsTurn{known.caller.account != nullptr ? known.caller.account_id() : AccountId()});
  }
  if (binding.hashes != nullptr) {
    TRY(at.hashes, hashes_for(call.arrived, known, at));
  }
  TRY(ErasedOutcome outcome, binding.execute(at, known.input));
  return outcome;
}

services::At Run::at(const directory::Snapshot& snapshot, const Known& known) const {
  return {.snapshot = snapshot,
          .caller = known.caller,
          .now = known.how.now,
          .region = known.how.region,
          .entropy = rooms_.entropy,
          .vault = rooms_.vault,
          .tokens = rooms_.tokens,
          .usage = rooms_.usage,
          .issuers = &rooms_.issuer_keys.rules(),
          .global_endpoint = known.global_endpoint,
          .hashes = {},
          .public_url = rooms_.public_url.get(),
          .account_limits = rooms_.account_limits,
          .operations = &rooms_.bindings,
          .progress = rooms_.seed_progress};
}

/// A refusal with an encoded message behind its sentence, as EC2 words it.
Error Run::with_message(const Known& known, const Error& refusal, std::string_view facts) const {
  return {refusal.code(), refusal.status(),
          refusal.message() + ". Encoded authorization failure message: " +
              authn::seal_authorization_message(rooms_.vault, rooms_.entropy, known.caller.account->account,
                                                known.how.now, facts)};
}

void Run::write(const CallPtr& call, ErasedOutcome outcome) const {
  const auto pending = std::make_shared<ErasedOutcome>(std::move(outcome));
  // Nothing is made in an account that is being deleted: closing one writes it (services/admin/accounts.cpp).
  if (call->caller_->account != nullptr) pending->changes.require_unchanged(call->caller_->account->account);
  Writes::Call& writing = call->writing_;
  rooms_.writes.write(
      writing, {pending, &pending->changes},
      // Somebody changed what this one read, or was first: the permission may be gone too, so it is decided again.
      [this, call] { call->respond.post([this, call] { attempt(call); }); },
      [call, pending](store::Result<store::Revision> done) {
        call->respond.post([call, pending, done = std::move(done)] {
          if (!done) return call->finish(call->not_written(done.error()));
          call->finish(reply_of(std::move(*pending)));
        });
      });
}

void Run::wait(CallPtr call, const NeedsKeys& keys) const {
  rooms_.issuer_keys.find(keys.question, [this, call = std::move(call)](authn::KeyAnswer answer) {
    call->arrived.keys = std::move(answer);
    call->respond.post([this, call] { attempt(call); });
  });
}

void Run::wait(CallPtr call, const NeedsTurn& turn) const {
  rooms_.documents.run(turn.account, [this, call = std::move(call)](bool my_turn) {
    if (!my_turn) return call->respond.post([call] { call->finish(throttled()); });
    call->arrived.turn = true;
    attempt(call);
  });
}

void Run::wait(CallPtr call, NeedsHashes hashes) const {
  Arrived& arrived = call->arrived;
  arrived.wanted = std::move(hashes.wanted);
  rooms_.slow_hashes.make(hashes.account, arrived.wanted, [this, call = std::move(call)](auto made) {
    const bool refused = !made;
    call->arrived.hashes = std::move(made);
    call->respond.post([this, call, refused] { refused ? call->finish(throttled()) : attempt(call); });
  });
}

}  // namespace deputy::server
