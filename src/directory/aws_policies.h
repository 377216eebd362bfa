// AWS's own managed policies, the same for every account and in every snapshot. There are some 1,500, of which a server uses
// a few: an entity is made of one when it is asked for, and kept.
//
//   AwsPolicies policies(iam::aws_policies());
//   const ManagedPolicy* billing = policies.get("arn:aws:iam::aws:policy/job-function/Billing");
//
// INVARIANT: whoever asks for one gets the same entity, from any thread (AwsPoliciesTest.ThreadsShareOneEntity).
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "directory/entities.h"

namespace deputy::directory {

/// Which policies there are: facts that lie elsewhere. Both functions may be called from any thread.
struct AwsPolicyFacts {
  std::size_t count = 0;
  /// What ends the ARN, as "/job-function/Billing"; ascending.
  std::function<std::string_view(std::size_t index)> path_and_name;
  std::function<ManagedPolicy(std::size_t index)> make;
};

class AwsPolicies {
 public:
  explicit AwsPolicies(AwsPolicyFacts facts);
  AwsPolicies(const AwsPolicies&) = delete;
  AwsPolicies& operator=(const AwsPolicies&) = delete;
  ~AwsPolicies();

  [[nodiscard]] std::size_t size() const { return facts_.count; }
  /// Null if there is none. Lives as long as this.
  [[nodiscard]] const ManagedPolicy* get(std::string_view arn) const;

  /// Calls `see(arn, policy)` in the order of ARNs for those >= `from`, until it returns false.
  template <class See>
  void scan(std::string_view from, See&& see) const {
    for (std::size_t index = first_from(from); index < facts_.count; ++index) {
      const ManagedPolicy& policy = at(index);
      if (!see(std::string_view(policy.arn()), policy)) return;
    }
  }
  template <class See>
  void each(See&& see) const {
    for (std::size_t index = 0; index < facts_.count; ++index) see(at(index));
  }

 private:
  [[nodiscard]] std::size_t first_from(std::string_view arn) const;
  [[nodiscard]] const ManagedPolicy& at(std::size_t index) const;

  AwsPolicyFacts facts_;
  std::unique_ptr<std::atomic<const ManagedPolicy*>[]> made_;  // null: not yet
};

}  // namespace deputy::directory
