#include "services/organizations/tags.h"

#include <algorithm>
#include <unordered_set>

#include "services/organizations/errors.h"
#include "services/organizations/quotas.h"

namespace deputy::organizations {

using directory::Tag;
using directory::Tags;

Result<Tags> merge_tags(Tags before, const GivenTags& given) {
  std::unordered_set<std::string_view> seen;
  for (const shapes::Tag& tag : given) {
    if (!seen.insert(tag.key).second) return errors::duplicate_tag_key();
    if (directory::is_reserved_tag(tag.key)) return errors::system_tag();
    const auto at = std::find_if(before.begin(), before.end(), [&](const Tag& there) { return there.key == tag.key; });
    if (at != before.end()) {
      at->value = tag.value;
    } else {
      before.push_back({tag.key, tag.value});
    }
  }
  if (before.size() > quotas::kTags) return errors::too_many_tags();
  return before;
}

Accesses with_tags(Accesses accesses, const GivenTags& tags) {
  if (tags.empty()) return accesses;
  accesses.push_back({.action = policy::Action("organizations:TagResource"), .resource = "*", .owner = {}});
  for (auto& access : accesses) {
    for (const shapes::Tag& tag : tags) access.request_tags.push_back({tag.key, tag.value});
  }
  return accesses;
}

}  // namespace deputy::organizations
