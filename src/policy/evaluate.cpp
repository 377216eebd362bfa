#include "policy/evaluate.h"

#include <algorithm>
#include <array>

#include "policy/compiled_form.h"
#include "policy/principal.h"
#include "policy/special_cases.h"
#include "policy/text.h"

namespace deputy::policy {
namespace {

/// What one set of policies says: the first Deny that applies, and whether an Allow does.
struct Verdict {
  const CompiledPolicy* policy = nullptr;  // of the Deny
  std::int32_t deny = -1;
  bool allows = false;
  Match match = Match::kNone;  // resource policies: the strongest match of an Allow, kDirect over kEntity over kAccount
};

/// How the principal elements of a layer are read.
enum class Principals : std::uint8_t { kNone, kGrant, kFilter };

class Decider {
 public:
  Decider(const Policies& policies, const Request& request) : policies_(policies), q_(request) {
    lower_size_ = std::min(request.action.name.size(), lower_.size());
    for (std::size_t i = 0; i < lower_size_; ++i) lower_[i] = lower(request.action.name[i]);
  }

  Decision decide() {
    if (needs_no_permission(q_)) return allow();
    if (forbidden_to_root(q_)) return implicit(Layer::kIdentity);
    // No action of AWS has so long a name; a pattern that could not be matched must not pass a Deny.
    if (q_.action.name.size() > lower_.size()) return implicit(Layer::kIdentity);
    take_part();
    if (const auto denied = look_at_layers()) return *denied;
    return weigh();
  }

 private:
  static Decision allow() { return {.effect = Effect::kAllow}; }
  static Decision implicit(Layer layer) { return {.layer = layer}; }

  /// Who takes part. [E-2]
  void take_part() {
    const Principal& p = q_.principal;
    const bool session = p.type == PrincipalType::kRoleSession || p.type == PrincipalType::kFederatedUser;
    has_identity_side_ = session || p.type == PrincipalType::kUser || p.type == PrincipalType::kRoot;
    service_linked_ = p.type == PrincipalType::kRoleSession && is_service_linked(p.role_arn);
    root_ = p.type == PrincipalType::kRoot ||
            (p.type == PrincipalType::kFederatedUser && p.user_arn.ends_with(":root"));
    boundary_ = has_identity_side_ && !root_ && !service_linked_ ? policies_.boundary : nullptr;
    session_ = session && !service_linked_;
    scp_ = has_identity_side_ && !service_linked_;
    const bool assumes_its_own = p.type == PrincipalType::kService && is_service_linked(q_.resource);
    rcp_ = !service_linked_ && !assumes_its_own && is_covered_by_rcp(q_.action.name);
  }

  /// Phase 1, explicit denies in the order of E-4; the allows of each layer are noted on the way.
  std::optional<Decision> look_at_layers() {
    if (rcp_) {
      if (const auto denied = look_at_levels(policies_.rcp, Layer::kRcp, Principals::kFilter, rcp_allows_))
        return denied;
    }
    if (scp_) {
      if (const auto denied = look_at_levels(policies_.scp, Layer::kScp, Principals::kNone, scp_allows_)) return denied;
    }
    if (policies_.endpoint != nullptr) {
      look(*policies_.endpoint, Principals::kFilter, endpoint_verdict_);
      if (endpoint_verdict_.deny >= 0) return denied(Layer::kEndpoint, endpoint_verdict_);
    }
    if (policies_.resource != nullptr) {
      look(*policies_.resource, Principals::kGrant, resource_verdict_);
      if (resource_verdict_.deny >= 0 && !beyond_bucket_policy(q_)) return denied(Layer::kResource, resource_verdict_);
    }
    if (has_identity_side_ && !root_) {
      for (const CompiledPolicy* policy : policies_.identity) {
        look(*policy, Principals::kNone, identity_verdict_);
        if (identity_verdict_.deny >= 0) return denied(Layer::kIdentity, identity_verdict_);
      }
    }
    if (boundary_ != nullptr) {
      look(*boundary_, Principals::kNone, boundary_verdict_);
      if (boundary_verdict_.deny >= 0) return denied(Layer::kBoundary, boundary_verdict_);
    }
    if (session_ && policies_.session) {
      for (const CompiledPolicy* policy : *policies_.session) {
        look(*policy, Principals::kNone, session_verdict_);
        if (session_verdict_.deny >= 0) return denied(Layer::kSession, session_verdict_);
      }
    }
    return std::nullopt;
  }

  std::optional<Decision> look_at_levels(std::span<const Policies::Set> levels, Layer layer, Principals principals,
                                         bool& all_allow) {
    for (const Policies::Set& level : levels) {
      Verdict verdict;
      for (const CompiledPolicy* policy : level) {
        look(*policy, principals, verdict);
        if (verdict.deny >= 0) return denied(layer, verdict);
      }
      all_allow = all_allow && verdict.allows;  // at every level [O-2]
    }
    return std::nullopt;
  }

  static Decision denied(Layer layer, const Verdict& verdict) {
    return {.effect = Effect::kDeny,
            .explicit_deny = true,
            .layer = layer,
            .policy = verdict.policy,
            .statement = verdict.deny};
  }

