// Which way a caller comes to what is the management account's: as that account, as a delegated administrator who reads,
// or by the organization's resource policy. One function says it, to what asks for permission and to what runs then.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
//
//   static constexpr Binding kBindings[] = {bind<ListRoots>(), …};     // table.h: every access goes by_way_in
//   TRY(const Standing standing, as_delegate(at, kAction));            // standing.h: refuses who comes in no way
#pragma once

#include <cstdint>
#include <string_view>

#include "services/operation.h"

namespace deputy::organizations {

enum class Way : std::uint8_t {
  kNone,  // of no organization, or a member whom nothing lets in
  kManagement,
  kDelegatedAdministrator,  // of any service: reads
  kResourcePolicy,          // if the policy allows it, which is asked with the caller's own policies
};
Way way_in(const services::At& at, std::string_view action);

/// What is asked of the caller's account alone is asked of the resource policy too, where that is the way in. An access
/// that names an owner is left as it is.
services::Accesses by_way_in(const services::At& at, services::Accesses accesses);

/// Whether the resource policy may name the action: "organizations:ListRoots", in any case, without wildcards.
bool is_delegable(std::string_view action);

}  // namespace deputy::organizations
