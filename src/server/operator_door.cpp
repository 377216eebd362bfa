#include "server/operator_door.h"

#include <algorithm>
#include <charconv>
#include <future>
#include <iterator>

#include "base/time_range.h"
#include "host/log.h"
#include "protocol/admin/apply_seed.h"
#include "protocol/admin/delete_snapshot.h"
#include "protocol/admin/get_status.h"
#include "protocol/admin/list_operations.h"
#include "protocol/admin/list_snapshots.h"
#include "protocol/admin/move_clock.h"
#include "protocol/admin/reset.h"
#include "protocol/admin/restore_snapshot.h"
#include "protocol/admin/save_snapshot.h"
#include "protocol/encode.h"
#include "protocol/json.h"
#include "server/seed_events.h"
#include "server/trail.h"

namespace deputy::server {

using namespace deputy::admin::shapes;

namespace {

Snapshot shown(const Copies::Copy& copy) {
  return {.name = copy.name,
          .revision = static_cast<std::int64_t>(copy.revision),
          .entries = static_cast<std::int64_t>(copy.entries),
          .saved = copy.saved};
}

const protocol::Service& admin() { return protocol::service(protocol::ServiceId::kAdmin); }

const protocol::Operation* operation_of(const http::Request& request) {
  const std::string_view* target = request.header("x-amz-target");
  if (target == nullptr) return nullptr;
  const std::size_t dot = target->find('.');
  if (dot == std::string_view::npos || target->substr(0, dot) != admin().target_prefix) return nullptr;
  return admin().find(target->substr(dot + 1));
}

/// Whether the clock would still stand where what it says can be kept.
bool can_move(std::int64_t seconds, Time now) {
  constexpr std::int64_t kFurthest =
      std::chrono::duration_cast<std::chrono::seconds>(kLastPresent - kFirstPresent).count();  // no sum below overflows
  return seconds >= -kFurthest && seconds <= kFurthest && can_be_present(now + std::chrono::seconds(seconds));
}

/// The trail tells of what operators change, not of what they look at: a script that polls would fill it.
bool leaves_event(const protocol::Operation& operation) {
  for (const std::string_view prefix : {"Get", "List", "Describe"}) {
    if (operation.name.starts_with(prefix)) return false;
  }
  return true;
}

void tell(const Rooms& rooms, const protocol::Operation& operation, const void* input, const void* output,
          const Error* error = nullptr) {
  if (!leaves_event(operation)) return;
  if (&operation == &ApplySeed::model && error == nullptr) {
    return tell_seed(rooms, *static_cast<const ApplySeed::Output*>(output));
  }
  const std::string request_id = crypto::make_uuid(rooms.entropy);
  Trail(rooms.audit, rooms.entropy)
      .tell({.when = rooms.clock.now(),
             .service = operation.service,
             .operation = &operation,
             .by_operator = true,
             .source_ip = "admin.sock",
             .region = "us-east-1",
             .request_id = request_id,
             .input = input,
             .output = output,
             .error = error},
            {});
}

Error not_on_disk(const store::Error& why) {
  if (why.code == store::Error::Code::kFull) return {"ServiceUnavailable", 503, why.message};
  log::error("an operator's commit failed: {}", why.message);
  return {"InternalFailure", 500, "the store refused: " + why.message};
}

/// One call of an operation that the services have, by nobody in particular: none of them asks for a permission.
class Visit final : public Call {
 public:
  Visit(const Rooms& rooms, const services::Binding& binding, services::Erased input, http::Responder responder)
      : Call(std::move(responder)), rooms_(rooms), binding_(binding), input_(std::move(input)) {}

  Step<Known> known(const directory::Snapshot&) override {
    return Known{.binding = binding_,
                 .input = input_.get(),
                 .caller = nobody_,
                 .how = {.now = rooms_.clock.now(), .source_ip = {}, .user_agent = {}, .referer = {}, .region = {}}};
  }

  [[nodiscard]] Error not_written(const store::Error& why) const override { return not_on_disk(why); }

  void finish(const Result<services::Erased>& reply) override {
    tell(rooms_, *binding_.model, input_.get(), reply ? reply->get() : nullptr, reply ? nullptr : &reply.error());
    rooms_.metrics.called(admin(), binding_.model, reply ? std::string_view() : reply.error().code(),
                          std::chrono::steady_clock::now() - began_);
    respond(reply ? protocol::encode_reply(*binding_.model, reply->get(), {})
                  : protocol::encode_error(admin(), reply.error(), {}));
  }

