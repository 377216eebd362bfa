// Document to CompiledPolicy: everything that does not depend on the request is worked out here, once.
#include <algorithm>

#include "base/account_id.h"
#include "base/arn.h"
#include "base/encoding.h"
#include "policy/program.h"
#include "policy/text.h"
#include "policy/wording.h"

namespace deputy::policy {
namespace {

bool is_identity_type(Kind kind) { return kind == Kind::kIdentity || kind == Kind::kManaged || kind == Kind::kSession; }
bool has_principals(Kind kind) { return !is_identity_type(kind) && kind != Kind::kScp; }

class Compiler {
 public:
  Compiler(const Document& document, Kind kind)
      : document_(document),
        kind_(kind),
        variables_(document.version == "2012-10-17"),  // [L-3]
        policy_(std::make_shared<CompiledPolicy>(document.text, expected_bytes(document))),
        arena_(policy_->arena) {}

  Result<CompiledPolicyPtr, Problem> compile() {
    policy_->kind = kind_;
    policy_->is_filter = kind_ == Kind::kRcp || kind_ == Kind::kEndpoint;
    const std::span<CompiledStatement> statements = arena_.array<CompiledStatement>(document_.statements.size());
    for (std::size_t i = 0; i < statements.size(); ++i) {
      TRY_VOID(statement(document_.statements[i], statements[i]));
    }
    policy_->statements = statements;
    policy_->index.build(statements, arena_);
    return CompiledPolicyPtr(std::move(policy_));
  }

 private:
  static std::size_t expected_bytes(const Document& document) {
    constexpr std::size_t kFront = 16;
    constexpr std::size_t kGroup = 160;
    std::size_t bytes = document.statements.size() * sizeof(CompiledStatement);
    for (const Statement& s : document.statements) {
      bytes += s.actions.size() *
               (sizeof(ActionPattern) + kGroup + kFront * std::min<std::size_t>(s.resources.size(), 4) + 24);
      bytes += s.resources.size() * sizeof(ArnPattern);
      bytes += s.principals.size() * sizeof(PrincipalPattern);
      for (const ConditionEntry& c : s.conditions)
        bytes += sizeof(Condition) + c.values.size() * (sizeof(ConditionValue) + sizeof(Glob));
    }
    return bytes;
  }

  Problem refuse(Fault fault, std::string_view value, std::string detail, const Position& at) const {
    return {wording(kind_, fault, value), std::move(detail), at};
  }

  Result<void, Problem> statement(const Statement& from, CompiledStatement& to) {
    to.position = from.position;
    to.sid = from.sid;
    to.allow = from.allow;
    if (from.effect != "Allow" && from.effect != "Deny") {
      return refuse(Fault::kStructure, {}, "Effect must be \"Allow\" or \"Deny\".", from.position);
    }
    TRY_VOID(actions(from, to));
    TRY_VOID(resources(from, to));
    TRY_VOID(principals(from, to));
    TRY_VOID(conditions(from, to));
    to.steps = steps_of(to);
    return {};
  }

  static std::uint32_t steps_of(const CompiledStatement& s) {
    return static_cast<std::uint32_t>(16 + 2 * s.actions.size() + 2 * s.resources.size() + 4 * s.principals.size() +
                                      8 * s.conditions.size());
  }

  Result<void, Problem> actions(const Statement& from, CompiledStatement& to) {
    if (from.actions.empty()) return refuse(Fault::kAction, {}, "The statement names no action.", from.position);
    to.not_action = from.not_action;
    const std::span<ActionPattern> patterns = arena_.array<ActionPattern>(from.actions.size());
    for (std::size_t i = 0; i < patterns.size(); ++i) TRY_VOID(action(from.actions[i], patterns[i]));
    to.actions = patterns;
    return {};
  }

  Result<void, Problem> action(const Text& from, ActionPattern& to) {
    using Form = ActionPattern::Form;
    const std::string_view text = from.value;
    to.written = text;
    if (text == "*" || text == "*:*") {
      to.form = Form::kEverything;
      return {};
    }
    const std::size_t colon = text.find(':');
    const bool one_colon = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
    const std::size_t wildcard = find_special(text, false);
    if (!one_colon || colon == 0 || wildcard < colon) {
      return refuse(Fault::kAction, {}, "\"" + std::string(text) + "\" is not of the form service:Action.",
                    from.position);
    }
    const std::span<char> lowered = arena_.array<char>(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) lowered[i] = lower(text[i]);
    to.text = {lowered.data(), lowered.size()};
    to.service_hash = hash_ignoring_case(text.substr(0, colon));
    if (wildcard == std::string_view::npos) {
      to.hash = hash_ignoring_case(text);
    } else if (text.find_first_not_of('*', wildcard) == std::string_view::npos) {
      to.form = Form::kPrefix;
      to.text = to.text.substr(0, wildcard);
    } else {
      to.form = Form::kGlob;
      tokens_.clear();
      tokenize(to.text, {true, false}, arena_, tokens_);
      to.glob = glob_of_tokens();
    }
    return {};
  }

