// What a compiled policy is made of: flat arrays in one arena, indexed by action. Internal to this room.
//
// INVARIANT: `exact` is sorted by hash and `wild` by service hash (decide() searches them by halves).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "policy/arena.h"
#include "policy/compiled.h"
#include "policy/glob.h"
#include "policy/operators.h"
#include "policy/pattern.h"
#include "policy/request.h"
#include "policy/values.h"

namespace deputy::policy {

/// A member of Resource or NotResource. [M-5 to M-9]
struct ResourcePattern {
  /// One of the fields before the last colon that is looked at field by field.
  struct Field {
    Tokens tokens;      // without the free star
    bool free = false;  // ended with a star, which may run on over colons [M-6]
  };
  enum class Form : std::uint8_t {
    kAny,      // "*"
    kPrefix,   // the fields before the sixth are plain text: `prefix`, then `last`
    kFields,   // some of them hold a wildcard
    kNothing,  // a variable stands before the fifth colon [V-9]
  };
  Form form = Form::kAny;
  std::string_view prefix;
  std::span<const Field> fields;  // kFields: of what is written before `last`
  Tokens last;                    // the sixth field; wildcards and variables are free in it [M-7]
  bool has_last = false;          // six fields were written
};

/// Whether the pattern covers the request's resource, an ARN or "*". [M-12]
bool covers(const ResourcePattern& pattern, std::string_view resource, const Context& context);

/// A value of a condition, read once in the type of its operator. [C-24]
struct ConditionValue {
  std::string_view text;
  Tokens tokens;                   // strings and ARNs
  std::span<const Tokens> fields;  // ARNs without variables: six
  Number number;
  Instant instant;
  Range range;
  bool truth = false;
  bool readable = false;  // numbers, dates, addresses, truth values, base64: it could be read [C-23]
  bool has_variable = false;
};

struct Condition {
  Operator op;
  KeyRef key;
  std::span<const ConditionValue> values;
};
bool holds(const Condition& condition, const Context& context);

/// A member of Principal or NotPrincipal, sorted by what it stands for. [P-2 to P-10]
struct PrincipalPattern {
  enum class Form : std::uint8_t { kEverybody, kEveryAws, kAccount, kArn, kUniqueId, kService, kFederated, kCanonical };
  Form form;
  std::string_view text;  // kAccount: the twelve digits
};

/// How a principal element matches the caller. [P-13]
enum class Match : std::uint8_t { kNone, kAccount, kEntity, kDirect };

struct CompiledStatement {
  bool allow = false;
  bool not_principal = false, not_resource = false;
  bool has_principal = false;
  std::span<const PrincipalPattern> principals;
  std::span<const ResourcePattern> resources;
  std::span<const Condition> conditions;
};

/// An action pattern that names one action.
struct ExactAction {
  std::uint32_t hash;  // of the lower-cased name
  std::uint32_t statement;
  std::string_view name;  // lower-cased
};
/// An action pattern with wildcards behind its service prefix.
struct WildAction {
  std::uint32_t service_hash;
  std::uint32_t statement;
  Glob glob;  // over the whole lower-cased name
};
/// A statement with NotAction: applies unless one of these matches. [M-4]
struct ExceptAction {
  std::uint32_t statement;
  bool none = false;  // NotAction "*": applies to nothing
  std::span<const Glob> except;
};

class CompiledPolicy {
 public:
  CompiledPolicy(Arena arena, Kind kind) : arena_(std::move(arena)), kind_(kind) {}

  std::span<const CompiledStatement> statements;
  std::span<const ExactAction> exact;
  std::span<const WildAction> wild;
  std::span<const std::uint32_t> every;  // statements whose Action holds "*"
  std::span<const ExceptAction> except;

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] std::size_t bytes() const { return sizeof *this + arena_.bytes(); }

 private:
  Arena arena_;
  Kind kind_;
};

}  // namespace deputy::policy
