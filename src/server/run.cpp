#include "server/run.h"

#include <type_traits>

#include "authn/authorization_message.h"
#include "host/log.h"
#include "server/content.h"
#include "server/troubles.h"

namespace deputy::server {

using services::ErasedOutcome;

namespace {

/// Too many passwords are being hashed, or documents read.
Error throttled() { return {"Throttling", 400, "Rate exceeded"}; }

/// A refusal that answers only once what the call proved is durable: a code is used up though the call failed.
ErasedOutcome kept(directory::Changes changes, Error refusal) {
  return {services::Erased(nullptr, nullptr), std::move(changes), std::move(refusal)};
}

Result<services::Erased> reply_of(Call& call, ErasedOutcome outcome) {
  if (outcome.refusal) return *std::move(outcome.refusal);
  call.extra = std::move(outcome.extra);
  return std::move(outcome.output);
}

/// What S3 says where many ask at once, and where the store does not answer.
Error not_read(const objects::Fault& why) {
  if (why.kind == objects::Fault::Kind::kBusy) return slow_down();
  log::error("what buckets hold could not be read: {}", why.message);
  return {"ServiceUnavailable", 503, "Service is unable to handle request."};
}

/// Whether the bytes that arrived are those that are needed: what is copied may have been replaced meanwhile.
bool is_of(const Arrived& arrived, const NeedsBody& needs) {
  return !needs.copied || (arrived.copied && arrived.copied->version == needs.copied->version->version &&
                           arrived.copied->bucket == needs.copied->version->bucket);
}

Result<NeedsBody> needs_body(const services::Binding& binding, const services::At& at, const void* input) {
  NeedsBody needs;
  TRY(needs.wanted, binding.body(at, input));
  if (binding.copied != nullptr) {
    TRY(needs.copied, binding.copied(at, input));
  }
  return needs;
}

/// The hashes that an operation needs, if they are there.
Step<std::span<const crypto::Secret>> hashes_for(const Arrived& arrived, const Known& known, const services::At& at) {
  TRY(services::SlowHashes wanted, known.binding.hashes(at, known.input));
  if (arrived.hashes && wanted == arrived.wanted) return std::span<const crypto::Secret>(*arrived.hashes);
  return Failure(NeedsHashes{known.caller.account_id(), std::move(wanted)});
}

/// What lies in it belongs to an entry now, or goes with the call. Where the outcome is not known it stays, and the next
/// start looks what became of it.
void settle_draft(Call& call, const store::Result<store::Revision>& done) {
  if (!call.arrived.body || !call.arrived.body->draft) return;
  if (done) return call.arrived.body->draft->keep();
  if (done.error().code == store::Error::Code::kUnavailable) static_cast<void>(call.arrived.body->draft.release());
}

}  // namespace

void Call::take_body(const services::BodyWanted& /*wanted*/, std::function<void()> go_on) {
  arrived.fault = Error("NotImplemented", 501, "This door takes no bytes.");
  const std::function<void()> next = std::move(go_on);
  next();
}

void Run::attempt(CallPtr call) const {
  if (call->arrived.fault) return call->finish(*std::exchange(call->arrived.fault, std::nullopt));
  call->snapshot_ = rooms_.state.snapshot();  // one revision for the whole attempt
  Step<ErasedOutcome> step = outcome_of(*call);
  call->arrived.turn = false;  // it was of that attempt alone
  if (step && !step->changes.empty()) return write(call, std::move(step).value());
  if (step) return call->finish(reply_of(*call, std::move(step).value()));
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
  if (binding.looks != nullptr) {
    TRY(at.seen, look(call, known, at));
  }
  TRY(call.accesses, binding.access(at, known.input));
  if (binding.decides_each) {
    TRY(call.refusals_, authz::authorize_each(known.caller, call.accesses, known.how, at.snapshot, known.wording));
    at.refusals = call.refusals_;
    TRY(ErasedOutcome outcome, binding.execute(at, known.input));
    return outcome;
  }
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
  if (binding.body != nullptr) {
    if (!call.arrived.body || binding.copied != nullptr) {
      TRY(NeedsBody needs, needs_body(binding, at, known.input));
      if (!call.arrived.body || !is_of(call.arrived, needs)) return Failure(std::move(needs));
    }
    at.body = &call.arrived.body->received;
  }
  TRY(ErasedOutcome outcome, binding.execute(at, known.input));
  return outcome;
}

Step<const objects::Seen*> Run::look(Call& call, const Known& known, const services::At& at) const {
  objects::Looks looks = known.binding.looks(at, known.input);
  call.seen_ = rooms_.index.remembered(looks);
  if (!call.seen_) {
    std::optional<objects::Seen> read = std::exchange(call.arrived.seen, std::nullopt);
    if (!read || read->asked != looks) {
      const AccountId account = known.caller.account != nullptr ? known.caller.account_id() : AccountId();
      return Failure(NeedsLook{account, std::move(looks)});
    }
    call.seen_ = std::move(read);
  }
  call.arrived.seen.reset();
  return &*call.seen_;
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
          settle_draft(*call, done);
          if (!done) return call->finish(call->not_written(done.error()));
          call->finish(reply_of(*call, std::move(*pending)));
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

void Run::wait(CallPtr call, NeedsLook look) const {
  rooms_.index.read(look.account, std::move(look.looks), [this, call = std::move(call)](auto seen) {
    if (seen) {
      call->arrived.seen = std::move(seen).value();
    } else {
      call->arrived.fault = not_read(seen.error());
    }
    call->respond.post([this, call] { attempt(call); });
  });
}

void Run::wait(const CallPtr& call, const NeedsBody& body) const {
  if (!body.copied) return call->take_body(body.wanted, [this, call] { attempt(call); });
  auto place = rooms_.crew.place();
  if (!place) return call->finish(slow_down());
  call->arrived.body.reset();
  call->arrived.copied = body.copied->version;
  copy(*body.copied, body.wanted, rooms_.blobs, rooms_.crew, [this, call, place](Result<Taken> taken) {
    if (taken) {
      call->arrived.body = std::move(taken).value();
    } else {
      call->arrived.fault = std::move(taken).error();
    }
    call->respond.post([this, call] { attempt(call); });
  });
}

}  // namespace deputy::server