  const Glob* glob_of_tokens() {
    GlobBuilder builder;
    builder.append(tokens_);
    const std::span<Glob> glob = arena_.array<Glob>(1);
    glob.front() = builder.store(arena_);
    return glob.data();
  }

  Result<void, Problem> resources(const Statement& from, CompiledStatement& to) {
    if (kind_ == Kind::kTrust && from.has_resource) {
      return Problem{"Has prohibited field Resource", "A trust policy belongs to its role and names no resource.",
                     from.position};
    }
    to.not_resource = from.not_resource;
    if (from.resources.empty()) {
      // A trust policy speaks of its own role [M-14], an SCP without Resource of all resources [L-8].
      to.any_resource = kind_ == Kind::kTrust || (kind_ == Kind::kScp && !from.has_resource);
      if (to.any_resource) return {};
      return refuse(Fault::kResource, {}, "The statement names no resource.", from.position);
    }
    patterns_.clear();
    for (const Text& resource : from.resources) {
      patterns_.push_back(compile_resource(resource.value, variables_, arena_));
      if (patterns_.back().form == ArnPattern::Form::kEverything && !to.not_resource) to.any_resource = true;
      if (is_identity_type(kind_)) complete(resource.value);
    }
    to.resources = arena_.copy(patterns_);
    return {};
  }

  /// "arn:aws:sqs" is also "arn:aws:sqs:*:*:*". [M-8]
  void complete(std::string_view resource) {
    const auto colons = std::count(resource.begin(), resource.end(), ':');
    if (colons == 0 || colons >= 5) return;
    std::string completed(resource);
    for (auto i = colons; i < 5; ++i) completed += ":*";
    patterns_.push_back(compile_resource(arena_.copy(completed), variables_, arena_));
    patterns_.back().written = {};
  }

  Result<void, Problem> principals(const Statement& from, CompiledStatement& to) {
    if (has_principals(kind_) != from.has_principal) {
      return refuse(
          Fault::kStructure, {},
          from.has_principal ? "A policy of this type names no principal." : "The statement names no principal.",
          from.position);
    }
    if (from.not_principal && from.allow) {
      return refuse(Fault::kStructure, {}, "NotPrincipal goes with Deny only.", from.position);
    }
    to.has_principal = from.has_principal;
    to.not_principal = from.not_principal;
    const std::span<PrincipalPattern> patterns = arena_.array<PrincipalPattern>(from.principals.size());
    for (std::size_t i = 0; i < patterns.size(); ++i) TRY_VOID(principal(from.principals[i], patterns[i]));
    to.principals = patterns;
    return {};
  }

  Result<void, Problem> principal(const PrincipalElement& from, PrincipalPattern& to) {
    using Form = PrincipalPattern::Form;
    const std::string_view text = from.text.value;
    to.text = text;
    switch (from.kind) {
      case PrincipalKind::kEverybody:
        to.form = Form::kEverybody;
        break;
      case PrincipalKind::kService:
        to.form = Form::kService;
        break;
      case PrincipalKind::kFederated:
        to.form = Form::kFederated;
        break;
      case PrincipalKind::kCanonicalUser:
        // Whose id it is, only the service knows: it stores the account instead [P-10]. Left in, a Deny would not bite.
        return refuse(Fault::kPrincipal, text, "A CanonicalUser has to be stored as its account.", from.text.position);
      case PrincipalKind::kAws:
        if (text == "*") {
          to.form = Form::kAnyAws;
        } else if (text.empty() || find_special(text, false) != std::string_view::npos) {
          return invalid(from);  // [P-11]
        } else {
          (void)account(to);
        }
    }
    return {};
  }

  Problem invalid(const PrincipalElement& from) const {
    return refuse(Fault::kPrincipal, from.text.value, "\"" + std::string(from.text.value) + "\" names no principal.",
                  from.text.position);
  }

