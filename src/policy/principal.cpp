#include "policy/principal.h"

#include <algorithm>

namespace deputy::policy {
namespace {

using Form = PrincipalPattern::Form;

bool is_federated_call(const Principal& caller) {
  return caller.type == PrincipalType::kWebIdentity || caller.type == PrincipalType::kSaml;
}

/// AROA… of AROA…:session.
std::string_view role_id(const Principal& caller) { return caller.unique_id.substr(0, caller.unique_id.find(':')); }

Match match_everybody(Form form, const Principal& caller, Reading reading) {
  if (reading == Reading::kAny) return Match::kDirect;
  if (is_federated_call(caller)) return Match::kNone;  // only Federated covers these [P-2, P-9]
  if (caller.type == PrincipalType::kService && form == Form::kEveryAws) return Match::kNone;
  return Match::kDirect;
}

Match match_account(std::string_view account, const Principal& caller) {
  if (caller.account.empty() || caller.account != account) return Match::kNone;
  return caller.type == PrincipalType::kRoot ? Match::kDirect : Match::kAccount;
}

Match match_arn(std::string_view arn, const Principal& caller) {
  switch (caller.type) {
    case PrincipalType::kUser:
      return arn == caller.arn ? Match::kDirect : Match::kNone;
    case PrincipalType::kRoleSession:
      if (arn == caller.arn) return Match::kDirect;
      return arn == caller.role_arn ? Match::kEntity : Match::kNone;
    case PrincipalType::kFederatedUser:
      if (arn == caller.arn) return Match::kDirect;
      return arn == caller.user_arn ? Match::kEntity : Match::kNone;
    default:
      return Match::kNone;
  }
}

Match match_unique_id(std::string_view id, const Principal& caller) {
  switch (caller.type) {
    case PrincipalType::kUser:
      return id == caller.unique_id ? Match::kDirect : Match::kNone;
    case PrincipalType::kRoleSession:
      return id == role_id(caller) ? Match::kEntity : Match::kNone;
    case PrincipalType::kFederatedUser:
      return !caller.user_id.empty() && id == caller.user_id ? Match::kEntity : Match::kNone;
    default:
      return Match::kNone;
  }
}

Match match_one(const PrincipalPattern& pattern, const Principal& caller, Reading reading) {
  switch (pattern.form) {
    case Form::kEverybody:
    case Form::kEveryAws:
      return match_everybody(pattern.form, caller, reading);
    case Form::kAccount:
      return match_account(pattern.text, caller);
    case Form::kArn:
      return match_arn(pattern.text, caller);
    case Form::kUniqueId:
      return match_unique_id(pattern.text, caller);
    case Form::kService:
      return caller.type == PrincipalType::kService && pattern.text == caller.service ? Match::kDirect : Match::kNone;
    case Form::kFederated:
      return is_federated_call(caller) && pattern.text == caller.arn ? Match::kDirect : Match::kNone;
    case Form::kCanonical:
      return Match::kNone;  // S3 stores it as the account [P-10]
  }
  return Match::kNone;
}

}  // namespace

Match match_principal(const CompiledStatement& statement, const Principal& caller, Reading reading) {
  Match best = Match::kNone;
  for (const PrincipalPattern& pattern : statement.principals) {
    best = std::max(best, match_one(pattern, caller, reading));
    if (best == Match::kDirect) break;
  }
  return best;
}

bool is_exempt(const CompiledStatement& statement, const Principal& caller, bool has_boundary) {
  if (has_boundary) return false;  // [P-15]
  bool everybody = false, account = false, direct = false, entity = false;
  for (const PrincipalPattern& pattern : statement.principals) {
    if (pattern.form == Form::kEverybody || pattern.form == Form::kEveryAws) {
      everybody = everybody || caller.type != PrincipalType::kAnonymous;
      continue;
    }
    if (pattern.form == Form::kAccount) {
      account = account || match_account(pattern.text, caller) != Match::kNone;
      continue;
    }
    const Match match = match_one(pattern, caller, Reading::kAny);
    direct = direct || match == Match::kDirect;
    entity = entity || match == Match::kEntity;
  }
  if (everybody) return true;
  switch (caller.type) {
    case PrincipalType::kRoot:
      return account;
    case PrincipalType::kUser:
    case PrincipalType::kFederatedUser:
      return account && direct;
    case PrincipalType::kRoleSession:
      return account && entity && direct;
    case PrincipalType::kService:
    case PrincipalType::kWebIdentity:
    case PrincipalType::kSaml:
      return direct;
    case PrincipalType::kAnonymous:
      return false;
  }
  return false;
}

}  // namespace deputy::policy
