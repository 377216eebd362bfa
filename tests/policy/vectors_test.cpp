// Every case of cases/vectors.json and cases/rules.json, with and without a trace.
#include <gtest/gtest.h>

#include "policy/cases.h"
#include "policy/trace.h"

namespace deputy::policy::test {
namespace {

void check_all(const std::string& file) {
  for (const auto& c : cases_of(file)) {
    const Decision decision = decide(*c);
    if (describe(decision) == expected(*c, decision)) continue;
    Trace trace;
    (void)policy::decide(c->policies(), c->request(), &trace);
    ADD_FAILURE() << c->source.name << " [" << c->source.rule << "]: expected " << expected(*c, decision) << ", got "
                  << describe(decision) << "\n"
                  << trace.text();
  }
}

TEST(VectorsTest, EveryVectorIsDecidedAsExpected) {
  EXPECT_EQ(cases_of("vectors.json").size(), 817U);
  check_all("vectors.json");
}

TEST(VectorsTest, EveryCaseOfARuleThatTheVectorsLeaveOutIsDecidedAsExpected) {
  EXPECT_GT(cases_of("rules.json").size(), 150U);
  check_all("rules.json");
}

TEST(VectorsTest, TracingChangesNothing) {
  for (const auto& c : cases_of("vectors.json")) {
    Trace trace;
    const Decision plain = decide(*c);
    const Decision traced = policy::decide(c->policies(), c->request(), &trace);
    EXPECT_EQ(describe(plain), describe(traced)) << c->source.name;
    EXPECT_EQ(plain.policy, traced.policy) << c->source.name;
    EXPECT_EQ(plain.statement, traced.statement) << c->source.name;
    EXPECT_EQ(describe(trace.decision()), describe(traced)) << c->source.name;
  }
}

}  // namespace
}  // namespace deputy::policy::test
