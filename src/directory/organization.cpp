#include "directory/organization.h"

#include <fmt/format.h>

#include <algorithm>

namespace deputy::directory {

const EnabledService* find_service(const std::vector<EnabledService>& services, std::string_view principal) {
  const auto at =
      std::find_if(services.begin(), services.end(), [&](const auto& s) { return s.principal == principal; });
  return at == services.end() ? nullptr : &*at;
}

std::string Organization::arn() const {
  return fmt::format("arn:aws:organizations::{}:organization/{}", management.view(), id);
}
std::string Organization::root_arn() const {
  return fmt::format("arn:aws:organizations::{}:root/{}/{}", management.view(), id, root);
}
std::string Organization::account_arn(const AccountId& account) const {
  return fmt::format("arn:aws:organizations::{}:account/{}/{}", management.view(), id, account.view());
}

std::string Handshake::arn(const AccountId& management) const {
  return fmt::format("arn:aws:organizations::{}:handshake/{}/invite/{}", management.view(), organization, id);
}

}  // namespace deputy::directory
