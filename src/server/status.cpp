#include "server/status.h"

#include <fmt/format.h>
#include <unistd.h>

#include "directory/kinds.h"
#include "host/files.h"

namespace deputy::server {
namespace {

using namespace deputy::admin::shapes;

constexpr std::uint64_t kLittleSpace = 64ULL * 1024 * 1024;  // bytes

/// What an operator should look at, in the order of how bad it is.
std::vector<std::string> troubles_of(const Rooms& rooms, const Doors& doors, std::uint64_t lost) {
  std::vector<std::string> troubles;
  if (!rooms.readiness.is_set()) troubles.emplace_back("not all doors are open: the server is starting or ending");
  if (!doors.in_memory) {
    const auto folder = host::Folder::open(doors.data);
    if (!folder) {
      troubles.push_back(folder.error());
    } else if (folder->free_space() < kLittleSpace) {
      troubles.push_back(fmt::format("{} bytes are free on the disk of {}", folder->free_space(), doors.data));
    }
  }
  if (const std::size_t aside = rooms.state.snapshot()->unreadable().size(); aside > 0) {
    troubles.push_back(aside == 1
                           ? "1 entry of the store is set aside, and what refers to it is denied: deputy entries list"
                           : fmt::format("{} entries of the store are set aside, and what refers to them is "
                                         "denied: deputy entries list",
                                         aside));
  }
  if (lost > 0)
    troubles.push_back(fmt::format("{} lines of the audit trail are lost: the server's log says why", lost));
  return troubles;
}

}  // namespace

std::map<std::string_view, std::size_t> count_entities(const directory::Snapshot& snapshot) {
  std::map<std::string_view, std::size_t> counts;
  snapshot.accounts().each([&](const directory::AccountState& account) {
#define DEPUTY_ROW(Entity, map, word) counts[word] += account.map.size();
    DEPUTY_KINDS_OF_ACCOUNTS(DEPUTY_ROW)
#undef DEPUTY_ROW
    counts["bucket"] += account.buckets.size();
  });
  return counts;
}

GetStatus::Output status_of(const Rooms& rooms, const Doors& doors, Time started) {
  const directory::SnapshotPtr snapshot = rooms.state.snapshot();
  GetStatus::Output out;
  out.version = DEPUTY_VERSION;
  out.ready = rooms.readiness.is_set();
  out.process = ::getpid();
  out.revision = static_cast<std::int64_t>(snapshot->revision());
  out.time = rooms.clock.now();
  out.uptime_seconds = epoch_seconds(out.time) - epoch_seconds(started);
  out.movable_clock = doors.movable_clock;
  out.accounts = static_cast<std::int32_t>(snapshot->accounts().size());
  out.organizations = static_cast<std::int32_t>(snapshot->organizations().size());
  auto& entities = out.entities.emplace();
  for (const auto& [kind, count] : count_entities(*snapshot)) {
    entities.push_back({.kind = std::string(kind), .count = static_cast<std::int64_t>(count)});
  }
  if (rooms.seed_progress != nullptr) {
    out.seed_done = rooms.seed_progress->done.load(std::memory_order_relaxed);
    out.seed_total = rooms.seed_progress->total.load(std::memory_order_relaxed);
  }

  out.endpoint = doors.endpoint;
  out.public_url = std::string(rooms.public_url.get());
  if (doors.certificate) out.certificate = doors.certificate();
  if (!doors.metrics.empty()) out.metrics = doors.metrics;
  out.data = doors.data;
  out.store = doors.in_memory ? "memory" : "sqlite";
  const audit::Log::Count known = rooms.audit.count(audit::Share::kKnown);
  const audit::Log::Count strangers = rooms.audit.count(audit::Share::kStrangers);
  out.trail = doors.trail;
  out.trail_lines = static_cast<std::int64_t>(known.lines + strangers.lines);
  out.trail_lost = static_cast<std::int64_t>(known.lost + strangers.lost);
  out.troubles = troubles_of(rooms, doors, known.lost + strangers.lost);
  return out;
}

}  // namespace deputy::server
