// JSON from outside (tokens, keys, discovery documents) as a tree of values, read strictly: UTF-8, one value, no member
// twice, limits on size, depth and number. A text that two readers could understand differently is not understood at all.
//
//   const std::optional<Json> claims = Json::parse(text, 20'000);
//   if (const std::string* subject = claims->text("sub")) …
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace deputy::authn {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;  // names differ
  static constexpr std::size_t kMaxDepth = 16;
  static constexpr std::size_t kMaxValues = 20'000;  // of all kinds, at all depths

  Json() = default;  // null
  template <class T>
  explicit Json(T value) : value_(std::move(value)) {}

  static std::optional<Json> parse(std::string_view text, std::size_t max_bytes);

  // Null where the value is of another kind.
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&value_); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&value_); }
  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&value_); }
  /// Of a number: its whole part, if that fits; fractions of a second are legal in tokens (RFC 7519, NumericDate).
  [[nodiscard]] std::optional<std::int64_t> number() const;

  // Of an object; null where it has no such member, or one of another kind.
  [[nodiscard]] const Json* get(std::string_view name) const;
  [[nodiscard]] const std::string* text(std::string_view name) const;

  /// A text, or an array of texts; nothing if it is neither.
  [[nodiscard]] std::optional<std::vector<std::string>> texts() const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

}  // namespace deputy::authn