 private:
  const Rooms& rooms_;
  const services::Binding& binding_;
  const services::Erased input_;
  directory::Caller nobody_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

/// What only the running server can.
struct OperatorDoor::Own {
  const protocol::Operation* model;
  services::Erased (*input)();
  Result<services::Erased> (OperatorDoor::*run)(const void* input) const;
};

template <class Operation>
OperatorDoor::Own OperatorDoor::own(Result<services::Erased> (OperatorDoor::*run)(const void*) const) {
  return {&Operation::model, [] { return services::erase(typename Operation::Input{}); }, run};
}

const OperatorDoor::Own* OperatorDoor::own_of(const protocol::Operation& operation) {
  static const Own kOwn[] = {
      own<GetStatus>(&OperatorDoor::get_status),           own<MoveClock>(&OperatorDoor::move_clock),
      own<ListOperations>(&OperatorDoor::list_operations), own<SaveSnapshot>(&OperatorDoor::save_snapshot),
      own<ListSnapshots>(&OperatorDoor::list_snapshots),   own<RestoreSnapshot>(&OperatorDoor::restore_snapshot),
      own<DeleteSnapshot>(&OperatorDoor::delete_snapshot), own<Reset>(&OperatorDoor::reset),
  };
  const auto* const found = std::ranges::find(kOwn, &operation, &Own::model);
  return found == std::end(kOwn) ? nullptr : found;
}

OperatorDoor::OperatorDoor(const Rooms& rooms, MovableClock* clock, const Doors& doors)
    : rooms_(rooms), run_(rooms_), services_(rooms_, run_), clock_(clock), doors_(doors), started_(rooms.clock.now()) {}

void OperatorDoor::handle(const http::Request& request, http::Responder respond) const {
  const auto fail = [&](const Error& error) { respond(protocol::encode_error(admin(), error, {})); };
  if (request.method == "GET") return respond(trail_lines(request));
  const protocol::Operation* operation = operation_of(request);
  if (operation == nullptr || request.method != "POST") return fail({"UnknownOperationException", 400, ""});

  const services::Binding* binding = rooms_.bindings.find(*operation);
  const Own* const own = binding == nullptr ? own_of(*operation) : nullptr;
  const bool assumes = operation == &AssumeRoleAsService::model;
  if (binding == nullptr && own == nullptr && !assumes) return fail(protocol::not_implemented(*operation));
  services::Erased input = binding != nullptr ? binding->input()
                           : own != nullptr   ? own->input()
                                              : services::erase(AssumeRoleAsService::Input{});
  if (auto decoded = protocol::decode_json(*operation, request.body, input.get(), kLargestSeed); !decoded)
    return fail(decoded.error());
  if (assumes) {
    return services_.assume_role(*static_cast<const AssumeRoleAsService::Input*>(input.get()), std::move(respond));
  }
  if (own != nullptr) {
    const Result<services::Erased> answer = (this->*own->run)(input.get());
    tell(rooms_, *operation, input.get(), answer ? answer->get() : nullptr, answer ? nullptr : &answer.error());
    if (!answer) return fail(answer.error());
    return respond(protocol::encode_reply(*operation, answer->get(), {}));
  }
  run_.start(std::make_shared<Visit>(rooms_, *binding, std::move(input), std::move(respond)));
}

/// GET /events/known?<place>, GET /events/strangers?<place>: lines of a trail that is in memory, and on the first line where
/// to go on. 404: it is elsewhere.
http::Response OperatorDoor::trail_lines(const http::Request& request) const {
  const bool known = request.path() == "/events/known";
  std::uint64_t place = 0;
  const std::string_view query = request.query();
  const auto [end, fault] = std::from_chars(query.data(), query.data() + query.size(), place);
  const bool is_place = fault == std::errc() && end == query.data() + query.size();
  http::Response response{.status = 404, .headers = {{"Content-Type", "text/plain"}}, .body = {}};
  if (!is_place || (!known && request.path() != "/events/strangers")) return response;
  if (const auto lines = rooms_.audit.lines(known ? audit::Share::kKnown : audit::Share::kStrangers, place)) {
    response.status = 200;
    response.body = std::to_string(lines->next) + "\n" + lines->text;
  }
  return response;
}

Result<std::string, Error> OperatorDoor::ask_alone(std::string_view operation, std::string_view json) const {
  const protocol::Operation* model = admin().find(operation);
  const services::Binding* binding = model == nullptr ? nullptr : rooms_.bindings.find(*model);
  if (binding == nullptr) return Error("UnknownOperationException", 400, "");
  const services::Erased input = binding->input();
  TRY_VOID(protocol::decode_json(*model, json, input.get(), kLargestSeed));
  directory::Caller nobody;
  const Known known{.binding = *binding,
                    .input = input.get(),
                    .caller = nobody,
                    .how = {.now = rooms_.clock.now(), .source_ip = {}, .user_agent = {}, .referer = {}, .region = {}}};
  const directory::SnapshotPtr snapshot = rooms_.state.snapshot();
  TRY(const services::ErasedOutcome outcome, binding->execute(run_.at(*snapshot, known), input.get()));
  if (!outcome.changes.empty()) {
    std::promise<store::Result<store::Revision>> written;
    rooms_.state.commit(outcome.changes, [&](auto done) { written.set_value(std::move(done)); });
    if (const auto done = written.get_future().get(); !done) return not_on_disk(done.error());
  }
  tell(rooms_, *model, input.get(), outcome.output.get());
  return protocol::encode_reply(*model, outcome.output.get(), {}).body;
}

Result<services::Erased> OperatorDoor::get_status(const void*) const {
  return services::erase(status_of(rooms_, doors_, started_));
}

Result<services::Erased> OperatorDoor::move_clock(const void* input) const {
  if (clock_ == nullptr) {
    return Error("ClockNotMovableException", 400,
                 "This server was not started with --movable-clock: its time is the system's.");
  }
  const std::int64_t seconds = static_cast<const MoveClock::Input*>(input)->seconds;
  if (!can_move(seconds, clock_->now())) {
    return Error("ValidationException", 400,
                 "The clock can stand between " + iso8601(kFirstPresent) + " and " + iso8601(kLastPresent) +
                     ": outside, times that are computed from it could not be kept.");
  }
  clock_->move(std::chrono::seconds(seconds));
  MoveClock::Output out;
  out.time = clock_->now();
  return services::erase(out);
}

Result<services::Erased> OperatorDoor::list_operations(const void* input) const {
  const auto& wanted = static_cast<const ListOperations::Input*>(input)->service;
  ListOperations::Output out;
  for (const protocol::Service* service : protocol::services()) {
    if (wanted && *wanted != service->name) continue;
    for (const protocol::Operation* op : service->operations) {
      out.operations.push_back(
          {std::string(service->name), std::string(op->name), rooms_.bindings.find(*op) != nullptr});
    }
  }
  return services::erase(std::move(out));
}

Result<services::Erased> OperatorDoor::save_snapshot(const void* input) const {
  TRY(const Copies::Copy copy,
      rooms_.copies.save(static_cast<const SaveSnapshot::Input*>(input)->name, rooms_.clock.now()));
  return services::erase(SaveSnapshot::Output{.snapshot = shown(copy)});
}

Result<services::Erased> OperatorDoor::list_snapshots(const void*) const {
  ListSnapshots::Output out;
  for (const Copies::Copy& copy : rooms_.copies.list()) out.snapshots.push_back(shown(copy));
  return services::erase(std::move(out));
}

Result<services::Erased> OperatorDoor::restore_snapshot(const void* input) const {
  TRY(const Copies::Restored restored, rooms_.copies.restore(static_cast<const RestoreSnapshot::Input*>(input)->name));
  return services::erase(RestoreSnapshot::Output{.snapshot = shown(restored.copy),
                                                 .changed = static_cast<std::int64_t>(restored.changed)});
}

Result<services::Erased> OperatorDoor::delete_snapshot(const void* input) const {
  TRY([[maybe_unused]] const Copies::Copy copy,
      rooms_.copies.remove(static_cast<const DeleteSnapshot::Input*>(input)->name));
  return services::erase(DeleteSnapshot::Output{});
}

Result<services::Erased> OperatorDoor::reset(const void*) const {
  TRY(const std::size_t changed, rooms_.copies.clear());
  return services::erase(Reset::Output{.changed = static_cast<std::int64_t>(changed)});
}

}  // namespace deputy::server
