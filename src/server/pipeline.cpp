// The map of the program: one request passes straight down, its answer straight up. The order is the security argument:
// who calls is settled on the bytes as they came, before a stranger's body is parsed; what the call needs is decided on
// the same snapshot that it then runs on; and an answer leaves only when its commit is durable.
#include "server/pipeline.h"

#include "audit/event.h"
#include "authn/authorization_message.h"
#include "authn/federation/identity_token.h"
#include "authn/federation/saml_assertion.h"
#include "authn/federation/web_identity.h"
#include "authn/signature/payload.h"
#include "authz/authorize.h"
#include "base/buffer.h"
#include "base/encoding.h"
#include "base/time_range.h"
#include "host/log.h"
#include "protocol/encode.h"
#include "protocol/named.h"
#include "protocol/route.h"
#include "server/exchange.h"

namespace deputy::server {

using protocol::Dialect;
using protocol::ServiceId;
using services::ErasedOutcome;

namespace {

/// What an unknown outcome or a defect looks like from outside.
Error internal_failure(ServiceId service) {
  if (service == ServiceId::kS3) return {"InternalError", 500, "We encountered an internal error. Please try again."};
  return {"InternalFailure", 500,
          "The request processing has failed because of an unknown error, exception or failure."};
}

/// The disk is full, or the clock stands where no time can be kept: what is asked for can be asked for again.
Error unavailable(ServiceId service) {
  if (service == ServiceId::kS3) return {"ServiceUnavailable", 503, "Service is unable to handle request."};
  return {"ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server."};
}

Error concurrent_modification(ServiceId service) {
  if (service == ServiceId::kS3) {
    return {"OperationAborted", 409,
            "A conflicting conditional operation is currently in progress against this resource. Please try again."};
  }
  return {
      "ConcurrentModification", 409,
      "The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a "
      "few minutes and submit your request again."};
}

/// Why what was decided is not on the disk.
Error not_written(const store::Error& error, ServiceId service) {
  switch (error.code) {
    case store::Error::Code::kConflict:
      return concurrent_modification(service);
    case store::Error::Code::kFull:  // the store has said so
      return unavailable(service);
    default:
      log::error("a commit failed: {}", error.message);
      return internal_failure(service);
  }
}

/// Too many passwords are being hashed, or documents read.
Error throttled() { return {"Throttling", 400, "Rate exceeded"}; }

authn::Scheme scheme_of(const protocol::Service& service, const protocol::Destination& to) {
  const authn::Dialect dialect = service.dialect == Dialect::kQuery     ? authn::Dialect::kQuery
                                 : service.dialect == Dialect::kRestXml ? authn::Dialect::kS3
                                                                        : authn::Dialect::kJson;
  const std::string_view region = to.region_is_bound ? to.region : "";  // a custom endpoint is in every region
  return {.signing_name = service.signing_name, .dialect = dialect, .region = region};
}

std::string_view header_or_empty(const http::Request& request, std::string_view name) {
  const std::string_view* value = request.header(name);
  return value != nullptr ? *value : std::string_view{};
}

/// The signature of a streaming upload does not cover its data, which signs itself chunk by chunk (authn/signature/payload.h). No
/// operation here decodes chunks yet, so none may take such a body for one that was verified. Clients send them with
/// PutObject and UploadPart alone (docs/wire.md, 3.4).
Result<void> refuse_chunks(const http::Request& request) {
  const auto payload = authn::parse_payload(header_or_empty(request, "x-amz-content-sha256"));
  if (request.body.empty() || !payload || !authn::is_streaming(*payload)) return {};
  return Error("NotImplemented", 501, "A header you provided implies functionality that is not implemented")
      .with("Header", "x-amz-content-sha256");
}

/// A refusal that answers only once what the call proved is durable: a code is used up though the call failed.
ErasedOutcome kept(directory::Changes changes, Error refusal) {
  return {services::Erased(nullptr, nullptr), std::move(changes), std::move(refusal)};
}

bool is_health_check(const http::Request& request) {
  return request.path() == kHealthPath && (request.method == "GET" || request.method == "HEAD");
}

}  // namespace

void Pipeline::handle(const http::Request& request, http::Responder respond) const {
  if (is_health_check(request)) {
    respond({.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = "{\"status\":\"ok\"}\n"});
    return;
  }
  if (asks_for_issuer_document(request)) {
    return respond(issuer_document(request, *rooms_.state.snapshot(), rooms_.public_url.get()));
  }
  const protocol::Destination to = protocol::destination(request);
  auto x = std::make_shared<Exchange>(request, std::move(respond), to, rooms_.clock.now(), rooms_.entropy,
                                      rooms_.proxies.origin_of(request));
  if (auto early = protocol::refuse_early(to, request)) {
    if (early->error) return finish(*x, *std::move(early->error));
    return x->answer_early(std::move(early->response));
  }
  if (!can_be_present(x->now)) return finish(*x, unavailable(x->to.service));
  attempt(std::move(x));
}

void Pipeline::attempt(ExchangePtr x) const {
  Step<ErasedOutcome> step = answer(*x);
  x->arrived.turn = false;  // it was of that attempt alone
  if (step && !step->changes.empty()) return write(std::move(x), std::move(step).value());
  if (step) return finish(*x, Result<ErasedOutcome>(std::move(step).value()));
  std::visit(
      [&](auto&& why) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(why)>, Error>) {
          finish(*x, std::forward<decltype(why)>(why));
        } else {
          wait(std::move(x), std::forward<decltype(why)>(why));
        }
      },
      std::move(step).error());
}

