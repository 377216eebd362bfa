#include "policy/pattern.h"

#include <algorithm>
#include <bitset>

#include "policy/text.h"

namespace deputy::policy {

KeyRef resolve_key(std::string_view name) {
  KeyRef ref;
  if (const auto slot = find_key(name)) {
    ref.kind = KeyRef::Kind::kSlot;
    ref.slot = *slot;
    ref.multivalued = is_multivalued(*slot);
  } else if (const auto tag = find_tag(name)) {
    ref.kind = KeyRef::Kind::kTag;
    ref.family = tag->family;
    ref.name = tag->tag_key;
    ref.hash = hash_folded(ref.name);
  } else {
    ref.multivalued = is_multivalued_name(name);
    ref.name = name;
    ref.hash = hash_folded(name);
  }
  return ref;
}

namespace {

/// Finds the ends of variables. What is not found once is not looked for again: a text of nothing but "${" costs no
/// more than another.
class VariableEnds {
 public:
  explicit VariableEnds(std::string_view text) : text_(text) {}

  /// Behind the brace of the variable whose "${" stands at `at`; `at` if it has none.
  std::size_t end_of(std::size_t at) {
    if (!may_have_brace_) return at;
    const std::size_t brace = text_.find('}', at);
    may_have_brace_ = brace != std::string_view::npos;
    if (!may_have_brace_) return at;
    const std::size_t quote = text_.substr(at, brace - at).find(", '");
    if (quote != std::string_view::npos && may_have_quote_) {
      // A default may hold a brace: it ends with its quote.
      const std::size_t end = text_.find("'}", at + quote + 3);
      may_have_quote_ = end != std::string_view::npos;
      if (may_have_quote_) return end + 2;
    }
    return brace + 1;
  }

 private:
  std::string_view text_;
  bool may_have_brace_ = true, may_have_quote_ = true;
};

const Variable* read_variable(std::string_view inside, Arena& arena) {
  Variable* variable = arena.array<Variable>(1).data();
  const std::size_t quote = inside.find(", '");
  if (quote != std::string_view::npos && inside.size() >= quote + 4 && inside.back() == '\'') {
    variable->has_fallback = true;
    variable->fallback = inside.substr(quote + 3, inside.size() - quote - 4);
    inside = inside.substr(0, quote);
  }
  variable->key = resolve_key(inside);
  return variable;
}

}  // namespace

void tokenize(std::string_view text, Syntax syntax, Arena& arena, std::vector<Token>& out) {
  std::size_t run = 0;
  VariableEnds ends(text);
  const auto flush = [&](std::size_t end) {
    if (end > run) out.push_back({Token::Kind::kText, false, text.substr(run, end - run), nullptr});
  };
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (syntax.wildcards && (c == '*' || c == '?')) {
      flush(i);
      const Token::Kind kind = c == '*' ? Token::Kind::kAnyRun : Token::Kind::kAnyOne;
      // Several stars are one.
      if (c == '?' || out.empty() || i != run || out.back().kind != kind) out.push_back({kind, false, {}, nullptr});
      run = ++i;
      continue;
    }
    std::size_t end = i;
    if (syntax.variables && c == '$' && text.substr(i + 1, 1) == "{") end = ends.end_of(i);
    if (end == i) {
      ++i;
      continue;
    }
    flush(i);
    const std::string_view inside = text.substr(i + 2, end - i - 3);
    if (inside == "*" || inside == "?" || inside == "$") {
      out.push_back({Token::Kind::kText, true, inside, nullptr});
    } else {
      out.push_back({Token::Kind::kVariable, false, {}, read_variable(inside, arena)});
    }
    run = i = end;
  }
  flush(text.size());
}

void GlobBuilder::clear() {
  text_.clear();
  any_.clear();
  starts_.clear();
  has_any_ = open_front_ = false;
  after_star_ = empty_ = true;
}

