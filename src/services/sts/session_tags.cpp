#include "services/sts/session_tags.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/sts/errors.h"
#include "services/sts/tag_rules.h"

namespace deputy::sts {
namespace {

Error no_tags(TagSource source) {
  return errors::invalid_session_tags(source == TagSource::kProvider ? errors::TagSayer::kProvider
                                                                     : errors::TagSayer::kCaller);
}

/// All of them, before any is compared with another.
Result<void> check_tags(const std::vector<shapes::Tag>& tags, const std::vector<std::string>& transitive_tag_keys,
                        TagSource source) {
  if (tags.size() > kMostSessionTags || transitive_tag_keys.size() > kMostSessionTags) return no_tags(source);
  for (const auto& tag : tags) {
    const bool reserved = directory::is_reserved_tag(tag.key) || directory::is_reserved_tag(tag.value);
    if (!is_tag(tag.key, tag.value) || (reserved && source != TagSource::kTokenToOthers)) return no_tags(source);
  }
  return {};
}

bool contains(const std::vector<std::string>& keys, std::string_view key) {
  return std::any_of(keys.begin(), keys.end(), [&](const auto& k) { return equals_ignoring_case(k, key); });
}

}  // namespace

directory::Tags SessionTags::effective() const {
  directory::Tags tags = inherited;
  tags.insert(tags.end(), passed.begin(), passed.end());
  return tags;
}

Result<SessionTags> session_tags(const directory::Session* from, const std::vector<shapes::Tag>& tags,
                                 const std::vector<std::string>& transitive_tag_keys, TagSource source) {
  TRY_VOID(check_tags(tags, transitive_tag_keys, source));
  SessionTags result;
  if (from != nullptr) {
    result.transitive_keys = from->transitive_tag_keys;
    for (const auto& tag : from->tags) {
      if (contains(from->transitive_tag_keys, tag.key)) result.inherited.push_back(tag);
    }
  }
  for (const auto& tag : tags) {
    if (directory::find_tag(result.passed, tag.key)) return errors::duplicate_session_tags();
    if (directory::find_tag(result.inherited, tag.key)) return errors::transitive_tag_is_inherited();
    result.passed.push_back({tag.key, tag.value});
  }
  for (const auto& key : transitive_tag_keys) {
    if (!directory::find_tag(result.passed, key)) return errors::transitive_tag_is_missing();
    if (!contains(result.transitive_keys, key)) result.transitive_keys.push_back(key);
  }
  return result;
}

}  // namespace deputy::sts
