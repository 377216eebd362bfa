// explain(): the engine's trace in the words of the public API, for people and for programs.
#include <array>

#include "base/json_writer.h"
#include "embed/inside.h"
#include "policy/trace.h"

namespace deputy {
inline namespace v1 {
namespace {

using Outcome = Explanation::Outcome;
using Element = Explanation::Element;

constexpr std::array<std::string_view, 4> kOutcomes = {"none", "denies", "allows", "no-allow"};
constexpr std::array<std::string_view, 4> kOutcomeWords = {"takes no part", "denies", "allows", "does not allow"};
constexpr std::array<std::string_view, 5> kElements = {"", "Action", "Principal", "Resource", "Condition"};

template <std::size_t n, class Number>
std::string_view word(const std::array<std::string_view, n>& words, Number number) {
  const auto i = static_cast<std::size_t>(number);
  return i < n ? words[i] : std::string_view();
}

Outcome outcome_of(policy::Trace::Outcome outcome) {
  switch (outcome) {
    case policy::Trace::Outcome::kNoPart:
      return Outcome::kNoPart;
    case policy::Trace::Outcome::kDenies:
      return Outcome::kDenies;
    case policy::Trace::Outcome::kAllows:
      return Outcome::kAllows;
    case policy::Trace::Outcome::kNoAllow:
      return Outcome::kNoAllow;
  }
  return Outcome::kNoPart;
}

Element element_of(policy::Trace::Element element) {
  switch (element) {
    case policy::Trace::Element::kNone:
      return Element::kNone;
    case policy::Trace::Element::kAction:
      return Element::kAction;
    case policy::Trace::Element::kPrincipal:
      return Element::kPrincipal;
    case policy::Trace::Element::kResource:
      return Element::kResource;
    case policy::Trace::Element::kCondition:
      return Element::kCondition;
  }
  return Element::kNone;
}

Explanation::Statement statement_of(const policy::Trace::Statement& from, const PolicySet::Impl& set) {
  Explanation::Statement to;
  to.layer = layer_of(from.layer);
  to.level = from.level;
  to.policy_index = from.number;
  to.policy = set.name_of(from.policy);
  to.index = from.index;
  to.sid = from.sid;
  to.allow = from.allow;
  to.applies = from.applies;
  to.failed = element_of(from.failed);
  to.reason = from.reason;
  to.line = from.position.line;
  to.column = from.position.column;
  return to;
}

/// `"dana" statement 1 "ReadOnly" (line 3, column 5)`; the number of a policy stands where it has no name.
std::string place(const Explanation::Statement& s) {
  std::string out;
  if (s.layer == Layer::kScp || s.layer == Layer::kRcp) out += "level " + std::to_string(s.level) + " ";
  out += s.policy.empty() ? "policy " + std::to_string(s.policy_index + 1) : "\"" + s.policy + "\"";
  out += " statement " + std::to_string(s.index + 1);
  if (!s.sid.empty()) out += " \"" + s.sid + "\"";
  return out + " (line " + std::to_string(s.line) + ", column " + std::to_string(s.column) + ")";
}

void write_statement(JsonWriter& json, const Explanation::Statement& s) {
  json.begin_object().key("layer").value(name(s.layer));
  if (s.layer == Layer::kScp || s.layer == Layer::kRcp) json.key("level").value(static_cast<std::int64_t>(s.level));
  json.key("policy").value(s.policy).key("policyIndex").value(static_cast<std::int64_t>(s.policy_index));
  json.key("statement").value(s.index);
  if (!s.sid.empty()) json.key("sid").value(s.sid);
  json.key("line").value(static_cast<std::int64_t>(s.line)).key("column").value(static_cast<std::int64_t>(s.column));
  json.key("effect").value(s.allow ? "Allow" : "Deny").key("applies").value(s.applies);
  if (!s.applies) json.key("element").value(word(kElements, s.failed)).key("reason").value(s.reason);
  json.end_object();
}

/// What stands in the way of any decision.
std::string obstacle(const PolicySet& policies, const Request& request) {
  std::string why;
  if (!policies.ok()) why = "The policies cannot be used: " + policies.error();
  if (!request.ok()) why += (why.empty() ? "" : " ") + ("The request cannot be decided: " + request.error());
  return why;
}

}  // namespace

std::string Explanation::text() const {
  std::string out = decision.allowed ? "Allow\n" : decision.explicit_deny ? "Deny (explicit)\n" : "Deny\n";
  if (!note.empty()) out += note + "\n";
  for (const LayerOutcome& line : layers) {
    if (line.outcome == Outcome::kNoPart) continue;
    out += std::string(name(line.layer)) + " " + std::string(word(kOutcomeWords, line.outcome)) + "\n";
    for (const Statement& s : statements) {
      if (s.layer != line.layer) continue;
      out += "  " + place(s) + (s.allow ? " Allow " : " Deny ");
      out += s.applies ? "applies\n" : "does not apply: " + s.reason + "\n";
    }
  }
  return out;
}

std::string Explanation::json() const {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("decision").value(decision.allowed ? "Allow" : "Deny");
  json.key("explicit").value(decision.explicit_deny).key("layer");
  decision.layer == Layer::kNone ? json.null() : json.value(name(decision.layer));
  json.key("policy");
  decision.statement < 0 ? json.null() : json.value(decision.policy);
  json.key("statement");
  decision.statement < 0 ? json.null() : json.value(decision.statement);
  if (!note.empty()) json.key("note").value(note);
  json.key("layers").begin_object();
  for (const LayerOutcome& line : layers) json.key(name(line.layer)).value(word(kOutcomes, line.outcome));
  json.end_object().key("statements").begin_array();
  for (const Statement& s : statements) write_statement(json, s);
  json.end_array().end_object();
  return out;
}

Explanation explain(const PolicySet& policies, const Request& request) {
  Explanation out;
  if (!policies.ok() || !request.ok()) {
    out.note = obstacle(policies, request);
    return out;
  }
  const PolicySet::Impl& set = *Inside::of(policies);
  const Request::Impl& question = *Inside::of(request);
  policy::Trace trace;
  out.decision = decision_of(policy::decide(set.bound, question.request, &trace), set);
  out.note = trace.note();
  for (const auto& line : trace.layers()) out.layers.push_back({layer_of(line.layer), outcome_of(line.outcome)});
  for (const auto& statement : trace.statements()) out.statements.push_back(statement_of(statement, set));
  return out;
}

}  // namespace v1
}  // namespace deputy
