// Bucket policies [W-10], key policies [W-11] and VPC endpoint policies.
#include <algorithm>

#include "policy/s3_facts.h"
#include "policy/text.h"
#include "policy/validate.h"

namespace deputy::policy {
namespace {

Problem refuse(const Position& at, std::string message, std::string detail = {}) {
  return {std::move(message), std::move(detail), at};
}

Problem missing(const Statement& s, std::string_view field) {
  return refuse(s.position, "Missing required field " + std::string(field));
}

Checked check_principals(const Statement& s) {
  for (const PrincipalElement& principal : s.principals) {
    if (principal.kind != PrincipalKind::kAws) continue;
    if (auto fault = aws_principal_fault(principal.text.value)) {
      return refuse(principal.text.position, "Invalid principal in policy",
                    "\"" + std::string(principal.text.value) + "\": " + *fault);
    }
  }
  return {};
}

constexpr std::string_view kBucketArn = ":s3:::";

/// "bucket/key" of "arn:aws:s3:::bucket/key"; nothing for other resources.
std::optional<std::string_view> s3_path(std::string_view resource) {
  if (!resource.starts_with("arn:")) return std::nullopt;
  const std::size_t at = resource.find(':', 4);
  if (at == std::string_view::npos || resource.substr(at, kBucketArn.size()) != kBucketArn) return std::nullopt;
  const std::string_view path = resource.substr(at + kBucketArn.size());
  if (path.empty()) return std::nullopt;
  return path;
}

/// What a resource pattern can name: the bucket, its objects, or both.
unsigned named_targets(std::string_view path) {
  if (path.find('/') != std::string_view::npos) return kOnObject;
  return path.find_first_of("*?$") == std::string_view::npos ? kOnBucket : kOnBucket | kOnObject;
}

Checked check_bucket_statement(const Statement& s) {
  unsigned named = 0;
  for (const Text& resource : s.resources) {
    const auto path = s3_path(resource.value);
    if (!path) {
      return refuse(resource.position, "Policy has invalid resource",
                    "\"" + std::string(resource.value) + "\" is no ARN of S3.");
    }
    named |= named_targets(*path);
  }
  for (const Text& action : s.actions) {
    const unsigned targets = s3_targets(action.value);
    if (targets == kUnknownAction) {
      return refuse(action.position, "Policy has invalid action",
                    "S3 has no action \"" + std::string(action.value) + "\".");
    }
    if (!s.not_action && !s.not_resource && (targets & named) == 0) {
      return refuse(
          action.position, "Action does not apply to any resource(s) in statement",
          "\"" + std::string(action.value) + "\" acts on " + (targets == kOnBucket ? "buckets." : "objects."));
    }
  }
  const ConditionEntry* unfit = s.not_action ? nullptr : s3_unfit_key(s.conditions, s.actions);
  for (const ConditionEntry& entry : s.conditions) {
    if (!is_s3_key(entry.key)) {
      return refuse(entry.position, "Policy has an invalid condition key",
                    "S3 has no key \"" + std::string(entry.key) + "\".");
    }
    if (&entry == unfit) {
      return refuse(entry.position, "Conditions do not apply to combination of actions and resources in statement",
                    "Not every action of the statement sets \"" + std::string(entry.key) + "\".");
    }
  }
  return {};
}

Checked check_elements(const Statement& s) {
  if (s.effect.empty()) return missing(s, "Effect");
  if (s.effect != "Allow" && s.effect != "Deny") return refuse(s.position, "Invalid effect: " + std::string(s.effect));
  if (!s.has_principal) return missing(s, "Principal");
  if (s.principals.empty()) return refuse(s.position, "Missing required field Principal cannot be empty!");
  if (s.not_principal && s.allow) return refuse(s.position, "Allow with NotPrincipal is not allowed.");
  if (s.actions.empty()) return missing(s, "Action");
  if (s.resources.empty()) return missing(s, "Resource");
  return {};
}

}  // namespace

Checked validate_bucket(const Document& document) {
  for (const Statement& s : document.statements) {
    TRY_VOID(check_elements(s));
    TRY_VOID(check_principals(s));
    TRY_VOID(check_bucket_statement(s));
  }
  if (const Statement* second = repeated_sid(document)) {
    return refuse(second->position, "The Statement Ids in the policy are not unique");
  }
  return {};
}

/// Whether the path of a resource is the bucket, below it, or a pattern that begins with its name.
static bool is_in_bucket(std::string_view path, std::string_view bucket) {
  if (!path.starts_with(bucket)) return false;
  path.remove_prefix(bucket.size());
  return path.empty() || path.front() == '/' || path.front() == '*' || path.front() == '?' || path.starts_with("${");
}

Result<void, Problem> validate_for_bucket(const Document& document, std::string_view bucket) {
  TRY_VOID(validate(document, Kind::kBucket));
  for (const Statement& s : document.statements) {
    for (const Text& resource : s.resources) {
      if (is_in_bucket(s3_path(resource.value).value_or(""), bucket)) continue;
      return refuse(resource.position, "Policy has invalid resource",
                    "\"" + std::string(resource.value) + "\" is not in bucket \"" + std::string(bucket) + "\".");
    }
  }
  return {};
}

Checked validate_other_resource(const Document& document, Kind kind) {
  for (const Statement& s : document.statements) {
    if (auto good = check_elements(s); !good) {
      return refuse(s.position, wording(kind, Fault::kStructure, {}), std::move(good).error().message + ".");
    }
    if (auto good = check_principals(s); !good) {
      Problem problem = std::move(good).error();
      problem.message = wording(kind, Fault::kPrincipal, {});
      return problem;
    }
    for (const Text& action : s.actions) {
      if (auto fault = action_fault(action.value)) {
        return refuse(action.position, wording(kind, Fault::kAction, {}), *std::move(fault));
      }
    }
    for (const Text& resource : s.resources) {
      if (auto fault = resource_fault(resource.value)) {
        return refuse(resource.position, wording(kind, Fault::kResource, {}), *std::move(fault));
      }
    }
  }
  return {};
}

}  // namespace deputy::policy
