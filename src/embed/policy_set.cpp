// PolicySet: the layers of one decision, bound so that deciding has nothing left to gather.
#include <algorithm>

#include "embed/inside.h"

namespace deputy {
inline namespace v1 {
namespace {

constexpr unsigned kMostLevels = 16;  // AWS: the root, five OUs, the account
constexpr std::size_t kMostPolicies = 10000;

}  // namespace

PolicySet::Impl::Impl(const Impl& other)
    : owned(other.owned),
      identity(other.identity),
      session(other.session),
      boundary(other.boundary),
      resource(other.resource),
      endpoint(other.endpoint),
      resource_kind(other.resource_kind),
      has_session(other.has_session),
      scp(other.scp),
      rcp(other.rcp),
      error(other.error) {
  rebind();
}

void PolicySet::Impl::fail(std::string why) {
  if (error.empty()) error = std::move(why);
}

void PolicySet::Impl::add(const std::shared_ptr<const Policy::Impl>& policy, unsigned level) {
  if (owned.size() == kMostPolicies) return fail("A set holds at most 10000 policies.");
  const policy::CompiledPolicy* compiled = policy->compiled.get();
  owned.push_back(policy);
  switch (policy->type) {
    case PolicyType::kIdentity:
    case PolicyType::kManaged:
      identity.push_back(compiled);
      break;
    case PolicyType::kSession:
      session.push_back(compiled);
      has_session = true;
      break;
    case PolicyType::kBoundary:
      place(boundary, compiled, "permissions boundary");
      break;
    case PolicyType::kVpcEndpoint:
      place(endpoint, compiled, "VPC endpoint policy");
      break;
    case PolicyType::kTrust:
      place_resource(compiled, policy::ResourceKind::kTrust);
      break;
    case PolicyType::kBucket:
      place_resource(compiled, policy::ResourceKind::kBucket);
      break;
    case PolicyType::kKey:
      place_resource(compiled, policy::ResourceKind::kKey);
      break;
    case PolicyType::kGeneric:
      place_resource(compiled, policy::ResourceKind::kGeneric);
      break;
    case PolicyType::kScp:
      place_level(scp, compiled, level);
      break;
    case PolicyType::kRcp:
      place_level(rcp, compiled, level);
      break;
  }
  rebind();
}

void PolicySet::Impl::place(const policy::CompiledPolicy*& to, const policy::CompiledPolicy* compiled,
                            const char* what) {
  if (to != nullptr) return fail("There is a " + std::string(what) + " in the set already.");
  to = compiled;
}

void PolicySet::Impl::place_resource(const policy::CompiledPolicy* compiled, policy::ResourceKind kind) {
  place(resource, compiled, "policy of the resource");
  resource_kind = kind;
}

void PolicySet::Impl::place_level(std::vector<Pointers>& to, const policy::CompiledPolicy* compiled, unsigned level) {
  if (level >= kMostLevels) return fail("There is no level " + std::to_string(level) + " in an organization.");
  if (to.size() <= level) to.resize(level + 1);
  to[level].push_back(compiled);
}

void PolicySet::Impl::rebind() {
  bound = {};
  bound.identity = identity;
  bound.boundary = boundary;
  if (has_session) bound.session = session;
  bound.resource = resource;
  bound.resource_kind = resource_kind;
  bound.endpoint = endpoint;
  scp_sets.assign(scp.begin(), scp.end());
  rcp_sets.assign(rcp.begin(), rcp.end());
  bound.scp = scp_sets;
  bound.rcp = rcp_sets;
}

std::string_view PolicySet::Impl::name_of(const policy::CompiledPolicy* compiled) const {
  if (compiled == nullptr) return {};
  const auto found =
      std::find_if(owned.begin(), owned.end(), [&](const auto& p) { return p->compiled.get() == compiled; });
  return found == owned.end() ? std::string_view() : std::string_view((*found)->name);
}

PolicySet::PolicySet() : impl_(std::make_unique<Impl>()) {}
PolicySet::PolicySet(const PolicySet& other)
    : impl_(other.impl_ != nullptr ? std::make_unique<Impl>(*other.impl_) : nullptr) {}
PolicySet::PolicySet(PolicySet&& other) noexcept = default;
PolicySet& PolicySet::operator=(const PolicySet& other) {
  PolicySet copy(other);
  impl_.swap(copy.impl_);
  return *this;
}
PolicySet& PolicySet::operator=(PolicySet&& other) noexcept = default;
PolicySet::~PolicySet() = default;

PolicySet& PolicySet::add(const Policy& policy, unsigned level) {
  if (impl_ == nullptr) return *this;  // moved from: not ok()
  if (policy.ok()) {
    impl_->add(policy.impl_, level);
  } else {
    const std::string name(policy.name());
    impl_->fail((name.empty() ? "A policy" : "The policy \"" + name + "\"") +
                " did not compile: " + policy.problem().text());
  }
  return *this;
}

PolicySet& PolicySet::limit_to_session() {
  if (impl_ == nullptr) return *this;
  impl_->has_session = true;
  impl_->rebind();
  return *this;
}

PolicySet& PolicySet::require_levels(PolicyType type, unsigned levels) {
  if (impl_ == nullptr) return *this;
  if (type != PolicyType::kScp && type != PolicyType::kRcp) {
    impl_->fail("Only SCPs and RCPs have levels.");
  } else if (levels > kMostLevels) {
    impl_->fail("There are no " + std::to_string(levels) + " levels in an organization.");
  } else {
    auto& to = type == PolicyType::kScp ? impl_->scp : impl_->rcp;
    to.resize(std::max<std::size_t>(to.size(), levels));
    impl_->rebind();
  }
  return *this;
}

bool PolicySet::ok() const noexcept { return impl_ != nullptr && impl_->error.empty(); }

const std::string& PolicySet::error() const noexcept {
  static const std::string kMovedFrom = "The set was moved from.";
  if (impl_ == nullptr) return kMovedFrom;
  return impl_->error;
}

}  // namespace v1
}  // namespace deputy
