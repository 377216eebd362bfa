// The ids by which IAM tells two things of one name apart: AIDA… user, AROA… role, AGPA… group, ANPA… managed policy;
// and ours for two accounts of one number: ACCT… (directory/entities.h).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace deputy {

/// A four-letter prefix and 17 characters of [A-Z2-7]; the root user's is the account id (twelve digits).
/// Made by services (crypto/identifiers.h); never compared with a name.
class UniqueId {
 public:
  UniqueId() = default;
  explicit UniqueId(std::string text) : text_(std::move(text)) {}
  /// Nothing unless the text has the form of a unique id with one of the prefixes above.
  static std::optional<UniqueId> parse(std::string_view text);

  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] std::string_view prefix() const { return std::string_view(text_).substr(0, 4); }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend auto operator<=>(const UniqueId&, const UniqueId&) = default;

 private:
  std::string text_;
};

}  // namespace deputy

template <>
struct std::hash<deputy::UniqueId> {
  std::size_t operator()(const deputy::UniqueId& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
