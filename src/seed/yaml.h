// YAML, and JSON as a part of it, as a tree in which every value knows where it stands. What a plain scalar means (a
// number, a date, "no") is left to whoever reads it: AWS's names and ids are texts.
//
//   TRY(std::vector<NodePtr> documents, parse_yaml(text, "team.yaml"));
//
// Anchors and aliases are there; an alias is the same node again. Refused: merge keys (<<), keys that are no scalars, a
// key twice, and more or deeper than the limits.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace deputy::seed {

inline constexpr std::size_t kLargestText = 32 * 1024 * 1024;  // bytes of one file
inline constexpr std::size_t kDeepest = 64;                    // values within each other
inline constexpr std::size_t kMostNodes = 4'000'000;           // of one file, aliases counted as what they stand for

/// Where something stands: lines and columns from 1.
struct Mark {
  std::string file;
  std::size_t line = 0, column = 0;
};

/// What is wrong, and where.
struct Fault {
  Mark mark;
  std::string message;

  /// "team.yaml:12:7: …"
  [[nodiscard]] std::string str() const;
};

class Node;
using NodePtr = std::shared_ptr<const Node>;

class Node {
 public:
  enum class Kind : unsigned char { kScalar, kList, kMap };
  struct Member {
    NodePtr key;  // a scalar
    NodePtr value;
  };

  Kind kind = Kind::kScalar;
  bool plain = false;  // a scalar without quotation marks
  std::string tag;     // "!Sub"; empty: none of its own
  std::string text;    // of a scalar
  std::vector<NodePtr> items;
  std::vector<Member> members;
  std::size_t line = 0, column = 0;
  std::size_t weight = 1;  // nodes in it, this one included, aliases counted as what they stand for
  std::size_t height = 1;  // and the longest way down
  std::shared_ptr<const std::string> file;

  [[nodiscard]] Mark mark() const { return {*file, line, column}; }
  /// Whether nothing was given: a plain "", "~" or "null".
  [[nodiscard]] bool is_null() const;
  /// Null: there is none.
  [[nodiscard]] const Node* member(std::string_view name) const;
  /// What stands at "Policies.0.PolicyDocument", or the nearest around it that is there.
  [[nodiscard]] const Node& nearest(std::string_view path) const;
};

/// The documents of a text. The first fault ends it: what follows broken syntax means nothing.
Result<std::vector<NodePtr>, Fault> parse_yaml(std::string_view text, const std::string& file);

/// The value as compact JSON, in the order in which it stands. Plain true, false, null and numbers are such; a number of
/// twelve digits is an account's id, and a text.
std::string json_of(const Node& node);

}  // namespace deputy::seed
