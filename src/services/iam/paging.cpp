#include "services/iam/paging.h"

#include "base/encoding.h"
#include "services/iam/errors.h"

namespace deputy::iam {

// marker = base64( list "\n" key )
std::string make_marker(std::string_view list, std::string_view after) {
  std::string plain(list);
  plain += '\n';
  plain += after;
  return base64(plain);
}

Result<std::string> read_marker(std::string_view list, std::string_view marker) {
  const std::optional<std::string> plain = unbase64(marker);
  if (!plain || plain->size() < list.size() + 2 || !plain->starts_with(list) || (*plain)[list.size()] != '\n') {
    return errors::invalid_marker();
  }
  return plain->substr(list.size() + 1);
}

}  // namespace deputy::iam
