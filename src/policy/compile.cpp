// Document to CompiledPolicy: everything that can be read, split, hashed or sorted before a decision is done here,
// once.
#include <algorithm>

#include "base/encoding.h"
#include "policy/compiled_form.h"

namespace deputy::policy {
namespace {

class Compiler {
 public:
  Compiler(const Document& document, Kind kind)
      : document_(document),
        kind_(kind),
        arena_(document.source.size() * 3),
        variables_(document.version == "2012-10-17") {}

  Result<CompiledPolicyPtr, Problem> compile() {
    std::vector<CompiledStatement> statements;
    statements.reserve(document_.statements.size());
    for (const Statement& s : document_.statements) {
      if (s.effect != "Allow" && s.effect != "Deny") return refused(s, "Effect is neither Allow nor Deny");
      for (const PrincipalElement& p : s.principals) {
        // Whose id it is, only the service knows: it stores the account instead [P-10]. Left in, a Deny would not bite.
        if (p.kind == PrincipalKind::kCanonicalUser)
          return refused(s, "a CanonicalUser has to be stored as its account");
      }
      if (s.not_principal && s.allow) return refused(s, "NotPrincipal goes with Deny only");
      const auto index = static_cast<std::uint32_t>(statements.size());
      CompiledStatement& c = statements.emplace_back();
      c.allow = s.allow;
      c.not_principal = s.not_principal;
      c.has_principal = s.has_principal;
      c.not_resource = s.not_resource;
      c.principals = principals(s);
      c.resources = resources(s);
      if (!conditions(s, c)) return refused(s, "a condition operator is not known");
      actions(s, index);
    }
    std::stable_sort(exact_.begin(), exact_.end(), [](const auto& a, const auto& b) { return a.hash < b.hash; });
    std::stable_sort(wild_.begin(), wild_.end(),
                     [](const auto& a, const auto& b) { return a.service_hash < b.service_hash; });
    const auto kept_statements = arena_.copy(statements);
    const auto exact = arena_.copy(exact_);
    const auto wild = arena_.copy(wild_);
    const auto every = arena_.copy(every_);
    const auto except = arena_.copy(except_);
    auto policy = std::make_shared<CompiledPolicy>(std::move(arena_), kind_);
    policy->statements = kept_statements;
    policy->exact = exact;
    policy->wild = wild;
    policy->every = every;
    policy->except = except;
    return CompiledPolicyPtr(std::move(policy));
  }

 private:
  static Problem refused(const Statement& s, const char* why) {
    return Problem{"Syntax errors in policy.", why, s.position};
  }

  // --- actions -------------------------------------------------------------------------------------------------

  void actions(const Statement& s, std::uint32_t index) {
    if (s.not_action) return except(s, index);
    for (const Text& action : s.actions) {
      if (is_every(action.value)) {
        every_.push_back(index);
        return;  // the others add nothing
      }
    }
    for (const Text& action : s.actions) {
      const std::string name = ascii_lower(action.value);
      if (name.find_first_of("*?") == std::string::npos) {
        const std::string_view kept = arena_.copy(std::string_view(name));
        exact_.push_back({hash_ignoring_case(kept), index, kept});
      } else {
        wild_.push_back({hash_ignoring_case(std::string_view(name).substr(0, name.find(':'))), index, glob(name)});
      }
    }
  }

  void except(const Statement& s, std::uint32_t index) {
    ExceptAction entry{.statement = index, .none = false, .except = {}};
    std::vector<Glob> globs;
    for (const Text& action : s.actions) {
      if (is_every(action.value)) entry.none = true;
      globs.push_back(glob(ascii_lower(action.value)));
    }
    entry.except = arena_.copy(globs);
    except_.push_back(entry);
  }

  static bool is_every(std::string_view action) { return action == "*" || action == "*:*"; }  // [M-2]

  Glob glob(std::string_view pattern) {
    GlobBuilder builder;
    std::vector<Token> tokens;
    tokenize(pattern, {.wildcards = true, .variables = false}, arena_, tokens);
    if (!builder.append(tokens, nullptr)) return {};
    return builder.store(arena_);
  }

