#include "server/trail.h"

#include "base/buffer.h"

namespace deputy::server {

namespace {

/// What the trail names as the resources of a call: the first that it asked for, where its service has a type for it.
std::vector<audit::Resource> resources_of(protocol::ServiceId service, const services::Accesses& asked) {
  const std::string_view type = protocol::service(service).audit_resource;
  if (asked.empty() || type.empty() || asked.front().owner.empty()) return {};
  return {{asked.front().resource, asked.front().owner, type}};
}

}  // namespace

void Trail::tell(audit::Record event, const services::Accesses& asked) const {
  event.resources = resources_of(event.service, asked);
  thread_local std::string line, common;
  const bool both = audit::has_other_side(event);
  // A service's call is an event that AWS shares, whoever else is told.
  const bool shared = both || (event.caller != nullptr && event.caller->service != nullptr);
  const std::string shared_id = shared ? crypto::make_uuid(entropy_) : std::string();
  audit::write_event(line, common, event, crypto::make_uuid(entropy_), shared_id);
  if (both) {
    line.push_back('\n');
    audit::write_other_side(line, common, event, event.resources.front(), crypto::make_uuid(entropy_), shared_id);
  }
  log_.append(audit::has_identity(event) ? audit::Share::kKnown : audit::Share::kStrangers, line);
  empty_for_reuse(line);
  empty_for_reuse(common);
}

}  // namespace deputy::server
