#include "services/organizations/table.h"

#include <vector>

namespace deputy::organizations {

std::span<const Binding> bindings() {
  static const std::vector<Binding> kAll = [] {
    std::vector<Binding> all;
    for (const auto part :
         {organization_bindings(), account_bindings(), account_creation_bindings(), handshake_bindings(),
          service_access_bindings(), delegated_administrator_bindings(), unit_bindings(), tree_bindings(),
          enabled_type_bindings(), policy_bindings(), attachment_bindings()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return kAll;
}

}  // namespace deputy::organizations
