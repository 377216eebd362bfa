// Entries of the store that could not be read at start and were set aside (directory::Unreadable): what they are, and
// the operator's word that they may go.
#pragma once

#include "protocol/admin/get_entry.h"
#include "protocol/admin/list_entries.h"
#include "protocol/admin/remove_entry.h"
#include "services/operation.h"

namespace deputy::admin {

/// In the order of their keys, after Marker.
struct ListEntries : shapes::ListEntries {
  static Result<services::Accesses> access(const services::At&, const Input&) { return services::Accesses{}; }
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// With its bytes as they lie in the store, in base64; secrets in them are sealed. Error: EntryNotFoundException.
struct GetEntry : shapes::GetEntry {
  static Result<services::Accesses> access(const services::At&, const Input&) { return services::Accesses{}; }
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

/// Deletes one. What referred to it is refused as before, until it refers to something else: a user with a policy that
/// is gone must be detached from it, or the policy made anew. Error: EntryNotFoundException.
struct RemoveEntry : shapes::RemoveEntry {
  static Result<services::Accesses> access(const services::At&, const Input&) { return services::Accesses{}; }
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::admin
