// Conditions: absent keys, set operators, and one comparison a kind of operator. [C-1 to C-27]
#include <algorithm>

#include "policy/compiled_form.h"

namespace deputy::policy {
namespace {

constexpr std::size_t kArnFields = 6;

/// The six fields of an ARN; false if the text is none. [C-16]
bool split_arn(std::string_view text, std::array<std::string_view, kArnFields>& fields) {
  for (std::size_t i = 0; i + 1 < kArnFields; ++i) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    fields[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  fields[kArnFields - 1] = text;
  return fields[0] == "arn";
}

/// The pattern's variables are filled in before it is split: a colon of a value separates fields too. [C-16]
bool arn_with_variables(Tokens tokens, const std::array<std::string_view, kArnFields>& fields, const Context& context) {
  Scratch scratch;
  GlobBuilder builder(scratch.memory());
  std::size_t field = 0;
  const auto add = [&](std::string_view text) {
    while (field + 1 < kArnFields) {
      const std::size_t colon = text.find(':');
      if (colon == std::string_view::npos) break;
      builder.text(text.substr(0, colon));
      if (!matches(builder.borrow(), fields[field])) return false;
      builder.clear();
      ++field;
      text.remove_prefix(colon + 1);
    }
    builder.text(text);
    return true;
  };
  for (const Token& token : tokens) {
    switch (token.kind) {
      case Token::Kind::kText:
        if (!add(token.text)) return false;
        break;
      case Token::Kind::kAnyOne:
        builder.any_one();
        break;
      case Token::Kind::kAnyRun:
        builder.any_run();
        break;
      case Token::Kind::kVariable: {
        const auto value = token.variable->value(context);
        if (!value || !add(*value)) return false;
      }
    }
  }
  return field + 1 == kArnFields && matches(builder.borrow(), fields[field]);
}

bool arn_like(const ConditionValue& pattern, std::string_view value, const Context& context) {
  if (pattern.tokens.size() == 1 && pattern.tokens[0].kind == Token::Kind::kAnyRun) return true;
  std::array<std::string_view, kArnFields> fields;
  if (!split_arn(value, fields)) return false;
  if (pattern.has_variable) return arn_with_variables(pattern.tokens, fields, context);
  if (pattern.fields.size() != kArnFields) return false;
  for (std::size_t i = 0; i < kArnFields; ++i) {
    if (!matches(pattern.fields[i], fields[i], context)) return false;
  }
  return true;
}

template <class Compare>
bool numbers(const ConditionValue& policy, std::string_view value, Compare fits) {
  const auto number = policy.readable ? read_number(value) : std::nullopt;
  return number && fits(compare(*number, policy.number));
}

template <class Compare>
bool dates(const ConditionValue& policy, std::string_view value, Compare fits) {
  const auto instant = policy.readable ? read_instant(value) : std::nullopt;
  return instant && fits(*instant <=> policy.instant);
}

bool truth(const ConditionValue& policy, std::string_view value, const Context& context) {
  std::optional<bool> wanted;
  if (policy.readable) {
    wanted = policy.truth;
  } else if (policy.tokens.size() == 1 && policy.tokens[0].kind == Token::Kind::kVariable) {
    if (const auto text = policy.tokens[0].variable->value(context)) wanted = read_bool(*text);
  }
  return wanted && read_bool(value) == wanted;
}

/// One value of the request against one of the policy, the negation left aside.
bool compares(Comparison comparison, const ConditionValue& policy, std::string_view value, const Context& context) {
  switch (comparison) {
    case Comparison::kStringEquals:
    case Comparison::kStringLike:
      return matches(policy.tokens, value, context);
    case Comparison::kStringEqualsIgnoreCase:
      return matches_ignoring_case(policy.tokens, value, context);
    case Comparison::kNumericEquals:
      return numbers(policy, value, [](auto order) { return order == 0; });
    case Comparison::kNumericLess:
      return numbers(policy, value, [](auto order) { return order < 0; });
    case Comparison::kNumericLessEquals:
      return numbers(policy, value, [](auto order) { return order <= 0; });
    case Comparison::kNumericGreater:
      return numbers(policy, value, [](auto order) { return order > 0; });
    case Comparison::kNumericGreaterEquals:
      return numbers(policy, value, [](auto order) { return order >= 0; });
    case Comparison::kDateEquals:
      return dates(policy, value, [](auto order) { return order == 0; });
    case Comparison::kDateLess:
      return dates(policy, value, [](auto order) { return order < 0; });
    case Comparison::kDateLessEquals:
      return dates(policy, value, [](auto order) { return order <= 0; });
    case Comparison::kDateGreater:
      return dates(policy, value, [](auto order) { return order > 0; });
    case Comparison::kDateGreaterEquals:
      return dates(policy, value, [](auto order) { return order >= 0; });
    case Comparison::kBool:
      return truth(policy, value, context);
    case Comparison::kBinaryEquals:
      return policy.readable && policy.text == value;  // both in canonical base64
    case Comparison::kIpAddress: {
      const auto address = policy.readable ? read_address(value) : std::nullopt;
      return address && policy.range.holds(*address);
    }
    case Comparison::kArnLike:
      return arn_like(policy, value, context);
    case Comparison::kNull:
      break;
  }
  return false;
}

}  // namespace

bool holds(const Condition& c, const Context& context) {
  const Context::Values values = c.key.values(context);
  if (c.op.comparison == Comparison::kNull) {  // [C-17]
    return std::any_of(c.values.begin(), c.values.end(),
                       [&](const ConditionValue& v) { return v.readable && v.truth == values.empty(); });
  }
  if (values.empty()) {
    if (c.op.if_exists) return true;                                      // [C-18, C-27]
    if (c.op.quantifier == Quantifier::kForAnyValue) return false;        // [C-19]
    return c.op.quantifier == Quantifier::kForAllValues || c.op.negated;  // [C-20], [C-3, C-4]
  }
  const auto listed = [&](std::string_view value) {
    return std::any_of(c.values.begin(), c.values.end(),
                       [&](const ConditionValue& policy) { return compares(c.op.comparison, policy, value, context); });
  };
  const auto satisfies = [&](std::string_view value) { return listed(value) != c.op.negated; };  // [C-21]
  switch (c.op.quantifier) {
    case Quantifier::kForAnyValue:
      return std::any_of(values.begin(), values.end(), satisfies);
    case Quantifier::kForAllValues:
      if (values.size() == 1 && values[0].empty()) return true;  // [C-20]
      return std::all_of(values.begin(), values.end(), satisfies);
    case Quantifier::kNone:
      break;
  }
  return std::any_of(values.begin(), values.end(), listed) != c.op.negated;  // [C-22]
}

}  // namespace deputy::policy