void GlobBuilder::begin_piece() {
  if (after_star_) starts_.push_back(static_cast<std::uint32_t>(text_.size()));
  after_star_ = empty_ = false;
}

void GlobBuilder::text(std::string_view literal) {
  if (literal.empty()) return;
  begin_piece();
  text_.append(literal);
  if (has_any_) any_.resize(text_.size(), 0);
}

void GlobBuilder::any_one() {
  begin_piece();
  has_any_ = true;
  any_.resize(text_.size(), 0);
  text_.push_back('?');
  any_.push_back(1);
}

void GlobBuilder::any_run() {
  if (empty_) open_front_ = true;
  after_star_ = true;
  empty_ = false;
}

void GlobBuilder::append(Tokens tokens) {
  for (const Token& token : tokens) {
    if (token.kind == Token::Kind::kAnyOne) any_one();
    if (token.kind == Token::Kind::kAnyRun) any_run();
    if (token.kind == Token::Kind::kText) text(token.text);
  }
}

bool GlobBuilder::append(Tokens tokens, const Context& context, std::size_t most, Work& work) {
  for (const Token& token : tokens) {
    if (token.kind == Token::Kind::kVariable) {
      const auto value = token.variable->value(context, work);
      if (!value || size() + value->size() > most) return false;
      work.add(value->size());
      text(*value);
    } else {
      append(Tokens(&token, 1));
    }
    work.add(16 + token.text.size());
    if (size() > most || work.spent()) return false;
  }
  return true;
}

namespace {

/// A row for each byte that stands in the piece literally, and one for all others.
std::size_t rows_of(const Piece& piece) {
  std::bitset<256> seen;
  for (std::size_t i = 0; i < piece.length; ++i) {
    if (!piece.is_any(i)) seen.set(static_cast<std::uint8_t>(piece.text[i]));
  }
  return seen.count() + 1;
}

bool needs_bits(const Piece& piece) {
  return piece.any != nullptr && piece.length > 64 && piece.length <= glob_detail::kMostWords * 64;
}
std::size_t words_of(const Piece& piece) { return (piece.length + 63U) / 64; }
/// The masks with the `?` and those without them.
std::size_t masks_needed(const Piece& piece) { return 2 * rows_of(piece) * words_of(piece); }
/// What bits_of() costs: the masks, and a row for each `?`.
std::size_t steps_of_bits(const Piece& piece) {
  const auto anys = static_cast<std::size_t>(std::count(piece.any, piece.any + piece.length, 1));
  return masks_needed(piece) + anys * rows_of(piece);
}

/// Fills `masks`, which are zero.
PieceBits bits_of(const Piece& piece, std::span<std::uint64_t> masks) {
  PieceBits bits;
  bits.words = words_of(piece);
  const std::span<std::uint64_t> with_any = masks.first(masks.size() / 2);
  const std::span<std::uint64_t> literal = masks.last(masks.size() / 2);
  bits.masks = with_any.data();
  bits.literal = literal.data();
  std::uint16_t rows = 0;
  for (std::size_t i = 0; i < piece.length; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i % 64;
    if (piece.is_any(i)) {
      for (std::size_t at = i / 64; at < with_any.size(); at += bits.words) with_any[at] |= bit;
      continue;
    }
    std::uint16_t& row = bits.rows[static_cast<std::uint8_t>(piece.text[i])];
    if (row == 0) row = ++rows;
    with_any[row * bits.words + i / 64] |= bit;
    literal[row * bits.words + i / 64] |= bit;
  }
  return bits;
}

}  // namespace

