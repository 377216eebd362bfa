#include "services/organizations/table.h"

#include <vector>

namespace deputy::organizations {

std::span<const services::Binding> bindings() {
  static const std::vector<services::Binding> kAll = [] {
    std::vector<services::Binding> all;
    for (const auto part :
         {organization_bindings(), account_bindings(), account_creation_bindings(), account_closing_bindings(),
          handshake_bindings(), all_features_bindings(), service_access_bindings(), delegated_administrator_bindings(),
          unit_bindings(), tree_bindings(), enabled_type_bindings(), policy_bindings(), attachment_bindings(),
          resource_policy_bindings(), effective_policy_bindings(), tagging_bindings(), partner_operation_bindings()}) {
      for (const Binding& binding : part) all.push_back(binding.row());
    }
    return all;
  }();
  return kAll;
}

}  // namespace deputy::organizations
