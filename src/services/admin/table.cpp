#include "services/admin/table.h"

#include "services/admin/accounts.h"
#include "services/admin/instance_profiles.h"

namespace deputy::admin {

std::span<const services::Binding> bindings() {
  static const services::Binding kBindings[] = {
      services::bind<CreateAccount>(), services::bind<GetAccount>(),          services::bind<ListAccounts>(),
      services::bind<DeleteAccount>(), services::bind<CreateRootAccessKey>(), services::bind<DescribeInstanceProfile>(),
  };
  return kBindings;
}

}  // namespace deputy::admin
