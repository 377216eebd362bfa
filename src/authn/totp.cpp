#include "authn/totp.h"

#include "crypto/digest.h"

namespace deputy::authn {

std::string hotp(std::string_view key, std::uint64_t counter, unsigned digits) {
  std::string moving(8, '\0');  // big-endian
  for (unsigned i = 0; i < 8; ++i) moving[i] = static_cast<char>(counter >> (56 - 8 * i));
  const auto mac = crypto::hmac_sha1(key, moving);

  // Dynamic truncation: 31 bits from where the last nibble points. RFC 4226, 5.3
  const std::size_t at = mac.back() & 15U;
  std::uint32_t number = mac[at] & 0x7fU;
  for (std::size_t i = 1; i < 4; ++i) number = (number << 8) | mac[at + i];

  std::string password(digits, '0');
  for (auto digit = password.rbegin(); digit != password.rend(); ++digit, number /= 10) {
    *digit = static_cast<char>('0' + number % 10);
  }
  return password;
}

}  // namespace deputy::authn
