#include "policy/arn_pattern.h"

#include <algorithm>
#include <optional>

namespace deputy::policy {
namespace {

constexpr std::size_t kService = 2;
constexpr std::size_t kFirstFields = 5;

using Kind = Token::Kind;

/// Tokens cut at the first five colons of their text. Colons inside of ${…} are no separators.
struct Split {
  std::vector<std::vector<Token>> fields;
  bool special_before_sixth = false;  // a variable or an escape there
  bool wildcard_before_sixth = false;
};

Split split(const std::vector<Token>& tokens) {
  Split result;
  result.fields.emplace_back();
  for (Token token : tokens) {
    const bool sixth = result.fields.size() > kFirstFields;
    if (!sixth && (token.kind == Kind::kVariable || token.escaped)) result.special_before_sixth = true;
    if (!sixth && (token.kind == Kind::kAnyOne || token.kind == Kind::kAnyRun)) result.wildcard_before_sixth = true;
    while (token.kind == Kind::kText && !token.escaped && result.fields.size() <= kFirstFields) {
      const std::size_t colon = token.text.find(':');
      if (colon == std::string_view::npos) break;
      if (colon > 0) {
        result.fields.back().push_back(token);
        result.fields.back().back().text = token.text.substr(0, colon);
      }
      result.fields.emplace_back();
      token.text.remove_prefix(colon + 1);
    }
    if (token.kind != Kind::kText || !token.text.empty()) result.fields.back().push_back(token);
  }
  return result;
}

/// In a Resource the service is plain text: no character of it is a wildcard. [M-6]
void make_service_literal(Split& split) {
  if (split.fields.size() <= kService) return;
  for (Token& token : split.fields[kService]) {
    if (token.kind == Kind::kAnyOne) token = {Kind::kText, false, "?", nullptr};
    if (token.kind == Kind::kAnyRun) token = {Kind::kText, false, "*", nullptr};
  }
  split.wildcard_before_sixth = false;
  for (std::size_t i = 0; i < split.fields.size() && i < kFirstFields; ++i) {
    for (const Token& token : split.fields[i]) {
      if (token.kind != Kind::kText) split.wildcard_before_sixth = true;
    }
  }
}

std::vector<Token> join(const Split& split) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < split.fields.size(); ++i) {
    if (i > 0) tokens.push_back({Kind::kText, false, ":", nullptr});
    tokens.insert(tokens.end(), split.fields[i].begin(), split.fields[i].end());
  }
  return tokens;
}

Glob glob_of(Tokens tokens, Arena& arena) {
  GlobBuilder builder;
  builder.append(tokens);
  return builder.store(arena);
}

/// Text before the first wildcard or variable.
std::string_view literal_prefix(Tokens tokens, Arena& arena) {
  std::string prefix;
  for (const Token& token : tokens) {
    if (token.kind != Kind::kText) break;
    prefix += token.text;
  }
  return arena.copy(prefix);
}

const ArnDetails* compile_fields(const Split& parts, bool run_on, Arena& arena) {
  ArnDetails& details = arena.array<ArnDetails>(1).front();
  details.has_sixth = parts.fields.size() > kFirstFields;
  const std::size_t count = details.has_sixth ? kFirstFields : parts.fields.size();
  const std::span<FieldPattern> fields = arena.array<FieldPattern>(count);
  for (std::size_t i = 0; i < count; ++i) {
    fields[i].glob = glob_of(parts.fields[i], arena);
    fields[i].runs_on = run_on && fields[i].glob.open_back;
  }
  details.fields = fields;
  if (!details.has_sixth) return &details;
  const std::vector<Token>& sixth = parts.fields[kFirstFields];
  if (has_variable(sixth)) {
    details.tokens = arena.copy(sixth);
  } else {
    details.glob = glob_of(sixth, arena);
  }
  return &details;
}

const ArnDetails* details_of(Tokens tokens, const Glob& glob, Arena& arena) {
  ArnDetails& details = arena.array<ArnDetails>(1).front();
  details.tokens = tokens;
  details.glob = glob;
  return &details;
}

