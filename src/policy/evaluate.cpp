// The decision. `Evaluation::decide` reads like the algorithm of E-16; everything else in this file gathers what it
// asks.
#include "policy/evaluate.h"

#include <array>

#include "policy/explain.h"
#include "policy/match.h"
#include "policy/program.h"
#include "policy/special.h"
#include "policy/trace.h"

namespace deputy::policy {
namespace {

constexpr std::size_t kLayers = 7;
constexpr std::array<Layer, kLayers> kOrder = {Layer::kRcp,      Layer::kScp,      Layer::kEndpoint, Layer::kResource,
                                               Layer::kIdentity, Layer::kBoundary, Layer::kSession};  // [E-4]

/// Who said so.
struct Source {
  const CompiledPolicy* policy = nullptr;
  std::int32_t statement = -1;
};

/// What the statements of one layer say together. [E-17]
struct Verdict {
  Source deny;
  std::array<Source, 3> allow;       // direct, as entity, as account; layers without principals use the first
  bool level_without_allow = false;  // SCPs, RCPs [O-2]
  [[nodiscard]] bool denies() const { return deny.policy != nullptr; }
  [[nodiscard]] bool allows(PrincipalMatch match) const { return source(match).policy != nullptr; }
  [[nodiscard]] bool allows() const { return allows(kDirect) || allows(kAsEntity) || allows(kAsAccount); }
  [[nodiscard]] const Source& source(PrincipalMatch match) const {
    return allow[match == kDirect ? 0 : match == kAsEntity ? 1 : 2];
  }
};

/// Which layers have a say for this caller. [E-2]
struct Caller {
  bool has_identity = false;  // an identity side at all
  bool all_allowed = false;   // root, and federated users of root: identity allows everything
  bool has_boundary = false;
  bool has_session = false;  // session policies count
  bool under_scps = false;
};

Caller caller_of(const Policies& policies, const Principal& principal) {
  Caller caller;
  switch (principal.type) {
    case PrincipalType::kRoot:
      return {true, true, false, policies.session.has_value(), true};  // its task
    case PrincipalType::kUser:
      caller = {true, false, true, false, true};
      break;
    case PrincipalType::kRoleSession: {
      const bool ordinary = !is_service_linked(principal.role_arn);  // [O-9, B-4]
      caller = {true, false, ordinary, ordinary, ordinary};
      break;
    }
    case PrincipalType::kFederatedUser: {
      const bool of_root = principal.user_arn.ends_with(":root");
      caller = {true, of_root, !of_root, true, true};
      break;
    }
    case PrincipalType::kService:
    case PrincipalType::kAnonymous:
    case PrincipalType::kWebIdentity:
    case PrincipalType::kSaml:
      return caller;
  }
  caller.has_boundary = caller.has_boundary && policies.boundary != nullptr;
  return caller;
}

}  // namespace

class Evaluation {
 public:
  Evaluation(const Policies& policies, const Request& request, Work& work, Trace* trace)
      : policies_(policies),
        request_(request),
        caller_(caller_of(policies, request.principal)),
        question_(request, caller_.has_boundary, work),
        trace_(trace) {}

  /// E-16, line by line.
  Decision decide() {
    if (needs_no_permission(request_)) return note("This action needs no permission.", {.effect = Effect::kAllow});
    if (is_barred_to_root(request_)) return note("The root user cannot do this.", {});
    if (ask_all()) return explicit_deny();
    if (question_.work.spent()) return exhausted();

    if (verdict(Layer::kRcp).level_without_allow) return missing(Layer::kRcp);
    if (verdict(Layer::kScp).level_without_allow) return missing(Layer::kScp);
    if (policies_.endpoint != nullptr && !verdict(Layer::kEndpoint).allows()) return missing(Layer::kEndpoint);

    const Verdict& resource = verdict(Layer::kResource);
    const bool direct = resource.allows(kDirect);
    if (!caller_.has_identity) {
      return direct || policies_.granted ? by_resource(kDirect) : missing(Layer::kResource);
    }

    const bool same_account = request_.principal.account == request_.resource_account;
    const bool needs_resource = !same_account || policies_.resource_kind == ResourceKind::kTrust ||
                                policies_.resource_kind == ResourceKind::kKey ||
                                needs_own_policy(request_);  // [X-1, E-10]
    if (needs_resource && !resource.allows() && !policies_.granted) return missing(Layer::kResource);

    bool granted = caller_.all_allowed || verdict(Layer::kIdentity).allows();
    bool by_entity = false;
    if (same_account) {
      if (direct) return trust_needs_boundary() ? missing(Layer::kBoundary) : by_resource(kDirect);
      by_entity = resource.allows(kAsEntity);
      granted = granted || by_entity;
    }
    if (!granted) return missing(Layer::kIdentity);
    if (caller_.has_boundary && !verdict(Layer::kBoundary).allows()) return missing(Layer::kBoundary);
    if (!session_allows()) return missing(Layer::kSession);
    if (by_entity && !verdict(Layer::kIdentity).allows()) return by_resource(kAsEntity);
    return allowed(verdict(Layer::kIdentity).source(kDirect), Layer::kIdentity);
  }

