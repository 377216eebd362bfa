// Which callers a Principal or NotPrincipal element covers. Section P.
#include "policy/match.h"

namespace deputy::policy {
namespace {

using Form = PrincipalPattern::Form;
using Type = PrincipalType;

bool has_account(Type type) {
  return type == Type::kUser || type == Type::kRoleSession || type == Type::kFederatedUser || type == Type::kRoot;
}
bool is_federated_call(Type type) { return type == Type::kWebIdentity || type == Type::kSaml; }

bool is_account_of(const PrincipalPattern& pattern, const Question& question) {
  const Principal& caller = question.request.principal;
  return pattern.form == Form::kAccount && has_account(caller.type) && pattern.text == caller.account &&
         (pattern.partition.empty() || pattern.partition == question.partition());
}

/// The user, role or session itself, by ARN or unique id. [P-4 to P-7, P-12]
std::uint8_t by_name(std::string_view text, const Question& question) {
  const Principal& caller = question.request.principal;
  switch (caller.type) {
    case Type::kUser:
      return text == caller.arn || text == caller.unique_id ? kDirect : kNoMatch;
    case Type::kRoleSession:
      if (text == caller.arn) return kDirect;
      return text == caller.role_arn || text == question.entity_id() ? kAsEntity : kNoMatch;
    case Type::kFederatedUser:
      if (text == caller.arn) return kDirect;
      return text == caller.user_arn || text == caller.user_id ? kAsEntity : kNoMatch;
    default:
      return kNoMatch;
  }
}

/// `any_match`: Deny and filter policies, where "*" means every call whatsoever. [P-2]
std::uint8_t matches_one(const PrincipalPattern& pattern, bool any_match, const Question& question) {
  const Principal& caller = question.request.principal;
  switch (pattern.form) {
    case Form::kEverybody:
      return any_match || !is_federated_call(caller.type) ? kDirect : kNoMatch;
    case Form::kAnyAws:
      return any_match || (!is_federated_call(caller.type) && caller.type != Type::kService) ? kDirect : kNoMatch;
    case Form::kAccount:
      if (!is_account_of(pattern, question)) return kNoMatch;
      return caller.type == Type::kRoot ? kDirect : kAsAccount;
    case Form::kAws:
      return by_name(pattern.text, question);
    case Form::kService:
      return caller.type == Type::kService && pattern.text == caller.service ? kDirect : kNoMatch;
    case Form::kFederated:
      return is_federated_call(caller.type) && pattern.text == caller.arn ? kDirect : kNoMatch;
  }
  return kNoMatch;
}

/// Whether a NotPrincipal list names all that stands behind the caller. [P-14]
bool is_exempt(const CompiledStatement& statement, const Question& question) {
  const Type type = question.request.principal.type;
  bool account = false;
  std::uint8_t names = kNoMatch;
  bool service = false;
  for (const PrincipalPattern& pattern : statement.principals) {
    account = account || is_account_of(pattern, question);
    if (pattern.form == Form::kAws) names = static_cast<std::uint8_t>(names | by_name(pattern.text, question));
    if (pattern.form == Form::kService) service = service || matches_one(pattern, true, question) != kNoMatch;
  }
  switch (type) {
    case Type::kRoot:
      return account;
    case Type::kUser:
    case Type::kFederatedUser:
      return account && (names & kDirect) != 0;
    case Type::kRoleSession:
      return account && names == (kDirect | kAsEntity);
    case Type::kService:
      return service;
    default:
      return false;
  }
}

}  // namespace

std::uint8_t matches_principal_element(const CompiledStatement& statement, bool is_filter, const Question& question) {
  if (statement.not_principal) {
    return question.bounded || !is_exempt(statement, question) ? kDirect : kNoMatch;  // [P-15]
  }
  const bool any_match = is_filter || !statement.allow;
  std::uint8_t found = kNoMatch;
  for (const PrincipalPattern& pattern : statement.principals) {
    found = static_cast<std::uint8_t>(found | matches_one(pattern, any_match, question));
    if ((found & kDirect) != 0 || (any_match && found != kNoMatch)) return found;  // nothing counts for more
  }
  return found;
}

}  // namespace deputy::policy
