// The operations of AWS Organizations that Deputy binds: the door of this room.
// https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html
//
// Each file of operations contributes its own list; table.cpp puts them together.
#pragma once

#include <span>

#include "services/operation.h"

namespace deputy::organizations {

using services::Access;
using services::Accesses;
using services::At;
using services::Binding;
using services::Outcome;

std::span<const Binding> bindings();

std::span<const Binding> organization_bindings();
std::span<const Binding> account_bindings();
std::span<const Binding> account_creation_bindings();
std::span<const Binding> handshake_bindings();
std::span<const Binding> service_access_bindings();
std::span<const Binding> delegated_administrator_bindings();
std::span<const Binding> unit_bindings();
std::span<const Binding> tree_bindings();
std::span<const Binding> enabled_type_bindings();
std::span<const Binding> policy_bindings();
std::span<const Binding> attachment_bindings();

}  // namespace deputy::organizations