void Pipeline::write(ExchangePtr x, ErasedOutcome outcome) const {
  const auto pending = std::make_shared<ErasedOutcome>(std::move(outcome));
  // Nothing is made in an account that is being deleted: closing one writes it (services/admin/accounts.cpp).
  if (x->caller->account != nullptr) pending->changes.require_unchanged(x->caller->account->account);
  Exchange& writes = *x;
  rooms_.writes.write(
      writes.writing, {pending, &pending->changes},
      // Somebody changed what this one read, or was first: the permission may be gone too, so it is decided again.
      [this, x] { x->respond.post([this, x] { attempt(x); }); },
      [this, x, pending](store::Result<store::Revision> done) {
        x->respond.post([this, x, pending, done = std::move(done)] {
          if (done) return finish(*x, Result<ErasedOutcome>(std::move(*pending)));
          finish(*x, not_written(done.error(), x->to.service));
        });
      });
}

void Pipeline::wait(ExchangePtr x, NeedsKeys keys) const {
  rooms_.issuer_keys.find(keys.question, [this, x = std::move(x)](authn::KeyAnswer answer) {
    x->arrived.keys = std::move(answer);
    x->respond.post([this, x] { attempt(x); });
  });
}

void Pipeline::wait(ExchangePtr x, NeedsTurn turn) const {
  rooms_.documents.run(turn.account, [this, x = std::move(x)](bool my_turn) {
    if (!my_turn) return x->respond.post([this, x] { finish(*x, throttled()); });
    x->arrived.turn = true;
    attempt(x);
  });
}

void Pipeline::wait(ExchangePtr x, NeedsHashes hashes) const {
  Arrived& arrived = x->arrived;
  arrived.wanted = std::move(hashes.wanted);
  rooms_.slow_hashes.make(hashes.account, arrived.wanted, [this, x = std::move(x)](auto made) {
    const bool refused = !made;
    x->arrived.hashes = std::move(made);
    x->respond.post([this, x, refused] { refused ? finish(*x, throttled()) : attempt(x); });
  });
}

