// Matching of resources. [M-5 to M-12]
#include "policy/compiled_form.h"

namespace deputy::policy {
namespace {

/// Whether the text begins with what the tokens ask for, without colons; how much of it at least. For a field that ends
/// with a free star: what stands before that star lies inside the field, the star takes the rest. Tokens have no
/// variables.
bool field_matches(Tokens tokens, std::string_view field, const Context& context) {
  return matches(tokens, field, context);
}

/// Whether some prefix of `field` matches all tokens: the star behind them takes what is left of it and more.
bool field_begins(Tokens tokens, std::string_view field, const Context& context) {
  // A star inside makes any longer text match too, so the whole field is tried first; without stars the length is
  // fixed.
  for (const Token& token : tokens) {
    if (token.kind != Token::Kind::kAnyRun) continue;
    Scratch scratch;
    GlobBuilder builder(scratch.memory());
    if (!builder.append(tokens, &context)) return false;
    builder.any_run();
    return matches(builder.borrow(), field);
  }
  for (const Token& token : tokens) {
    if (token.kind == Token::Kind::kAnyOne) {
      if (field.empty()) return false;
      field.remove_prefix(character_length(field, 0));
    } else {
      if (!field.starts_with(token.text)) return false;
      field.remove_prefix(token.text.size());
    }
  }
  return true;
}

constexpr std::size_t kNowhere = std::string_view::npos;

/// Matches fields [i, …) and what follows them against text that starts a field at `at`. A free star tries the colons
/// behind it from left to right; a later free star takes all that an earlier one could have, so once one is reached the
/// earlier ones are settled: the work is one pass a star.
enum class Walk : std::uint8_t { kYes, kNo, kSettled };

Walk walk(const ResourcePattern& p, std::size_t i, std::string_view text, std::size_t at, const Context& context) {
  if (i == p.fields.size()) return matches(p.last, text.substr(at), context) ? Walk::kYes : Walk::kNo;
  const std::size_t colon = text.find(':', at);
  const std::string_view field = text.substr(at, colon == kNowhere ? kNowhere : colon - at);
  const ResourcePattern::Field& pattern = p.fields[i];
  const bool ends_here = i + 1 == p.fields.size() && !p.has_last;

  if (!pattern.free) {
    if (!field_matches(pattern.tokens, field, context)) return Walk::kNo;
    if (ends_here) return colon == kNowhere ? Walk::kYes : Walk::kNo;
    return colon == kNowhere ? Walk::kNo : walk(p, i + 1, text, colon + 1, context);
  }
  if (!field_begins(pattern.tokens, field, context)) return Walk::kNo;
  if (ends_here) return Walk::kYes;
  for (std::size_t next = colon; next != kNowhere; next = text.find(':', next + 1)) {
    const Walk rest = walk(p, i + 1, text, next + 1, context);
    if (rest != Walk::kNo) return rest;
  }
  return Walk::kSettled;
}

}  // namespace

bool covers(const ResourcePattern& p, std::string_view resource, const Context& context) {
  switch (p.form) {
    case ResourcePattern::Form::kAny:
      return true;
    case ResourcePattern::Form::kNothing:
      return false;
    case ResourcePattern::Form::kPrefix:
      if (!resource.starts_with(p.prefix)) return false;
      if (!p.has_last) return resource.size() == p.prefix.size();
      return matches(p.last, resource.substr(p.prefix.size()), context);
    case ResourcePattern::Form::kFields:
      break;
  }
  if (resource == "*") return false;  // [M-12]
  return walk(p, 0, resource, 0, context) == Walk::kYes;
}

}  // namespace deputy::policy
