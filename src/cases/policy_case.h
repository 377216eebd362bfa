// One question to the policy engine as JSON: the schema of docs/policy-evaluation.md, section 0, that `deputy
// evaluate`, the vectors and the differential tests share.
//
//   auto read = read_case(line);            // or why the line is none
//   if (read && (problem = (*read)->build()).empty()) decide((*read)->policies(), (*read)->request());
//
// Fields that the schema does not have are refused, so that a typo cannot disable a check.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "policy/evaluate.h"

namespace deputy::cases {

/// Holds what was read, and, once built, all that its request and policies borrow; stays where it is.
class PolicyCase {
 public:
  PolicyCase() = default;
  PolicyCase(const PolicyCase&) = delete;
  PolicyCase& operator=(const PolicyCase&) = delete;

  /// What the case says, for tests that change it and build a new one.
  struct Source {
    std::string name, rule;
    std::string principal_type, arn, account, unique_id, role_arn, user_arn, service;  // empty: null or absent
    std::string action, resource, resource_account;
    std::vector<std::pair<std::string, std::vector<std::string>>> context;
    std::vector<std::string> identity, session;                      // documents, as they stand in the case
    std::optional<std::string> boundary, resource_policy, endpoint;  //
    std::string resource_kind;
    std::vector<std::vector<std::string>> scp, rcp;
    std::string decision, layer;  // as expected; empty if the case does not say
    bool explicit_deny = false;
  };
  Source source;

  /// Compiles the documents and binds the request; empty, or what is wrong. Once.
  [[nodiscard]] std::string build();

  /// Valid once built, as long as the case.
  [[nodiscard]] const policy::Policies& policies() const { return policies_; }
  [[nodiscard]] const policy::Request& request() const { return *request_; }

 private:
  using Set = std::vector<const policy::CompiledPolicy*>;
  [[nodiscard]] Set compile_all(const std::vector<std::string>& documents, policy::Kind kind, std::string_view element);
  const policy::CompiledPolicy* compile_one(const std::optional<std::string>& document, policy::Kind kind,
                                            std::string_view element);

  std::string problem_;
  std::vector<policy::CompiledPolicyPtr> owned_;
  Set identity_, session_;
  std::deque<Set> levels_;
  std::vector<policy::Policies::Set> scp_, rcp_;
  std::deque<std::vector<std::string_view>> values_;
  policy::Context context_;
  std::optional<policy::Request> request_;
  policy::Policies policies_;
};

/// The failure is a sentence for people; `name` keeps the case's name if it could be read.
Result<std::unique_ptr<PolicyCase>, std::string> read_case(std::string_view json, std::string& name);
/// The elements of a JSON array, as text; nothing if it is none.
std::optional<std::vector<std::string_view>> array_elements(std::string_view json);

}  // namespace deputy::cases
