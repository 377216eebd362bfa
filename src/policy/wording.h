// What AWS says of a document that it refuses: one sentence per fault and policy type. docs/policy-evaluation.md,
// section W.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "policy/document.h"

namespace deputy::policy {

/// What may be wrong with the form of a document, whatever its type.
enum class Fault : std::uint8_t {
  kJson,              // not JSON at all, a key twice
  kStructure,         // JSON, but not a policy
  kUnknownField,      // value: its name
  kVersion,           // value: what stands there
  kMissingStatement,  //
  kEmptyStatement,    //
  kOperator,          // value: its name
  kAction,            // not a string or list of strings
  kResource,          //
  kPrincipal,         // value: what stands there
};

/// AWS's sentence for the fault in a document of this type.
std::string wording(Kind kind, Fault fault, std::string_view value);

/// `Did you mean "Action"?`, or nothing if no candidate is near.
std::string suggestion(std::string_view written, std::span<const std::string_view> candidates);

/// The same for a condition operator: its set prefix and IfExists are looked at on their own.
/// "ForAllValues:StringEqual"
std::string operator_suggestion(std::string_view written);

/// What Organizations answers to every fault of content. [W-9]
inline constexpr std::string_view kOrganizationsWording =
    "The provided policy document does not meet the requirements of the specified policy type.";
inline constexpr std::string_view kSyntaxErrors = "Syntax errors in policy.";

}  // namespace deputy::policy
