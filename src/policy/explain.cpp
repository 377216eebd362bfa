#include "policy/explain.h"

namespace deputy::policy {
namespace {

/// The front of a text, whole characters, and a mark if something is missing: a request's value may be long, and a
/// trace repeats it for each statement.
std::string front_of(std::string_view text) {
  constexpr std::size_t kMost = 512;
  if (text.size() <= kMost) return std::string(text);
  std::size_t end = kMost;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string list(std::span<const std::string_view> texts) {
  constexpr std::size_t kMost = 8;
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i == kMost) return out + " and " + std::to_string(texts.size() - kMost) + " more";
    if (i > 0) out += i + 1 == texts.size() ? " or " : ", ";
    out += texts[i].empty() ? "\"\"" : front_of(texts[i]);
  }
  return out;
}

template <class Items, class Text>
std::string list_of(const Items& items, Text text) {
  std::vector<std::string_view> texts;
  for (const auto& item : items) texts.push_back(text(item));
  return list(texts);
}

std::string action_reason(const CompiledStatement& s, const Question& question) {
  const std::string named = list_of(s.actions, [](const ActionPattern& a) { return a.written; });
  return "action " + front_of(question.request.action.name) +
         (s.not_action ? " is excepted by NotAction " : " is not ") + named;
}

/// As written; a pattern that was completed [M-8] stands there once.
std::string resources_of(const CompiledStatement& s) {
  std::vector<std::string_view> texts;
  for (const ArnPattern& p : s.resources) {
    if (!p.written.empty()) texts.push_back(p.written);
  }
  return list(texts);
}

std::string resource_reason(const CompiledStatement& s, const Question& question) {
  return "resource " + front_of(question.request.resource) +
         (s.not_resource ? " is excepted by NotResource " : " does not match ") + resources_of(s);
}

std::string caller(const Principal& principal) {
  switch (principal.type) {
    case PrincipalType::kAnonymous:
      return "an anonymous caller";
    case PrincipalType::kService:
      return "service " + std::string(principal.service);
    default:
      return std::string(principal.arn);
  }
}

std::string principal_reason(const CompiledStatement& s, const Question& question) {
  const std::string named = list_of(s.principals, [](const PrincipalPattern& p) { return p.text; });
  return "principal " + caller(question.request.principal) +
         (s.not_principal ? " is excepted by NotPrincipal " : " is not ") + (named.empty() ? "listed" : named);
}

std::string_view relation(Comparison comparison) {
  using enum Comparison;
  switch (comparison) {
    case kStringEquals:
    case kStringEqualsIgnoreCase:
    case kNumericEquals:
    case kDateEquals:
    case kBinaryEquals:
    case kNull:
    case kBool:
      return "";
    case kStringLike:
    case kArnLike:
      return "like ";
    case kNumericLess:
      return "less than ";
    case kNumericLessEquals:
      return "at most ";
    case kNumericGreater:
      return "greater than ";
    case kNumericGreaterEquals:
      return "at least ";
    case kDateLess:
      return "before ";
    case kDateLessEquals:
      return "at or before ";
    case kDateGreater:
      return "after ";
    case kDateGreaterEquals:
      return "at or after ";
    case kIpAddress:
      return "in ";
  }
  return "";
}

std::string condition_reason(const Condition& condition, Question& question) {
  const Context::Values values = condition.key.values(question.context, question.work);
  const std::string key(condition.key_name);
  const std::string wanted = list_of(condition.values, [](const ConditionValue& v) { return v.text; });
  if (condition.op.comparison == Comparison::kNull) return key + (values.empty() ? " is absent" : " is present");
  if (values.empty()) return key + " is absent";
  const std::string given = list(values);
  const std::string with = std::string(relation(condition.op.comparison)) + (wanted.empty() ? "any value" : wanted);
  const std::string op = " (" + std::string(condition.op_name) + ")";
  switch (condition.op.quantifier) {
    case Quantifier::kForAllValues:
      return key + " " + given + (condition.op.negated ? ": one is " : ": one is not ") + with + op;
    case Quantifier::kForAnyValue:
      return key + " " + given + (condition.op.negated ? ": all are " : ": none is ") + with + op;
    case Quantifier::kNone:
      break;
  }
  return key + " " + given + (condition.op.negated ? " is " : " is not ") + with;
}

std::uint8_t fail(Trace::Statement& line, Trace::Element element, std::string reason) {
  line.applies = false;
  line.failed = element;
  line.reason = std::move(reason);
  return kNoMatch;
}

}  // namespace

std::uint8_t explain(const CompiledStatement& s, bool is_filter, Question& question, Trace::Statement& line) {
  const auto fails = [&](Trace::Element element, std::string reason) {
    if (question.work.spent()) return fail(line, Trace::Element::kNone, "too many steps: it was not asked to its end");
    return fail(line, element, std::move(reason));
  };
  if (question.work.spent()) return fails(Trace::Element::kNone, {});
  if (!matches_action(s, question)) return fails(Trace::Element::kAction, action_reason(s, question));
  const std::uint8_t principal = matches_principal(s, is_filter, question);
  if (principal == kNoMatch) return fails(Trace::Element::kPrincipal, principal_reason(s, question));
  if (!matches_resource(s, question)) return fails(Trace::Element::kResource, resource_reason(s, question));
  for (const Condition& condition : s.conditions) {
    if (!matches(condition, question)) return fails(Trace::Element::kCondition, condition_reason(condition, question));
  }
  if (question.work.spent()) return fails(Trace::Element::kNone, {});
  line.applies = true;
  return principal;
}

}  // namespace deputy::policy
