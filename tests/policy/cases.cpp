#include "policy/cases.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "policy/trace.h"

namespace deputy::policy::test {

std::string read_file(const std::string& file) {
  std::ifstream in(std::string(DEPUTY_SOURCE_DIR) + "/tests/policy/cases/" + file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const Cases& cases_of(const std::string& file) {
  static std::map<std::string, Cases> read_before;
  Cases& cases = read_before[file];
  if (!cases.empty()) return cases;
  const std::string text = read_file(file);
  const auto elements = cases::array_elements(text);
  if (!elements) {
    ADD_FAILURE() << file << " is no list of cases";
    return cases;
  }
  for (const std::string_view element : *elements) {
    std::string name;
    auto read = cases::read_case(element, name);
    const std::string problem = read ? (*read)->build() : read.error();
    if (!problem.empty()) {
      ADD_FAILURE() << file << ": " << name << ": " << problem;
      continue;
    }
    cases.push_back(*std::move(read));
  }
  return cases;
}

std::unique_ptr<PolicyCase> build(PolicyCase::Source source) {
  auto c = std::make_unique<PolicyCase>();
  c->source = std::move(source);
  const std::string problem = c->build();
  if (!problem.empty()) ADD_FAILURE() << c->source.name << ": " << problem;
  return c;
}

Decision decide(const PolicyCase& c) { return policy::decide(c.policies(), c.request()); }

std::string describe(const Decision& decision) {
  if (decision.allowed()) return "Allow";
  return std::string("Deny") + (decision.explicit_deny ? " explicit" : "") +
         " layer=" + std::string(name(decision.layer));
}

std::string expected(const PolicyCase& c, const Decision& decision) {
  if (c.source.decision == "Allow") return "Allow";
  const std::string layer = c.source.layer == "any" ? std::string(name(decision.layer)) : c.source.layer;
  return c.source.decision + (c.source.explicit_deny ? " explicit" : "") + " layer=" + layer;
}

}  // namespace deputy::policy::test
