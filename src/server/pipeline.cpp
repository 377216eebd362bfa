// The map of the program: one request passes straight down, its answer straight up. The order is the security argument:
// who calls is settled on the bytes as they came, before a stranger's body is parsed; what the call needs is decided on
// the same snapshot that it then runs on; and an answer leaves only when its commit is durable.
//
//   handle    route: which service (protocol/route.h)
//   known     identify: who calls (authn/), decode: what is asked (protocol/)
//   …         authorize, execute, commit, and again if somebody was first: server/run.cpp, the same for every door
//   finish    record (server/trail.h), encode (protocol/encode.h)
#include "server/pipeline.h"

#include "authn/federation/identity_token.h"
#include "authn/federation/saml_assertion.h"
#include "authn/federation/web_identity.h"
#include "authn/signature/payload.h"
#include "base/time_range.h"
#include "protocol/absent.h"
#include "server/content.h"
#include "server/cross_origin.h"
#include "server/exchange.h"
#include "server/intake.h"
#include "server/trail.h"
#include "server/troubles.h"

namespace deputy::server {

using protocol::Dialect;

namespace {

authn::Scheme scheme_of(const protocol::Service& service, const protocol::Destination& to) {
  const authn::Dialect dialect = service.dialect == Dialect::kQuery     ? authn::Dialect::kQuery
                                 : service.dialect == Dialect::kRestXml ? authn::Dialect::kS3
                                                                        : authn::Dialect::kJson;
  const std::string_view region = to.region_is_bound ? to.region : "";  // a custom endpoint is in every region
  return {.signing_name = service.signing_name, .dialect = dialect, .region = region};
}

authz::Wording wording_of(const protocol::Service& service) {
  return service.error_words == protocol::ErrorWords::kS3 ? authz::Wording::kS3 : authz::Wording::kStandard;
}

/// The signature of a streaming upload does not cover its data, which signs itself chunk by chunk
/// (authn/signature/payload.h). Operations that take bytes decode them (server/receiver.h); no other may take such a body
/// for one that was verified (docs/wire.md, 3.4).
Result<void> refuse_chunks(std::string_view body, std::string_view content_sha256) {
  const auto payload = authn::parse_payload(content_sha256);
  if (body.empty() || !payload || !authn::is_streaming(*payload)) return {};
  return Error("NotImplemented", 501, "A header you provided implies functionality that is not implemented")
      .with("Header", "x-amz-content-sha256");
}

}  // namespace

void Pipeline::handle(const http::Request& request, http::Responder respond) const {
  if (auto health = answer_health(request, rooms_.readiness, rooms_.state.snapshot()->revision())) {
    return respond(*std::move(health));
  }
  if (asks_for_issuer_document(request)) {
    return respond(issuer_document(request, *rooms_.state.snapshot(), rooms_.public_url.get()));
  }
  auto x = std::make_shared<Exchange>(rooms_, request, std::move(respond));
  if (!x->to.absent.empty()) return x->answer_early(protocol::refuse_absent(request, x->to.absent, x->request_id));
  if (auto early = protocol::refuse_early(x->to, request)) {
    if (early->error) return x->finish(*std::move(early->error));
    return x->answer_early(std::move(early->response));
  }
  if (auto answer = answer_preflight(rooms_.bindings, *rooms_.state.snapshot(), x->to, request, x->reply_context())) {
    return x->respond(*std::move(answer));
  }
  if (!can_be_present(x->now)) return x->finish(unavailable(x->service));
  run_.start(std::move(x));
}

Step<Known> Exchange::known(const directory::Snapshot& snapshot) {
  TRY_VOID(identify(snapshot));
  const services::Binding* binding = rooms.bindings.find(*call.operation);
  if (binding == nullptr) return Failure(protocol::not_implemented(*call.operation));
  if (service.takes_chunks && !takes_bytes()) TRY_VOID(refuse_chunks(request.body, header("x-amz-content-sha256")));
  if (binding->assertion == nullptr) TRY_VOID(authz::admit(service.name, call.operation->name, *caller));
  if (!input) TRY_VOID(decode(*binding));
  if (binding->assertion != nullptr) {
    TRY(const services::Assertion assertion, binding->assertion(input.get()));
    TRY_VOID(believe(assertion, snapshot));
  }
  return Known{.binding = *binding,
               .input = input.get(),
               .caller = *caller,
               .how = circumstances(),
               .wording = wording_of(service),
               .global_endpoint = to.is_global};
}

Result<void> Exchange::identify(const directory::Snapshot& snapshot) {
  const authn::Scheme scheme = scheme_of(service, to);
  caller.reset();  // of an earlier attempt: its snapshot is gone
  // S3's operation is in the path and method, and whether the body has to be here is the operation's to say. [S-15]
  if (service.takes_chunks && call.operation == nullptr) {
    TRY(call, protocol::find_operation(to, request));
  }
  TRY(caller, rooms.identifier.identify(request, scheme, snapshot, now, takes_bytes() ? &body_claim : nullptr));
  if (call.operation == nullptr) {
    TRY(call, protocol::find_operation(to, request));
  }
  if (caller->kind != directory::Caller::Kind::kAnonymous || service.takes_anonymous) return {};
  if (!call.operation->takes_unsigned) return authn::unsigned_request(scheme.dialect);
  return {};
}

Result<void> Exchange::decode(const services::Binding& binding) {
  services::Erased decoded = binding.input();
  TRY_VOID(protocol::decode(call, request, decoded.get()));
  input = std::move(decoded);
  return {};
}

Step<void> Exchange::believe(const services::Assertion& assertion, const directory::Snapshot& snapshot) {
  if (assertion.kind == services::Assertion::Kind::kSaml) {
    const directory::SamlProvider* provider = snapshot.saml_provider_by_arn(assertion.provider_arn);
    if (provider != nullptr && !arrived.turn) return Failure(NeedsTurn{provider->account});
    TRY(caller, authn::believe_saml(assertion.text, provider, {assertion.role_arn, assertion.provider_arn}, now));
    return {};
  }
  TRY(authn::WebIdentity identity, authn::read_web_identity(assertion.text, snapshot.account(assertion.account), now));
  TRY_VOID(authn::refuse_own_issuer(identity.provider->issuer(), rooms.public_url.get()));
  if (!arrived.keys) {
    const directory::OidcProvider& provider = *identity.provider;
    authn::KeyQuestion question{provider.issuer(), provider.thumbprints, identity.jwt.key_id, provider.account};
    arrived.keys = rooms.issuer_keys.remembered(question);
    if (!arrived.keys) return Failure(NeedsKeys{std::move(question)});
  }
  TRY(caller, authn::believe(std::move(identity), *arrived.keys));
  return {};
}

Error Exchange::not_written(const store::Error& why) const { return server::not_written(why, service); }

bool Exchange::takes_bytes() const {
  if (call.operation == nullptr) return false;
  const services::Binding* binding = rooms.bindings.find(*call.operation);
  return binding != nullptr && binding->body != nullptr && binding->copied == nullptr;
}

void Exchange::take_body(const services::BodyWanted& wanted, std::function<void()> go_on) {
  const auto settle = [this](Result<Taken> taken) {
    if (taken) {
      arrived.body = std::move(taken).value();
    } else {
      arrived.fault = std::move(taken).error();
    }
  };
  auto receiver = Receiver::of(request, body_claim, wanted, rooms.blobs);
  if (!receiver || !request.body_follows) {
    settle([&]() -> Result<Taken> {
      if (!receiver) return std::move(receiver).error();
      TRY_VOID(receiver->take(request.body));
      return receiver->finish();
    }());
    return go_on();
  }
  auto place = rooms.crew.place();
  if (!place) {
    arrived.fault = slow_down();
    return go_on();
  }
  const auto self = std::static_pointer_cast<Exchange>(shared_from_this());
  Intake::Connection connection{.more = [self] { self->respond.more(); },
                                .post = [self](auto work) { self->respond.post(std::move(work)); }};
  respond.receive(
      std::make_shared<Intake>(std::move(receiver).value(), rooms.crew, std::move(connection),
                               [settle, self, go_on = std::move(go_on), place = std::move(place)](Result<Taken> taken) {
                                 settle(std::move(taken));
                                 go_on();
                               }));
}

void Exchange::finish(const Result<services::Erased>& reply) {
  const void* output = reply ? reply->get() : nullptr;
  note_use();
  rooms.metrics.called(service, call.operation, reply ? std::string_view() : reply.error().code(),
                       std::chrono::steady_clock::now() - began);
  Trail(rooms.audit, rooms.entropy).tell(event(output, reply ? nullptr : &reply.error()), accesses);
  const protocol::ReplyContext context = reply_context();
  http::Response response = reply ? answer(output, context) : protocol::encode_error(service, reply.error(), context);
  let_page_read(rooms.bindings, *rooms.state.snapshot(), to, request, response);
  respond(std::move(response));
}

http::Response Exchange::answer(const void* output, const protocol::ReplyContext& context) const {
  http::Response response = protocol::encode_reply(*call.operation, output, context);
  if (extra.status != 0) response.status = extra.status;
  if (!extra.bytes || context.head) return response;
  const auto put = put_body(response, *extra.bytes, rooms.blobs);
  return put ? std::move(response) : protocol::encode_error(service, put.error(), context);
}

bool Pipeline::streams(const http::Request& head) const {
  if (head.method != "PUT" && head.method != "POST") return false;
  const protocol::Destination to = protocol::destination(head, rooms_.domains);
  if (!to.absent.empty() || !protocol::service(to.service).takes_chunks) return false;
  const auto call = protocol::find_operation(to, head);
  if (!call) return false;
  const services::Binding* binding = rooms_.bindings.find(*call->operation);
  return binding != nullptr && binding->body != nullptr && binding->copied == nullptr;
}

}  // namespace deputy::server
