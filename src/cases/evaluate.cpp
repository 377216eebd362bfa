#include "cases/evaluate.h"

#include <array>
#include <istream>
#include <ostream>

#include "base/json_writer.h"
#include "cases/policy_case.h"
#include "policy/trace.h"

namespace deputy::cases {
namespace {

using policy::Trace;

constexpr std::array<std::string_view, 4> kOutcomes = {"none", "denies", "allows", "no-allow"};
constexpr std::array<std::string_view, 5> kElements = {"", "Action", "Principal", "Resource", "Condition"};

void write_statement(JsonWriter& json, const Trace::Statement& s) {
  json.begin_object().key("layer").value(policy::name(s.layer));
  json.key("level").value(static_cast<std::int64_t>(s.level));
  json.key("policy").value(static_cast<std::int64_t>(s.number)).key("statement").value(s.index);
  if (!s.sid.empty()) json.key("sid").value(s.sid);
  json.key("line").value(static_cast<std::int64_t>(s.position.line));
  json.key("column").value(static_cast<std::int64_t>(s.position.column));
  json.key("effect").value(s.allow ? "Allow" : "Deny").key("applies").value(s.applies);
  if (!s.applies)
    json.key("element").value(kElements[static_cast<std::size_t>(s.failed)]).key("reason").value(s.reason);
  json.end_object();
}

void write_trace(JsonWriter& json, const Trace& trace) {
  json.key("trace").begin_object();
  if (!trace.note().empty()) json.key("note").value(trace.note());
  json.key("layers").begin_object();
  for (const Trace::LayerLine& line : trace.layers()) {
    json.key(policy::name(line.layer)).value(kOutcomes[static_cast<std::size_t>(line.outcome)]);
  }
  json.end_object().key("statements").begin_array();
  for (const Trace::Statement& s : trace.statements()) write_statement(json, s);
  json.end_array().end_object();
}

}  // namespace

bool evaluate_line(std::string_view line, bool trace, std::string& out) {
  JsonWriter json(out);
  std::string name;
  auto read = read_case(line, name);
  std::string problem = read ? (*read)->build() : read.error();
  json.begin_object().key("name");
  if (name.empty() && !read) {
    json.null();
  } else {
    json.value(name);
  }
  if (!problem.empty()) {
    json.key("error").value(problem).end_object();
    return false;
  }
  Trace told;
  const policy::Decision decision = policy::decide((*read)->policies(), (*read)->request(), trace ? &told : nullptr);
  json.key("decision").value(decision.allowed() ? "Allow" : "Deny").key("explicit").value(decision.explicit_deny);
  json.key("layer");
  if (decision.allowed() || decision.exhausted) {
    json.null();
  } else {
    json.value(policy::name(decision.layer));
  }
  json.key("statement");
  if (decision.statement < 0) {
    json.null();
  } else {
    json.value(decision.statement);
  }
  if (decision.exhausted) json.key("reason").value(policy::kTooManySteps);
  if (trace) write_trace(json, told);
  json.end_object();
  return true;
}

int evaluate(std::istream& in, std::ostream& out, bool trace) {
  bool good = true;
  std::string line;
  std::string answer;
  while (std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    answer.clear();
    good = evaluate_line(line, trace, answer) && good;
    answer.push_back('\n');
    out << answer;
    if (in.rdbuf()->in_avail() <= 0) out.flush();  // whoever asks line by line waits for the answer
  }
  return good ? 0 : 1;
}

}  // namespace deputy::cases
