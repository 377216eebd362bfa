// The decision with its provenance and without its words: may this caller have this access, who said so, and if asked
// for, why. authorize() (authz/authorize.h) is this and AWS's sentences; explain and the simulator stand on it, too.
//
//   Ask ask;                                                    // reusable: one a thread
//   TRY_VOID(ask.begin(caller, how, snapshot));                 // gathers the caller's policies [E-2]
//   const policy::Decision decision = ask.decide(access);
//   if (const auto by = ask.source_of(decision)) ... by->name   // "arn:aws:iam::111111111111:policy/NoDelete"
//
// Whoever is allowed pays nothing for provenance: a decision points at the policy that made it, and what that policy is
// gets looked up when somebody asks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "authz/access.h"
#include "authz/authorize.h"
#include "authz/context.h"
#include "authz/gather.h"
#include "policy/trace.h"
#include "policy/work.h"

namespace deputy::authz {

/// A policy that took part, as people know it. Borrows from the snapshot and the session.
struct Source {
  policy::Layer layer = policy::Layer::kIdentity;
  std::uint32_t number = 0;  // in its layer, as in Trace::Statement
  std::uint32_t level = 0;   // of SCPs and RCPs, the root's being the first
  /// Of the caller's side; nothing: the policy of the resource or of an organization, or one that hangs on nothing
  /// (Access::account_allows).
  std::optional<directory::PolicyOrigin> origin = {};
  const directory::OrganizationPolicy* guardrail = nullptr;  // an SCP or RCP

  /// The ARN of the user, group or role that has the policy; of the caller for a session's; of the resource for its own;
  /// the id of the root, unit or account to which a guardrail is attached, empty where that is the account in question.
  std::string owner = {};
  std::string name = {};  // of an inline policy; the ARN of a managed one or of a guardrail; else empty
  std::optional<std::uint32_t> version = {};  // of a managed one
  const std::string* text = nullptr;          // as it was written; null: not known here
};

/// What several accesses together got.
struct Answer {
  policy::Decision decision;        // of the first that was refused, or of the last
  const Access* refused = nullptr;  // null: all are granted
};

class Ask {
 public:
  /// Everything is borrowed until the next begin(). Fails closed where a policy of the caller cannot be found.
  Result<void> begin(const directory::Caller& caller, const Circumstances& how, const directory::Snapshot& snapshot);

  /// One access after the other, within one request's number of steps (policy/work.h).
  policy::Decision decide(const Access& access);
  /// All of them, until one is refused. None are granted.
  Answer decide(std::span<const Access> accesses);
  /// The same decision with every statement of every layer explained; it takes nothing from the request's steps.
  policy::Decision explain(const Access& access, policy::Trace& trace);

  /// The context of the last access: valid until the next one.
  [[nodiscard]] const policy::Context& context() const { return *context_; }

  /// What a policy is: by the layer, number and level that a Trace::Statement names. Of the access that was asked last.
  [[nodiscard]] std::optional<Source> source(policy::Layer layer, std::uint32_t number, std::uint32_t level = 0) const;
  /// What decided; nothing if no policy did, as when an allow was missing.
  [[nodiscard]] std::optional<Source> source_of(const policy::Decision& decision) const;

 private:
  policy::Policies policies_for(const Access& access);
  [[nodiscard]] const directory::AccountState* owner_of(const Access& access) const;
  [[nodiscard]] const directory::AccountState* guarded_by(policy::Layer layer) const;
  [[nodiscard]] std::optional<Source> guardrail(policy::Layer layer, std::uint32_t number, std::uint32_t level) const;
  [[nodiscard]] std::optional<Source> guardrail_that_is(policy::Layer layer,
                                                        const policy::CompiledPolicy* policy) const;
  policy::Request request_for(const Access& access);
  template <class Decide>
  policy::Decision within_scopes(policy::Decision decision, const policy::Request& request, Decide&& decide) const;

  const directory::Caller* caller_ = nullptr;
  const Circumstances* how_ = nullptr;
  const directory::Snapshot* snapshot_ = nullptr;
  const Access* access_ = nullptr;  // the last
  const policy::Context* context_ = nullptr;
  policy::Principal principal_;
  std::optional<policy::Work> work_;  // of one request
  // Kept between requests, so that a decision allocates little:
  ContextBuilder builder_;
  CallerPolicies policies_;
  std::vector<const policy::CompiledPolicy*> with_account_;
  std::string arn_;  // of principal_
};

}  // namespace deputy::authz
