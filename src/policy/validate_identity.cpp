// Identity policies, managed policies, boundaries and session policies: IAM's checks in IAM's order. [W-2 to W-5]
#include <algorithm>
#include <array>

#include "policy/operators.h"
#include "policy/text.h"
#include "policy/validate.h"
#include "policy/values.h"

namespace deputy::policy {
namespace {

constexpr std::array<std::string_view, 7> kPartitions = {"aws",       "aws-cn",    "aws-us-gov", "aws-iso",
                                                         "aws-iso-b", "aws-iso-e", "aws-iso-f"};
constexpr std::array<std::string_view, 14> kIamPaths = {"user/",
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
                                                        "access-report/",
                                                        "role-template/"};  // of 2026, not in the sentence

constexpr std::string_view kIamPathWording =
    "IAM resource path must either be \"*\", root, or start with user/, federated-user/, role/, group/, "
    "instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, "
    "access-report/.";

/// The text between colons; the sixth field is the rest.
class Fields {
 public:
  explicit Fields(std::string_view text) {
    while (count_ < 5) {
      const std::size_t colon = text.find(':');
      if (colon == std::string_view::npos) break;
      fields_[count_++] = text.substr(0, colon);
      text.remove_prefix(colon + 1);
    }
    fields_[count_++] = text;
  }
  [[nodiscard]] std::size_t size() const { return count_; }
  std::string_view operator[](std::size_t i) const { return fields_[i]; }

