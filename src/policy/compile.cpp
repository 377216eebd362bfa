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
        policy_(std::make_shared<CompiledPolicy>(expected_bytes(document))),
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
    std::size_t bytes = document.source.size() + document.statements.size() * sizeof(CompiledStatement);
    for (const Statement& s : document.statements) {
      bytes += s.actions.size() * (sizeof(ActionPattern) + 2 * sizeof(Piece) + sizeof(Group) + 32);
      bytes += s.resources.size() * (sizeof(ArnPattern) + 2 * sizeof(Piece) + 32);
      bytes += s.principals.size() * sizeof(PrincipalPattern);
      for (const ConditionEntry& c : s.conditions)
        bytes += sizeof(Condition) + c.values.size() * sizeof(ConditionValue);
    }
    return bytes;
  }

  Problem refuse(Fault fault, std::string_view value, std::string detail, const Position& at) const {
    return {wording(kind_, fault, value), std::move(detail), at};
  }

  Result<void, Problem> statement(const Statement& from, CompiledStatement& to) {
    to.position = from.position;
    to.sid = arena_.copy(from.sid);
    to.allow = from.allow;
    if (from.effect != "Allow" && from.effect != "Deny") {
      return refuse(Fault::kStructure, {}, "Effect must be \"Allow\" or \"Deny\".", from.position);
    }
    TRY_VOID(actions(from, to));
    TRY_VOID(resources(from, to));
    TRY_VOID(principals(from, to));
    return conditions(from, to);
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
    const std::string& text = from.value;
    if (text == "*" || text == "*:*") {
      to.form = ActionPattern::Form::kEverything;
      to.text = "*";
      return {};
    }
    const std::size_t colon = text.find(':');
    const bool one_colon = colon != std::string::npos && text.find(':', colon + 1) == std::string::npos;
    if (!one_colon || colon == 0 || text.find_first_of("*?") < colon) {
      return refuse(Fault::kAction, {}, "\"" + text + "\" is not of the form service:Action.", from.position);
    }
    to.text = arena_.copy(ascii_lower(text));
    to.service = to.text.substr(0, colon);
    to.service_hash = hash_ignoring_case(to.service);
    to.hash = hash_ignoring_case(to.text);
    const std::string_view name = to.text.substr(colon + 1);
    if (name.find_first_of("*?") == std::string_view::npos) return {};
    if (name.find_first_not_of('*') == std::string_view::npos) {
      to.form = ActionPattern::Form::kService;
      return {};
    }
    to.form = ActionPattern::Form::kName;
    tokens_.clear();
    tokenize(name, {true, false}, arena_, tokens_);
    GlobBuilder builder;
    (void)builder.append(tokens_, nullptr);
    to.name = builder.store(arena_);
    return {};
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
      const auto colons = std::count(resource.value.begin(), resource.value.end(), ':');
      if (is_identity_type(kind_) && colons > 0 && colons < 5) {  // [M-8]
        std::string completed = resource.value;
        for (auto i = colons; i < 5; ++i) completed += ":*";
        patterns_.push_back(compile_resource(completed, variables_, arena_));
      }
    }
    to.resources = arena_.copy(patterns_);
    const std::span<std::string_view> texts = arena_.array<std::string_view>(from.resources.size());
    for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = arena_.copy(from.resources[i].value);
    to.resource_texts = texts;
    return {};
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
    const std::string& text = from.text.value;
    to.text = arena_.copy(text);
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
        } else if (text.empty() || text.find_first_of("*?") != std::string::npos) {
          return invalid(from);  // [P-11]
        } else {
          (void)account(to);
        }
    }
    return {};
  }

  Problem invalid(const PrincipalElement& from) const {
    return refuse(Fault::kPrincipal, from.text.value, "\"" + from.text.value + "\" names no principal.",
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
        return refuse(Fault::kOperator, entry.op, "\"" + entry.op + "\" is no condition operator.", entry.position);
      }
      Condition& condition = conditions[i];
      condition.op = *op;
      condition.op_name = arena_.copy(entry.op);
      condition.key_name = arena_.copy(entry.key);
      condition.key = resolve_key(condition.key_name, arena_);
      const std::span<ConditionValue> values = arena_.array<ConditionValue>(entry.values.size());
      for (std::size_t v = 0; v < values.size(); ++v) value(op->comparison, entry.values[v], values[v]);
      condition.values = values;
    }
    to.conditions = conditions;
    return {};
  }

  template <class T>
  static void set(ConditionValue& to, ConditionValue::Form form, T ConditionValue::*member,
                  const std::optional<T>& read) {
    if (!read) return;
    to.form = form;
    to.*member = *read;
  }

  void value(Comparison comparison, const std::string& text, ConditionValue& to) {
    using enum Comparison;
    using Form = ConditionValue::Form;
    to.text = arena_.copy(text);
    switch (comparison) {
      case kStringEquals:
      case kStringEqualsIgnoreCase:
        return text_value(to, false);
      case kStringLike:
        return text_value(to, true);
      case kBool:
        text_value(to, false);
        if (to.form == Form::kTokens) return;  // [V-1]
        to.form = Form::kUnreadable;
        return set(to, Form::kTruth, &ConditionValue::truth, read_bool(to.text));
      case kNull:
        return set(to, Form::kTruth, &ConditionValue::truth, read_bool(to.text));
      case kNumericEquals:
      case kNumericLess:
      case kNumericLessEquals:
      case kNumericGreater:
      case kNumericGreaterEquals:
        return set(to, Form::kNumber, &ConditionValue::number, read_number(to.text));
      case kDateEquals:
      case kDateLess:
      case kDateLessEquals:
      case kDateGreater:
      case kDateGreaterEquals:
        return set(to, Form::kInstant, &ConditionValue::instant, read_instant(to.text));
      case kBinaryEquals:
        // Base64 has one strict spelling, so that equal bytes are equal text. [C-13]
        if (unbase64(to.text)) to.form = Form::kText;
        return;
      case kIpAddress:
        if (const auto range = read_range(to.text)) {
          const std::span<Range> kept = arena_.array<Range>(1);
          kept.front() = *range;
          to.range = kept.data();
          to.form = Form::kRange;
        }
        return;
      case kArnLike: {
        const std::span<ArnPattern> arn = arena_.array<ArnPattern>(1);
        arn.front() = compile_arn_value(to.text, variables_, arena_);
        to.arn = arn.data();
        to.form = Form::kArn;
      }
    }
  }

  void text_value(ConditionValue& to, bool wildcards) {
    using Form = ConditionValue::Form;
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
      GlobBuilder builder;
      (void)builder.append(tokens_, nullptr);
      to.glob = builder.store(arena_);
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
