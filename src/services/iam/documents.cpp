#include "services/iam/documents.h"

#include "policy/compiled.h"

namespace deputy::iam {
namespace {

/// In the order of Kind. [L-15]
constexpr std::size_t kInlineBytes[] = {quotas::kInlinePolicyBytesPerUser, quotas::kInlinePolicyBytesPerGroup,
                                        quotas::kInlinePolicyBytesPerRole};

Result<directory::PolicyText> checked(std::string_view json, policy::Kind kind) {
  if (auto text = policy::check_text(json, kind); !text) return errors::malformed_policy(text.error().message);
  auto compiled = policy::compile(json, kind);
  if (!compiled) return errors::malformed_policy(compiled.error().message);
  return directory::PolicyText(std::string(json), std::move(compiled).value());
}

}  // namespace

Result<directory::PolicyText> inline_document(std::string_view json) { return checked(json, policy::Kind::kIdentity); }

Result<directory::PolicyText> managed_document(std::string_view json) {
  TRY(directory::PolicyText document, checked(json, policy::Kind::kManaged));
  if (policy::size_without_white_space(json) > quotas::kPolicySize.limit) {
    return errors::limit_exceeded(quotas::kPolicySize);
  }
  return document;
}

Result<void> check_inline_size(Kind owner, std::string_view name,
                               const std::vector<directory::InlinePolicy>& policies) {
  std::size_t size = 0;
  for (const auto& policy : policies) size += policy::size_without_white_space(policy.document.text());
  const std::size_t limit = kInlineBytes[static_cast<std::size_t>(owner)];
  if (size > limit) return errors::inline_policies_too_large(owner, name, limit);
  return {};
}

}  // namespace deputy::iam