Step<ErasedOutcome> Pipeline::answer(Exchange& x) const {
  x.snapshot = rooms_.state.snapshot();  // one revision for the whole attempt
  const protocol::Service& service = protocol::service(x.to.service);

  TRY_VOID(identify(x));
  const services::Binding* binding = rooms_.bindings.find(*x.call.operation);
  if (binding == nullptr) return Failure(protocol::not_implemented(*x.call.operation));
  if (x.to.service == ServiceId::kS3) TRY_VOID(refuse_chunks(x.request));
  if (binding->assertion == nullptr) TRY_VOID(authz::admit(service.name, x.call.operation->name, *x.caller));
  if (!x.input) {
    x.input = binding->input();
    if (auto decoded = protocol::decode(x.call, x.request, x.input.get()); !decoded) {
      x.input.reset();
      return Failure(std::move(decoded).error());
    }
  }

  if (binding->assertion != nullptr) {
    TRY(const services::Assertion assertion, binding->assertion(x.input.get()));
    TRY_VOID(believe(x, assertion));
  }
  const services::At at{*x.snapshot,
                        *x.caller,
                        x.now,
                        x.region(),
                        rooms_.entropy,
                        rooms_.vault,
                        rooms_.tokens,
                        rooms_.usage,
                        &rooms_.issuer_keys.rules(),
                        x.to.is_global,
                        {},
                        rooms_.public_url.get(),
                        rooms_.account_limits};
  services::Proof proof;
  if (binding->prove != nullptr) proof = binding->prove(at, x.input.get());
  x.caller->gave_mfa_code = proof.mfa;
  if (proof.refusal) return kept(std::move(proof.changes), *std::move(proof.refusal));
  Step<ErasedOutcome> outcome = decide(x, *binding, at);
  if (proof.changes.empty()) return outcome;
  if (!outcome) {
    Error* const refusal = std::get_if<Error>(&outcome.error());
    return refusal != nullptr ? kept(std::move(proof.changes), std::move(*refusal)) : std::move(outcome);
  }
  outcome->changes.append(std::move(proof.changes));
  return outcome;
}

Step<ErasedOutcome> Pipeline::decide(Exchange& x, const services::Binding& binding, const services::At& at) const {
  const protocol::Service& service = protocol::service(x.to.service);
  TRY(x.accesses, binding.access(at, x.input.get()));
  const authz::Wording wording = service.dialect == Dialect::kRestXml ? authz::Wording::kS3 : authz::Wording::kStandard;
  std::string facts;
  std::string* const asked = rooms_.encoded_messages ? &facts : nullptr;
  if (auto allowed = authz::authorize(*x.caller, x.accesses, x.circumstances(), *x.snapshot, wording, asked);
      !allowed) {
    const bool tells_more = !facts.empty() && x.caller->account != nullptr;
    return Failure(tells_more ? with_message(x, allowed.error(), facts) : std::move(allowed).error());
  }
  if (binding.reads_document && !x.arrived.turn) return Failure(NeedsTurn{x.caller->account_id()});
  services::At with_hashes = at;
  if (binding.hashes != nullptr) {
    TRY_VOID(hash(x, binding, at));
    with_hashes.hashes = *x.arrived.hashes;
  }
  TRY(ErasedOutcome outcome, binding.execute(with_hashes, x.input.get()));
  return outcome;
}

Step<void> Pipeline::hash(Exchange& x, const services::Binding& binding, const services::At& at) {
  TRY(services::SlowHashes wanted, binding.hashes(at, x.input.get()));
  if (x.arrived.hashes && wanted == x.arrived.wanted) return {};  // an earlier attempt had them made
  return Failure(NeedsHashes{x.caller->account_id(), std::move(wanted)});
}

/// A refusal with an encoded message behind its sentence, as EC2 words it.
Error Pipeline::with_message(const Exchange& x, const Error& refusal, std::string_view facts) const {
  return {
      refusal.code(), refusal.status(),
      refusal.message() + ". Encoded authorization failure message: " +
          authn::seal_authorization_message(rooms_.vault, rooms_.entropy, x.caller->account->account, x.now, facts)};
}

Result<void> Pipeline::identify(Exchange& x) const {
  const authn::Scheme scheme = scheme_of(protocol::service(x.to.service), x.to);
  TRY(x.caller.emplace(), rooms_.identifier.identify(x.request, scheme, *x.snapshot, x.now, true));
  if (x.call.operation == nullptr) {
    TRY(x.call, protocol::find_operation(x.to, x.request));
  }
  if (x.caller->kind != directory::Caller::Kind::kAnonymous || x.to.service == ServiceId::kS3) return {};
  if (!x.call.operation->takes_unsigned) return authn::unsigned_request(scheme.dialect);
  return {};
}