ArnPattern compile_parts(const Split& parts, bool run_on, Arena& arena) {
  ArnPattern pattern;
  const std::vector<Token> tokens = join(parts);
  pattern.prefix = literal_prefix(tokens, arena);
  if (parts.wildcard_before_sixth) {
    pattern.form = ArnPattern::Form::kFields;
    pattern.details = compile_fields(parts, run_on, arena);
  } else if (has_variable(tokens)) {
    pattern.form = ArnPattern::Form::kTokens;
    pattern.details = details_of(arena.copy(tokens), {}, arena);
  } else if (std::all_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == Kind::kText; })) {
    pattern.form = ArnPattern::Form::kText;
  } else {
    pattern.form = ArnPattern::Form::kGlob;
    pattern.details = details_of({}, glob_of(tokens, arena), arena);
  }
  return pattern;
}

/// The patterns that nearly all policies consist of: text that stands for itself, maybe with a star behind it.
std::optional<ArnPattern> compile_simple(std::string_view text, bool variables) {
  std::size_t colons = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '*' || c == '?' || (variables && c == '$')) break;
    colons += c == ':' ? 1 : 0;
  }
  ArnPattern pattern;
  pattern.prefix = text.substr(0, at);
  if (at == text.size()) {
    pattern.form = ArnPattern::Form::kText;
    return pattern;
  }
  if (at + 1 < text.size() || text[at] != '*' || colons < kFirstFields) return std::nullopt;
  pattern.form = ArnPattern::Form::kPrefix;
  return pattern;
}

ArnPattern finish(ArnPattern pattern, std::string_view written) {
  pattern.written = written;
  pattern.tail = tail_of(pattern.prefix);
  return pattern;
}

bool is_everything(std::string_view text) {
  return !text.empty() && text.find_first_not_of('*') == std::string_view::npos;
}

ArnPattern everything() {
  ArnPattern pattern;
  pattern.form = ArnPattern::Form::kEverything;
  return pattern;
}

/// Field by field. After a field whose star may run on, the next field may stand at any later colon: the earliest that
/// fits is tried first, and as in every glob the latest such star is the only one to return to.
template <class Sixth>
bool match_fields(const ArnDetails& pattern, std::string_view text, Work& work, Sixth sixth) {
  std::size_t field = 0;
  std::size_t at = 0;
  bool may_skip = false;
  std::size_t skip_field = 0;
  std::size_t skip_at = 0;
  while (!work.spent()) {
    const std::size_t colon = text.find(':', at);
    work.add(4 + glob_detail::steps_of_library(std::min(colon, text.size()) - at));
    bool fits = false;
    if (field == pattern.fields.size()) {
      const Fit fit = sixth(text.substr(at));
      if (fit == Fit::kYes) return true;
      if (fit == Fit::kNotRest) return false;  // no later start will do either
    } else {
      const FieldPattern& p = pattern.fields[field];
      const bool last = field + 1 == pattern.fields.size() && !pattern.has_sixth;
      const bool has_colon = colon != std::string_view::npos;
      fits = (last ? !has_colon || p.runs_on : has_colon) && matches(p.glob, text.substr(at, colon - at), work);
      if (fits && last) return true;
      if (fits) {
        at = colon + 1;
        ++field;
        if (p.runs_on) {
          may_skip = true;
          skip_field = field;
          skip_at = at;
        }
      }
    }
    if (fits) continue;
    if (!may_skip) return false;
    const std::size_t next = text.find(':', skip_at);
    if (next == std::string_view::npos) return false;
    at = skip_at = next + 1;
    field = skip_field;
  }
  return false;
}

bool match_form(const ArnPattern& pattern, std::string_view text, const Context& context, Work& work) {
  using Form = ArnPattern::Form;
  switch (pattern.form) {
    case Form::kText:
      return text == pattern.prefix;
    case Form::kPrefix:
      return text.starts_with(pattern.prefix);
    case Form::kGlob:
      return matches(pattern.details->glob, text, work);
    case Form::kTokens:
      return matches(pattern.details->tokens, text, context, work);
    case Form::kFields: {
      const ArnDetails& details = *pattern.details;
      if (details.tokens.empty()) {
        return match_fields(details, text, work, [&](auto rest) { return match(details.glob, rest, work); });
      }
      Scratch scratch;
      GlobBuilder builder(scratch.memory());
      if (!builder.append(details.tokens, context, text.size(), work)) return false;
      const Glob sixth = builder.borrow(work);
      return match_fields(details, text, work, [&](auto rest) { return match(sixth, rest, work); });
    }
    default:
      return false;
  }
}

