#include "services/admin/seed_tags.h"

#include <algorithm>

namespace deputy::admin {

void seed_tags(Seeding& seeding, const Spot& spot, const AccountId& account, const Tagged& what,
               const std::vector<shapes::SeedTag>& wanted, const directory::Tags& there, const protocol::Operation& tag,
               const protocol::Operation& untag) {
  if (seeding.prunes()) {
    std::vector<std::string> gone;
    for (const directory::Tag& held : there) {
      const bool stays = std::any_of(wanted.begin(), wanted.end(), [&](const auto& t) { return t.key == held.key; });
      if (!stays) gone.push_back(held.key);
    }
    if (!gone.empty()) {
      Request request;
      request.with(what.member, std::string_view(what.name)).list("TagKeys", gone);
      seeding.run(spot, account, untag, request, what.about);
    }
  }
  if (wanted.empty()) return;
  Request request;
  request.with(what.member, std::string_view(what.name)).tags(wanted);
  seeding.run(spot, account, tag, request, what.about);
}

}  // namespace deputy::admin
