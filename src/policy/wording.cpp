#include "policy/wording.h"

#include <algorithm>
#include <array>
#include <vector>

#include "policy/operators.h"
#include "policy/text.h"

namespace deputy::policy {
namespace {

// Trust policies [W-6].
std::string trust_wording(Fault fault, std::string_view value) {
  switch (fault) {
    case Fault::kJson:
      return "This policy contains invalid Json";
    case Fault::kVersion:
      return "The policy must contain a valid version string";
    case Fault::kEmptyStatement:
      return "Could not parse the policy: Statement is empty!";
    case Fault::kMissingStatement:
      return "Missing required field Statement";
    case Fault::kPrincipal:
      return "Invalid principal in policy: \"AWS\":\"" + std::string(value) + "\"";
    default:
      return "Syntax error in policy.";
  }
}

// Bucket policies [W-10].
std::string bucket_wording(Fault fault, std::string_view value) {
  switch (fault) {
    case Fault::kJson:
      return "Policies must be valid JSON and the first byte must be '{'";
    case Fault::kVersion:
      return "The policy must contain a valid version string";
    case Fault::kEmptyStatement:
      return "Could not parse the policy: Statement is empty!";
    case Fault::kMissingStatement:
      return "Missing required field Statement";
    case Fault::kUnknownField:
      return "Unknown field " + std::string(value);
    case Fault::kOperator:
      return "Invalid Condition type : " + std::string(value);
    case Fault::kAction:
      return "Policy has invalid action";
    case Fault::kResource:
      return "Policy has invalid resource";
    case Fault::kPrincipal:
      return "Invalid principal in policy";
    case Fault::kStructure:
      return "Syntax error in policy.";
  }
  return "Syntax error in policy.";
}

/// Edits that turn one into the other, ignoring case; no more than needed to tell near from far.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t changed = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + changed});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// The candidate that needs the fewest edits; empty if none is near.
std::string_view nearest(std::string_view written, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongest = 64;
  if (written.size() > kLongest) return {};
  std::size_t best = std::max<std::size_t>(2, written.size() / 4) + 1;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    const std::size_t edits = distance(written, candidate);
    if (edits < best) {
      best = edits;
      found = candidate;
    }
  }
  return found;
}

}  // namespace

std::string wording(Kind kind, Fault fault, std::string_view value) {
  switch (kind) {
    case Kind::kTrust:
      return trust_wording(fault, value);
    case Kind::kBucket:
      return bucket_wording(fault, value);
    case Kind::kScp:
    case Kind::kRcp:
      return std::string(kOrganizationsWording);
    case Kind::kKey:
      if (fault == Fault::kPrincipal) return "Policy contains a statement with one or more invalid principals.";
      break;
    default:
      break;
  }
  return std::string(kSyntaxErrors);
}

std::string suggestion(std::string_view written, std::span<const std::string_view> candidates) {
  const std::string_view found = nearest(written, candidates);
  return found.empty() ? std::string() : " Did you mean \"" + std::string(found) + "\"?";
}

std::string operator_suggestion(std::string_view written) {
  static constexpr std::array<std::string_view, 2> kPrefixes = {"ForAnyValue", "ForAllValues"};
  constexpr std::string_view kSuffix = "IfExists";
  std::string prefix;
  std::string_view name = written;
  if (const std::size_t colon = written.find(':'); colon != std::string_view::npos) {
    prefix = std::string(nearest(written.substr(0, colon), kPrefixes)) + ":";
    name = written.substr(colon + 1);
  }
  // "IfExist" of somebody who forgot the last letter is meant, too.
  const std::size_t suffix = name.find("IfExist");
  const std::string_view found = nearest(name.substr(0, suffix), operator_names());
  if (found.empty() || prefix == ":") return {};
  return " Did you mean \"" + prefix + std::string(found) +
         std::string(suffix == std::string_view::npos ? std::string_view() : kSuffix) + "\"?";
}

}  // namespace deputy::policy
