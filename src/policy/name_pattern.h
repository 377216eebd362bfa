// A pattern for names of actions, for whoever has a list of them: `*` and `?` as in policies, ignoring case. [M-1, M-3]
//
//   const NamePattern pattern("Get*");
//   pattern.matches("GetObject");   // linear in the name (policy/glob.h)
#pragma once

#include <string_view>

#include "policy/glob.h"
#include "policy/pattern.h"

namespace deputy::policy {

class NamePattern {
 public:
  explicit NamePattern(std::string_view written);
  NamePattern(const NamePattern&) = delete;
  NamePattern& operator=(const NamePattern&) = delete;

  [[nodiscard]] bool matches(std::string_view name) const;

 private:
  GlobBuilder builder_;
  Work work_;  // a document is bounded: nobody counts it
  Glob glob_;
};

}  // namespace deputy::policy
