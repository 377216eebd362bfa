#include "seed/json_schema.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "base/json_writer.h"
#include "seed/declaration.h"

namespace deputy::seed {
namespace {

using Type = Field::Type;

std::string quoted(std::string_view text) {
  std::string out;
  JsonWriter(out).value(text);
  return out;
}

constexpr std::string_view kText = R"({"type": ["string", "number", "boolean"]})";
constexpr std::string_view kAccountId =
    R"({"anyOf": [{"type": "string", "pattern": "^[0-9]{12}$"}, {"type": "integer"}]})";

std::string_view reference(Type type) {
  switch (type) {
    case Type::kDocument:
      return R"({"$ref": "#/$defs/document"})";
    case Type::kLongText:
      return R"({"$ref": "#/$defs/longText"})";
    case Type::kSecret:
      return R"({"$ref": "#/$defs/secret"})";
    default:
      return {};
  }
}

/// One of a few texts, as the inside of a JSON object.
std::string one_of(std::span<const std::string_view> values) {
  std::string out;
  for (const std::string_view value : values) out += (out.empty() ? "" : ", ") + quoted(value);
  return fmt::format(R"("enum": [{}])", out);
}

/// What a value of it looks like, as the inside of a JSON object.
std::string value_of(const Field& field) {
  if (const std::string_view named = reference(field.type); !named.empty()) {
    return std::string(named.substr(1, named.size() - 2));
  }
  switch (field.type) {
    case Type::kAccountId:
      return std::string(kAccountId.substr(1, kAccountId.size() - 2));
    case Type::kInteger:
      return R"("type": "integer")";
    case Type::kTexts:
      return fmt::format(R"("type": ["array", "null"], "items": {})",
                         field.values.empty() ? std::string(kText) : "{" + one_of(field.values) + "}");
    case Type::kAccountIds:
      return fmt::format(R"("type": ["array", "null"], "items": {})", kAccountId);
    case Type::kStructures:
      return fmt::format(R"("type": ["array", "null"], "items": {{"$ref": "#/$defs/{}"}})", field.of->name);
    default:
      break;
  }
  if (field.values.empty()) return std::string(kText.substr(1, kText.size() - 2));
  return one_of(field.values);
}

std::string structure_of(const Structure& structure, std::string_view indent) {
  std::string members, required;
  for (const Field& field : structure.fields) {
    members += fmt::format("{}\n{}    {}: {{\"description\": {}, {}}}", members.empty() ? "" : ",", indent,
                           quoted(field.name), quoted(field.what), value_of(field));
    if (field.required) required += (required.empty() ? "" : ", ") + quoted(field.name);
  }
  return fmt::format(
      "{0}  \"type\": \"object\",\n{0}  \"additionalProperties\": false,\n{1}{0}  \"properties\": {{{2}\n{0}  }}",
      indent, required.empty() ? "" : fmt::format("{}  \"required\": [{}],\n", indent, required), members);
}

void collect(const Structure& structure, std::vector<const Structure*>& all, std::set<const Structure*>& seen) {
  for (const Field& field : structure.fields) {
    if (field.of == nullptr || !seen.insert(field.of).second) continue;
    all.push_back(field.of);
    collect(*field.of, all, seen);
  }
}

}  // namespace

std::string json_schema() {
  std::vector<const Structure*> all;
  std::set<const Structure*> seen;
  collect(seed_declaration(), all, seen);
  std::string out =
      "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"A seed of Deputy\",\n"
      "  \"description\": \"What accounts are to hold, for deputy apply and deputy serve --seed.\",\n";
  out += structure_of(seed_declaration(), "");
  out += ",\n  \"patternProperties\": {\"^(\\\\$schema$|x-)\": true},\n  \"$defs\": {\n";
  out +=
      "    \"file\": {\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"File\"], \"properties\": "
      "{\"File\": {\"description\": \"A path, from the folder of the seed.\", \"type\": \"string\"}}},\n";
  out +=
      "    \"document\": {\"description\": \"A policy document as it is, a text of JSON, or {File: path}.\", "
      "\"type\": [\"object\", \"string\"]},\n";
  out += "    \"longText\": {\"anyOf\": [{\"type\": \"string\"}, {\"$ref\": \"#/$defs/file\"}]},\n";
  out +=
      "    \"secret\": {\"anyOf\": [{\"type\": \"string\"}, {\"$ref\": \"#/$defs/file\"}, {\"type\": \"object\", "
      "\"additionalProperties\": false, \"required\": [\"Env\"], \"properties\": {\"Env\": {\"description\": \"The "
      "name of an environment variable.\", \"type\": \"string\"}}}]}";
  for (const Structure* structure : all) {
    out += fmt::format(",\n    {}: {{\n{}\n    }}", quoted(structure->name), structure_of(*structure, "    "));
  }
  return out + "\n  }\n}\n";
}

}  // namespace deputy::seed
