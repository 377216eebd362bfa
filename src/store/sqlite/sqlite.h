// The embedded store: one SQLite database in a data folder, durable when a Done says so, clean after kill -9.
//
//   TRY(std::unique_ptr<Store> store, open_sqlite({.folder = "/var/lib/deputy"}));
//
// The folder (made with mode 0700, files 0600) holds `deputy.db` with its -wal and -shm, and `lock`, which keeps a
// second server out. format.h has the tables.
//
// INVARIANT: a Done that says "durable" comes after fsync of the commit's log returned. Once anything fails (fsync,
// write, corruption), the whole group is kUnavailable and so is every later commit until the folder is opened again:
// what a failed fsync left on the disk can be neither known nor mended by another fsync (Faults.*). A disk without room
// is not that: it says so before it writes, so the group is rolled back (kFull), and the next one is tried as ever.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/limits.h"
#include "store/proof.h"
#include "store/store.h"

namespace deputy::store {

struct SqliteOptions {
  std::string folder;           // made if it is absent
  Revision history = kHistory;  // how many past revisions watch can still tell
  std::string vfs = {};         // a registered SQLite VFS, for fault injection; empty: SQLite's own
  Vouch vouch = {};             // asked once the folder is held; empty: nothing is proven
  bool accept_loss = false;     // opens a file in which entries are missing, and counts anew
  /// Beginnings of keys of which there are so many that they are not counted: neither is the start slower for them, nor
  /// is it noticed if one of them is missing. Always the same for one file.
  std::vector<std::string> uncounted = {};
};

/// Errors: kRefused, with a sentence for the operator.
Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace deputy::store
