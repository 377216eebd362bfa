#include "services/iam/documents.h"

#include <fmt/format.h>

#include "policy/compiled.h"

namespace deputy::iam {
namespace {

constexpr std::size_t kManagedSize = 6144;  // characters that count [L-15]

std::size_t inline_limit(std::string_view kind) {
  if (kind == "user") return 2048;
  return kind == "group" ? 5120 : 10240;
}

Result<directory::PolicyText> checked(std::string_view json, policy::Kind kind) {
  auto compiled = policy::compile(json, kind);
  if (!compiled) return malformed_policy(compiled.error());
  return directory::PolicyText(std::string(json), std::move(compiled).value());
}

}  // namespace

Error malformed_policy(const policy::Problem& problem) { return {"MalformedPolicyDocument", 400, problem.message}; }

Result<directory::PolicyText> inline_document(std::string_view json) { return checked(json, policy::Kind::kIdentity); }

Result<directory::PolicyText> managed_document(std::string_view json) {
  TRY(directory::PolicyText document, checked(json, policy::Kind::kManaged));
  if (policy::size_without_white_space(json) > kManagedSize) {
    return Error("LimitExceeded", 409, fmt::format("Cannot exceed quota for PolicySize: {}", kManagedSize));
  }
  return document;
}

Result<void> check_inline_size(std::string_view kind, std::string_view name,
                               const std::vector<directory::InlinePolicy>& policies) {
  std::size_t size = 0;
  for (const auto& policy : policies) size += policy::size_without_white_space(policy.document.text());
  const std::size_t limit = inline_limit(kind);
  if (size <= limit) return {};
  return Error("LimitExceeded", 409,
               fmt::format("Maximum policy size of {} bytes exceeded for {} {}", limit, kind, name));
}

}  // namespace deputy::iam