  /// "111111111111" and "arn:aws:iam::111111111111:root". [P-3]
  static bool account(PrincipalPattern& pattern) {
    if (AccountId::parse(pattern.text)) {
      pattern.form = PrincipalPattern::Form::kAccount;
      return true;
    }
    const auto arn = Arn::split(pattern.text);
    if (!arn || arn->service != "iam" || !arn->region.empty() || arn->resource != "root" ||
        !AccountId::parse(arn->account)) {
      return false;
    }
    pattern.form = PrincipalPattern::Form::kAccount;
    pattern.text = arn->account;
    pattern.partition = arn->partition;
    return true;
  }

  Result<void, Problem> conditions(const Statement& from, CompiledStatement& to) {
    const std::span<Condition> conditions = arena_.array<Condition>(from.conditions.size());
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      const ConditionEntry& entry = from.conditions[i];
      const auto op = find_operator(entry.op);
      if (!op) {
        return refuse(Fault::kOperator, entry.op, "\"" + std::string(entry.op) + "\" is no condition operator.",
                      entry.position);
      }
      Condition& condition = conditions[i];
      condition.op = *op;
      condition.op_name = entry.op;
      condition.key_name = entry.key;
      condition.key = resolve_key(entry.key);
      const std::span<ConditionValue> values = arena_.array<ConditionValue>(entry.values.size());
      for (std::size_t v = 0; v < values.size(); ++v) value(op->comparison, entry.values[v], values[v]);
      condition.values = values;
    }
    to.conditions = conditions;
    return {};
  }

  /// Keeps what was read; a text that could not be read matches nothing. [C-23]
  template <class T>
  void set(ConditionValue& to, ConditionValue::Form form, const T* ConditionValue::Typed::*member,
           const std::optional<T>& read) {
    if (!read) return;
    to.form = form;
    const std::span<T> kept = arena_.array<T>(1);
    kept.front() = *read;
    to.typed.*member = kept.data();
  }
  static void set_truth(ConditionValue& to) {
    const auto truth = read_bool(to.text);
    to.form = truth ? ConditionValue::Form::kTruth : ConditionValue::Form::kUnreadable;
    to.truth = truth.value_or(false);
  }

  void value(Comparison comparison, std::string_view text, ConditionValue& to) {
    using enum Comparison;
    using Form = ConditionValue::Form;
    using Typed = ConditionValue::Typed;
    to.text = text;
    switch (comparison) {
      case kStringEquals:
      case kStringEqualsIgnoreCase:
        return text_value(to, false);
      case kStringLike:
        return text_value(to, true);
      case kBool:
        text_value(to, false);
        if (to.form != Form::kTokens) set_truth(to);  // [V-1]
        return;
      case kNull:
        return set_truth(to);
      case kNumericEquals:
      case kNumericLess:
      case kNumericLessEquals:
      case kNumericGreater:
      case kNumericGreaterEquals:
        return set(to, Form::kNumber, &Typed::number, read_number(to.text));
      case kDateEquals:
      case kDateLess:
      case kDateLessEquals:
      case kDateGreater:
      case kDateGreaterEquals:
        return set(to, Form::kInstant, &Typed::instant, read_instant(to.text));
      case kBinaryEquals:
        // Base64 has one strict spelling, so that equal bytes are equal text. [C-13]
        if (unbase64(to.text)) to.form = Form::kText;
        return;
      case kIpAddress:
        return set(to, Form::kRange, &Typed::range, read_range(to.text));
      case kArnLike:
        return set(to, Form::kArn, &Typed::arn, std::optional(compile_arn_value(to.text, variables_, arena_)));
    }
  }

  void text_value(ConditionValue& to, bool wildcards) {
    using Form = ConditionValue::Form;
    if (find_special(to.text, true) == std::string_view::npos) {
      to.form = Form::kText;
      return;
    }
    tokens_.clear();
    tokenize(to.text, {wildcards, variables_}, arena_, tokens_);
    const auto is_text = [](const Token& t) { return t.kind == Token::Kind::kText; };
    if (tokens_.empty() || (tokens_.size() == 1 && is_text(tokens_.front()))) {
      to.form = Form::kText;
      to.text = tokens_.empty() ? std::string_view() : tokens_.front().text;
    } else if (has_variable(tokens_) || std::all_of(tokens_.begin(), tokens_.end(), is_text)) {
      to.form = Form::kTokens;
      to.tokens = arena_.copy(tokens_);
    } else {
      to.form = Form::kGlob;
      to.typed.glob = glob_of_tokens();
    }
  }

  const Document& document_;
  Kind kind_;
  bool variables_;
  std::shared_ptr<CompiledPolicy> policy_;
  Arena& arena_;
  std::vector<Token> tokens_;
  std::vector<ArnPattern> patterns_;
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
