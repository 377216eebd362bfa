// Policy: a document through parse, validate and compile.
#include "base/encoding.h"
#include "embed/inside.h"
#include "policy/document.h"

namespace deputy {
inline namespace v1 {
namespace {

using policy::Kind;

/// What a number that is no PolicyType compiles as: nothing.
bool is_type(PolicyType type) { return type <= PolicyType::kRcp; }

/// Boundaries are managed policies [L-19]. A resource policy of no service in particular has the grammar of a key
/// policy: a principal, and no service's own lists of actions and keys.
Kind kind_of(PolicyType type) {
  switch (type) {
    case PolicyType::kIdentity:
      return Kind::kIdentity;
    case PolicyType::kManaged:
    case PolicyType::kBoundary:
      return Kind::kManaged;
    case PolicyType::kSession:
      return Kind::kSession;
    case PolicyType::kTrust:
      return Kind::kTrust;
    case PolicyType::kBucket:
      return Kind::kBucket;
    case PolicyType::kKey:
    case PolicyType::kGeneric:
      return Kind::kKey;
    case PolicyType::kVpcEndpoint:
      return Kind::kEndpoint;
    case PolicyType::kScp:
      return Kind::kScp;
    case PolicyType::kRcp:
      return Kind::kRcp;
  }
  return Kind::kIdentity;
}

Problem problem_of(policy::Problem&& from) {
  Problem to;
  to.message = std::move(from.message);
  to.detail = std::move(from.detail);
  to.line = from.position.line;
  to.column = from.position.column;
  to.offset = from.position.offset;
  return to;
}

std::shared_ptr<const Policy::Impl> make(PolicyType type, std::string_view json, std::string_view name) {
  auto impl = std::make_shared<Policy::Impl>(Policy::Impl{type, {}, nullptr, {}});
  constexpr std::size_t kLongestName = 2048;
  if (!is_type(type)) {
    impl->problem.message = "There is no policy type of this number.";
  } else if (name.size() > kLongestName || !is_utf8(name)) {
    impl->problem.message = "The name of the policy is no UTF-8 text of at most 2048 bytes.";
  } else {
    impl->name = name;
    auto compiled = policy::compile(json, kind_of(type));
    if (compiled) {
      impl->compiled = *std::move(compiled);
    } else {
      impl->problem = problem_of(std::move(compiled).error());
    }
  }
  return impl;
}

}  // namespace

std::string Problem::text() const {
  std::string out;
  if (line != 0) out = "line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
  out += message;
  if (!detail.empty()) out += (message.empty() ? "" : " ") + detail;
  return out;
}

Policy::Policy(PolicyType type, std::string_view json, std::string_view name) : impl_(make(type, json, name)) {}

bool Policy::ok() const noexcept { return impl_ != nullptr && impl_->compiled != nullptr; }

const Problem& Policy::problem() const noexcept {
  static const Problem kMovedFrom{"The policy was moved from.", {}, 0, 0, 0};
  if (impl_ == nullptr) return kMovedFrom;
  return impl_->problem;
}

PolicyType Policy::type() const noexcept { return impl_ != nullptr ? impl_->type : PolicyType::kIdentity; }
std::string_view Policy::name() const noexcept { return impl_ != nullptr ? impl_->name : std::string_view(); }

}  // namespace v1
}  // namespace deputy