  /// Phase 2: what must allow, does it? [E-16]
  Decision weigh() const {
    if (!rcp_allows_) return implicit(Layer::kRcp);
    if (!scp_allows_) return implicit(Layer::kScp);
    if (policies_.endpoint != nullptr && !endpoint_verdict_.allows) return implicit(Layer::kEndpoint);

    const Match match = resource_verdict_.match;
    if (!has_identity_side_) return match == Match::kDirect ? allow() : implicit(Layer::kResource);

    const bool trust = policies_.resource_kind == ResourceKind::kTrust;
    bool granted = root_ || identity_verdict_.allows;
    if (q_.principal.account != q_.resource_account) {
      if (match == Match::kNone) return implicit(Layer::kResource);
    } else if (trust || policies_.resource_kind == ResourceKind::kKey) {
      if (match == Match::kNone) return implicit(Layer::kResource);  // [T-2, E-11]
      if (match == Match::kDirect) {
        const bool bounded = trust && q_.principal.type == PrincipalType::kUser && boundary_ != nullptr;
        return bounded && !boundary_verdict_.allows ? implicit(Layer::kBoundary) : allow();  // [T-5]
      }
      granted = granted || match == Match::kEntity;
    } else {
      if (match == Match::kDirect) return allow();  // [E-5 to E-7]
      granted = granted || match == Match::kEntity;
    }
    if (!granted) return implicit(Layer::kIdentity);
    if (boundary_ != nullptr && !boundary_verdict_.allows) return implicit(Layer::kBoundary);
    if (session_ && policies_.session && !session_verdict_.allows) return implicit(Layer::kSession);
    if (q_.principal.type == PrincipalType::kFederatedUser && !policies_.session)
      return implicit(Layer::kSession);  // [S-2]
    return allow();
  }

  /// Adds to `verdict` what the statements of one policy say that can match the action.
  void look(const CompiledPolicy& policy, Principals principals, Verdict& verdict) const {
    const std::uint32_t hash = q_.action.hash;
    auto exact = std::lower_bound(policy.exact.begin(), policy.exact.end(), hash,
                                  [](const ExactAction& a, std::uint32_t h) { return a.hash < h; });
    for (; exact != policy.exact.end() && exact->hash == hash; ++exact) {
      if (exact->name == action()) consider(policy, exact->statement, principals, verdict);
    }
    const std::uint32_t service = q_.action.service_hash;
    auto wild = std::lower_bound(policy.wild.begin(), policy.wild.end(), service,
                                 [](const WildAction& a, std::uint32_t h) { return a.service_hash < h; });
    for (; wild != policy.wild.end() && wild->service_hash == service; ++wild) {
      if (matches(wild->glob, action())) consider(policy, wild->statement, principals, verdict);
    }
    for (const std::uint32_t statement : policy.every) consider(policy, statement, principals, verdict);
    for (const ExceptAction& except : policy.except) {
      const bool excepted = except.none || std::any_of(except.except.begin(), except.except.end(),
                                                       [&](const Glob& glob) { return matches(glob, action()); });
      if (!excepted) consider(policy, except.statement, principals, verdict);
    }
  }

  /// One statement whose action matches: do its principal, resource and conditions, too? [L-20]
  void consider(const CompiledPolicy& policy, std::uint32_t index, Principals principals, Verdict& verdict) const {
    const CompiledStatement& s = policy.statements[index];
    const auto number = static_cast<std::int32_t>(index);
    if (s.allow ? verdict.allows && verdict.match == Match::kDirect : verdict.deny >= 0 && number >= verdict.deny)
      return;
    Match match = Match::kDirect;
    if (principals != Principals::kNone) {
      const bool any = !s.allow || principals == Principals::kFilter;
      match = s.not_principal ? (is_exempt(s, q_.principal, boundary_ != nullptr) ? Match::kNone : Match::kDirect)
                              : match_principal(s, q_.principal, any ? Reading::kAny : Reading::kGrant);
    }
    if (match == Match::kNone || !resource_matches(s)) return;
    for (const Condition& condition : s.conditions) {
      if (!holds(condition, *q_.context)) return;
    }
    if (s.allow) {
      verdict.allows = true;
      verdict.match = std::max(verdict.match, match);
    } else {
      verdict.policy = &policy;
      verdict.deny = number;
    }
  }

  [[nodiscard]] bool resource_matches(const CompiledStatement& s) const {
    const bool covered = std::any_of(s.resources.begin(), s.resources.end(),
                                     [&](const ResourcePattern& p) { return covers(p, q_.resource, *q_.context); });
    return covered != s.not_resource;  // [M-10]
  }

  [[nodiscard]] std::string_view action() const { return {lower_.data(), lower_size_}; }

  const Policies& policies_;
  const Request& q_;
  std::array<char, 256> lower_;
  std::size_t lower_size_ = 0;

  bool has_identity_side_ = false, root_ = false, service_linked_ = false;
  bool session_ = false, scp_ = false, rcp_ = false;
  const CompiledPolicy* boundary_ = nullptr;
  bool rcp_allows_ = true, scp_allows_ = true;
  Verdict endpoint_verdict_, resource_verdict_, identity_verdict_, boundary_verdict_, session_verdict_;
};

}  // namespace

Decision decide(const Policies& policies, const Request& request) noexcept {
  return Decider(policies, request).decide();
}

}  // namespace deputy::policy
