// Policy text that stands for more than itself: wildcards and variables, taken apart once. Sections M-1 and V.
//
//   arn:aws:s3:::home/${aws:username}/*   is the text "arn:aws:s3:::home/", a variable, the text "/" and a star
#pragma once

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/arena.h"
#include "policy/glob.h"
#include "policy/request.h"

namespace deputy::policy {

/// A condition key as compiled: no name is looked up in a decision unless the key has no slot.
struct KeyRef {
  enum class Kind : std::uint8_t { kSlot, kTag, kOther };
  Kind kind = Kind::kOther;
  Key slot = Key::kCount;
  TagFamily family = TagFamily::kPrincipalTag;
  bool multivalued = false;
  std::uint32_t hash = 0;  // of the name
  std::string_view name;   // tag key, or the whole name of another key

  [[nodiscard]] Context::Values values(const Context& context, Work& work) const {
    switch (kind) {
      case Kind::kSlot:
        return context.get(slot);
      case Kind::kTag:
        return context.tag(family, name, hash, work);
      case Kind::kOther:
        break;
    }
    return context.other(name, hash, work);
  }
};
/// Borrows the name.
KeyRef resolve_key(std::string_view name);

/// ${key} or ${key, 'fallback'}
struct Variable {
  KeyRef key;
  bool has_fallback = false;
  std::string_view fallback;

  /// Nothing: the variable has no value. Only keys with one value can be variables. [V-4, V-7]
  [[nodiscard]] std::optional<std::string_view> value(const Context& context, Work& work) const {
    const Context::Values values = key.values(context, work);
    if (values.size() == 1 && !key.multivalued) return values.front();
    if (has_fallback) return fallback;
    return std::nullopt;
  }
};

struct Token {
  enum class Kind : std::uint8_t { kText, kAnyOne, kAnyRun, kVariable };
  Kind kind = Kind::kText;
  bool escaped = false;  // text that was written ${*}, ${?} or ${$} [V-3]
  std::string_view text;
  const Variable* variable = nullptr;
};
using Tokens = std::span<const Token>;

struct Syntax {
  bool wildcards = false;  // * and ? mean something [M-1]
  bool variables = false;  // ${…} does: Version 2012-10-17 [L-3, V-1]
};
/// Appends the tokens of `text`, which they borrow, to `out`; their variables lie in the arena.
void tokenize(std::string_view text, Syntax syntax, Arena& arena, std::vector<Token>& out);

inline bool has_variable(Tokens tokens) {
  for (const Token& token : tokens) {
    if (token.kind == Token::Kind::kVariable) return true;
  }
  return false;
}

/// Puts a glob together, token by token: into an arena when compiling, on the stack when variables must be filled in.
class GlobBuilder {
 public:
  explicit GlobBuilder(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : text_(memory), any_(memory), starts_(memory), pieces_(memory), bits_(memory), masks_(memory) {}

  void clear();
  void text(std::string_view literal);
  void any_one();
  void any_run();
  /// For tokens without variables.
  void append(Tokens tokens);
  /// Fills variables in. False if one has no value, or if there is more text than `most` bytes: who matches a text of
  /// so many bytes need not put more together, however often a pattern names a long value.
  [[nodiscard]] bool append(Tokens tokens, const Context& context, std::size_t most, Work& work);
  /// Bytes of all text.
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  /// Valid until the builder changes.
  [[nodiscard]] Glob borrow(Work& work);
  [[nodiscard]] Glob store(Arena& arena);

 private:
  void begin_piece();
  /// The pieces, without the bits of long ones.
  Glob assemble();

  std::pmr::string text_;
  std::pmr::vector<std::uint8_t> any_;
  std::pmr::vector<std::uint32_t> starts_;
  std::pmr::vector<Piece> pieces_;
  std::pmr::vector<PieceBits> bits_;
  std::pmr::vector<std::uint64_t> masks_;
  bool has_any_ = false;
  bool open_front_ = false;
  bool after_star_ = true;  // the next character begins a piece
  bool empty_ = true;
};

/// Stack memory for filling in variables: enough for texts of about a thousand bytes; beyond that the heap helps out.
class Scratch {
 public:
  std::pmr::memory_resource* memory() { return &memory_; }

 private:
  std::array<std::byte, 4096> buffer_;
  std::pmr::monotonic_buffer_resource memory_{buffer_.data(), buffer_.size()};
};

/// Whether the tokens, their variables filled in as literal text [V-2], match the whole text.
bool matches(Tokens tokens, std::string_view text, const Context& context, Work& work);
bool matches_ignoring_case(Tokens tokens, std::string_view text, const Context& context, Work& work);

}  // namespace deputy::policy
