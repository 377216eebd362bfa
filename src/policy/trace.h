// Why a decision fell as it did: the outcome of each layer and, for each statement, whether it applied or which of its
// elements did not, with the value that failed.
//
//   Trace trace;
//   Decision decision = decide(policies, request, &trace);   // the same decision as without it [TracingChangesNothing]
//   for (const Trace::Statement& s : trace.statements()) ... s.reason, "aws:SourceIp 10.0.0.4 is not in 192.0.2.0/24"
//
// A trace allocates and borrows nothing: it outlives the request and the policies, but for the pointers that say which
// policy is meant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/evaluate.h"

namespace deputy::policy {

/// "identity", "vpc_endpoint", …: the names of layers in outputs.
std::string_view name(Layer layer);

/// What the note says of a decision that is `exhausted`.
inline constexpr std::string_view kTooManySteps =
    "Denied because the decision takes too many steps: the policies hold too many or too long patterns for the values "
    "of this request.";

class Trace {
 public:
  enum class Element : std::uint8_t { kNone, kAction, kPrincipal, kResource, kCondition };
  enum class Outcome : std::uint8_t {
    kNoPart,   // the layer has no say in this request, or has no policy
    kDenies,   // an applicable Deny
    kAllows,   // an applicable Allow and no Deny
    kNoAllow,  // neither
  };

  struct Statement {
    Layer layer = Layer::kIdentity;
    std::uint32_t level = 0;   // SCPs and RCPs: from the root down
    std::uint32_t number = 0;  // of the policy in its set
    const CompiledPolicy* policy = nullptr;
    std::int32_t index = 0;  // of the statement in its policy
    std::string sid;
    bool allow = false;
    bool applies = false;
    Element failed = Element::kNone;  // the first element that does not match
    std::string reason;               // in one sentence, without full stop; empty if it applies
    Position position;                // in the policy's source
  };
  struct LayerLine {
    Layer layer;
    Outcome outcome;
  };

  [[nodiscard]] const std::vector<LayerLine>& layers() const { return layers_; }
  [[nodiscard]] const std::vector<Statement>& statements() const { return statements_; }
  /// What decided if no policy was asked, or what a layer's outcome means for this caller; may be empty.
  [[nodiscard]] const std::string& note() const { return note_; }
  [[nodiscard]] const Decision& decision() const { return decision_; }
  /// All of it for people, a line each.
  [[nodiscard]] std::string text() const;

  void clear();

 private:
  friend class Evaluation;
  std::vector<LayerLine> layers_;
  std::vector<Statement> statements_;
  std::string note_;
  Decision decision_;
};

}  // namespace deputy::policy
