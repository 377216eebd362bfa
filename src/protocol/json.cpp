#include "protocol/json.h"

#include <simdjson.h>

#include "base/encoding.h"
#include "base/time.h"
#include "protocol/limits.h"
#include "protocol/validate.h"

namespace deputy::protocol {
namespace {

using simdjson::dom::element;

Error not_serializable(std::string message = "") { return {"SerializationException", 400, std::move(message)}; }

class Decoder {
 public:
  explicit Decoder(const Service& service) : violations_(service) {}

  Result<void> structure(const Structure& type, element json, void* object, const Path* parent) {
    simdjson::dom::object members;
    if (json.get(members) != simdjson::SUCCESS) return not_serializable("Expected an object");
    for (const Member& member : type.members) {
      const std::string name = lower_camel(member.name);
      const Path here{.parent = parent, .name = name};
      element value;
      if (members[member.wire].get(value) != simdjson::SUCCESS || value.is_null()) {
        if (member.required) violations_.missing(here);
        continue;
      }
      void* field = member.make(object);
      TRY_VOID(this->value(*member.shape, value, field, here));
      violations_.check(*member.shape, member.wording, field, here);
    }
    return {};
  }

  Result<void> result() const { return violations_.result(); }

 private:
  Result<void> value(const Shape& shape, element json, void* to, const Path& here) {
    switch (shape.kind) {
      case Kind::kStructure:
        return structure(*shape.structure, json, to, &here);
      case Kind::kList:
        return list(shape, json, to, here);
      case Kind::kMap:
        return not_serializable("Maps are not taken here");
      case Kind::kString:
      case Kind::kBlob:
        return text(shape, json, to);
      case Kind::kBoolean:
        if (json.get(*static_cast<bool*>(to)) != simdjson::SUCCESS) return not_serializable("Expected true or false");
        return {};
      case Kind::kInteger:
      case Kind::kLong:
        return number(shape, json, to);
      case Kind::kTime: {
        double seconds = 0;
        if (json.get(seconds) != simdjson::SUCCESS || seconds < 0 || seconds > 253402300799.0) {
          return not_serializable("Expected a timestamp");
        }
        *static_cast<Time*>(to) = Time{std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)}};
        return {};
      }
    }
    return {};
  }

  static Result<void> text(const Shape& shape, element json, void* to) {
    std::string_view text;
    if (json.get(text) != simdjson::SUCCESS) return not_serializable("Expected a string");
    if (shape.kind == Kind::kString) {
      *static_cast<std::string*>(to) = text;
      return {};
    }
    auto bytes = unbase64(text);
    if (!bytes) return not_serializable("Expected base64");
    *static_cast<std::string*>(to) = *std::move(bytes);
    return {};
  }

  static Result<void> number(const Shape& shape, element json, void* to) {
    std::int64_t number = 0;
    if (json.get(number) != simdjson::SUCCESS) return not_serializable("Expected an integer");
    if (shape.kind == Kind::kLong) {
      *static_cast<std::int64_t*>(to) = number;
      return {};
    }
    if (number < INT32_MIN || number > INT32_MAX) return not_serializable("The integer is out of range");
    *static_cast<std::int32_t*>(to) = static_cast<std::int32_t>(number);
    return {};
  }

  Result<void> list(const Shape& shape, element json, void* to, const Path& here) {
    simdjson::dom::array elements;
    if (json.get(elements) != simdjson::SUCCESS) return not_serializable("Expected a list");
    if (elements.size() > kMostElements) return not_serializable("The list is too long");
    shape.list->reserve(to, elements.size());
    std::size_t index = 0;
    for (const element item : elements) {
      const Path place{.parent = &here, .name = {}, .index = ++index};
      TRY_VOID(value(*shape.element, item, shape.list->append(to), place));
    }
    return {};
  }

  Violations violations_;
};

/// `json` lives as long as `parser`.
Result<void> parse(simdjson::dom::parser& parser, std::string_view body, element& json,
                   std::size_t largest = kLargestJson) {
  if (body.empty()) body = "{}";
  if (body.size() > largest) return not_serializable("The body is too large");
  if (parser.allocate(body.size(), kDeepestJson) != simdjson::SUCCESS) return not_serializable();
  if (parser.parse(body.data(), body.size(), true).get(json) != simdjson::SUCCESS) return not_serializable();
  return {};
}

}  // namespace

Result<void> check_json(std::string_view body) {
  simdjson::dom::parser parser;
  element json;
  return parse(parser, body, json);
}

Result<void> decode_json(const Operation& operation, std::string_view body, void* input, std::size_t largest) {
  simdjson::dom::parser parser;
  element json;
  TRY_VOID(parse(parser, body, json, largest));
  Decoder decoder(service(operation.service));
  TRY_VOID(decoder.structure(*operation.input, json, input, nullptr));
  return decoder.result();
}

}  // namespace deputy::protocol
