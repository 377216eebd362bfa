#include "services/sts/session_tags.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/sts/tag_rules.h"

namespace deputy::sts {
namespace {

Error invalid(const char* message) { return {"InvalidParameterValue", 400, message}; }

Error no_tags(TagSource source) {
  constexpr const char* message = "Session tags must match [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+ and not begin with \"aws:\"";
  return source == TagSource::kProvider ? Error("InvalidIdentityToken", 400, message) : invalid(message);
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
    if (directory::find_tag(result.passed, tag.key)) {
      return invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    if (directory::find_tag(result.inherited, tag.key)) {
      return invalid(
          "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from "
          "the calling session.");
    }
    result.passed.push_back({tag.key, tag.value});
  }
  for (const auto& key : transitive_tag_keys) {
    if (!directory::find_tag(result.passed, key)) {
      return invalid("The specified transitive tag key must be included in the requested tags.");
    }
    if (!contains(result.transitive_keys, key)) result.transitive_keys.push_back(key);
  }
  return result;
}

}  // namespace deputy::sts
