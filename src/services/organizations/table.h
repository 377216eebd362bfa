// The operations of AWS Organizations that Deputy binds: the door of this room.
// https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html
//
// Each file of operations contributes its own list, which is cold (services/iam/table.h); table.cpp puts them together.
#pragma once

#include <span>

#include "services/operation.h"
#include "services/organizations/delegation.h"

namespace deputy::organizations {

using services::Access;
using services::Accesses;
using services::At;
using services::Outcome;

/// A row of this room's table. Only bind() makes one, so that what every operation asks for goes by the caller's way in.
class Binding {
 public:
  [[nodiscard]] const services::Binding& row() const { return row_; }

 private:
  constexpr explicit Binding(services::Binding row) : row_(row) {}
  template <class Op>
  friend constexpr Binding bind();

  services::Binding row_;
};

template <class Op>
constexpr Binding bind() {
  services::Binding row = services::bind<Op>();
  row.access = [](const At& at, const void* in) -> Result<Accesses> {
    TRY(Accesses accesses, Op::access(at, *static_cast<const typename Op::Input*>(in)));
    return by_way_in(at, std::move(accesses));
  };
  return Binding(row);
}

std::span<const services::Binding> bindings();

[[gnu::cold]] std::span<const Binding> organization_bindings();
[[gnu::cold]] std::span<const Binding> account_bindings();
[[gnu::cold]] std::span<const Binding> account_creation_bindings();
[[gnu::cold]] std::span<const Binding> account_closing_bindings();
[[gnu::cold]] std::span<const Binding> handshake_bindings();
[[gnu::cold]] std::span<const Binding> all_features_bindings();
[[gnu::cold]] std::span<const Binding> service_access_bindings();
[[gnu::cold]] std::span<const Binding> delegated_administrator_bindings();
[[gnu::cold]] std::span<const Binding> unit_bindings();
[[gnu::cold]] std::span<const Binding> tree_bindings();
[[gnu::cold]] std::span<const Binding> enabled_type_bindings();
[[gnu::cold]] std::span<const Binding> policy_bindings();
[[gnu::cold]] std::span<const Binding> attachment_bindings();
[[gnu::cold]] std::span<const Binding> resource_policy_bindings();
[[gnu::cold]] std::span<const Binding> effective_policy_bindings();
[[gnu::cold]] std::span<const Binding> tagging_bindings();
[[gnu::cold]] std::span<const Binding> partner_operation_bindings();

}  // namespace deputy::organizations
