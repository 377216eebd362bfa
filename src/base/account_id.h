// The twelve digits that name an AWS account.
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace deputy {

/// Twelve digits. Ordered as text, which is as numbers.
class AccountId {
 public:
  /// Nothing unless `text` is exactly twelve decimal digits.
  static std::optional<AccountId> parse(std::string_view text);
  /// Nothing if `number` has more than twelve digits.
  static std::optional<AccountId> from_number(std::uint64_t number);

  /// No account: what a value holds before it is filled in. Equal to no id that was parsed.
  AccountId() = default;

  [[nodiscard]] bool empty() const { return digits_[0] == 0; }
  [[nodiscard]] std::string_view view() const { return {digits_.data(), digits_.size()}; }
  [[nodiscard]] std::string str() const { return std::string(view()); }
  [[nodiscard]] std::uint64_t number() const;

  // NOLINTNEXTLINE(modernize-use-nullptr): what the compiler makes of it compares with 0
  friend auto operator<=>(const AccountId&, const AccountId&) = default;

 private:
  std::array<char, 12> digits_{};
};

}  // namespace deputy

template <>
struct std::hash<deputy::AccountId> {
  std::size_t operator()(const deputy::AccountId& id) const noexcept {
    return std::hash<std::string_view>{}(id.view());
  }
};
