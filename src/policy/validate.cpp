#include "policy/validate.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/account_id.h"
#include "base/arn.h"
#include "policy/text.h"

namespace deputy::policy {

Result<void, Problem> validate(const Document& document, Kind kind) {
  switch (kind) {
    case Kind::kIdentity:
    case Kind::kManaged:
    case Kind::kSession:
      return validate_identity(document, kind);
    case Kind::kTrust:
      return validate_trust(document);
    case Kind::kBucket:
      return validate_bucket(document);
    case Kind::kKey:
    case Kind::kEndpoint:
      return validate_other_resource(document, kind);
    case Kind::kScp:
    case Kind::kRcp:
      return validate_organization(document, kind);
  }
  return {};
}

Result<void, Problem> check_text(std::string_view json, Kind kind) {
  constexpr std::string_view kSpace = " \t\n\r";
  if (json.empty() || kSpace.find(json.front()) == std::string_view::npos) return {};
  constexpr std::string_view kDetail = "The document begins with white space.";
  switch (kind) {
    case Kind::kIdentity:
    case Kind::kManaged:
    case Kind::kSession:
      return Problem{"The policy failed legacy parsing", std::string(kDetail), {0, 1, 1}};
    case Kind::kTrust:
      return Problem{"JSON strings must not have leading spaces", std::string(kDetail), {0, 1, 1}};
    default:
      return {};
  }
}

const Statement* repeated_sid(const Document& document) {
  std::vector<const Statement*> named;
  for (const Statement& s : document.statements) {
    if (!s.sid.empty()) named.push_back(&s);
  }
  const auto before = [](const Statement* a, const Statement* b) { return a->sid != b->sid ? a->sid < b->sid : a < b; };
  std::sort(named.begin(), named.end(), before);
  const Statement* first = nullptr;
  for (std::size_t i = 1; i < named.size(); ++i) {
    if (named[i]->sid == named[i - 1]->sid && (first == nullptr || named[i] < first)) first = named[i];
  }
  return first;
}

std::string_view vendor(std::string_view action) {
  const std::size_t colon = action.find(':');
  return colon == std::string_view::npos ? std::string_view() : action.substr(0, colon);
}

std::optional<std::string> action_fault(std::string_view action) {
  if (action == "*" || action == "*:*") return std::nullopt;
  const auto colons = std::count(action.begin(), action.end(), ':');
  if (colons == 0) return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  if (colons > 1) return "Actions/Condition can contain only one colon.";
  const std::string_view prefix = vendor(action);
  const bool good = !prefix.empty() && std::all_of(prefix.begin(), prefix.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  if (!good) return "Vendor " + std::string(prefix) + " is not valid";
  return std::nullopt;
}

namespace {

bool is_unique_id(std::string_view text) {
  constexpr std::array<std::string_view, 2> kPrefixes = {"AIDA", "AROA"};
  if (text.size() < 16 || text.size() > 128) return false;
  return std::find(kPrefixes.begin(), kPrefixes.end(), text.substr(0, 4)) != kPrefixes.end() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

}  // namespace

std::optional<std::string> aws_principal_fault(std::string_view principal) {
  if (principal == "*" || AccountId::parse(principal) || is_unique_id(principal)) return std::nullopt;
  if (find_special(principal, false) != std::string_view::npos) return "A principal holds no wildcards.";
  const auto arn = Arn::split(principal);
  if (!arn) return "A principal is \"*\", an account id or the ARN of an account, user, role or session.";
  if (!arn->region.empty() || !AccountId::parse(arn->account)) return "The ARN names no account.";
  const auto names = [&](std::string_view type) {
    return arn->resource.starts_with(type) && arn->resource.size() > type.size();
  };
  if (arn->service == "iam" && (arn->resource == "root" || names("user/") || names("role/"))) return std::nullopt;
  if (arn->service == "sts" && names("assumed-role/") && arn->resource.find('/', 13) + 1 < arn->resource.size() &&
      arn->resource.find('/', 13) != std::string_view::npos) {
    return std::nullopt;
  }
  if (arn->service == "sts" && names("federated-user/")) return std::nullopt;
  return "The ARN names no account, user, role or session.";
}

}  // namespace deputy::policy
