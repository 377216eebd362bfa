// decide(): from the handles to the engine and back. Nothing here allocates
// (EmbedTest.DecidingAllocatesNothingNorDoesARequestThatIsReset).
#include <array>

#include "embed/inside.h"

namespace deputy {
inline namespace v1 {

Layer layer_of(policy::Layer layer) noexcept {
  switch (layer) {
    case policy::Layer::kRcp:
      return Layer::kRcp;
    case policy::Layer::kScp:
      return Layer::kScp;
    case policy::Layer::kEndpoint:
      return Layer::kVpcEndpoint;
    case policy::Layer::kResource:
      return Layer::kResource;
    case policy::Layer::kIdentity:
      return Layer::kIdentity;
    case policy::Layer::kBoundary:
      return Layer::kBoundary;
    case policy::Layer::kSession:
      return Layer::kSession;
  }
  return Layer::kNone;
}

std::string_view name(Layer layer) noexcept {
  static constexpr std::array<std::string_view, 8> kNames = {"",         "rcp",      "scp",      "vpc_endpoint",
                                                             "resource", "identity", "boundary", "session"};
  const auto i = static_cast<std::size_t>(layer);
  return i < kNames.size() ? kNames[i] : std::string_view();
}

Decision decision_of(const policy::Decision& from, const PolicySet::Impl& set) noexcept {
  Decision to;
  to.allowed = from.allowed();
  to.explicit_deny = from.explicit_deny;
  if (!to.allowed && !from.exhausted) to.layer = layer_of(from.layer);
  to.statement = from.statement;
  to.policy = set.name_of(from.policy);
  return to;
}

Decision decide(const PolicySet& policies, const Request& request) noexcept {
  if (!policies.ok() || !request.ok()) return {};
  const PolicySet::Impl& set = *Inside::of(policies);
  const Request::Impl& question = *Inside::of(request);
  return decision_of(policy::decide(set.bound, question.request), set);
}

std::string_view version() noexcept { return DEPUTY_VERSION; }

}  // namespace v1
}  // namespace deputy
