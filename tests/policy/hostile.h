// Policies and requests that are made to be slow to decide: as many documents as AWS's quotas let one caller be under,
// each full of what multiplies with a value of the request. work_test counts their steps, policy_bench measures them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/compiled.h"
#include "policy/evaluate.h"

namespace deputy::policy::test {

/// What a tenant chooses.
struct HostileCase {
  std::string name;
  std::string action;  // elements of each statement, as JSON
  std::string resource;
  std::string condition;         // an operator and key: values are filled in until the document is full
  std::string value;             // of that list; "#" is replaced by a number of its own
  bool many_statements = false;  // each value in a statement of its own
  std::string user_agent = {}, referer = {};
  std::vector<std::string> tag_keys = {};  // aws:TagKeys
  std::vector<std::string> tags = {};      // keys of principal tags
  std::string requested = "arn:aws:iam::111111111111:user/bob";
};

/// Every product of two things that a tenant chooses.
std::vector<HostileCase> hostile_cases();

/// A federated user's session: of a user in ten groups, with boundary and session policies, in an organization of seven
/// levels, at a bucket with a policy. All documents as large as quotas allow, of the same text.
class Hostile {
 public:
  /// `distinct`: each document has memory of its own, as in a server; compiling them takes its time.
  explicit Hostile(const HostileCase& c, bool distinct = false);
  Hostile(const Hostile&) = delete;
  Hostile& operator=(const Hostile&) = delete;

  [[nodiscard]] const Policies& policies() const { return policies_; }
  [[nodiscard]] const Request& request() const { return request_; }

 private:
  /// Documents of a size.
  void make(Kind kind, std::size_t size, std::size_t count, std::vector<const CompiledPolicy*>& to);

  HostileCase case_;
  bool distinct_;
  std::vector<std::string_view> tag_keys_;
  Context context_;
  std::vector<CompiledPolicyPtr> owned_;
  std::vector<const CompiledPolicy*> identity_, session_, controls_, others_;
  std::vector<Policies::Set> levels_;
  Policies policies_;
  Request request_;
};

}  // namespace deputy::policy::test
