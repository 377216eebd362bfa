// Copies of a data folder's store: one moment of it, whole, taken while a server runs or not.
//
//   TRY(const Copied copied, back_up("/var/lib/deputy", "/backups/monday.db"));
//   TRY(const Copied copied, restore("/backups/monday.db", "/var/lib/new"));
//
// A copy is a store as format.h describes it, proofs and all: what is missing from it or was changed in it is found when
// a server opens it. The key that its secrets are sealed with is no part of it.
#pragma once

#include <cstdint>
#include <string>

#include "store/store.h"

namespace deputy::store {

struct Copied {
  Revision revision = 0;  // the moment
  std::uint64_t entries = 0;
};

/// The store of `folder` into the file `to`, which must not be there; mode 0600, on disk when this returns. Waits for
/// nobody and holds nobody up. Errors, kRefused: no store, `to` exists or cannot be written; nothing is left behind.
Result<Copied> back_up(const std::string& folder, const std::string& to);

/// The copy `from` as the store of `folder`, which is made if it is absent and held meanwhile. All of it or nothing.
/// Errors, kRefused: `from` is no whole copy, a server has the folder, or there is a store in it.
Result<Copied> restore(const std::string& from, const std::string& folder);

}  // namespace deputy::store