  // --- resources -----------------------------------------------------------------------------------------------

  Tokens tokens(std::string_view text, bool wildcards) {
    std::vector<Token> found;
    tokenize(text, {.wildcards = wildcards, .variables = variables_}, arena_, found);
    return arena_.copy(found);
  }

  std::span<const ResourcePattern> resources(const Statement& s) {
    std::vector<ResourcePattern> patterns;
    if (!s.has_resource || (kind_ == Kind::kKey && !s.not_resource)) {
      // A trust policy speaks of its role, a key policy of its key [M-14]; an SCP without Resource of everything [L-8].
      if (!s.has_resource || any_is_star(s.resources)) patterns.push_back({});
    }
    if (patterns.empty()) {
      for (const Text& resource : s.resources) add_resource(patterns, resource.value);
    }
    return arena_.copy(patterns);
  }

  static bool any_is_star(const std::vector<Text>& resources) {
    return std::any_of(resources.begin(), resources.end(), [](const Text& r) { return r.value == "*"; });
  }

  void add_resource(std::vector<ResourcePattern>& patterns, std::string_view text) {
    if (!text.empty() && text.find_first_not_of('*') == std::string_view::npos) {
      patterns.push_back({});
      return;
    }
    patterns.push_back(resource(text));
    const auto colons = static_cast<std::size_t>(std::count(text.begin(), text.end(), ':'));
    const bool completes = kind_ == Kind::kIdentity || kind_ == Kind::kManaged || kind_ == Kind::kSession;
    if (!completes || colons >= 5) return;
    std::string completed(text);  // [M-8]
    for (std::size_t i = colons; i < 5; ++i) completed += ":*";
    patterns.push_back(resource(completed));
  }

  ResourcePattern resource(std::string_view text) {
    ResourcePattern p;
    std::vector<std::string_view> written;
    std::string_view rest = text;
    while (written.size() < 5) {
      const std::size_t colon = field_end(rest);
      written.push_back(rest.substr(0, colon));
      if (colon == std::string_view::npos) break;
      rest.remove_prefix(colon + 1);
      p.has_last = written.size() == 5;
    }
    const std::string_view front = p.has_last ? text.substr(0, text.size() - rest.size()) : text;
    if (p.has_last) p.last = tokens(rest, true);
    if (variables_ && front.find("${") != std::string_view::npos) {
      p.form = ResourcePattern::Form::kNothing;
      return p;
    }
    if (front.find_first_of("*?") == std::string_view::npos) {
      p.form = ResourcePattern::Form::kPrefix;
      p.prefix = arena_.copy(front);
      return p;
    }
    p.form = ResourcePattern::Form::kFields;
    std::vector<ResourcePattern::Field> fields;
    for (std::string_view field : written) {
      ResourcePattern::Field f;
      while (field.ends_with('*')) {
        f.free = true;
        field.remove_suffix(1);
      }
      f.tokens = tokens(field, true);
      fields.push_back(f);
    }
    p.fields = arena_.copy(fields);
    return p;
  }

  /// The next colon that ends a field: not one inside of ${aws:username}.
  [[nodiscard]] std::size_t field_end(std::string_view text) const {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == ':') return i;
      if (!variables_ || text.substr(i, 2) != "${") continue;
      const std::size_t brace = text.find('}', i);
      if (brace == std::string_view::npos) continue;
      i = brace;
    }
    return std::string_view::npos;
  }

  // --- conditions ----------------------------------------------------------------------------------------------

  bool conditions(const Statement& s, CompiledStatement& c) {
    std::vector<Condition> found;
    for (const ConditionEntry& entry : s.conditions) {
      const auto op = find_operator(entry.op);
      if (!op) return false;
      std::vector<ConditionValue> values;
      for (const std::string& value : entry.values) values.push_back(condition_value(*op, value));
      found.push_back({*op, resolve_key(entry.key, arena_), arena_.copy(values)});
    }
    c.conditions = arena_.copy(found);
    return true;
  }

