#include "policy/match.h"

#include "policy/text.h"

namespace deputy::policy {
namespace {

const Context kNoContext;

bool matches_pattern(const ActionPattern& pattern, Question& question) {
  switch (pattern.form) {
    case ActionPattern::Form::kEverything:
      return true;
    case ActionPattern::Form::kExact:
      return pattern.hash == question.request.action.hash && pattern.text == question.action;
    case ActionPattern::Form::kPrefix:
      return question.action.starts_with(pattern.text);
    case ActionPattern::Form::kGlob:
      return pattern.service_hash == question.request.action.service_hash &&
             matches(*pattern.glob, question.action, question.work);
  }
  return false;
}

}  // namespace

Question::Question(const Request& asked, bool has_boundary, Work& steps)
    : request(asked),
      context(asked.context != nullptr ? *asked.context : kNoContext),
      work(steps),
      bounded(has_boundary),
      action(asked.action.lowered()),
      fronts(asked.resource) {
  if (!action.empty()) return;
  for (const char c : asked.action.name) long_action_.push_back(lower(c));
  action = long_action_;
}

std::string_view Question::partition() const {
  const std::string_view arn = request.principal.arn;
  return arn.starts_with("arn:") ? arn.substr(4, arn.find(':', 4) - 4) : std::string_view();
}

const std::optional<Address>& Question::address(std::string_view text) {
  if (address_.of != text.data() || address_.size != text.size()) {
    work.add(glob_detail::steps_of_library(text.size()));
    address_ = {text.data(), text.size(), read_address(text)};
  }
  return address_.value;
}

const std::optional<Instant>& Question::instant(std::string_view text) {
  if (instant_.of != text.data() || instant_.size != text.size()) {
    work.add(text.size());
    instant_ = {text.data(), text.size(), read_instant(text)};
  }
  return instant_.value;
}

bool matches_action(const CompiledStatement& statement, Question& question) {
  for (const ActionPattern& pattern : statement.actions) {
    if (matches_pattern(pattern, question)) return !statement.not_action;
  }
  return statement.not_action;  // [M-4]
}

bool matches_resource(const CompiledStatement& statement, Question& question) {
  if (statement.any_resource) return true;
  const std::string_view resource = question.request.resource;
  for (const ArnPattern& pattern : statement.resources) {
    if (pattern.may_match(resource) && matches_resource(pattern, resource, question.context, question.work)) {
      return !statement.not_resource;
    }
  }
  return statement.not_resource;  // [M-10]
}

}  // namespace deputy::policy