 private:
  std::array<std::string_view, 6> fields_;
  std::size_t count_ = 0;
};

bool is_known_partition(std::string_view partition) {
  if (partition == "*") return true;  // the API takes it [M-6]
  return std::find(kPartitions.begin(), kPartitions.end(), partition) != kPartitions.end();
}

/// "a:b:c" as IAM shows it: arn, the partition, and four more fields, the missing ones as stars.
std::string completed(const Fields& fields) {
  std::string arn = "arn";
  for (std::size_t i = 1; i < 6; ++i) arn += ":" + (i < fields.size() ? std::string(fields[i]) : std::string("*"));
  return arn;
}

bool holds_wildcard(std::string_view text) { return find_special(text, false) != std::string_view::npos; }

std::optional<std::string> iam_fault(std::string_view resource, const Fields& fields) {
  if (fields.size() > 3 && !fields[3].empty() && fields[3] != "*") {
    return "IAM resource " + std::string(resource) + " cannot contain region information.";
  }
  if (fields.size() < 6) return std::nullopt;  // completed with a star [M-8]
  const std::string_view path = fields[5];
  const bool good = path == "*" || path == "root" || std::any_of(kIamPaths.begin(), kIamPaths.end(), [&](auto start) {
                      return path.starts_with(start);
                    });
  if (good) return std::nullopt;
  return std::string(kIamPathWording);
}

/// A bucket has neither region nor account; access points and jobs have both.
bool is_bucket_with_region(const Fields& fields) {
  return fields.size() == 6 && !fields[3].empty() && fields[4].empty();
}

bool is_date(Comparison comparison) {
  return comparison >= Comparison::kDateEquals && comparison <= Comparison::kDateGreaterEquals;
}

/// S3 ARNs need all six fields, and no ARN may leave out its service. [W-4]
bool fails_legacy_resource(std::string_view resource) {
  const Fields fields(resource);
  if (fields.size() < 3 || fields[0] != "arn" || !is_known_partition(fields[1])) return false;
  return fields[2].empty() || (fields[2] == "s3" && fields.size() < 6);
}

const Statement* fails_legacy_parsing(const Document& document, std::string& detail) {
  for (const Statement& s : document.statements) {
    if (s.effect != "Allow" && s.effect != "Deny") {
      detail = "Effect \"" + std::string(s.effect) + "\" must be spelled \"Allow\" or \"Deny\".";
      return &s;
    }
    for (const Text& resource : s.resources) {
      if (!fails_legacy_resource(resource.value)) continue;
      detail = "\"" + std::string(resource.value) + "\" is no complete ARN.";
      return &s;
    }
    for (const ConditionEntry& entry : s.conditions) {
      const auto op = find_operator(entry.op);
      if (!op || !is_date(op->comparison)) continue;
      for (const std::string_view value : entry.values) {
        if (read_instant(value)) continue;
        detail = "\"" + std::string(value) + "\" is no date.";
        return &s;
      }
    }
  }
  return nullptr;
}

Checked check_syntax(const Document& document) {
  for (const Statement& s : document.statements) {
    if (same_ignoring_case(s.effect, "Allow") || same_ignoring_case(s.effect, "Deny")) continue;
    return Problem{std::string(kSyntaxErrors),
                   s.effect.empty() ? "The statement has no Effect." : "Effect must be \"Allow\" or \"Deny\".",
                   s.position};
  }
  return {};
}

Checked check_sids(const Document& document) {
  for (const Statement& s : document.statements) {
    const bool good = std::all_of(s.sid.begin(), s.sid.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
    if (good) continue;
    return Problem{
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
        "[0-9A-Za-z]*",
        "\"" + std::string(s.sid) + "\" holds other characters.", s.position};
  }
  if (const Statement* second = repeated_sid(document)) {
    return Problem{"Statement IDs (SID) in a single policy must be unique.",
                   "\"" + std::string(second->sid) + "\" names an earlier statement too.", second->position};
  }
  return {};
}

/// The first statement of which `is_wrong` is true.
template <class Test>
Checked check_each(const Document& document, std::string_view message, std::string_view detail, Test is_wrong) {
  for (const Statement& s : document.statements) {
    if (is_wrong(s)) return Problem{std::string(message), std::string(detail), s.position};
  }
  return {};
}

/// Of several wrong resources of a list, IAM names the one that sorts first. [W-2]
Checked check_resources(const Document& document, Kind kind) {
  for (const Statement& s : document.statements) {
    const Text* worst = nullptr;
    for (const Text& resource : s.resources) {
      const bool incomplete = kind == Kind::kSession && resource.value != "*" && Fields(resource.value).size() < 6;
      if (!incomplete && !resource_fault(resource.value)) continue;
      if (worst == nullptr || resource.value < worst->value) worst = &resource;
    }
    if (worst == nullptr) continue;
    auto fault = resource_fault(worst->value);
    // STS completes no ARN. [W-5]
    if (!fault) fault = "Resource " + std::string(worst->value) + " must be in ARN format or \"*\".";
    return Problem{*fault, {}, worst->position};
  }
  return {};
}

Checked check_actions(const Document& document) {
  for (const Statement& s : document.statements) {
    for (const Text& action : s.actions) {
      if (auto fault = action_fault(action.value)) return Problem{*std::move(fault), {}, action.position};
    }
  }
  return {};
}

}  // namespace

std::optional<std::string> resource_fault(std::string_view resource) {
  if (!resource.empty() && resource.find_first_not_of('*') == std::string_view::npos) return std::nullopt;
  const Fields fields(resource);
  if (fields.size() < 2) return "Resource " + std::string(resource) + " must be in ARN format or \"*\".";
  if (fields[0] != "arn" || !is_known_partition(fields[1])) {
    return "Partition \"" + std::string(fields[1]) + "\" is not valid for resource \"" + completed(fields) + "\".";
  }
  if (fields.size() < 3 || holds_wildcard(fields[2])) {
    return "Resource vendor must be fully qualified and cannot contain regexes.";
  }
  if (fields[2] == "iam") return iam_fault(resource, fields);
  if (fields[2] == "s3" && is_bucket_with_region(fields)) {
    return "Resource " + std::string(resource) + " can not contain region information.";
  }
  return std::nullopt;
}

Checked validate_identity(const Document& document, Kind kind) {
  TRY_VOID(check_syntax(document));
  if (kind == Kind::kManaged && document.version != "2012-10-17") {
    return Problem{"Policy document must be version 2012-10-17 or greater.", {}, {0, 1, 1}};
  }
  std::string detail;
  if (const Statement* s = fails_legacy_parsing(document, detail)) {
    return Problem{"The policy failed legacy parsing", detail, s->position};
  }
  TRY_VOID(check_sids(document));
  TRY_VOID(check_each(document, "Policy document should not specify a principal.", {},
                      [](const Statement& s) { return s.has_principal; }));
  TRY_VOID(check_each(document, "Policy statement must contain actions.", {},
                      [](const Statement& s) { return s.actions.empty(); }));
  TRY_VOID(check_resources(document, kind));
  TRY_VOID(check_each(document, "Policy statement must contain resources.", {},
                      [](const Statement& s) { return s.resources.empty(); }));
  return check_actions(document);
}

}  // namespace deputy::policy
