// Tags of the root, of units, accounts and policies, and of the resource policy.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html
#include <algorithm>

#include "directory/changes.h"
#include "protocol/organizations/list_tags_for_resource.h"
#include "protocol/organizations/tag_resource.h"
#include "protocol/organizations/untag_resource.h"
#include "services/organizations/errors.h"
#include "services/organizations/tags.h"

namespace deputy::organizations {
namespace {

using directory::Changes;
using directory::Tags;

/// Calls `see(entity, its tags)` with what an id names: a copy of it. False: nothing that has tags.
template <class See>
bool with_tagged(const OrganizationState& in, std::string_view id, See&& see) {
  const auto in_map = [&](const auto& map, std::string_view key) {
    const auto* there = map.get(key);
    if (there == nullptr) return false;
    auto copy = *there;
    see(copy, copy.tags);
    return true;
  };
  if (id == in.organization.root) {
    Organization copy = in.organization;
    see(copy, copy.root_tags);
    return true;
  }
  if (id.starts_with("ou-")) return in_map(in.units, id);
  if (id.starts_with("p-")) return in_map(in.policies, id);  // AWS's own, which have no tags, are not in it
  if (id.starts_with("rp-")) {
    const auto* there = in.delegation.get(directory::DelegationPolicy::key_name());
    return there != nullptr && there->id == id && in_map(in.delegation, directory::DelegationPolicy::key_name());
  }
  return in_map(in.members, id);
}

/// The same for an operation that changes the tags: `after(tags)` is what they become.
/// Errors: TargetNotFoundException, and those of `after`.
template <class After>
Result<void> change_tags(const OrganizationState& in, std::string_view id, Changes& changes, After&& after) {
  Result<void> done;
  const bool found = with_tagged(in, id, [&](auto& entity, Tags& tags) {
    Result<Tags> wanted = after(tags);
    if (!wanted) {
      done = std::move(wanted).error();
    } else if (*wanted != tags) {
      tags = *std::move(wanted);
      changes.update(entity);
    }
  });
  if (!found) return errors::no_such_target();
  return done;
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_TagResource.html
struct TagResource : shapes::TagResource {
  static constexpr std::string_view kAction = "organizations:TagResource";

  static Result<Accesses> access(const At& at, const Input& in) {
    Accesses accesses = for_type_of(on_id(kAction, at, in.resource_id), at, in.resource_id);
    for (const shapes::Tag& tag : in.tags) accesses.front().request_tags.push_back({tag.key, tag.value});
    return accesses;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    Outcome<Output> out;
    TRY_VOID(change_tags(*standing.in, in.resource_id, out.changes,
                         [&](const Tags& before) { return merge_tags(before, in.tags); }));
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_UntagResource.html
struct UntagResource : shapes::UntagResource {
  static constexpr std::string_view kAction = "organizations:UntagResource";

  static Result<Accesses> access(const At& at, const Input& in) {
    Accesses accesses = for_type_of(on_id(kAction, at, in.resource_id), at, in.resource_id);
    accesses.front().tag_keys = in.tag_keys;
    return accesses;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    Outcome<Output> out;
    TRY_VOID(change_tags(*standing.in, in.resource_id, out.changes, [&](Tags tags) {
      std::erase_if(tags, [&](const directory::Tag& tag) {
        return std::ranges::find(in.tag_keys, tag.key) != in.tag_keys.end();
      });
      return Result<Tags>(std::move(tags));
    }));
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTagsForResource.html
struct ListTagsForResource : shapes::ListTagsForResource {
  static constexpr std::string_view kAction = "organizations:ListTagsForResource";

  static Result<Accesses> access(const At& at, const Input& in) {
    return for_type_of(on_id(kAction, at, in.resource_id), at, in.resource_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, kAction));
    if (in.next_token) return errors::invalid_next_token();  // all tags are one page: nobody was ever given a token
    Outcome<Output> out;
    auto& shown = out.output.tags.emplace();
    const bool found = with_tagged(*standing.in, in.resource_id, [&](const auto&, const Tags& tags) {
      for (const directory::Tag& tag : tags) shown.push_back({tag.key, tag.value});
    });
    if (!found) return errors::no_such_target();
    return out;
  }
};

}  // namespace

std::span<const Binding> tagging_bindings() {
  static constexpr Binding kBindings[] = {bind<TagResource>(), bind<UntagResource>(), bind<ListTagsForResource>()};
  return kBindings;
}

}  // namespace deputy::organizations
