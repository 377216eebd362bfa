#include "services/organizations/paging.h"

#include "base/encoding.h"
#include "services/organizations/errors.h"

namespace deputy::organizations {

// token = base64( list "\n" key )
std::string make_token(std::string_view list, std::string_view after) {
  return base64(std::string(list) + '\n' + std::string(after));
}

Result<std::string> read_token(std::string_view list, std::string_view token) {
  const std::optional<std::string> plain = unbase64(token);
  if (!plain || plain->size() < list.size() + 2 || !plain->starts_with(list) || (*plain)[list.size()] != '\n') {
    return errors::invalid_next_token();
  }
  return plain->substr(list.size() + 1);
}

}  // namespace deputy::organizations