  /// To explain every statement takes more steps than to decide: where one of both ends early, the decision counts.
  static Decision explain(const Policies& policies, const Request& request, Trace& trace) {
    trace.clear();
    Work explaining(kMostStepsOfTrace);
    const Decision explained = Evaluation(policies, request, explaining, &trace).decide();
    Work deciding;
    const Decision decided = Evaluation(policies, request, deciding, nullptr).decide();
    if (decided.exhausted) trace.note_ = kTooManySteps;
    trace.decision_ = deciding.spent() || explaining.spent() ? decided : explained;
    return trace.decision_;
  }

 private:
  /// For people, who wait: what can be decided can nearly always be explained.
  static constexpr std::int64_t kMostStepsOfTrace = 16 * Work::kMostSteps;

  static Decision exhausted() { return {.effect = Effect::kDeny, .exhausted = true}; }

  Verdict& verdict(Layer layer) { return verdicts_[static_cast<std::size_t>(layer)]; }

  /// A user whom the trust policy of a role of the same account names still needs the boundary's allow. [T-5]
  bool trust_needs_boundary() {
    return policies_.resource_kind == ResourceKind::kTrust && request_.principal.type == PrincipalType::kUser &&
           caller_.has_boundary && !verdict(Layer::kBoundary).allows();
  }

  bool session_allows() {
    if (!caller_.has_session) return true;
    if (policies_.session) return verdict(Layer::kSession).allows();
    return request_.principal.type != PrincipalType::kFederatedUser;  // [E-7, S-2]
  }

  static Decision missing(Layer layer) { return {.effect = Effect::kDeny, .layer = layer}; }
  static Decision allowed(const Source& source, Layer layer) {
    return {.effect = Effect::kAllow, .layer = layer, .policy = source.policy, .statement = source.statement};
  }
  Decision by_resource(PrincipalMatch match) {
    return allowed(verdict(Layer::kResource).source(match), Layer::kResource);
  }

  Decision explicit_deny() {
    for (const Layer layer : kOrder) {
      const Source& deny = verdict(layer).deny;
      if (deny.policy != nullptr) {
        return {.effect = Effect::kDeny,
                .explicit_deny = true,
                .layer = layer,
                .policy = deny.policy,
                .statement = deny.statement};
      }
    }
    return {};
  }

  Decision note(const char* text, Decision decision) {
    if (trace_ != nullptr) trace_->note_ = text;
    return decision;
  }

  /// Asks the layers in the order of E-4; stops at the first that denies, unless every statement is to be explained.
  /// True if one denies.
  bool ask_all() {
    for (const Layer layer : kOrder) {
      const bool takes_part = ask(layer);
      if (trace_ != nullptr) {
        record(layer, takes_part);
      } else if (verdict(layer).denies()) {
        return true;
      }
    }
    for (const Verdict& v : verdicts_) {
      if (v.denies()) return true;
    }
    return false;
  }