Glob GlobBuilder::borrow(Work& work) {
  const Glob glob = assemble();
  work.add(text_.size());
  std::size_t masks = 0;
  std::size_t count = 0;
  for (const Piece& piece : pieces_) {
    if (!needs_bits(piece)) continue;
    masks += masks_needed(piece);
    work.add(steps_of_bits(piece));
    ++count;
  }
  if (count == 0) return glob;
  if (work.spent()) return glob;  // no answer of it counts any more
  masks_.assign(masks, 0);
  bits_.clear();
  bits_.reserve(count);
  std::size_t used = 0;
  for (Piece& piece : pieces_) {
    if (!needs_bits(piece)) continue;
    const std::size_t needed = masks_needed(piece);
    piece.bits = &bits_.emplace_back(bits_of(piece, std::span(masks_).subspan(used, needed)));
    used += needed;
  }
  return glob;
}

Glob GlobBuilder::assemble() {
  if (has_any_) any_.resize(text_.size(), 0);
  pieces_.clear();
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    const std::size_t end = i + 1 < starts_.size() ? starts_[i + 1] : text_.size();
    Piece piece{text_.data() + starts_[i], static_cast<std::uint32_t>(end - starts_[i])};
    for (std::size_t at = starts_[i]; has_any_ && at < end; ++at) {
      if (any_[at] != 0) piece.any = any_.data() + starts_[i];
    }
    pieces_.push_back(piece);
  }
  // No piece at all: nothing but stars (open), or nothing (matches the empty text).
  const bool open_back = after_star_ && !empty_;
  return {pieces_.data(), static_cast<std::uint32_t>(pieces_.size()), open_front_, open_back};
}

Glob GlobBuilder::store(Arena& arena) {
  Glob glob = assemble();
  for (Piece& piece : pieces_) {
    piece.text = arena.copy(std::string_view(piece.text, piece.length)).data();
    if (piece.any == nullptr) continue;
    piece.any = arena.copy(std::span<const std::uint8_t>(piece.any, piece.length)).data();
    if (!needs_bits(piece)) continue;
    const std::span<PieceBits> bits = arena.array<PieceBits>(1);
    bits.front() = bits_of(piece, arena.array<std::uint64_t>(masks_needed(piece)));
    piece.bits = bits.data();
  }
  glob.pieces = arena.copy(std::span<const Piece>(pieces_)).data();
  return glob;
}

namespace {

enum class Answer : std::uint8_t { kNo, kYes, kUnknown };

/// Token by token up to the first star that is not the last token: nearly all policies need no more.
template <class Same>
Answer match_front(Tokens tokens, std::string_view text, const Context& context, Same same, Work& work) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string_view literal = tokens[i].text;
    switch (tokens[i].kind) {
      case Token::Kind::kAnyRun:
        return i + 1 == tokens.size() ? Answer::kYes : Answer::kUnknown;
      case Token::Kind::kAnyOne:
        if (text.empty()) return Answer::kNo;
        work.add(2);
        text.remove_prefix(character_length(text, 0));
        continue;
      case Token::Kind::kVariable: {
        const auto value = tokens[i].variable->value(context, work);
        if (!value || work.spent()) return Answer::kNo;
        literal = *value;
        break;
      }
      case Token::Kind::kText:
        break;
    }
    if (text.size() < literal.size()) return Answer::kNo;
    work.add(2 + literal.size() / 4);
    if (!same(text.substr(0, literal.size()), literal)) return Answer::kNo;
    text.remove_prefix(literal.size());
  }
  return text.empty() ? Answer::kYes : Answer::kNo;
}

}  // namespace

bool matches(Tokens tokens, std::string_view text, const Context& context, Work& work) {
  const auto same = [](std::string_view a, std::string_view b) { return a == b; };
  const Answer answer = match_front(tokens, text, context, same, work);
  if (answer != Answer::kUnknown) return answer == Answer::kYes;
  Scratch scratch;
  GlobBuilder builder(scratch.memory());
  return builder.append(tokens, context, text.size(), work) && matches(builder.borrow(work), text, work);
}

bool matches_ignoring_case(Tokens tokens, std::string_view text, const Context& context, Work& work) {
  return match_front(tokens, text, context, same_ignoring_case, work) == Answer::kYes;  // without wildcards
}

}  // namespace deputy::policy
