#include "policy/operators.h"

#include <array>

namespace deputy::policy {
namespace {

struct Entry {
  Comparison comparison;
  bool negated = false;
};

constexpr std::size_t kCount = 27;
constexpr std::array<std::string_view, kCount> kNames = {"StringEquals",
                                                         "StringNotEquals",
                                                         "StringEqualsIgnoreCase",
                                                         "StringNotEqualsIgnoreCase",
                                                         "StringLike",
                                                         "StringNotLike",
                                                         "NumericEquals",
                                                         "NumericNotEquals",
                                                         "NumericLessThan",
                                                         "NumericLessThanEquals",
                                                         "NumericGreaterThan",
                                                         "NumericGreaterThanEquals",
                                                         "DateEquals",
                                                         "DateNotEquals",
                                                         "DateLessThan",
                                                         "DateLessThanEquals",
                                                         "DateGreaterThan",
                                                         "DateGreaterThanEquals",
                                                         "Bool",
                                                         "BinaryEquals",
                                                         "IpAddress",
                                                         "NotIpAddress",
                                                         "ArnEquals",
                                                         "ArnNotEquals",
                                                         "ArnLike",
                                                         "ArnNotLike",
                                                         "Null"};
using enum Comparison;
// ArnEquals and ArnLike are one. [C-16]
constexpr std::array<Entry, kCount> kEntries = {{{kStringEquals},
                                                 {kStringEquals, true},
                                                 {kStringEqualsIgnoreCase},
                                                 {kStringEqualsIgnoreCase, true},
                                                 {kStringLike},
                                                 {kStringLike, true},
                                                 {kNumericEquals},
                                                 {kNumericEquals, true},
                                                 {kNumericLess},
                                                 {kNumericLessEquals},
                                                 {kNumericGreater},
                                                 {kNumericGreaterEquals},
                                                 {kDateEquals},
                                                 {kDateEquals, true},
                                                 {kDateLess},
                                                 {kDateLessEquals},
                                                 {kDateGreater},
                                                 {kDateGreaterEquals},
                                                 {kBool},
                                                 {kBinaryEquals},
                                                 {kIpAddress},
                                                 {kIpAddress, true},
                                                 {kArnLike},
                                                 {kArnLike, true},
                                                 {kArnLike},
                                                 {kArnLike, true},
                                                 {kNull}}};

bool take_front(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<Operator> find_operator(std::string_view name) {
  Operator found{};
  if (take_front(name, "ForAnyValue:")) {
    found.quantifier = Quantifier::kForAnyValue;
  } else if (take_front(name, "ForAllValues:")) {
    found.quantifier = Quantifier::kForAllValues;
  }
  constexpr std::string_view kIfExists = "IfExists";
  if (name.ends_with(kIfExists)) {
    name.remove_suffix(kIfExists.size());
    found.if_exists = true;
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    if (kNames[i] != name) continue;
    found.comparison = kEntries[i].comparison;
    found.negated = kEntries[i].negated;
    // Null asks for the key itself: neither suffix nor prefix has a meaning for it. [C-18]
    if (found.comparison == kNull && (found.if_exists || found.quantifier != Quantifier::kNone)) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

std::span<const std::string_view> operator_names() { return kNames; }

}  // namespace deputy::policy
