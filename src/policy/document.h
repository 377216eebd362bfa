// A policy as written: the parsed document with its positions in the source, and what is wrong with one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html; docs/policy-evaluation.md, L and W.
//
//   TRY(policy::Document document, policy::parse(text));            // syntax
//   TRY_VOID(policy::validate(document, policy::Kind::kTrust));     // grammar of that policy type, in AWS's words
//   TRY(CompiledPolicyPtr compiled, policy::compile(document));     // policy/compiled.h
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "policy/arena.h"

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
  std::string_view value;
  Position position;
  std::uint32_t end = 0;  // offset behind the closing quote
};

enum class PrincipalKind : std::uint8_t { kAws, kService, kFederated, kCanonicalUser, kEverybody /* plain "*" */ };
struct PrincipalElement {
  PrincipalKind kind = PrincipalKind::kAws;
  Text text;
};

struct ConditionEntry {
  std::string_view op;                       // as written, with set prefix and IfExists
  std::string_view key;                      // as written
  std::span<const std::string_view> values;  // as text [L-11]
  Position position;
};

struct Statement {
  bool allow = false;
  bool not_principal = false, not_action = false, not_resource = false;  // which of each pair was written
  bool has_principal = false, has_action = false, has_resource = false;
  std::string_view
      effect;  // as written; empty: absent. Others than "Allow" and "Deny" pass parse(), nothing else [L-9]
  std::string_view sid;
  std::span<const PrincipalElement> principals;
  std::span<const Text> actions, resources;
  std::span<const ConditionEntry> conditions;
  Position position;
  std::uint32_t end = 0;  // offset behind the closing brace
};

/// Copies share one memory, in which all text and arrays lie: views into them live as long as any copy.
struct Document {
  std::string_view source;   // exactly as given
  std::string_view version;  // empty: absent [L-2]
  std::string_view id;
  std::span<const Statement> statements;
  std::shared_ptr<const Arena> text;   // the source, and what of its strings had escapes
  std::shared_ptr<const Arena> nodes;  // the arrays
};

/// Bytes that IAM counts against a size quota: all but the white space outside of strings. [L-15]
std::size_t size_without_white_space(std::string_view json);
/// The same document in as many bytes.
std::string without_white_space(std::string_view json);

/// What the APIs of AWS take at most. [L-15]
inline constexpr std::size_t kMostDocumentBytes = 131072;

/// `kind` decides the wording of a syntax error. Limits: depth 32, `most` bytes, duplicate keys refused [L-10].
Result<Document, Problem> parse(std::string_view json, Kind kind, std::size_t most = kMostDocumentBytes);
/// What AWS refuses to save because of the text itself, whatever document it is: white space in front. A document that is
/// stored already is parsed with it. [W-4, W-6]
Result<void, Problem> check_text(std::string_view json, Kind kind);
/// The grammar of the type, W-2's order of checks. Principals are not looked up here: services do (W-7).
Result<void, Problem> validate(const Document& document, Kind kind);

/// The same of a bucket policy, whose resources must be that bucket and what is below it. [W-10]
Result<void, Problem> validate_for_bucket(const Document& document, std::string_view bucket);

}  // namespace deputy::policy
