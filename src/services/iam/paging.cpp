#include "services/iam/paging.h"

#include "base/encoding.h"
#include "crypto/digest.h"
#include "services/iam/errors.h"

namespace deputy::iam {

// marker = base64( list "\n" key )
std::string make_marker(std::string_view list, std::string_view after) {
  std::string plain(list);
  plain += '\n';
  plain += after;
  return base64(plain);
}

std::string short_key(std::string key) {
  constexpr std::size_t kMost = 200, kDigest = 64;
  if (key.size() <= kMost) return key;
  const std::string digest = crypto::sha256(key).hex();
  key.resize(kMost - kDigest);
  return key + digest;
}

Result<std::string> read_marker(std::string_view list, std::string_view marker) {
  const std::optional<std::string> plain = unbase64(marker);
  if (!plain || plain->size() < list.size() + 2 || !plain->starts_with(list) || (*plain)[list.size()] != '\n') {
    return errors::invalid_marker();
  }
  return plain->substr(list.size() + 1);
}

}  // namespace deputy::iam
