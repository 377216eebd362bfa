// The types of the API as tables: what each structure's members are called on the wire, what they may hold, and where
// they lie in the generated C++ struct. tools/generate writes one table per service; every codec, the validator and the
// audit's JSON walk these tables, so that no code is generated per operation.
//
// INVARIANT: all tables are constant-initialized; nothing runs before main (constinit in the generated files).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace deputy::protocol {

struct Pattern;  // protocol/pattern.h

/// What a value is, and with it the C++ type of its field.
enum class Kind : std::uint8_t {
  kString,     // std::string; enumerations too
  kInteger,    // std::int32_t
  kLong,       // std::int64_t
  kBoolean,    // bool
  kTime,       // deputy::Time
  kBlob,       // std::string of bytes, base64 on the wire
  kList,       // std::vector<T>
  kMap,        // std::vector<std::pair<std::string, T>>
  kStructure,  // a generated struct
};

/// Where a member travels. Everything but kBody exists in REST services (S3) only.
enum class Place : std::uint8_t { kBody, kUri, kQuery, kHeader, kHeaders, kStatus, kPayload };

/// Bad values that IAM answers with a sentence of its own instead of a constraint clause (docs/wire.md, 5.2).
enum class Wording : std::uint8_t { kClause, kName, kPath, kPathPrefix, kAccessKeyId };

/// How a time is written. By default: ISO 8601 in bodies, an HTTP date in headers, a number in JSON. kMillis: ISO 8601
/// with milliseconds, also where a service writes whole seconds.
enum class TimeForm : std::uint8_t { kDefault, kIso8601, kHttpDate, kMillis };

/// Reaches into std::optional<T> without knowing T.
struct OptionalAccess {
  const void* (*get)(const void* optional);  // null if absent
  void* (*emplace)(void* optional);
};

/// Reaches into std::vector<T> without knowing T.
struct ListAccess {
  std::size_t (*size)(const void* list);
  const void* (*at)(const void* list, std::size_t index);
  void (*reserve)(void* list, std::size_t count);
  void* (*append)(void* list);  // a new, empty element; earlier addresses stay valid if it was reserved
};

/// Reaches into std::vector<std::pair<std::string, T>> without knowing T.
struct MapAccess {
  std::size_t (*size)(const void* map);
  const std::string& (*key)(const void* map, std::size_t index);
  const void* (*value)(const void* map, std::size_t index);
  void* (*append)(void* map, std::string key);
};

struct Structure;

/// A type of the model with its constraints.
struct Shape {
  Kind kind = Kind::kString;
  bool sensitive = false;
  bool flattened = false;  // list: elements stand directly in the parent, under the member's name
  bool has_min = false;
  bool has_max = false;
  TimeForm time_form = TimeForm::kDefault;
  Wording wording = Wording::kClause;
  std::int64_t min = 0;  // integers: of the value; strings: code points; blobs: bytes; lists: elements
  std::int64_t max = 0;
  const Pattern* pattern = nullptr;
  std::span<const std::string_view> values = {};  // of an enumeration, in the model's order
  const Shape* element = nullptr;                 // of a list; the values of a map
  const Shape* key = nullptr;                     // the keys of a map: texts
  std::string_view element_name = "member";
  const ListAccess* list = nullptr;
  const MapAccess* map = nullptr;
  const Structure* structure = nullptr;
};

struct Member {
  std::string_view name;  // as the model spells it: "RoleName"
  std::string_view wire;  // on the wire; mostly the same
  const Shape* shape = nullptr;
  const OptionalAccess* optional = nullptr;  // null: the field itself is the value
  std::uint32_t offset = 0;                  // of the field in its struct
  Place place = Place::kBody;
  bool required = false;
  bool percent = false;    // answers carry it percent-encoded: policy documents (docs/wire.md, 1.1)
  bool sensitive = false;  // the member is secret, or its shape is
  bool attribute = false;  // an XML attribute
  Wording wording = Wording::kClause;

  /// The value inside `object`, a struct of the type this member belongs to; null if it is absent.
  [[nodiscard]] const void* get(const void* object) const {
    const void* field = static_cast<const std::byte*>(object) + offset;
    return optional == nullptr ? field : optional->get(field);
  }
  /// The same for writing.
  [[nodiscard]] void* edit(void* object) const { return const_cast<void*>(get(object)); }
  /// Where to put a value; an absent one comes into being.
  [[nodiscard]] void* make(void* object) const {
    void* field = static_cast<std::byte*>(object) + offset;
    return optional == nullptr ? field : optional->emplace(field);
  }
};

struct Structure {
  std::string_view name;                 // in the model
  std::string_view root;                 // its XML element where it stands alone (S3); empty: a bare value
  std::span<const Member> members = {};  // in wire order
};

/// "RoleName" -> "roleName": how validation errors and CloudTrail spell members.
inline std::string lower_camel(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

}  // namespace deputy::protocol