  ConditionValue condition_value(const Operator& op, std::string_view text) {
    ConditionValue v;
    v.text = arena_.copy(text);
    switch (op.comparison) {
      case Comparison::kStringEquals:
      case Comparison::kStringEqualsIgnoreCase:
        v.tokens = tokens(text, false);
        break;
      case Comparison::kStringLike:
        v.tokens = tokens(text, true);
        break;
      case Comparison::kArnLike:
        arn_value(v, text);
        break;
      case Comparison::kBool:
      case Comparison::kNull:
        v.tokens = tokens(text, false);
        if (const auto truth = read_bool(text)) {
          v.readable = true;
          v.truth = *truth;
        }
        break;
      case Comparison::kBinaryEquals:
        v.readable = unbase64(text).has_value();
        break;
      case Comparison::kIpAddress:
        if (const auto range = read_range(text)) {
          v.readable = true;
          v.range = *range;
        }
        break;
      case Comparison::kDateEquals:
      case Comparison::kDateLess:
      case Comparison::kDateLessEquals:
      case Comparison::kDateGreater:
      case Comparison::kDateGreaterEquals:
        if (const auto instant = read_instant(text)) {
          v.readable = true;
          v.instant = *instant;
        }
        break;
      default:
        if (const auto number = read_number(v.text)) {
          v.readable = true;
          v.number = *number;
        }
    }
    return v;
  }

  void arn_value(ConditionValue& v, std::string_view text) {
    v.tokens = tokens(text, true);
    v.has_variable = has_variable(v.tokens);
    if (v.has_variable) return;
    std::vector<Tokens> fields;
    std::string_view rest = text;
    for (std::size_t colon; fields.size() < 5 && (colon = field_end(rest)) != std::string_view::npos;) {
      fields.push_back(tokens(rest.substr(0, colon), true));
      rest.remove_prefix(colon + 1);
    }
    fields.push_back(tokens(rest, true));
    v.fields = arena_.copy(fields);
  }

  // --- principals ----------------------------------------------------------------------------------------------

  std::span<const PrincipalPattern> principals(const Statement& s) {
    std::vector<PrincipalPattern> patterns;
    for (const PrincipalElement& element : s.principals) {
      patterns.push_back({form_of(element), arena_.copy(account_of(element).value_or(element.text.value))});
    }
    return arena_.copy(patterns);
  }

  /// The account that an AWS principal names as a whole. [P-3]
  static std::optional<std::string_view> account_of(const PrincipalElement& element) {
    if (element.kind != PrincipalKind::kAws) return std::nullopt;
    std::string_view text = element.text.value;
    constexpr std::string_view front = "arn:aws:iam::", back = ":root";
    if (text.starts_with(front) && text.ends_with(back) && text.size() == front.size() + 12 + back.size()) {
      text = text.substr(front.size(), 12);
    }
    const bool digits = text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
    return digits ? std::optional(text) : std::nullopt;
  }

  static PrincipalPattern::Form form_of(const PrincipalElement& element) {
    using Form = PrincipalPattern::Form;
    switch (element.kind) {
      case PrincipalKind::kEverybody:
        return Form::kEverybody;
      case PrincipalKind::kService:
        return Form::kService;
      case PrincipalKind::kFederated:
        return Form::kFederated;
      case PrincipalKind::kCanonicalUser:
        return Form::kCanonical;
      case PrincipalKind::kAws:
        break;
    }
    if (element.text.value == "*") return Form::kEveryAws;
    if (account_of(element)) return Form::kAccount;
    return element.text.value.find(':') == std::string::npos ? Form::kUniqueId : Form::kArn;
  }

  const Document& document_;
  const Kind kind_;
  Arena arena_;
  const bool variables_;
  std::vector<ExactAction> exact_;
  std::vector<WildAction> wild_;
  std::vector<std::uint32_t> every_;
  std::vector<ExceptAction> except_;
};

}  // namespace

Result<CompiledPolicyPtr, Problem> compile(const Document& document, Kind kind) {
  return Compiler(document, kind).compile();
}

Result<CompiledPolicyPtr, Problem> compile(std::string_view json, Kind kind) {
  TRY(const Document document, parse(json, kind));
  TRY_VOID(validate(document, kind));
  return compile(document, kind);
}

}  // namespace deputy::policy
