#include "protocol/validate.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/time.h"
#include "protocol/excerpt.h"
#include "protocol/limits.h"
#include "protocol/pattern.h"
#include "protocol/scalars.h"

namespace deputy::protocol {
namespace {

const std::string& text_of(const void* value) { return *static_cast<const std::string*>(value); }

/// A value as errors print it. A message is for people: the longest values end early.
std::string print(const Shape& shape, const void* value) {
  switch (shape.kind) {
    case Kind::kString:
      return excerpt(text_of(value), kLongestValue);
    case Kind::kInteger:
      return std::to_string(*static_cast<const std::int32_t*>(value));
    case Kind::kLong:
      return std::to_string(*static_cast<const std::int64_t*>(value));
    case Kind::kBoolean:
      return *static_cast<const bool*>(value) ? "true" : "false";
    case Kind::kTime:
      return iso8601(*static_cast<const Time*>(value));
    case Kind::kList: {
      std::string out = "[";
      for (std::size_t i = 0; i < shape.list->size(value) && out.size() < kLongestValue; ++i) {
        if (i > 0) out += ", ";
        out += print(*shape.element, shape.list->at(value, i));
      }
      return out + "]";
    }
    case Kind::kStructure: {
      std::string out(shape.structure->name);
      std::string_view before = "(";
      for (const Member& member : shape.structure->members) {
        const void* field = member.get(value);
        if (field == nullptr || member.sensitive || out.size() >= kLongestValue) continue;
        out.append(before).append(lower_camel(member.name)).append("=").append(print(*member.shape, field));
        before = ", ";
      }
      return out + ")";
    }
    case Kind::kBlob:
    case Kind::kMap:
      break;
  }
  return {};
}

std::string at_least(std::string_view what, std::int64_t n) {
  return "Member must have " + std::string(what) + " greater than or equal to " + std::to_string(n);
}

std::string at_most(std::string_view what, std::int64_t n) {
  return "Member must have " + std::string(what) + " less than or equal to " + std::to_string(n);
}

std::string one_of(const Shape& shape) {
  std::string out = "Member must satisfy enum value set: [";
  for (std::size_t i = 0; i < shape.values.size(); ++i) {
    if (i > 0) out += ", ";
    out += shape.values[i];
  }
  return out + "]";
}

bool length_fits(const Shape& shape, std::size_t length) {
  const auto n = static_cast<std::int64_t>(length);
  return !(shape.has_min && n < shape.min) && !(shape.has_max && n > shape.max);
}

bool value_fits(const Shape& shape, const std::string& text) {
  return shape.values.empty() || std::ranges::find(shape.values, text) != shape.values.end();
}

/// A text's length as the model counts it, without counting code points where bytes already decide.
std::size_t length_of(const Shape& shape, const std::string& text) {
  return shape.kind == Kind::kBlob ? text.size() : utf8_length(text);
}

bool element_fits(const Shape& shape, const void* value) {
  if (shape.kind == Kind::kInteger) {
    const std::int64_t n = *static_cast<const std::int32_t*>(value);
    return !(shape.has_min && n < shape.min) && !(shape.has_max && n > shape.max);
  }
  if (shape.kind != Kind::kString) return true;
  const std::string& text = text_of(value);
  return (shape.pattern == nullptr || shape.pattern->matches(text)) && value_fits(shape, text) &&
         length_fits(shape, utf8_length(text));
}

/// All constraints of a list's or a map's elements: AWS lists them together, whichever was broken. Of lists of tag keys,
/// and of those alone, it says too that elements must be there (docs/wire.md, 4).
std::string constraints_of(const Shape& shape, std::string_view whose, bool of_tag_keys = false) {
  std::string out(whose);
  out += " must satisfy constraint: [";
  std::string_view before;
  const auto add = [&](const std::string& constraint) {
    out.append(before).append(constraint);
    before = ", ";
  };
  const std::string_view what = shape.kind == Kind::kString ? "length" : "value";
  if (shape.has_max) add(at_most(what, shape.max));
  if (shape.has_min) add(at_least(what, shape.min));
  if (shape.pattern != nullptr)
    add("Member must satisfy regular expression pattern: " + std::string(shape.pattern->text));
  if (!shape.values.empty()) add(one_of(shape));
  if (of_tag_keys) add("Member must not be null");
  return out + "]";
}

}  // namespace

std::string Path::str() const {
  std::string out = parent != nullptr ? parent->str() : std::string();
  if (!out.empty()) out += '.';
  return name.empty() ? out + std::to_string(index) + ".member" : out + lower_camel(name);
}

Violations::Violations(const Service& service)
    : service_(service), prints_values_(service.input_faults != InputFaults::kTerse) {}

void Violations::missing(const Path& at) {
  if (count_ == 0) first_ = Fault::kMissing;
  if (++count_ > kMostClauses || clauses_.size() > kLongestErrorText) return;
  if (!clauses_.empty()) clauses_ += "; ";
  clauses_ += prints_values_ ? "Value null at '" : "Value at '";
  clauses_ += at.str() + "' failed to satisfy constraint: Member must not be null";
}

void Violations::clause(Fault fault, const Shape& shape, const void* value, const Path& at,
                        std::string_view constraint) {
  if (count_ == 0) first_ = fault;
  if (++count_ > kMostClauses || clauses_.size() > kLongestErrorText) return;
  if (!clauses_.empty()) clauses_ += "; ";
  clauses_ += "Value ";
  if (prints_values_ && !shape.sensitive) {
    clauses_ += "'" + excerpt(print(shape, value), kLongestValue) + "' ";
  }
  clauses_ += "at '" + at.str() + "' failed to satisfy constraint: ";
  clauses_ += constraint;
}

void Violations::sentence(Wording wording, const Path& at) {
  static constexpr std::array<std::string_view, 5> kRules = {
      "", "It must contain only alphanumeric characters and/or the following: +=,.@_-",
      "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
      "It must begin with the / character and contain only alphanumeric characters and/or / characters.",
      "It must contain only alphanumeric characters."};
  if (!sentence_.empty()) return;
  sentence_ = "The specified value for " + at.str() + " is invalid. ";
  sentence_ += kRules[static_cast<std::size_t>(wording)];
}

void Violations::check_text(const Shape& shape, Wording wording, const std::string& text, const Path& at) {
  if (shape.pattern != nullptr && !shape.pattern->matches(text)) {
    if (wording == Wording::kClause) {
      clause(Fault::kPattern, shape, &text, at,
             "Member must satisfy regular expression pattern: " + std::string(shape.pattern->text));
    } else if (!text.empty()) {  // an empty one is too short, which has a clause
      sentence(wording, at);
    }
  }
  if (!value_fits(shape, text)) {
    // IAM was recorded without the list (docs/wire.md, section 4).
    clause(Fault::kEnum, shape, &text, at, prints_values_ ? one_of(shape) : "Member must satisfy enum value set");
  }
  if (!shape.has_min && !shape.has_max) return;
  const auto length = static_cast<std::int64_t>(length_of(shape, text));
  if (shape.has_min && length < shape.min) clause(Fault::kShort, shape, &text, at, at_least("length", shape.min));
  if (shape.has_max && length > shape.max) clause(Fault::kLong, shape, &text, at, at_most("length", shape.max));
}

void Violations::check_number(const Shape& shape, std::int64_t number, const Path& at) {
  const auto narrow = static_cast<std::int32_t>(number);
  const void* value = shape.kind == Kind::kInteger ? static_cast<const void*>(&narrow) : &number;
  if (shape.has_min && number < shape.min) clause(Fault::kSmall, shape, value, at, at_least("value", shape.min));
  if (shape.has_max && number > shape.max) clause(Fault::kLarge, shape, value, at, at_most("value", shape.max));
}

void Violations::check_list(const Shape& shape, const void* list, const Path& at) {
  const std::size_t size = shape.list->size(list);
  if (is_scalar(*shape.element)) {
    for (std::size_t i = 0; i < size; ++i) {
      if (element_fits(*shape.element, shape.list->at(list, i))) continue;
      clause(Fault::kElement, shape, list, at, constraints_of(*shape.element, "Member", at.name.ends_with("TagKeys")));
      break;
    }
  }
  const auto n = static_cast<std::int64_t>(size);
  if (shape.has_min && n < shape.min) clause(Fault::kShort, shape, list, at, at_least("length", shape.min));
  if (shape.has_max && n > shape.max) clause(Fault::kLong, shape, list, at, at_most("length", shape.max));
}

void Violations::check_map(const Shape& shape, const void* map, const Path& at) {
  const std::size_t size = shape.map->size(map);
  bool keys = true, values = true;
  for (std::size_t i = 0; i < size; ++i) {
    keys = keys && element_fits(*shape.key, &shape.map->key(map, i));
    values = values && (!is_scalar(*shape.element) || element_fits(*shape.element, shape.map->value(map, i)));
  }
  if (!keys) clause(Fault::kElement, shape, map, at, constraints_of(*shape.key, "Map keys"));
  if (!values) clause(Fault::kElement, shape, map, at, constraints_of(*shape.element, "Map value"));
  const auto n = static_cast<std::int64_t>(size);
  if (shape.has_min && n < shape.min) clause(Fault::kShort, shape, map, at, at_least("length", shape.min));
  if (shape.has_max && n > shape.max) clause(Fault::kLong, shape, map, at, at_most("length", shape.max));
}

void Violations::check(const Shape& shape, Wording wording, const void* value, const Path& at) {
  switch (shape.kind) {
    case Kind::kString:
    case Kind::kBlob:
      check_text(shape, wording, text_of(value), at);
      break;
    case Kind::kInteger:
      check_number(shape, *static_cast<const std::int32_t*>(value), at);
      break;
    case Kind::kLong:
      check_number(shape, *static_cast<const std::int64_t*>(value), at);
      break;
    case Kind::kList:
      check_list(shape, value, at);
      break;
    case Kind::kMap:
      check_map(shape, value, at);
      break;
    case Kind::kBoolean:
    case Kind::kTime:
    case Kind::kStructure:
      break;
  }
}

namespace {

/// How Organizations words the faults of its input, and the Reason that it gives; the sentences are those of its API
/// reference. https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html
struct InvalidInput {
  const char *reason, *message;
};
constexpr std::array<InvalidInput, 8> kInvalidInputs = {{
    {"INPUT_REQUIRED", "You must include a value for all required parameters."},
    {"INVALID_PATTERN", "You provided a value that does not match the required pattern."},
    {"INVALID_ENUM", "You specified an invalid value."},
    {"MIN_LENGTH_EXCEEDED", "You provided a string parameter that is shorter than allowed."},
    {"MAX_LENGTH_EXCEEDED", "You provided a string parameter that is longer than allowed."},
    {"MIN_VALUE_EXCEEDED", "You provided a numeric parameter that has a smaller value than allowed."},
    {"MAX_VALUE_EXCEEDED", "You provided a numeric parameter that has a larger value than allowed."},
    {"INVALID_LIST_MEMBER", "You provided a list to a parameter that contains at least one invalid value."},
}};

}  // namespace

Result<void> Violations::result() const {
  if (count_ == 0 && sentence_.empty()) return {};
  if (service_.input_faults == InputFaults::kReasons) {
    const InvalidInput& words = kInvalidInputs[static_cast<std::size_t>(first_)];
    return Error("InvalidInputException", 400, words.message).with("Reason", words.reason);
  }
  const bool json = service_.dialect == Dialect::kJson;
  if (count_ == 0) return Error("ValidationError", 400, sentence_);
  const std::string head = count_ == 1 ? "1 validation error" : std::to_string(count_) + " validation errors";
  return Error(json ? "ValidationException" : "ValidationError", 400, head + " detected: " + clauses_);
}

}  // namespace deputy::protocol