  /// False if the layer takes no part.
  bool ask(Layer layer) {
    switch (layer) {
      case Layer::kRcp:
        return is_covered() && ask_levels(policies_.rcp, layer);
      case Layer::kScp:
        return caller_.under_scps && ask_levels(policies_.scp, layer);
      case Layer::kEndpoint:
        return ask_one(policies_.endpoint, layer);
      case Layer::kResource: {
        const bool asked = ask_one(policies_.resource, layer);
        if (policies_.resource_only_denies) verdict(layer).allow = {};
        if (verdict(layer).denies() && overrides_bucket_policy(request_)) verdict(layer).deny = {};
        return asked;
      }
      case Layer::kIdentity:
        if (!caller_.has_identity || caller_.all_allowed) return caller_.all_allowed;
        return ask_set(policies_.identity, layer);
      case Layer::kBoundary:
        return caller_.has_boundary && ask_one(policies_.boundary, layer);
      case Layer::kSession:
        return caller_.has_session && policies_.session && ask_set(*policies_.session, layer);
    }
    return false;
  }

  bool is_covered() const { return !policies_.rcp.empty() && is_covered_by_rcps(request_); }

  bool ask_one(const CompiledPolicy* policy, Layer layer) {
    if (policy == nullptr) return false;
    ask_policy(*policy, layer, 0, 0, verdict(layer));
    return true;
  }

  bool ask_set(Policies::Set set, Layer layer) {
    std::uint32_t number = 0;
    for (const CompiledPolicy* policy : set) {
      ask_policy(*policy, layer, 0, number++, verdict(layer));
      if (is_over(verdict(layer))) break;
    }
    return true;
  }

  /// Each level by itself must allow; a Deny at any level denies. [O-2, O-3, O-7]
  bool ask_levels(std::span<const Policies::Set> levels, Layer layer) {
    Verdict& whole = verdict(layer);
    for (std::uint32_t level = 0; level < levels.size(); ++level) {
      Verdict here;
      std::uint32_t number = 0;
      for (const CompiledPolicy* policy : levels[level]) ask_policy(*policy, layer, level, number++, here);
      if (here.denies() && !whole.denies()) whole.deny = here.deny;
      if (!here.allows()) whole.level_without_allow = true;
      if (is_over(whole)) break;
    }
    return !levels.empty();
  }

  /// Whether the policies that come need not be asked.
  bool is_over(const Verdict& verdict) const {
    return trace_ == nullptr && (verdict.denies() || question_.work.spent());
  }

  void ask_policy(const CompiledPolicy& policy, Layer layer, std::uint32_t level, std::uint32_t number,
                  Verdict& verdict) {
    question_.work.add(kStepsOfPolicy);
    if (trace_ != nullptr) return explain_policy(policy, layer, level, number, verdict);
    Ask ask{policy, verdict, layer == Layer::kResource, {}};
    const auto of_name = [](const CompiledStatement&) { return true; };
    const auto of_service = [&](const CompiledStatement& s) { return matches_action(s, question_); };
    const auto of_any = [&](const CompiledStatement& s) { return !s.not_action || matches_action(s, question_); };
    const Action& action = request_.action;
    walk(policy.index.exact(action.hash, question_.action), ask, of_name);
    walk(policy.index.of_service(action.service_hash, question_.action), ask, of_service);
    walk(&policy.index.of_any(), ask, of_any);
    if (ask.deny.policy != nullptr && !verdict.denies()) verdict.deny = ask.deny;
  }

  static constexpr std::size_t kStepsOfPolicy = 32;  // three groups looked up

  /// One policy being asked.
  struct Ask {
    const CompiledPolicy& policy;
    Verdict& verdict;
    bool by_principal;  // the resource layer: what an allow is worth depends on how it names the caller
    Source deny;        // of this policy
  };

  template <class ActionTest>
  void walk(const Group* group, Ask& ask, ActionTest action) {
    if (group == nullptr || (!group->has_deny && is_settled_by_another(ask))) return;
    group->each(request_.resource, question_.fronts, [&](std::uint32_t i) { consider(i, ask, action); });
  }

  /// An earlier policy of the layer allows already: only denies of this one can matter.
  static bool is_settled_by_another(const Ask& ask) {
    return !ask.by_principal && ask.verdict.allows(kDirect) && ask.verdict.source(kDirect).policy != &ask.policy;
  }

