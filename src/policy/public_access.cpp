#include "policy/public_access.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/account_id.h"
#include "base/arn.h"
#include "policy/operators.h"
#include "policy/text.h"

namespace deputy::policy {
namespace {

/// What a condition can pin a request to. S3 names the first ten; the others say as much of whoever calls.
constexpr std::array<std::string_view, 13> kPinning = {"aws:SourceArn",
                                                       "aws:SourceVpc",
                                                       "aws:SourceVpce",
                                                       "aws:SourceOwner",
                                                       "aws:SourceAccount",
                                                       "aws:PrincipalOrgID",
                                                       "aws:userid",
                                                       "s3:x-amz-server-side-encryption-aws-kms-key-id",
                                                       "s3:DataAccessPointAccount",
                                                       "aws:PrincipalAccount",
                                                       "aws:PrincipalArn",
                                                       "aws:PrincipalOrgPaths",
                                                       "aws:SourceOrgID"};
constexpr std::string_view kAccessPoint = "s3:DataAccessPointArn";

/// Neither a pattern nor a variable: what it says is the same for every request.
bool is_fixed(std::string_view value) {
  return value.find_first_of("*?") == std::string_view::npos && value.find("${") == std::string_view::npos;
}

/// "arn:aws:s3:eu-west-1:111111111111:accesspoint/*": of one account at least.
bool is_access_point_of_an_account(std::string_view value) {
  const auto arn = Arn::split(value);
  return arn && AccountId::parse(arn->account);
}

/// A range of addresses that somebody may call his own: no wider than IPv4's /8, or IPv6's /32, which is what a provider
/// gets. fd00::/8, which anybody may use, is wider.
bool is_narrow_range(std::string_view value) {
  constexpr unsigned kWidestV4 = 8, kWidestV6 = 32;
  const std::size_t slash = value.find('/');
  if (!is_fixed(value) || value.empty()) return false;
  if (slash == std::string_view::npos) return true;  // one address
  const std::string_view digits = value.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  return bits >= (value.find(':') == std::string_view::npos ? kWidestV4 : kWidestV6);
}

bool is_equality(Comparison comparison) {
  switch (comparison) {
    case Comparison::kStringEquals:
    case Comparison::kStringEqualsIgnoreCase:
    case Comparison::kStringLike:
    case Comparison::kNumericEquals:
    case Comparison::kArnLike:  // ArnEquals, too
      return true;
    default:
      return false;
  }
}

/// Whether only requests of some fixed origin pass the condition: not those that lack the key.
bool pins(const ConditionEntry& condition) {
  const auto op = find_operator(condition.op);
  if (!op || op->negated || op->if_exists || op->quantifier == Quantifier::kForAllValues) return false;
  if (condition.values.empty()) return true;  // nothing passes
  if (same_ignoring_case(condition.key, "aws:SourceIp")) {
    return op->comparison == Comparison::kIpAddress && std::ranges::all_of(condition.values, is_narrow_range);
  }
  if (!is_equality(op->comparison)) return false;
  if (same_ignoring_case(condition.key, kAccessPoint)) {
    return std::ranges::all_of(condition.values, is_access_point_of_an_account);
  }
  const bool known =
      std::ranges::any_of(kPinning, [&](std::string_view key) { return same_ignoring_case(key, condition.key); });
  return known && std::ranges::all_of(condition.values, is_fixed);
}

bool is_everybody(const PrincipalElement& principal) {
  if (principal.kind == PrincipalKind::kEverybody) return true;
  return principal.kind == PrincipalKind::kAws && principal.text.value == "*";
}

bool is_public(const Statement& statement) {
  if (!statement.allow) return false;
  const bool open = statement.not_principal || std::ranges::any_of(statement.principals, is_everybody);
  return open && std::ranges::none_of(statement.conditions, pins);
}

}  // namespace

bool is_public(const Document& document) {
  return std::ranges::any_of(document.statements, [](const Statement& statement) { return is_public(statement); });
}

bool is_public(std::string_view text) {
  const auto document = parse(text, Kind::kBucket);
  return !document || is_public(*document);
}

}  // namespace deputy::policy
