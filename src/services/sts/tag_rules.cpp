#include "services/sts/tag_rules.h"

#include <algorithm>

#include "base/encoding.h"
#include "protocol/pattern.h"
#include "protocol/sts/assume_role.h"

namespace deputy::sts {
namespace {

const protocol::Member& member(const protocol::Structure& structure, std::string_view name) {
  return *std::find_if(structure.members.begin(), structure.members.end(),
                       [&](const protocol::Member& m) { return m.name == name; });
}

/// "Key" or "Value" of AssumeRole's Tags.
const protocol::Shape& shape_of(std::string_view part) {
  return *member(*member(*shapes::AssumeRole::model.input, "Tags").shape->element->structure, part).shape;
}

bool fits(const protocol::Shape& shape, std::string_view text) {
  const auto length = static_cast<std::int64_t>(utf8_length(text));
  return length >= shape.min && length <= shape.max && shape.pattern->matches(text);
}

}  // namespace

bool is_tag(std::string_view key, std::string_view value) {
  static const protocol::Shape &of_key = shape_of("Key"), &of_value = shape_of("Value");
  return fits(of_key, key) && fits(of_value, value);
}

}  // namespace deputy::sts
