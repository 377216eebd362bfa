#include "server/metrics_door.h"

#include "host/process.h"
#include "server/status.h"

namespace deputy::server {

namespace {

double number(std::uint64_t n) { return static_cast<double>(n); }

void write_directory(MetricsText& out, const directory::Snapshot& snapshot) {
  out.family("deputy_snapshot_revision", "gauge", "Revision of the directory that requests are decided on.");
  out.sample({}, number(snapshot.revision()));
  out.family("deputy_accounts", "gauge", "Accounts that there are.");
  out.sample({}, number(snapshot.accounts().size()));
  out.family("deputy_entities", "gauge", "What all accounts together hold, by kind.");
  for (const auto& [kind, count] : count_entities(snapshot)) out.sample({{"kind", kind}}, number(count));
  out.family("deputy_unreadable_entries", "gauge", "Entries of the store that are set aside (deputy entries list).");
  out.sample({}, number(snapshot.unreadable().size()));
}

void write_trail(MetricsText& out, const audit::Log& trail) {
  const audit::Log::Count known = trail.count(audit::Share::kKnown), strangers = trail.count(audit::Share::kStrangers);
  out.family("deputy_audit_lines_total", "counter", "Lines of the audit trail, those that were lost among them.");
  out.sample({{"share", "known"}}, number(known.lines));
  out.sample({{"share", "strangers"}}, number(strangers.lines));
  out.family("deputy_audit_lost_lines_total", "counter", "Lines that the trail had no room for.");
  out.sample({{"share", "known"}}, number(known.lost));
  out.sample({{"share", "strangers"}}, number(strangers.lost));
}

/// Under the names that every dashboard knows.
/// https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
void write_process(MetricsText& out) {
  const host::ProcessFigures process = host::process_figures();
  out.family("process_cpu_seconds_total", "counter", "Time that the process had the processor, in seconds.");
  out.sample({}, process.cpu_seconds);
  out.family("process_resident_memory_bytes", "gauge", "Memory of the process that is in use.");
  out.sample({}, number(process.resident_bytes));
  out.family("process_open_fds", "gauge", "Open files and connections.");
  out.sample({}, number(process.descriptors));
}

}  // namespace

std::string MetricsDoor::text() const {
  MetricsText out;
  out.family("deputy_build_info", "gauge", "The version that runs; its value is always 1.");
  out.sample({{"version", DEPUTY_VERSION}}, 1);
  write_directory(out, *rooms_.state.snapshot());
  write_trail(out, rooms_.audit);
  write_process(out);
  return rooms_.metrics.text() + out.take();
}

void MetricsDoor::handle(const http::Request& request, http::Responder respond) const {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (request.path() != kMetricsPath) {
    return respond({.status = 404, .headers = {{"Content-Type", "text/plain"}}, .body = "GET /metrics\n"});
  }
  if (!reads) return respond({.status = 405, .headers = {{"Allow", "GET, HEAD"}}, .body = ""});
  respond({.status = 200, .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, .body = text()});
}

}  // namespace deputy::server