/// The rest of the text behind its next colon; nothing if there is none.
std::optional<std::string_view> take_field(std::string_view& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view field = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return field;
}

/// A pattern that is split only after its variables are filled in: ${aws:PrincipalArn} may be a whole ARN. [C-16]
bool match_dynamic(Tokens tokens, std::string_view value, const Context& context, Work& work) {
  Scratch scratch;
  GlobBuilder builder(scratch.memory());
  std::size_t fields = 0;
  std::string_view rest = value;
  const auto close_field = [&] {
    const auto field = take_field(rest);
    const bool fits = field && matches(builder.borrow(work), *field, work);
    builder.clear();
    ++fields;
    return fits;
  };
  for (const Token& token : tokens) {
    work.add(4);
    std::string_view text = token.text;
    if (token.kind == Kind::kVariable) {
      const auto filled = token.variable->value(context, work);
      if (!filled) return false;
      text = *filled;
    } else if (token.kind == Kind::kAnyOne) {
      builder.any_one();
    } else if (token.kind == Kind::kAnyRun) {
      builder.any_run();
    }
    while (fields < kFirstFields) {
      const std::size_t colon = text.find(':');
      if (colon == std::string_view::npos) break;
      builder.text(text.substr(0, colon));
      if (!close_field()) return false;
      text.remove_prefix(colon + 1);
    }
    // More than the value has left cannot match, however often the pattern names a long value.
    if (builder.size() + text.size() > rest.size() || work.spent()) return false;
    builder.text(text);
  }
  return fields == kFirstFields && matches(builder.borrow(work), rest, work);
}

bool is_arn(std::string_view value) {
  if (!value.starts_with("arn:")) return false;
  for (std::size_t i = 0; i < kFirstFields; ++i) {
    if (!take_field(value)) return false;
  }
  return true;
}

}  // namespace

ArnPattern compile_resource(std::string_view text, bool variables, Arena& arena) {
  if (is_everything(text)) return finish(everything(), text);
  if (const auto simple = compile_simple(text, variables)) return finish(*simple, text);
  std::vector<Token> tokens;
  tokenize(text, {true, variables}, arena, tokens);
  Split parts = split(tokens);
  if (parts.special_before_sixth) return finish({}, text);  // [V-9]
  make_service_literal(parts);
  return finish(compile_parts(parts, true, arena), text);
}

ArnPattern compile_arn_value(std::string_view text, bool variables, Arena& arena) {
  if (is_everything(text)) return finish(everything(), text);
  if (const auto simple = compile_simple(text, variables)) return finish(*simple, text);
  std::vector<Token> tokens;
  tokenize(text, {true, variables}, arena, tokens);
  const Split parts = split(tokens);
  ArnPattern pattern;
  if (parts.special_before_sixth) {
    pattern.form = ArnPattern::Form::kDynamic;
    pattern.details = details_of(arena.copy(tokens), {}, arena);
  } else if (parts.fields.size() > kFirstFields) {
    pattern = compile_parts(parts, false, arena);
  }
  return finish(pattern, text);
}

bool matches_resource(const ArnPattern& pattern, std::string_view resource, const Context& context, Work& work) {
  if (pattern.form == ArnPattern::Form::kEverything) return true;
  if (resource == "*") return false;  // an action without resource type: only "*" covers it [M-12]
  return match_form(pattern, resource, context, work);
}

bool matches_arn(const ArnPattern& pattern, std::string_view value, const Context& context, Work& work) {
  if (pattern.form == ArnPattern::Form::kEverything) return true;
  work.add(glob_detail::steps_of_library(value.size()));
  if (work.spent() || !is_arn(value)) return false;
  if (pattern.form == ArnPattern::Form::kDynamic) return match_dynamic(pattern.details->tokens, value, context, work);
  return match_form(pattern, value, context, work);
}

}  // namespace deputy::policy
