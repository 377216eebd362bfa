// Builds the context keys of one request. [K-1] A key that AWS would not set for this caller or this request is left
// out, never empty; tests/authz/cases/context.json has the tables of section K as data.
//
// Where a new key belongs: of the caller in principal(), of a session in session(), of the way a request came in
// circumstances(), of an operation's input in its Access (authz/access.h), which wins over all others: so AssumeRole
// with an MFA code sets aws:MultiFactorAuthPresent there. [K-3]
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "authz/authorize.h"
#include "policy/request.h"

namespace deputy::authz {

/// Reusable: one a thread. The context is valid until the next build and borrows from the arguments.
class ContextBuilder {
 public:
  /// `who` is the principal of `caller` (authz/principal.h).
  const policy::Context& build(const policy::Principal& who, const directory::Caller& caller, const Access& access,
                               const Circumstances& how, const directory::Snapshot& snapshot);

 private:
  void principal(const policy::Principal& who, const directory::Caller& caller);
  void tags_of_principal(const directory::Caller& caller);
  void service(const directory::ServiceCall& call);
  void session(const directory::Session& session, const Circumstances& how);
  void circumstances(const Circumstances& how);
  void circumstances_of_s3(const Circumstances& how);
  void resource(const directory::Caller& caller, const Access& access);
  void organizations(const directory::Caller& caller, const Access& access, const directory::Snapshot& snapshot);
  void organization_of(const directory::AccountState& account, policy::Key id, policy::Key paths,
                       const directory::Snapshot& snapshot);
  void request(const Access& access);
  void object_tags(const Access& access);
  void set_named(const directory::NamedKeys& keys);
  void set_list(policy::Key key, const std::vector<std::string>& values);
  std::string_view keep(std::string text);
  std::vector<std::string_view>& next_list();

  policy::Context context_;
  std::vector<std::unique_ptr<std::string>> kept_;  // texts that no argument holds; reused
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<std::vector<std::string_view>>> lists_;
  std::size_t lists_used_ = 0;
};

}  // namespace deputy::authz
