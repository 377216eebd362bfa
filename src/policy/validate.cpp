// The grammar of each policy type, in AWS's words and order of checks. docs/policy-evaluation.md, L-8 and section W.
#include <algorithm>
#include <array>
#include <set>

#include "policy/document.h"
#include "policy/operators.h"
#include "policy/values.h"
#include "policy/wording.h"

namespace deputy::policy {
namespace {

constexpr std::string_view kLegacy = "The policy failed legacy parsing";

Problem problem(std::string message, std::string detail, Position at) {
  return {std::move(message), std::move(detail), at};
}
Problem problem(std::string_view message, const Statement& s, std::string detail = {}) {
  return {std::string(message), std::move(detail), s.position};
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_case_of(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

/// Two statements with one Sid; empty ones do not count. [L-5]
const Statement* repeated_sid(const Document& d) {
  std::set<std::string_view> seen;
  for (const Statement& s : d.statements) {
    if (!s.sid.empty() && !seen.insert(s.sid).second) return &s;
  }
  return nullptr;
}

bool has_plain_sid(const Statement& s) {
  return std::all_of(s.sid.begin(), s.sid.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

/// An epoch or date that no Date operator can read. [W-4]
const ConditionEntry* unreadable_date(const Statement& s) {
  for (const ConditionEntry& entry : s.conditions) {
    const auto op = find_operator(entry.op);
    if (!op || op->comparison < Comparison::kDateEquals || op->comparison > Comparison::kDateGreaterEquals) continue;
    for (const std::string& value : entry.values) {
      if (value.find("${") == std::string::npos && !read_instant(value)) return &entry;
    }
  }
  return nullptr;
}

// --- actions ---------------------------------------------------------------------------------------------------

/// What AWS says of an action, nothing if it takes it. [W-3]
std::string action_fault(std::string_view action) {
  if (action == "*") return {};
  const std::size_t colon = action.find(':');
  if (colon == std::string_view::npos) {
    return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  }
  if (action.find(':', colon + 1) != std::string_view::npos) return "Actions/Condition can contain only one colon.";
  const std::string_view vendor = action.substr(0, colon);
  const bool plain = !vendor.empty() && std::all_of(vendor.begin(), vendor.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  if (plain || (vendor == "*" && action == "*:*")) return {};
  return "Vendor " + std::string(vendor) + " is not valid";
}

// --- resources -------------------------------------------------------------------------------------------------

struct Fields {
  std::array<std::string_view, 6> at;
  std::size_t written = 0;
};

Fields split(std::string_view resource) {
  Fields f;
  while (f.written < 5) {
    const std::size_t colon = resource.find(':');
    f.at[f.written++] = resource.substr(0, colon);
    if (colon == std::string_view::npos) return f;
    resource.remove_prefix(colon + 1);
  }
  f.at[f.written++] = resource;
  return f;
}

/// "arn:b:c:*:*:*": the first field is shown as arn, missing ones as stars.
std::string as_arn(const Fields& f) {
  std::string text = "arn";
  for (std::size_t i = 1; i < 6; ++i) text += ":" + (i < f.written ? std::string(f.at[i]) : std::string("*"));
  return text;
}

bool is_iam_path(std::string_view resource) {
  constexpr std::array<std::string_view, 13> types = {"user/",
                                                      "federated-user/",
                                                      "role/",
                                                      "group/",
                                                      "instance-profile/",
                                                      "mfa/",
                                                      "server-certificate/",
                                                      "policy/",
                                                      "sms-mfa/",
                                                      "saml-provider/",
                                                      "oidc-provider/",
                                                      "report/",
                                                      "access-report/"};
  if (resource == "*" || resource == "root") return true;
  // A wildcard before the slash may stand for any of them.
  const std::size_t star = resource.find_first_of("*?");
  if (star != std::string_view::npos && star < resource.find('/')) return true;
  return std::any_of(types.begin(), types.end(), [&](auto type) { return resource.starts_with(type); });
}

/// What AWS says of a resource that is no ARN of its form, nothing if it takes it. [W-3]
std::string resource_fault(std::string_view resource) {
  if (resource == "*") return {};
  const std::string text(resource);
  if (resource.find(':') == std::string_view::npos) return "Resource " + text + " must be in ARN format or \"*\".";
  const Fields f = split(resource);
  const std::string_view partition = f.at[1];
  if (f.at[0] != "arn" || !is_one_of(partition, {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "*"})) {
    return "Partition \"" + std::string(partition) + "\" is not valid for resource \"" + as_arn(f) + "\".";
  }
  if (f.written < 3 || f.at[2].find_first_of("*?") != std::string_view::npos) {
    return "Resource vendor must be fully qualified and cannot contain regexes.";
  }
  const bool has_region = f.written > 3 && !f.at[3].empty() && f.at[3] != "*";
  if (f.at[2] == "iam") {
    if (has_region) return "IAM resource " + text + " cannot contain region information.";
    if (f.written == 6 && !is_iam_path(f.at[5])) {
      return "IAM resource path must either be \"*\", root, or start with user/, federated-user/, role/, group/, "
             "instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, "
             "report/, "
             "access-report/.";
    }
  }
  if (f.at[2] == "s3" && has_region) return "Resource " + text + " can not contain region information.";
  return {};
}

/// "Legacy parsing" of resources. [W-4]
bool legacy_refuses(std::string_view resource) {
  const Fields f = split(resource);
  if (f.at[0] != "arn" || f.written < 3) return false;
  if (f.at[2].empty()) return true;
  return f.at[2] == "s3" && f.written < 6 && f.written > 3;
}

/// The worst resource of a statement: of several, AWS names the one that sorts first. [W-2]
const Text* first_bad_resource(const Document& d) {
  const Text* first = nullptr;
  for (const Statement& s : d.statements) {
    for (const Text& r : s.resources) {
      if (resource_fault(r.value).empty()) continue;
      if (first == nullptr || r.value < first->value) first = &r;
    }
  }
  return first;
}

// --- identity: inline, managed, session ------------------------------------------------------------------------

Result<void, Problem> check_identity_form(const Document& d, Kind kind) {
  for (const Statement& s : d.statements) {
    const bool allow = is_case_of(s.effect, "Allow"), deny = is_case_of(s.effect, "Deny");
    if (!allow && !deny) return problem(kSyntaxErrors, s, "Effect is \"Allow\" or \"Deny\".");
    if (!has_plain_sid(s)) return problem(kSyntaxErrors, s, "A Sid holds letters and digits only: \"" + s.sid + "\".");
  }
  if (kind == Kind::kManaged && d.version != "2012-10-17") {
    return problem("Policy document must be version 2012-10-17 or greater.", "", Position{});
  }
  for (const Statement& s : d.statements) {
    if (s.effect != "Allow" && s.effect != "Deny") {
      return problem(kLegacy, s, "Effect is written \"Allow\" or \"Deny\", not \"" + s.effect + "\".");
    }
    for (const Text& r : s.resources) {
      if (legacy_refuses(r.value))
        return problem(std::string(kLegacy), "\"" + r.value + "\" is not a whole ARN.", r.position);
    }
    if (const ConditionEntry* entry = unreadable_date(s)) {
      return problem(std::string(kLegacy), "A date under " + entry->op + " cannot be read.", entry->position);
    }
  }
  return {};
}

Result<void, Problem> check_identity_elements(const Document& d) {
  for (const Statement& s : d.statements) {
    if (s.has_principal) return problem("Policy document should not specify a principal.", s);
  }
  for (const Statement& s : d.statements) {
    if (s.actions.empty()) return problem("Policy statement must contain actions.", s);
  }
  if (const Text* bad = first_bad_resource(d)) return problem(resource_fault(bad->value), "", bad->position);
  for (const Statement& s : d.statements) {
    for (const Text& a : s.actions) {
      if (std::string fault = action_fault(a.value); !fault.empty()) return problem(std::move(fault), "", a.position);
    }
  }
  for (const Statement& s : d.statements) {
    if (s.resources.empty()) return problem("Policy statement must contain resources.", s);
  }
  return {};
}

Result<void, Problem> validate_identity(const Document& d, Kind kind) {
  TRY_VOID(check_identity_form(d, kind));
  if (const Statement* s = repeated_sid(d))
    return problem("Statement IDs (SID) in a single policy must be unique.", *s);
  TRY_VOID(check_identity_elements(d));
  if (kind != Kind::kSession) return {};
  for (const Statement& s : d.statements) {  // [W-5]
    for (const Text& r : s.resources) {
      if (r.value != "*" && split(r.value).written < 6) {
        return problem("Resource " + r.value + " must be in ARN format or \"*\".",
                       "A session policy takes whole ARNs only.", r.position);
      }
    }
  }
  return {};
}

// --- trust -----------------------------------------------------------------------------------------------------

bool is_sts_action(std::string_view action) {
  const std::size_t colon = action.find(':');
  return colon != std::string_view::npos && is_case_of(action.substr(0, colon), "sts") &&
         action.find(':', colon + 1) == std::string_view::npos;
}

Result<void, Problem> validate_trust_statement(const Statement& s) {
  if (s.effect.empty()) return problem("Missing required field Effect", s);
  if (s.effect != "Allow" && s.effect != "Deny") return problem("Invalid effect: " + s.effect, s);
  if (s.has_principal && s.not_principal) {
    return problem(
        s.allow ? "Allow with NotPrincipal is not allowed." : "AssumeRole policy must not contain NotPrincipal field.",
        s);
  }
  if (!s.has_principal) return problem("Missing required field Principal", s);
  if (s.principals.empty()) return problem("Missing required field Principal cannot be empty!", s);
  if (s.actions.empty()) return problem("Missing required field Action", s);
  if (s.has_resource) return problem("Has prohibited field Resource", s);
  for (const Text& a : s.actions) {
    if (!is_sts_action(a.value)) {
      return problem("AssumeRole policy may only specify STS AssumeRole actions.", "\"" + a.value + "\" is none.",
                     a.position);
    }
  }
  return {};
}

Result<void, Problem> validate_trust(const Document& d) {
  for (const Statement& s : d.statements) TRY_VOID(validate_trust_statement(s));
  if (const Statement* s = repeated_sid(d)) return problem("The Statement Ids in the policy are not unique", *s);
  return {};
}

// --- bucket, key, endpoint -------------------------------------------------------------------------------------

Result<void, Problem> validate_resource_statement(const Statement& s, Kind kind) {
  const bool bucket = kind == Kind::kBucket;
  const auto missing = [&](std::string_view field) {
    return problem(bucket ? "Missing required field " + std::string(field) : std::string(kSyntaxErrors),
                   std::string(field) + " is missing.", s.position);
  };
  if (s.effect.empty()) return missing("Effect");
  if (s.effect != "Allow" && s.effect != "Deny") {
    return problem(bucket ? "Invalid effect: " + s.effect : std::string(kSyntaxErrors), "", s.position);
  }
  if (!s.has_principal) return missing("Principal");
  if (s.principals.empty()) return missing("Principal cannot be empty!");
  if (s.not_principal && s.allow) return problem("Allow with NotPrincipal is not allowed.", s);
  if (s.actions.empty()) return missing("Action");
  if (s.resources.empty()) return missing("Resource");
  for (const Text& a : s.actions) {
    if (!action_fault(a.value).empty()) {
      return problem(bucket ? std::string("Policy has invalid action") : action_fault(a.value), "\"" + a.value + "\"",
                     a.position);
    }
  }
  for (const PrincipalElement& p : s.principals) {
    if (p.text.value != "*" && p.text.value.find_first_of("*?") != std::string::npos) {
      return problem(wording(kind, Fault::kPrincipal, p.text.value), "A principal takes no wildcards.",
                     p.text.position);
    }
  }
  return {};
}

Result<void, Problem> validate_resource_policy(const Document& d, Kind kind) {
  for (const Statement& s : d.statements) TRY_VOID(validate_resource_statement(s, kind));
  if (const Statement* s = repeated_sid(d)) {
    return problem(kind == Kind::kBucket ? "The Statement Ids in the policy are not unique" : kSyntaxErrors, *s);
  }
  return {};
}

// --- Organizations ---------------------------------------------------------------------------------------------

/// Whether AWS's own RCPFullAWSAccess: the only RCP with an Allow. [L-18]
bool is_full_access(const Document& d) {
  if (d.statements.size() != 1) return false;
  const Statement& s = d.statements.front();
  return s.allow && !s.not_action && s.actions.size() == 1 && s.actions[0].value == "*" && s.conditions.empty();
}

/// Nothing if the statement is one of an SCP or RCP; else what is wrong, for people: AWS has one sentence for all.
/// [W-9]
std::string organizations_fault(const Statement& s, bool rcp) {
  if (s.effect != "Allow" && s.effect != "Deny") return "Effect is \"Allow\" or \"Deny\".";
  if (s.actions.empty()) return "Action is missing.";
  if (s.resources.empty()) return "Resource is missing.";
  for (const Text& a : s.actions) {
    if (!action_fault(a.value).empty()) return action_fault(a.value);
    if (rcp && a.value == "*") return "An RCP names a service in each action.";
  }
  if (!rcp) return s.has_principal ? "An SCP has no principal." : "";
  if (s.allow) return "An RCP only denies.";
  if (s.not_action || s.not_principal) return "An RCP has neither NotAction nor NotPrincipal.";
  const bool everybody = s.principals.size() == 1 && s.principals[0].text.value == "*";
  return everybody ? "" : "The principal of an RCP is \"*\".";
}

Result<void, Problem> validate_organizations(const Document& d, Kind kind) {
  if (kind == Kind::kRcp && is_full_access(d)) return {};
  const std::string message(kOrganizationsWording);
  if (d.version != "2012-10-17") return problem(message, "The version must be \"2012-10-17\".", Position{});
  if (!d.id.empty()) return problem(message, "There is no Id here.", Position{});
  for (const Statement& s : d.statements) {
    if (std::string fault = organizations_fault(s, kind == Kind::kRcp); !fault.empty()) {
      return problem(message, std::move(fault), s.position);
    }
  }
  if (const Statement* s = repeated_sid(d)) return problem(message, *s, "Two statements have one Sid.");
  return {};
}

}  // namespace

Result<void, Problem> validate(const Document& document, Kind kind) {
  switch (kind) {
    case Kind::kIdentity:
    case Kind::kManaged:
    case Kind::kSession:
      return validate_identity(document, kind);
    case Kind::kTrust:
      return validate_trust(document);
    case Kind::kBucket:
    case Kind::kKey:
    case Kind::kEndpoint:
      return validate_resource_policy(document, kind);
    case Kind::kScp:
    case Kind::kRcp:
      return validate_organizations(document, kind);
  }
  return {};
}

}  // namespace deputy::policy
