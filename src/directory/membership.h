// An account joins an organization, or leaves it: two writes that belong together, since the organization counts its
// accounts. Whoever writes either for such a reason does it here.
#pragma once

#include "directory/changes.h"

namespace deputy::directory {

/// `organization` is as it was read; `member` is new.
inline void join(Changes& changes, Organization organization, const Membership& member) {
  changes.create(member);
  ++organization.accounts;
  changes.update(organization);
}

inline void leave(Changes& changes, Organization organization, const Membership& member) {
  changes.erase(member);
  if (organization.accounts > 0) --organization.accounts;
  changes.update(organization);
}

}  // namespace deputy::directory
