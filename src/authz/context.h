// Builds the context keys of one request. [K-1]
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
  const policy::Context& build(const directory::Caller& caller, const Access& access, const Circumstances& how);

 private:
  void principal(const directory::Caller& caller);
  void session(const directory::Session& session, const Circumstances& how);
  void circumstances(const Circumstances& how);
  void resource(const directory::Caller& caller, const Access& access);
  void request(const Access& access);
  std::string_view keep(std::string text);
  std::vector<std::string_view>& next_list();

  policy::Context context_;
  std::vector<std::unique_ptr<std::string>> kept_;  // texts that no argument holds; reused
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<std::vector<std::string_view>>> lists_;
  std::size_t lists_used_ = 0;
};

}  // namespace deputy::authz
