#include "base/account_id.h"

#include <algorithm>

namespace deputy {

std::optional<AccountId> AccountId::parse(std::string_view text) {
  AccountId id;
  if (text.size() != id.digits_.size()) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::copy(text.begin(), text.end(), id.digits_.begin());
  return id;
}

std::optional<AccountId> AccountId::from_number(std::uint64_t number) {
  AccountId id;
  for (auto digit = id.digits_.rbegin(); digit != id.digits_.rend(); ++digit, number /= 10) {
    *digit = static_cast<char>('0' + number % 10);
  }
  if (number != 0) return std::nullopt;
  return id;
}

std::uint64_t AccountId::number() const {
  std::uint64_t n = 0;
  for (char c : digits_) n = n * 10 + static_cast<std::uint64_t>(c - '0');
  return n;
}

}  // namespace deputy
