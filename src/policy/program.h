// What a compiled policy consists of: flat arrays in one arena, made by compile.cpp, read by match.cpp. Internal to
// this room; everybody else holds a CompiledPolicyPtr and knows no more.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "policy/arena.h"
#include "policy/arn_pattern.h"
#include "policy/compiled.h"
#include "policy/index.h"
#include "policy/operators.h"
#include "policy/pattern.h"
#include "policy/values.h"

namespace deputy::policy {

/// "s3:GetObject", "s3:Get*", "s3:*" or "*"; text lower-cased. [M-2, M-3]
struct ActionPattern {
  enum class Form : std::uint8_t { kExact, kName, kService, kEverything };
  Form form = Form::kExact;
  std::uint32_t service_hash = 0;
  std::uint32_t hash = 0;    // kExact: as Action::hash
  std::string_view service;  // without the colon
  std::string_view text;     // whole
  Glob name;                 // kName: what stands behind the colon
};

/// A principal as it is compared; P-13 says what a match is worth.
struct PrincipalPattern {
  enum class Form : std::uint8_t {
    kEverybody,  // "*"
    kAnyAws,     // {"AWS": "*"}, which is no service's [P-2]
    kAccount,    // text: twelve digits; partition: empty for the bare id [P-3]
    kAws,        // the ARN of a user, role or session, or a unique id
    kService,
    kFederated
  };
  Form form = Form::kAws;
  std::string_view text;
  std::string_view partition;
};

/// One value of a condition, read in the operator's type when compiled. [C-24]
struct ConditionValue {
  enum class Form : std::uint8_t { kUnreadable, kText, kTokens, kGlob, kArn, kNumber, kInstant, kTruth, kRange };
  Form form = Form::kUnreadable;
  bool truth = false;
  std::string_view text;  // as written
  Tokens tokens;
  Glob glob;
  const ArnPattern* arn = nullptr;
  Number number;
  Instant instant;
  const Range* range = nullptr;
};

struct Condition {
  Operator op;
  KeyRef key;
  std::span<const ConditionValue> values;
  std::string_view op_name, key_name;  // as written, for the trace
};

struct CompiledStatement {
  bool allow = false;
  bool not_action = false, not_resource = false, not_principal = false;
  bool any_resource = false;  // "*", or no Resource where the type has none [L-8]
  bool has_principal = false;
  std::span<const ActionPattern> actions;
  std::span<const ArnPattern> resources;
  std::span<const PrincipalPattern> principals;
  std::span<const Condition> conditions;
  std::span<const std::string_view> resource_texts;  // as written, for the trace
  Position position;
  std::string_view sid;
};

/// INVARIANT: immutable once compile() returned it, so that threads share it freely.
class CompiledPolicy {
 public:
  explicit CompiledPolicy(std::size_t expected_bytes) : arena(expected_bytes) {}

  Arena arena;
  Kind kind = Kind::kIdentity;
  /// RCPs and endpoint policies: any match of a principal counts, for Allow too. [P-2, P-13]
  bool is_filter = false;
  std::span<const CompiledStatement> statements;  // in the order of the document
  Index index;
};

}  // namespace deputy::policy
