#include "services/admin/table.h"

#include "services/admin/accounts.h"

namespace deputy::admin {

std::span<const services::Binding> bindings() {
  static const services::Binding kBindings[] = {
      services::bind<CreateAccount>(), services::bind<GetAccount>(),          services::bind<ListAccounts>(),
      services::bind<DeleteAccount>(), services::bind<CreateRootAccessKey>(),
  };
  return kBindings;
}

}  // namespace deputy::admin
