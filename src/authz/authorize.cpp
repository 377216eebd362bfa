#include "authz/authorize.h"

#include "authz/ask.h"

namespace deputy::authz {

Result<void> authorize(const directory::Caller& caller, std::span<const Access> accesses, const Circumstances& how,
                       const directory::Snapshot& snapshot, Wording wording, std::string* facts,
                       std::optional<policy::Decision>* decision) {
  if (accesses.empty()) return {};
  thread_local Ask ask;
  TRY_VOID(ask.begin(caller, how, snapshot));
  const Answer answer = ask.decide(accesses);
  if (decision != nullptr) *decision = answer.decision;
  if (answer.refused == nullptr) return {};
  if (facts != nullptr && caller.account != nullptr) {
    *facts = denial_facts(caller, *answer.refused, answer.decision, ask);
  }
  return Error("AccessDenied", 403, denial(caller, *answer.refused, answer.decision, wording, snapshot, ask));
}

Result<std::vector<std::optional<Error>>> authorize_each(const directory::Caller& caller,
                                                         std::span<const Access> accesses, const Circumstances& how,
                                                         const directory::Snapshot& snapshot, Wording wording) {
  std::vector<std::optional<Error>> refusals(accesses.size());
  thread_local Ask ask;
  TRY_VOID(ask.begin(caller, how, snapshot));
  for (std::size_t i = 0; i < accesses.size(); ++i) {
    const policy::Decision decision = ask.decide(accesses[i]);
    if (decision.allowed()) continue;
    refusals[i].emplace("AccessDenied", 403, denial(caller, accesses[i], decision, wording, snapshot, ask));
  }
  return refusals;
}

}  // namespace deputy::authz
