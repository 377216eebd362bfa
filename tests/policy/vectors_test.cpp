// Every case of cases/vectors.json, cases/rules.json and cases/regressions/, with and without a trace.
#include <gtest/gtest.h>

#include <filesystem>

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

/// What the engine and the reference once disagreed about (tests/reference/README.md).
TEST(VectorsTest, EveryRegressionIsDecidedAsExpected) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(DEPUTY_SOURCE_DIR "/tests/policy/cases/regressions")) {
    if (entry.path().extension() != ".json") continue;
    check_all("regressions/" + entry.path().filename().string());
    ++files;
  }
  EXPECT_GT(files, 0U);
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
