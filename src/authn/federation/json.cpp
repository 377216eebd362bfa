#include "authn/federation/json.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>

namespace deputy::authn {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

/// `left`: how many values there may still be.
std::optional<Json> convert(element json, std::size_t& left);

std::optional<Json> convert_array(simdjson::dom::array elements, std::size_t& left) {
  Json::Array out;
  if (elements.size() > left) return std::nullopt;
  out.reserve(elements.size());
  for (const element item : elements) {
    auto value = convert(item, left);
    if (!value) return std::nullopt;
    out.push_back(*std::move(value));
  }
  return Json(std::move(out));
}

std::optional<Json> convert_object(simdjson::dom::object members, std::size_t& left) {
  Json::Object out;
  if (members.size() > left) return std::nullopt;
  out.reserve(members.size());
  for (const auto member : members) {
    auto value = convert(member.value, left);
    if (!value) return std::nullopt;
    out.emplace_back(std::string(member.key), *std::move(value));
  }
  std::vector<std::string_view> names;
  for (const auto& [name, value] : out) names.push_back(name);
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) return std::nullopt;
  return Json(std::move(out));
}

/// Of a document that was parsed: the kinds are known, so no get() fails.
std::optional<Json> convert(element json, std::size_t& left) {
  if (left == 0) return std::nullopt;
  --left;
  switch (json.type()) {
    case element_type::NULL_VALUE:
      return Json();
    case element_type::BOOL:
      return Json(bool{json.get_bool()});
    case element_type::INT64:
      return Json(std::int64_t{json.get_int64()});
    case element_type::UINT64:
      return Json(static_cast<double>(std::uint64_t{json.get_uint64()}));
    case element_type::DOUBLE:
      return Json(double{json.get_double()});
    case element_type::STRING:
      return Json(std::string(std::string_view(json.get_string())));
    case element_type::ARRAY:
      return convert_array(json.get_array(), left);
    case element_type::OBJECT:
      return convert_object(json.get_object(), left);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Json> Json::parse(std::string_view text, std::size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes) return std::nullopt;
  simdjson::dom::parser parser;
  element json;
  if (parser.allocate(text.size(), kMaxDepth) != simdjson::SUCCESS) return std::nullopt;
  if (parser.parse(text.data(), text.size(), true).get(json) != simdjson::SUCCESS) return std::nullopt;
  std::size_t left = kMaxValues;
  return convert(json, left);
}

std::optional<std::int64_t> Json::number() const {
  if (const auto* whole = std::get_if<std::int64_t>(&value_)) return *whole;
  const auto* real = std::get_if<double>(&value_);
  if (real == nullptr || !(std::fabs(*real) < 9e15)) return std::nullopt;
  return static_cast<std::int64_t>(std::floor(*real));
}

const Json* Json::get(std::string_view name) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  const auto at = std::find_if(members->begin(), members->end(), [&](const auto& m) { return m.first == name; });
  return at == members->end() ? nullptr : &at->second;
}

const std::string* Json::text(std::string_view name) const {
  const Json* member = get(name);
  return member != nullptr ? member->text() : nullptr;
}

std::optional<std::vector<std::string>> Json::texts() const {
  if (const std::string* one = text()) return std::vector<std::string>{*one};
  const Array* items = array();
  if (items == nullptr) return std::nullopt;
  std::vector<std::string> all;
  for (const Json& item : *items) {
    if (item.text() == nullptr) return std::nullopt;
    all.push_back(*item.text());
  }
  return all;
}

}  // namespace deputy::authn
