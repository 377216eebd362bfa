// A policy as written: the parsed document with its positions in the source, and what is wrong with one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html; docs/policy-evaluation.md, L and W.
//
//   TRY(policy::Document document, policy::parse(text));            // syntax
//   TRY_VOID(policy::validate(document, policy::Kind::kTrust));     // grammar of that policy type, in AWS's words
//   TRY(CompiledPolicyPtr compiled, policy::compile(document));     // policy/compiled.h
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace deputy::policy {

/// The policy types of L-8.
enum class Kind : std::uint8_t { kIdentity, kManaged, kSession, kTrust, kBucket, kKey, kEndpoint, kScp, kRcp };

/// Byte offset into the source, and what people see of it, counted from 1.
struct Position {
  std::uint32_t offset = 0, line = 1, column = 1;
};

/// Why a document was refused. `message` is AWS's wording to the full stop (W-3, W-6, W-9, W-10) and goes on the wire;
/// `detail` says the same to people, with what they wrote, and may be empty.
struct Problem {
  std::string message;
  std::string detail;
  Position position;
};

/// A text value of the document and the byte range of its JSON string in the source, quotes included.
struct Text {
  std::string value;
  Position position;
  std::uint32_t end = 0;  // offset behind the closing quote
};

enum class PrincipalKind : std::uint8_t { kAws, kService, kFederated, kCanonicalUser, kEverybody /* plain "*" */ };
struct PrincipalElement {
  PrincipalKind kind;
  Text text;
};

struct ConditionEntry {
  std::string op;                   // as written, with set prefix and IfExists
  std::string key;                  // as written
  std::vector<std::string> values;  // as text [L-11]
  Position position;
};

struct Statement {
  bool allow = false;
  std::string
      effect;  // as written; empty: absent. Anything but "Allow" and "Deny" passes parse() and nothing else [L-9]
  std::string sid;
  bool not_principal = false, not_action = false, not_resource = false;  // which of each pair was written
  bool has_principal = false, has_action = false, has_resource = false;
  std::vector<PrincipalElement> principals;
  std::vector<Text> actions, resources;
  std::vector<ConditionEntry> conditions;
  Position position;
  std::uint32_t end = 0;  // offset behind the closing brace
};

struct Document {
  std::string source;   // exactly as given
  std::string version;  // empty: absent [L-2]
  std::string id;
  std::vector<Statement> statements;
};

/// Bytes that IAM counts against a size quota: all but the white space outside of strings. [L-15]
std::size_t size_without_white_space(std::string_view json);

/// `kind` decides the wording of a syntax error. Limits: depth 32, 131072 bytes, duplicate keys refused [L-10].
Result<Document, Problem> parse(std::string_view json, Kind kind);
/// The grammar of the type, W-2's order of checks. Principals are not looked up here: services do (W-7).
Result<void, Problem> validate(const Document& document, Kind kind);

}  // namespace deputy::policy
