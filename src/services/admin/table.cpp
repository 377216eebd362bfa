#include "services/admin/table.h"

#include "services/admin/accounts.h"
#include "services/admin/entries.h"
#include "services/admin/instance_profiles.h"
#include "services/admin/seed.h"

namespace deputy::admin {

std::span<const services::Binding> bindings() {
  static const services::Binding kBindings[] = {
      services::bind<CreateAccount>(),       services::bind<GetAccount>(),
      services::bind<ListAccounts>(),        services::bind<DeleteAccount>(),
      services::bind<CreateRootAccessKey>(), services::bind<DescribeInstanceProfile>(),
      services::bind<ListEntries>(),         services::bind<GetEntry>(),
      services::bind<RemoveEntry>(),         services::bind<ApplySeed>(),
  };
  return kBindings;
}

}  // namespace deputy::admin
