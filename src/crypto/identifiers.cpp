// The identifiers of crypto/random.h. docs/wire.md, 5.5.
#include <array>

#include "base/encoding.h"
#include "crypto/random.h"

namespace deputy::crypto {
namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// The 80 bits of an access key id, from the top: one that is 1, forty of the account id, 39 random.
constexpr unsigned kAccountShift = 7;  // in the first six of the ten bytes
constexpr std::uint64_t kAccountMask = (std::uint64_t{1} << 40) - 1;
constexpr std::uint64_t kTopBit = std::uint64_t{1} << 47;

std::uint64_t first_six(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes.substr(0, 6)) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

}  // namespace

UniqueId make_unique_id(Entropy& entropy, std::string_view prefix) {
  std::array<unsigned char, 17> random;
  entropy.fill(std::as_writable_bytes(std::span(random)));
  std::string text(prefix);
  for (const unsigned char byte : random) text.push_back(kBase32[byte & 31]);
  return UniqueId(std::move(text));
}

std::string make_access_key_id(Entropy& entropy, std::string_view prefix, const AccountId& account) {
  std::string bytes = entropy.bytes(10);
  const std::uint64_t random = first_six(bytes) & ((std::uint64_t{1} << kAccountShift) - 1);
  const std::uint64_t front = kTopBit | account.number() << kAccountShift | random;
  for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<char>(front >> (8 * (5 - i)) & 0xff);
  return std::string(prefix) + base32(bytes);
}

std::optional<AccountId> account_of_access_key(std::string_view id) {
  if (id.size() != 20 || !(id.starts_with("AKIA") || id.starts_with("ASIA"))) return std::nullopt;
  const std::optional<std::string> bytes = unbase32(id.substr(4));
  if (!bytes) return std::nullopt;
  const std::uint64_t front = first_six(*bytes);
  if ((front & kTopBit) == 0) return std::nullopt;  // made before 2019
  return AccountId::from_number(front >> kAccountShift & kAccountMask);
}

std::string make_secret_access_key(Entropy& entropy) { return base64(entropy.bytes(30)); }

std::string make_lower_id(Entropy& entropy, std::string_view prefix, std::size_t count) {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  constexpr std::size_t fair = 256 - 256 % digits.size();  // bytes from here on would favour the first digits
  std::string id(prefix);
  while (id.size() < prefix.size() + count) {
    for (const char byte : entropy.bytes(count)) {
      const auto number = static_cast<unsigned char>(byte);
      if (number < fair && id.size() < prefix.size() + count) id.push_back(digits[number % digits.size()]);
    }
  }
  return id;
}

std::string uuid_of(std::string_view bytes) {
  std::array<char, 16> fixed{};
  bytes.copy(fixed.data(), fixed.size());
  fixed[6] = static_cast<char>((fixed[6] & 0x0f) | 0x40);  // version 4
  fixed[8] = static_cast<char>((fixed[8] & 0x3f) | 0x80);  // variant of RFC 4122
  std::string text(36, '-');
  char* to = text.data();
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++to;
    to = put_hex(to, fixed[i]);
  }
  return text;
}

std::string make_uuid(Entropy& entropy) {
  std::array<char, 16> random;
  entropy.fill(std::as_writable_bytes(std::span(random)));
  return uuid_of({random.data(), random.size()});
}

}  // namespace deputy::crypto
