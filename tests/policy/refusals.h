// The documents of tests/policy/cases/validate_*.json: each is taken, or refused in AWS's words, as one or several
// types.
//
//   {"name": "no Effect", "rule": "L-7", "types": ["identity"], "document": {…}, "message": "Syntax errors in policy."}
//
// "text" instead of "document": what is no JSON, or must stand as it is. "message": null for a document that is taken;
// "line" and "column": where the refusal must point.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/document.h"

namespace deputy::policy::test {

inline constexpr const char* kRefusalFiles[] = {"validate_identity.json", "validate_trust.json",
                                                "validate_resource.json", "validate_organization.json"};

struct Refusal {
  std::string name, rule;
  std::vector<Kind> kinds;
  std::string document;
  std::optional<std::string> message;
  std::uint32_t line = 0, column = 0;  // 0: not looked at
};

/// Fails the test if the file cannot be read as a whole.
std::vector<Refusal> refusals_of(const std::string& file);

}  // namespace deputy::policy::test
