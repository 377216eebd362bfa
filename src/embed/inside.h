// What the handles of include/deputy/ hold. Internal to this room.
#pragma once

#include <deputy/deputy.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "embed/text_store.h"
#include "policy/compiled.h"
#include "policy/evaluate.h"
#include "policy/request.h"

namespace deputy {
inline namespace v1 {

struct Policy::Impl {
  PolicyType type;
  std::string name;
  policy::CompiledPolicyPtr compiled;  // null: `problem` says why
  Problem problem;
};

/// INVARIANT: `bound` borrows from the other members only; rebind() makes it so after any change of them.
struct PolicySet::Impl {
  using Pointers = std::vector<const policy::CompiledPolicy*>;

  std::vector<std::shared_ptr<const Policy::Impl>> owned;
  Pointers identity, session;
  const policy::CompiledPolicy* boundary = nullptr;
  const policy::CompiledPolicy* resource = nullptr;
  const policy::CompiledPolicy* endpoint = nullptr;
  policy::ResourceKind resource_kind = policy::ResourceKind::kGeneric;
  bool has_session = false;
  std::vector<Pointers> scp, rcp;
  std::vector<policy::Policies::Set> scp_sets, rcp_sets;
  policy::Policies bound;
  std::string error;

  Impl() = default;
  Impl(const Impl& other);
  Impl& operator=(const Impl&) = delete;

  void add(const std::shared_ptr<const Policy::Impl>& policy, unsigned level);
  /// Fills the place of a policy of which there can be one.
  void place(const policy::CompiledPolicy*& to, const policy::CompiledPolicy* compiled, const char* what);
  void place_resource(const policy::CompiledPolicy* compiled, policy::ResourceKind kind);
  void place_level(std::vector<Pointers>& to, const policy::CompiledPolicy* compiled, unsigned level);
  void fail(std::string why);
  void rebind();
  [[nodiscard]] std::string_view name_of(const policy::CompiledPolicy* compiled) const;
};

/// INVARIANT: all text of `request`, `context` and `named` lies in `text` or is static.
struct Request::Impl {
  /// A key that has no slot in the context, which can hold two of one name; it must not.
  struct NamedKey {
    std::string_view name;
    policy::Context::Values values;
  };

  TextStore text;
  std::vector<NamedKey> named;
  policy::Context context;
  policy::Request request{{}, policy::Action({}), {}, {}, nullptr};
  std::string error;

  void build(const Principal& principal, std::string_view action, std::string_view resource,
             std::string_view resource_account);
  void set(std::string_view key, const std::string_view* values, std::size_t count);

 private:
  void bind_principal(const Principal& principal);
  void bind_resource(std::string_view resource, std::string_view resource_account);
  void derive_principal_keys();
  /// Builds the context anew, after a change in `named`.
  void replace_named();
  /// A copy that lives as long as the request; empty, and an error, if it cannot be had.
  std::string_view keep(std::string_view what, std::string_view text);
  void fail(std::string why);
  /// As fail(), with what was written in quotes before it.
  void refuse(std::string_view written, std::string_view why);
};

/// The one door from a handle to what it holds. Null for a handle that was moved from.
struct Inside {
  static const PolicySet::Impl* of(const PolicySet& set) { return set.impl_.get(); }
  static const Request::Impl* of(const Request& request) { return request.impl_.get(); }
};

Layer layer_of(policy::Layer layer) noexcept;
Decision decision_of(const policy::Decision& decision, const PolicySet::Impl& set) noexcept;

}  // namespace v1
}  // namespace deputy