  /// The lowest statement of the first policy is the one that is reported, whatever order candidates come in.
  template <class ActionTest>
  void consider(std::uint32_t i, Ask& ask, ActionTest action) {
    const CompiledStatement& s = ask.policy.statements[i];
    const auto number = static_cast<std::int32_t>(i);
    if (s.allow ? is_settled(ask.verdict.allow[0], ask, number) && !ask.by_principal
                : ask.deny.policy != nullptr && ask.deny.statement <= number) {
      return;
    }
    question_.work.add(s.steps);
    if (question_.work.spent() || !action(s)) return;
    const std::uint8_t match = matches_principal(s, ask.policy.is_filter, question_);
    if (match == kNoMatch || is_known(match, s, ask, number)) return;
    if (!matches_resource(s, question_) || !matches_conditions(s, question_)) return;
    if (question_.work.spent()) return;  // what was matched at last may be wrong
    accept(s, number, match, ask.policy, ask.verdict, ask.deny, ask.by_principal);
  }

  static bool is_settled(const Source& source, const Ask& ask, std::int32_t number) {
    return source.policy != nullptr && (source.policy != &ask.policy || source.statement <= number);
  }

  /// Whether an Allow of the resource layer could tell nothing new.
  static bool is_known(std::uint8_t match, const CompiledStatement& s, const Ask& ask, std::int32_t number) {
    if (!s.allow || !ask.by_principal) return false;
    for (std::size_t k = 0; k < 3; ++k) {
      if ((match >> k & 1U) != 0 && !is_settled(ask.verdict.allow[k], ask, number)) return false;
    }
    return true;
  }

  /// Takes an applicable statement into the verdict.
  static void accept(const CompiledStatement& s, std::int32_t number, std::uint8_t match, const CompiledPolicy& policy,
                     Verdict& verdict, Source& deny, bool by_principal) {
    const auto lower_of = [&](Source& source) {
      if (source.policy == nullptr || (source.policy == &policy && number < source.statement))
        source = {&policy, number};
    };
    if (!s.allow) return lower_of(deny);
    if (!by_principal) return lower_of(verdict.allow[0]);
    for (std::size_t k = 0; k < 3; ++k) {
      if ((match >> k & 1U) != 0) lower_of(verdict.allow[k]);
    }
  }

  void explain_policy(const CompiledPolicy& policy, Layer layer, std::uint32_t level, std::uint32_t number,
                      Verdict& verdict) {
    for (std::size_t i = 0; i < policy.statements.size(); ++i) {
      const CompiledStatement& s = policy.statements[i];
      Trace::Statement& line = trace_->statements_.emplace_back();
      line.layer = layer;
      line.level = level;
      line.number = number;
      line.policy = &policy;
      line.index = static_cast<std::int32_t>(i);
      line.sid = s.sid;
      line.allow = s.allow;
      line.position = s.position;
      question_.work.add(s.steps);
      const std::uint8_t match = policy::explain(s, policy.is_filter, question_, line);
      if (match != kNoMatch) accept(s, line.index, match, policy, verdict, verdict.deny, layer == Layer::kResource);
    }
  }

  void record(Layer layer, bool takes_part) {
    using Outcome = Trace::Outcome;
    const Verdict& v = verdict(layer);
    const bool levels = layer == Layer::kScp || layer == Layer::kRcp;
    const bool allows =
        levels ? !v.level_without_allow : v.allows() || (layer == Layer::kIdentity && caller_.all_allowed);
    const Outcome outcome = !takes_part  ? Outcome::kNoPart
                            : v.denies() ? Outcome::kDenies
                            : allows     ? Outcome::kAllows
                                         : Outcome::kNoAllow;
    trace_->layers_.push_back({layer, outcome});
  }

  const Policies& policies_;
  const Request& request_;
  Caller caller_;
  Question question_;
  Trace* trace_;
  std::array<Verdict, kLayers> verdicts_{};
};

Decision decide(const Policies& policies, const Request& request, Work& work) noexcept {
  return Evaluation(policies, request, work, nullptr).decide();
}

Decision decide(const Policies& policies, const Request& request, Trace* trace) noexcept {
  if (trace != nullptr) return Evaluation::explain(policies, request, *trace);
  Work work;
  return decide(policies, request, work);
}

}  // namespace deputy::policy
