#include "services/iam/tags.h"

#include <algorithm>
#include <unordered_set>

#include "services/iam/errors.h"

namespace deputy::iam {

using directory::Tag;
using directory::Tags;

namespace {

bool has_duplicate(const GivenTags& given, TagKeys keys) {
  std::unordered_set<std::string> seen;
  return std::any_of(given.begin(), given.end(), [&](const shapes::Tag& tag) {
    return !seen.insert(keys == TagKeys::kExact ? tag.key : ascii_lower(tag.key)).second;
  });
}

Tags::iterator find(Tags& tags, std::string_view key, TagKeys keys) {
  return std::find_if(tags.begin(), tags.end(), [&](const Tag& tag) {
    return keys == TagKeys::kExact ? tag.key == key : equals_ignoring_case(tag.key, key);
  });
}

}  // namespace

Result<Tags> merge_tags(Tags before, const GivenTags& given, TagKeys keys) {
  if (has_duplicate(given, keys)) {
    return keys == TagKeys::kExact ? errors::duplicate_exact_tag_keys() : errors::duplicate_tag_keys();
  }
  for (const shapes::Tag& tag : given) {
    if (directory::is_reserved_tag(tag.key) || directory::is_reserved_tag(tag.value)) return errors::reserved_tag_key();
    if (const auto at = find(before, tag.key, keys); at != before.end()) {
      *at = {tag.key, tag.value};
    } else {
      before.push_back({tag.key, tag.value});
    }
  }
  if (before.size() > quotas::kTagsPerEntity) return errors::too_many_tags();
  return before;
}

Result<Tags> without_tags(Tags before, const std::vector<std::string>& names, TagKeys keys) {
  for (const std::string& name : names) {
    if (directory::is_reserved_tag(name)) return errors::reserved_tag_key();
    if (const auto at = find(before, name, keys); at != before.end()) before.erase(at);
  }
  return before;
}

Tags request_tags(const GivenTags& given) {
  Tags tags;
  tags.reserve(given.size());
  for (const shapes::Tag& tag : given) tags.push_back({tag.key, tag.value});
  return tags;
}

std::optional<GivenTags> shown_tags(const Tags& tags) {
  if (tags.empty()) return std::nullopt;
  GivenTags shown;
  shown.reserve(tags.size());
  for (const Tag& tag : tags) shown.push_back({tag.key, tag.value});
  return shown;
}

}  // namespace deputy::iam
