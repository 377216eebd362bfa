// What a compiled policy consists of: flat arrays in one arena, made by compile.cpp, read by match.cpp. Internal to
// this room; everybody else holds a CompiledPolicyPtr and knows no more.
#pragma once

#include <cstdint>
#include <memory>
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

/// "s3:GetObject", "s3:Get*", "s3:*" or "*", lower-cased. [M-2, M-3]
struct ActionPattern {
  enum class Form : std::uint8_t { kExact, kPrefix, kGlob, kEverything };
  Form form = Form::kExact;
  std::uint32_t service_hash = 0;
  std::uint32_t hash = 0;      // kExact: as Action::hash
  std::string_view text;       // kPrefix: without its star
  const Glob* glob = nullptr;  // kGlob: of the whole text
  std::string_view written;    // as it stands in the document

  /// Without the colon.
  [[nodiscard]] std::string_view service() const { return text.substr(0, text.find(':')); }
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
  bool truth = false;     // kTruth
  std::string_view text;  // as written, but kText: with ${*}, ${?} and ${$} replaced
  Tokens tokens;          // kTokens
  union Typed {           // what the form says
    const void* none = nullptr;
    const Glob* glob;
    const ArnPattern* arn;
    const Number* number;
    const Instant* instant;
    const Range* range;
  } typed;
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
  std::uint32_t steps = 0;  // to look at each of its elements once (work.h)
  std::span<const ActionPattern> actions;
  std::span<const ArnPattern> resources;
  std::span<const PrincipalPattern> principals;
  std::span<const Condition> conditions;
  Position position;
  std::string_view sid;
};

/// INVARIANT: immutable once compile() returned it, so that threads share it freely.
class CompiledPolicy {
 public:
  CompiledPolicy(std::shared_ptr<const Arena> source, std::size_t expected_bytes)
      : text(std::move(source)), arena(expected_bytes) {}

  std::shared_ptr<const Arena> text;  // the document's: what is compared as it was written lies there
  Arena arena;                        // all else
  Kind kind = Kind::kIdentity;
  /// RCPs and endpoint policies: any match of a principal counts, for Allow too. [P-2, P-13]
  bool is_filter = false;
  std::span<const CompiledStatement> statements;  // in the order of the document
  Index index;
};

}  // namespace deputy::policy
