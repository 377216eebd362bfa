#include "services/s3/control.h"

#include "services/s3/errors.h"

namespace deputy::s3 {

Result<services::Access> account_access(std::string_view action, std::string_view account) {
  const auto owner = AccountId::parse(account);
  if (!owner) return errors::invalid_account_id();
  services::Access access{.action = policy::Action(action), .resource = "*", .owner = *owner};
  access.keys.emplace_back(policy::Key::kS3ResourceAccount, owner->view());
  return access;
}

}  // namespace deputy::s3
