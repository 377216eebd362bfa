// The table of all that a seed may say: the reader checks by it, docs/seed.schema.json is made of it, and the names of
// the wire are its names. Names are those of AWS's API.
#pragma once

#include <span>
#include <string_view>

namespace deputy::seed {

struct Structure;

// In the order in which a row of a table reads; there are some hundred.
struct Field {  // NOLINT(clang-analyzer-optin.performance.Padding)
  enum class Type : unsigned char {
    kText,
    kAccountId,  // twelve digits, with or without quotation marks
    kInteger,
    kDocument,  // a policy document: as it is, as a text of JSON, or {File: path}
    kLongText,  // a text, or {File: path}
    kSecret,    // a text, {Env: NAME} or {File: path}
    kTexts,     // a list
    kAccountIds,
    kStructures,  // a list of `of`
  };
  std::string_view name;
  Type type = Type::kText;
  std::string_view what;  // for the schema: a sentence
  bool required = false;
  const Structure* of = nullptr;
  std::span<const std::string_view> values = {};  // that a text may have; empty: any
};

struct Structure {
  std::string_view name;  // "Role"
  std::span<const Field> fields;
  bool is_entity = false;          // gets a place of its own, and may not be there twice
  std::string_view identity = {};  // the field by which it goes
  bool any_case = true;            // two that differ in case are the same
};

/// A whole seed.
const Structure& seed_declaration();

}  // namespace deputy::seed
