// One condition key under one operator. Section C.
#include <algorithm>

#include "policy/match.h"
#include "policy/text.h"

namespace deputy::policy {
namespace {

using Form = ConditionValue::Form;
using enum Comparison;

bool equals_text(const ConditionValue& value, std::string_view text, Question& question) {
  if (value.form == Form::kText) {
    if (value.text.size() != text.size()) return false;
    question.work.add(text.size() / 16);
    return value.text == text;
  }
  return value.form == Form::kTokens && matches(value.tokens, text, question.context, question.work);
}

bool like_text(const ConditionValue& value, std::string_view text, Question& question) {
  if (value.form == Form::kGlob) return matches(*value.typed.glob, text, question.work);
  return equals_text(value, text, question);
}

bool same_text_ignoring_case(const ConditionValue& value, std::string_view text, Question& question) {
  if (value.form == Form::kText) {
    if (value.text.size() != text.size()) return false;
    question.work.add(text.size());
    return same_ignoring_case(value.text, text);
  }
  return value.form == Form::kTokens && matches_ignoring_case(value.tokens, text, question.context, question.work);
}

bool same_truth(const ConditionValue& value, std::optional<bool> truth, Question& question) {
  if (!truth) return false;
  if (value.form == Form::kTruth) return value.truth == *truth;
  return value.form == Form::kTokens &&
         matches_ignoring_case(value.tokens, *truth ? "true" : "false", question.context, question.work);
}

template <class Order>
bool holds(Comparison comparison, Order order) {
  switch (comparison) {
    case kNumericEquals:
    case kDateEquals:
      return order == 0;
    case kNumericLess:
    case kDateLess:
      return order < 0;
    case kNumericLessEquals:
    case kDateLessEquals:
      return order <= 0;
    case kNumericGreater:
    case kDateGreater:
      return order > 0;
    case kNumericGreaterEquals:
    case kDateGreaterEquals:
      return order >= 0;
    default:
      return false;
  }
}

bool compares(const ConditionValue& value, Comparison comparison, const Number& number, Work& work) {
  if (value.form != Form::kNumber) return false;
  work.add(std::min(number.digits.size(), value.typed.number->digits.size()));
  return holds(comparison, compare(number, *value.typed.number));
}

template <class Test>
bool any_value(const Condition& condition, Test test) {
  for (const ConditionValue& value : condition.values) {
    if (test(value)) return true;
  }
  return false;
}

/// Whether this request value matches any of the policy's values, negation left aside.
bool matches_value(const Condition& condition, std::string_view text, Question& question) {
  question.work.add(4 + 2 * condition.values.size());
  if (question.work.spent()) return false;
  switch (condition.op.comparison) {
    case kStringEquals:
    case kBinaryEquals:
      return any_value(condition, [&](const ConditionValue& v) { return equals_text(v, text, question); });
    case kStringEqualsIgnoreCase:
      return any_value(condition, [&](const ConditionValue& v) { return same_text_ignoring_case(v, text, question); });
    case kStringLike:
      return any_value(condition, [&](const ConditionValue& v) { return like_text(v, text, question); });
    case kArnLike:
      return any_value(condition, [&](const ConditionValue& v) {
        return matches_arn(*v.typed.arn, text, question.context, question.work);
      });
    case kBool: {
      const auto truth = read_bool(text);
      return any_value(condition, [&](const ConditionValue& v) { return same_truth(v, truth, question); });
    }
    case kIpAddress: {
      const auto& address = question.address(text);
      return address && any_value(condition, [&](const ConditionValue& v) {
               return v.form == Form::kRange && v.typed.range->holds(*address);
             });
    }
    case kNull:
      return false;  // asked of the key, not of its values
    default:
      break;
  }
  const Comparison comparison = condition.op.comparison;
  if (comparison < kDateEquals) {
    question.work.add(text.size());
    const auto number = read_number(text);
    return number && any_value(condition, [&](const ConditionValue& v) {
             return compares(v, comparison, *number, question.work);
           });
  }
  const auto& instant = question.instant(text);
  return instant && any_value(condition, [&](const ConditionValue& v) {
           return v.form == Form::kInstant && holds(comparison, *instant <=> *v.typed.instant);
         });
}

bool is_null_as_wanted(const Condition& condition, bool absent) {
  for (const ConditionValue& value : condition.values) {
    if (value.form == Form::kTruth && value.truth == absent) return true;  // [C-17]
  }
  return false;
}

/// What an operator says of a key that is not there. [C-3, C-4, C-18 to C-20]
bool matches_absence(const Operator& op) {
  if (op.if_exists || op.quantifier == Quantifier::kForAllValues) return true;
  return op.quantifier == Quantifier::kNone && op.negated;
}

bool only_empty(Context::Values values) {
  for (const std::string_view value : values) {
    if (!value.empty()) return false;
  }
  return true;
}

}  // namespace

bool matches(const Condition& condition, Question& question) {
  const Operator& op = condition.op;
  const Context::Values values = condition.key.values(question.context, question.work);
  if (op.comparison == kNull) return is_null_as_wanted(condition, values.empty());
  if (values.empty()) return matches_absence(op);
  switch (op.quantifier) {
    case Quantifier::kForAllValues:
      question.work.add(values.size());
      if (only_empty(values)) return true;  // [C-20]
      for (const std::string_view value : values) {
        if (matches_value(condition, value, question) == op.negated) return false;
      }
      return true;
    case Quantifier::kForAnyValue:
      for (const std::string_view value : values) {
        if (matches_value(condition, value, question) != op.negated) return true;  // [C-21]
      }
      return false;
    case Quantifier::kNone:
      break;
  }
  for (const std::string_view value : values) {
    if (matches_value(condition, value, question)) return !op.negated;  // [C-2, C-22]
  }
  return op.negated;
}

}  // namespace deputy::policy