Step<void> Pipeline::believe(Exchange& x, const services::Assertion& assertion) const {
  if (assertion.kind == services::Assertion::Kind::kSaml) {
    const directory::SamlProvider* provider = x.snapshot->saml_provider_by_arn(assertion.provider_arn);
    if (provider != nullptr && !x.arrived.turn) return Failure(NeedsTurn{provider->account});
    TRY(*x.caller, authn::believe_saml(assertion.text, provider, {assertion.role_arn, assertion.provider_arn}, x.now));
    return {};
  }
  TRY(authn::WebIdentity identity,
      authn::read_web_identity(assertion.text, x.snapshot->account(assertion.account), x.now));
  TRY_VOID(authn::refuse_own_issuer(identity.provider->issuer(), rooms_.public_url.get()));
  if (!x.arrived.keys) {
    const directory::OidcProvider& provider = *identity.provider;
    authn::KeyQuestion question{provider.issuer(), provider.thumbprints, identity.jwt.key_id, provider.account};
    x.arrived.keys = rooms_.issuer_keys.remembered(question);
    if (!x.arrived.keys) return Failure(NeedsKeys{std::move(question)});
  }
  TRY(*x.caller, authn::believe(std::move(identity), *x.arrived.keys));
  return {};
}

void Pipeline::finish(Exchange& x, const Result<ErasedOutcome>& outcome) const {
  const Error* error = !outcome ? &outcome.error() : outcome->refusal ? &*outcome->refusal : nullptr;
  const void* output = error == nullptr ? outcome->output.get() : nullptr;
  record(x, output, error);
  const protocol::ReplyContext context = x.reply_context();
  x.respond(error == nullptr ? protocol::encode_reply(*x.call.operation, output, context)
                             : protocol::encode_error(protocol::service(x.to.service), *error, context));
}

/// Of a role whichever session it is; of users and root the long-term key only.
void Pipeline::note_use(const Exchange& x) const {
  const directory::Caller& caller = *x.caller;
  if (caller.access_key_id.empty() || (caller.is_temporary() && caller.role == nullptr)) return;
  const std::string_view id = caller.role != nullptr ? std::string_view(caller.role->id.str()) : caller.access_key_id;
  rooms_.usage.used(id, x.now, x.region(), protocol::service(x.to.service).signing_name);
}

void Pipeline::record(const Exchange& x, const void* output, const Error* error) const {
  if (x.caller) note_use(x);
  audit::Record event{
      .when = x.now,
      .service = x.to.service,
      .operation = x.call.operation != nullptr ? x.call.operation : protocol::named_operation(x.to, x.request),
      .caller = x.caller ? &*x.caller : nullptr,
      .source_ip = x.origin.address,
      .user_agent = header_or_empty(x.request, "user-agent"),
      .region = x.region(),
      .host = header_or_empty(x.request, "host"),
      .request_id = x.request_id,
      .secure = x.origin.secure,
      .tls_version = x.request.tls_version,
      .tls_cipher = x.request.tls_cipher,
      .input = x.input.get(),
      .output = output,
      .error = error,
      .no_keys = x.arrived.keys && !*x.arrived.keys ? x.arrived.keys->error().reason : std::string_view{},
      .resources = {}};
  if (!x.accesses.empty()) event.resources = x.resources();
  thread_local std::string line, common;
  const bool shared = audit::has_other_side(event);
  const std::string shared_id = shared ? crypto::make_uuid(rooms_.entropy) : std::string();
  audit::write_event(line, common, event, crypto::make_uuid(rooms_.entropy), shared_id);
  if (shared) {
    line.push_back('\n');
    audit::write_other_side(line, common, event, event.resources.front(), crypto::make_uuid(rooms_.entropy), shared_id);
  }
  rooms_.audit.append(audit::has_identity(event) ? audit::Share::kKnown : audit::Share::kStrangers, line);
  empty_for_reuse(line);
  empty_for_reuse(common);
}

}  // namespace deputy::server
