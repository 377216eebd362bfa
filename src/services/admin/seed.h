// An operator's seed: what the accounts that it names are to hold, all of it in one commit or nothing.
//
// A seed says what there is to be, not what to do. What is missing is made, what differs is changed, by the very
// operations that clients call (CreateRole, PutUserPolicy …), one after the other on a draft of the directory; so each
// rule of AWS holds here without being written again, and each fault comes with AWS's code and sentence. Applied twice,
// it changes nothing the second time.
#pragma once

#include "protocol/admin/apply_seed.h"
#include "services/operation.h"

namespace deputy::admin {

/// With DryRun only what it would change. Where anything is at fault, all faults are answered and nothing is written: it
/// goes on behind a fault, and what only refers to something that is at fault itself is not counted as another one.
/// With Prune, what the accounts of the seed hold and it does not name goes, root's access keys excepted, and what AWS's
/// services and organizations keep in an account. Without it nothing is ever removed.
struct ApplySeed : shapes::ApplySeed {
  static constexpr bool kReadsDocument = true;  // takes seconds for thousands of entities
  static Result<services::Accesses> access(const services::At&, const Input&) { return services::Accesses{}; }
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in);
};

}  // namespace deputy::admin
