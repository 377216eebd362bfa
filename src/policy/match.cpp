#include "policy/match.h"

#include "policy/text.h"

namespace deputy::policy {
namespace {

const Context kNoContext;

bool matches_pattern(const ActionPattern& pattern, Question& question) {
  const Action& action = question.request.action;
  switch (pattern.form) {
    case ActionPattern::Form::kEverything:
      return true;
    case ActionPattern::Form::kExact:
      return pattern.hash == action.hash && pattern.text == question.action_text();
    case ActionPattern::Form::kService:
    case ActionPattern::Form::kName:
      break;
  }
  if (pattern.service_hash != action.service_hash) return false;
  const std::string_view text = question.action_text();
  if (text.size() <= pattern.service.size() || text[pattern.service.size()] != ':' ||
      !text.starts_with(pattern.service)) {
    return false;
  }
  return pattern.form == ActionPattern::Form::kService || matches(pattern.name, question.action_name());
}

}  // namespace

Question::Question(const Request& asked, bool has_boundary)
    : request(asked),
      context(asked.context != nullptr ? *asked.context : kNoContext),
      bounded(has_boundary),
      entity_id(asked.principal.unique_id.substr(0, asked.principal.unique_id.find(':'))),
      fronts(asked.resource) {
  const std::string_view arn = asked.principal.arn;
  if (arn.starts_with("arn:")) partition = arn.substr(4, arn.find(':', 4) - 4);
}

std::string_view Question::action_text() {
  if (action_text_.empty()) {
    const std::string_view name = request.action.name;
    char* to = short_action_.data();
    if (name.size() > short_action_.size()) {
      long_action_.resize(name.size());  // no service has such an action; who asks anyway pays for it
      to = long_action_.data();
    }
    for (std::size_t i = 0; i < name.size(); ++i) to[i] = lower(name[i]);
    action_text_ = {to, name.size()};
  }
  return action_text_;
}

std::string_view Question::action_name() {
  const std::string_view text = action_text();
  return text.substr(text.find(':') + 1);
}

const std::optional<Address>& Question::address(std::string_view text) {
  if (address_.of != text.data() || address_.size != text.size())
    address_ = {text.data(), text.size(), read_address(text)};
  return address_.value;
}

const std::optional<Instant>& Question::instant(std::string_view text) {
  if (instant_.of != text.data() || instant_.size != text.size())
    instant_ = {text.data(), text.size(), read_instant(text)};
  return instant_.value;
}

bool matches_action(const CompiledStatement& statement, Question& question) {
  for (const ActionPattern& pattern : statement.actions) {
    if (matches_pattern(pattern, question)) return !statement.not_action;
  }
  return statement.not_action;  // [M-4]
}

bool matches_action_name(const CompiledStatement& statement, Question& question) {
  for (const ActionPattern& pattern : statement.actions) {
    if (pattern.form != ActionPattern::Form::kExact && matches_pattern(pattern, question)) return true;
  }
  return false;
}

bool matches_resource(const CompiledStatement& statement, const Question& question) {
  if (statement.any_resource) return true;
  for (const ArnPattern& pattern : statement.resources) {
    if (matches_resource(pattern, question.request.resource, question.context)) return !statement.not_resource;
  }
  return statement.not_resource;  // [M-10]
}

}  // namespace deputy::policy
