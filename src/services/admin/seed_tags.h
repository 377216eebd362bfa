// Tags of whatever has tags: TagRole and its like, and UntagRole for those that a seed does not name.
#pragma once

#include "services/admin/seeding.h"

namespace deputy::admin {

/// How the operations name what they tag.
struct Tagged {
  std::string_view member;  // "RoleName"
  std::string name;
  About about;
};

/// `there`: a copy of those that it has.
void seed_tags(Seeding& seeding, const Spot& spot, const AccountId& account, const Tagged& what,
               const std::vector<shapes::SeedTag>& wanted, const directory::Tags& there, const protocol::Operation& tag,
               const protocol::Operation& untag);

}  // namespace deputy::admin
