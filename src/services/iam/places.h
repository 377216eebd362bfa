// Keeps the quotas of an account (quotas.h) against others who create at the same time: each may have counted the same
// free places on its snapshot. From half of the quota on, places are given away one at a time: who takes one writes the
// account, and whoever counted before that conflicts, counts again and may find the account full. Before that nothing
// is guarded, so that creations in a small account do not wait for each other.
//
//   out.changes.create(role);
//   guard_place(out.changes, at, account.roles.size(), quotas::kRolesPerAccount);
//
// INVARIANT: a quota is exceeded only if more creations than half of it are decided on one snapshot, all below the half
// (PlacesTest; tests/e2e/test_iam.py).
#pragma once

#include "directory/changes.h"
#include "services/iam/lookup.h"
#include "services/iam/quotas.h"

namespace deputy::iam {

/// `taken` are there on the snapshot, fewer than the quota allows.
inline void guard_place(directory::Changes& changes, const At& at, std::size_t taken, const Quota& quota) {
  if (taken >= quota.limit / 2) changes.update(account_of(at).account);
}

}  // namespace deputy::iam
