// May this request happen under these policies? Start at decide(); docs/policy-engine.md walks one example.
//
// Pure and total: the same input gives the same answer anywhere, at any time. Nothing here allocates, locks, throws or
// reads a clock, so any number of threads may share compiled policies. [E-1] cites a rule of docs/policy-evaluation.md;
// tests/policy/cases/ has a case for each, named after it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "policy/compiled.h"
#include "policy/request.h"

namespace deputy::policy {

class Trace;
class Work;

enum class Effect : std::uint8_t { kDeny, kAllow };
/// In the order in which a missing allow is reported. [E-4]
enum class Layer : std::uint8_t { kRcp, kScp, kEndpoint, kResource, kIdentity, kBoundary, kSession };
/// What the resource policy hangs on decides how its allows count. [E-10, E-11]
enum class ResourceKind : std::uint8_t { kGeneric, kBucket, kKey, kTrust };

/// All policies that bind one request: the caller's side and the owner's. A ceiling that is absent (nullopt) limits
/// nothing; one that is present and empty allows nothing. [S-1, S-2] Borrowed: the snapshot that owns the policies
/// outlives the call.
struct Policies {
  using Set = std::span<const CompiledPolicy* const>;
  Set identity = {};                         // the entity's inline, managed and (users) group policies
  const CompiledPolicy* boundary = nullptr;  // null: none attached
  std::optional<Set> session = {};           // nullopt: none was passed when the session was made
  const CompiledPolicy* resource = nullptr;  // null: the resource has none
  ResourceKind resource_kind = ResourceKind::kGeneric;
  bool resource_only_denies = false;         // what `resource` allows does not count: S3 restricts public buckets
  bool granted = false;                      // the resource's access control list allows it, as `resource` would
  std::span<const Set> scp = {}, rcp = {};   // by level, root first, each must allow; empty: not evaluated [O-2, O-7]
  const CompiledPolicy* endpoint = nullptr;  // null: not through a VPC endpoint
};

struct Decision {
  Effect effect = Effect::kDeny;           // a request is denied until something allows it [E-1]
  bool explicit_deny = false;              // an applicable Deny decided
  Layer layer = Layer::kIdentity;          // the layer that denied; without meaning for an allow
  const CompiledPolicy* policy = nullptr;  // that said so; null: the allow was missing
  std::int32_t statement = -1;             // its index in that policy's document; -1: none
  bool exhausted = false;                  // denied because the answer takes too many steps (work.h)
  [[nodiscard]] bool allowed() const { return effect == Effect::kAllow; }
};

/// Decides one action on one resource, both accounts of a cross-account request included. [E-16, X-1]
/// Cost: the statements that can match the action, each once, and Work::kMostSteps at most: who needs more is denied,
/// and told so. With a `trace` every statement is visited and explained, and the decision is the same one (property
/// test: TracingChangesNothing).
[[nodiscard]] Decision decide(const Policies& policies, const Request& request, Trace* trace = nullptr) noexcept;
/// The same within what `work` has left: of several decisions of one request.
[[nodiscard]] Decision decide(const Policies& policies, const Request& request, Work& work) noexcept;

}  // namespace deputy::policy
