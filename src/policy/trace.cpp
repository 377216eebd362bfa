#include "policy/trace.h"

#include <array>

namespace deputy::policy {
namespace {

constexpr std::array<std::string_view, 7> kLayerNames = {"rcp",      "scp",      "vpc_endpoint", "resource",
                                                         "identity", "boundary", "session"};
constexpr std::array<std::string_view, 4> kOutcomes = {"takes no part", "denies", "allows", "does not allow"};

std::string place(const Trace::Statement& s) {
  std::string text;
  if (s.layer == Layer::kScp || s.layer == Layer::kRcp) text += " level " + std::to_string(s.level + 1);
  text += " policy " + std::to_string(s.number + 1) + " statement " + std::to_string(s.index + 1);
  if (!s.sid.empty()) text += " \"" + s.sid + "\"";
  return text + " (line " + std::to_string(s.position.line) + ", column " + std::to_string(s.position.column) + ")";
}

}  // namespace

std::string_view name(Layer layer) { return kLayerNames[static_cast<std::size_t>(layer)]; }

void Trace::clear() {
  layers_.clear();
  statements_.clear();
  note_.clear();
  decision_ = {};
}

std::string Trace::text() const {
  std::string out = decision_.allowed() ? "Allow\n" : decision_.explicit_deny ? "Deny (explicit)\n" : "Deny\n";
  if (!note_.empty()) out += note_ + "\n";
  for (const LayerLine& line : layers_) {
    if (line.outcome == Outcome::kNoPart) continue;
    out += std::string(name(line.layer)) + " " + std::string(kOutcomes[static_cast<std::size_t>(line.outcome)]) + "\n";
    for (const Statement& s : statements_) {
      if (s.layer != line.layer) continue;
      out += "  " + place(s) + (s.allow ? " Allow " : " Deny ") +
             (s.applies ? "applies" : "does not apply: " + s.reason) + "\n";
    }
  }
  return out;
}

}  // namespace deputy::policy
