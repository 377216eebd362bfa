// Arbitrary bytes as a case of `deputy evaluate`: read it, compile its policies, decide.
//
// What must hold: the same question gets the same answer, with a trace and without; the answer names a statement that
// is there; a Deny of everything beside the policies never grants, nor does an endpoint that allows nothing; a line is
// answered in JSON whatever it holds; and the steps of a decision have a bound, beyond which it is a denial.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cases/evaluate.h"
#include "cases/policy_case.h"
#include "policy/compiled.h"
#include "policy/program.h"
#include "policy/special.h"
#include "policy/trace.h"
#include "policy/work.h"

namespace {

using namespace deputy::policy;  // NOLINT(google-build-using-namespace)

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

bool same(const Decision& a, const Decision& b) {
  return a.effect == b.effect && a.explicit_deny == b.explicit_deny && a.layer == b.layer && a.policy == b.policy &&
         a.statement == b.statement;
}

/// The last match before the end may go beyond the bound: one pattern over one value, both part of the case.
void check_steps(const Policies& policies, const Request& request, std::size_t size) {
  Work work;
  const Decision decision = decide(policies, request, work);
  require(work.steps() <= Work::kMostSteps + static_cast<std::int64_t>(100'000 + 16 * size), "steps without a bound");
  require(decision.exhausted ? !decision.allowed() : true, "allowed without all steps");
  Work few(work.steps() / 2);
  const Decision cut = decide(policies, request, few);
  require(!cut.allowed() || same(cut, decision), "fewer steps grant something else");
  require(!few.spent() || !cut.allowed(), "allowed with its steps used up");
}

void check_answer(const Decision& decision) {
  require((decision.policy == nullptr) == (decision.statement < 0), "a policy without a statement");
  if (decision.policy == nullptr) return;
  const auto statement = static_cast<std::size_t>(decision.statement);
  require(statement < decision.policy->statements.size(), "a statement that is not there");
  require(decision.policy->statements[statement].allow == decision.allowed(), "a statement of the other effect");
}

void check_more_denies(Policies policies, const Request& request) {
  static const CompiledPolicyPtr kDenyAll = *compile(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}})", Kind::kIdentity);
  static const CompiledPolicyPtr kAllowNothing = *compile(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"no:Thing","Resource":"*"}})",
      Kind::kEndpoint);
  if (needs_no_permission(request)) return;
  Policies narrowed = policies;
  narrowed.endpoint = kAllowNothing.get();
  if (request.action.lowered() != "no:thing")
    require(!decide(narrowed, request).allowed(), "an endpoint was passed by");
  const PrincipalType type = request.principal.type;
  if (type != PrincipalType::kUser && type != PrincipalType::kRoleSession) return;
  std::vector<const CompiledPolicy*> identity(policies.identity.begin(), policies.identity.end());
  identity.push_back(kDenyAll.get());
  policies.identity = identity;
  require(!decide(policies, request).allowed(), "a Deny of everything was passed over");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string answer;
  const bool decided = deputy::cases::evaluate_line(text, true, answer);
  require(answer.starts_with("{\"name\":") && answer.ends_with('}'), "an answer that is no JSON");
  if (!decided) return 0;

  std::string name;
  const auto read = deputy::cases::read_case(text, name);
  require(read && (*read)->build().empty(), "decided, and then no case");
  const Policies& policies = (*read)->policies();
  const Request& request = (*read)->request();
  Trace trace;
  const Decision plain = decide(policies, request);
  require(same(plain, decide(policies, request)), "two decisions of one question differ");
  require(same(plain, decide(policies, request, &trace)), "tracing changes the decision");
  require(same(plain, trace.decision()), "the trace tells another decision");
  (void)trace.text();
  check_answer(plain);
  check_steps(policies, request, size);
  check_more_denies(policies, request);
  return 0;
}
