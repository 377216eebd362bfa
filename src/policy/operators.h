// The condition operators, by name and by what they do. docs/policy-evaluation.md, section C.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace deputy::policy {

/// What is compared, the negation taken off: StringNotLike is a negated kStringLike.
enum class Comparison : std::uint8_t {
  kStringEquals,
  kStringEqualsIgnoreCase,
  kStringLike,
  kNumericEquals,
  kNumericLess,
  kNumericLessEquals,
  kNumericGreater,
  kNumericGreaterEquals,
  kDateEquals,
  kDateLess,
  kDateLessEquals,
  kDateGreater,
  kDateGreaterEquals,
  kBool,
  kBinaryEquals,
  kIpAddress,
  kArnLike,
  kNull
};

/// ForAnyValue: and ForAllValues:. [C-19, C-20]
enum class Quantifier : std::uint8_t { kNone, kForAnyValue, kForAllValues };

struct Operator {
  Comparison comparison;
  Quantifier quantifier = Quantifier::kNone;
  bool negated = false;
  bool if_exists = false;  // [C-18]
};

/// Reads "ForAnyValue:StringNotLikeIfExists"; nothing for any other spelling than section C's. [L-9]
std::optional<Operator> find_operator(std::string_view name);

/// The plain names, for "did you mean".
std::span<const std::string_view> operator_names();

}  // namespace deputy::policy
