// What may stand in a policy of an organization: by its type a document of IAM's language, or the settings of a
// management or declarative type with the operators by which they are inherited.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html
//
//   TRY_VOID(check_content(*type, in.content));                       // CreatePolicy, UpdatePolicy
//   TRY(const Setting root, read_settings(policy.type, policy.other)); // one that was checked: to be merged
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "directory/organization.h"

namespace deputy::organizations {

/// First whether the text is a document of its type, then whether it is too large.
/// Errors: MalformedPolicyDocumentException, ConstraintViolationException.
Result<void> check_content(directory::PolicyType type, std::string_view content);

/// What sets a value: "@@assign", "@@append", "@@remove".
enum class Operator : std::size_t { kAssign, kAppend, kRemove };
using Operators = std::bitset<3>;
inline constexpr Operators kAllOperators{0b111};
constexpr bool has(const Operators& operators, Operator one) { return operators[static_cast<std::size_t>(one)]; }

/// What an operator gives: JSON texts of strings, numbers or booleans.
struct SettingValue {
  bool is_list = false;
  std::vector<std::string> items;  // one, if it is no list
};

/// A key of such a document, with what stands under it: either operators or keys.
struct Setting {
  std::optional<SettingValue> assign, append, remove;
  std::optional<Operators> allowed_for_children;
  std::vector<std::pair<std::string, Setting>> keys;  // in small letters: keys are the same in any case
};

/// A text as JSON has it, in quotes.
std::string quoted_json(std::string_view text);

/// The value of the top key. Error: MalformedPolicyDocumentException.
Result<Setting> read_settings(directory::PolicyType type, std::string_view content);

}  // namespace deputy::organizations
