// How the server is, for its operator: what `deputy status` shows.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "protocol/admin/get_status.h"
#include "server/rooms.h"

namespace deputy::server {

/// Where the server listens and what it writes: known before the operator's socket opens, and then as it is.
struct Doors {
  std::string data;  // the folder
  bool in_memory = false, movable_clock = false;
  std::string endpoint;                      // URL
  std::string metrics;                       // URL of the listener for metrics; empty: none
  std::string trail;                         // the newest file, "standard output" or "memory"
  std::function<std::string()> certificate;  // whose it is and until when; null: plain HTTP
};

/// How many of each kind all accounts together hold.
std::map<std::string_view, std::size_t> count_entities(const directory::Snapshot& snapshot);

admin::shapes::GetStatus::Output status_of(const Rooms& rooms, const Doors& doors, Time started);

}  // namespace deputy::server
