// Tags of IAM's entities: what may be set, and how tags given meet tags that are there (docs/wire.md, 5.2 and 5.5).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_naming
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "base/result.h"
#include "directory/entities.h"
#include "protocol/iam/shapes.h"
#include "services/iam/paging.h"

namespace deputy::iam {

using GivenTags = std::vector<shapes::Tag>;

/// How keys are compared. On users and roles `a` and `A` are one key, which keeps the case in which it was last set, for
/// their tags become those of a principal; on everything else they are two.
enum class TagKeys : std::uint8_t { kIgnoreCase, kExact };

/// `before` with `given` over it: a key that is there gets the new value and the new case, in its place.
/// Errors: InvalidInput (a key twice, the aws: prefix), LimitExceeded (more than 50 in the end).
Result<directory::Tags> merge_tags(directory::Tags before, const GivenTags& given, TagKeys keys);
/// For a new entity.
inline Result<directory::Tags> new_tags(const GivenTags& given, TagKeys keys) { return merge_tags({}, given, keys); }
/// `before` without those named; a key that is not there is nothing to complain about. Error: InvalidInput (aws: prefix).
Result<directory::Tags> without_tags(directory::Tags before, const std::vector<std::string>& names, TagKeys keys);

/// For Access::request_tags.
directory::Tags request_tags(const GivenTags& given);

/// As answers show them, in the order in which they were set; absent if there are none.
std::optional<GivenTags> shown_tags(const directory::Tags& tags);

/// One page of List…Tags, by key. `Input` and `Output` are those of any such operation; `operation` is its name.
template <class Output, class Input>
Result<Output> list_tags(const directory::Tags& tags, const Input& in, std::string_view operation, TagKeys keys) {
  TRY(const Page page, page_of(in, operation));
  Output out;
  give_page(
      out, page, tags,
      [&](const directory::Tag& tag) { return short_key(keys == TagKeys::kExact ? tag.key : ascii_lower(tag.key)); },
      [&](const directory::Tag& tag) {
        out.tags.push_back({tag.key, tag.value});
      });
  return out;
}

}  // namespace deputy::iam
