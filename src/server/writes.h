// How what a call decided gets to the disk: when it is its turn, and if what it was computed from still holds.
//
//   writes.write(call, changes, [] { /* decide again, on a newer snapshot, and write that */ }, [](auto done) { … });
//
// Writers of one entity stand in line (server/turns.h): the first attempt of a call computes what it wants to write,
// and with that which lines it belongs into; if somebody is there already, it waits and decides again, for the
// permission may be gone too. So 2,000 writers of one user cost what 4,000 decisions cost, and all are done.
#pragma once

#include <functional>
#include <memory>

#include "directory/changes.h"
#include "directory/usage.h"
#include "server/metrics.h"
#include "server/turns.h"
#include "state/state.h"

namespace deputy::server {

/// Thread-safe. Outlives what its calls ask of it; the calls themselves may go later (server/turns.h).
class Writes {
 public:
  Writes(state::State& state, directory::Usage& usage, Metrics& metrics)
      : state_(state), usage_(usage), metrics_(metrics) {}

  /// What a call keeps from its first attempt to its end.
  struct Call {
    Turns::Turn turn;
    int conflicts = 0;
  };
  using Again = std::function<void()>;
  using Done = store::Store::Done;

  /// Calls `again` or `done`, later and once, from the thread of the store's writer or of somebody else's call, which
  /// neither must hold up: hand over to a thread of your own. `done` has kConflict only after kMostConflicts.
  void write(Call& call, std::shared_ptr<const directory::Changes> changes, Again again, Done done);

  /// Somebody who stands in no line was first each time: with all writers here it is one process that writes around
  /// them.
  static constexpr int kMostConflicts = 100;

 private:
  state::State& state_;
  directory::Usage& usage_;
  Metrics& metrics_;
  Turns turns_;
};

}  // namespace deputy::server
