// What an organization lets its accounts do at most: its SCPs and RCPs, bound for each place when a snapshot is made, so
// that a request looks its account's up and walks no tree. docs/policy-evaluation.md, section O.
//
//   const Guardrails* over = organization.guardrails_of(member);   // null: nothing binds it
//   policies.scp = over->scp();
//
// Every unit has those of the accounts in it. An account to which policies are attached itself has its own; of the
// others nobody needs to know how many there are when something is attached to the root.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "directory/organization.h"

namespace deputy::directory {

/// The policies of one type that are attached to one place. The two lists go together.
struct BoundPolicies {
  std::vector<std::shared_ptr<const OrganizationPolicy>> policies;
  std::vector<const policy::CompiledPolicy*> compiled;
};

/// The root, a unit or an account, and what is attached to it.
struct GuardrailLevel {
  std::string target;  // its id
  BoundPolicies service_control, resource_control;
};

class Guardrails {
 public:
  using Set = std::span<const policy::CompiledPolicy* const>;
  using Levels = std::vector<std::shared_ptr<const GuardrailLevel>>;

  /// `levels`: root first. Of a type that is off there are no sets, and nothing is asked.
  Guardrails(const Organization& organization, Levels levels);
  /// Stands for what cannot be read: one level of each type that allows nothing.
  static std::shared_ptr<const Guardrails> lost();

  /// By level, root first; empty: the type is off.
  [[nodiscard]] std::span<const Set> scp() const { return scp_; }
  [[nodiscard]] std::span<const Set> rcp() const { return rcp_; }
  [[nodiscard]] const Levels& levels() const { return levels_; }

 private:
  Guardrails() = default;

  Levels levels_;
  std::vector<Set> scp_, rcp_;
};

/// The root or a unit, as those see it who are in it.
struct OrganizationPlace {
  std::string path;           // "o-…/r-…/ou-…/": of its accounts, aws:PrincipalOrgPaths [O-12]
  Guardrails::Levels levels;  // down to it
  std::shared_ptr<const Guardrails> of_accounts;  // to which nothing is attached themselves
};

/// Everything of one organization, from its units, policies and members.
struct OrganizationState;
void bind_guardrails(OrganizationState& organization);
/// Of one member that is new, or that changed; `before` may be null, as `after`.
void rebind_member(OrganizationState& organization, const Membership* before, const Membership* after);

}  // namespace deputy::directory
