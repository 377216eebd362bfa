#include "authn/authorization_message.h"

#include <algorithm>

#include "authn/session_token.h"
#include "base/encoding.h"
#include "crypto/aead.h"

namespace deputy::authn {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kSaltBytes = 16, kTimeBytes = 8;
constexpr std::size_t kMinBytes = 1 + kSaltBytes + kTimeBytes + crypto::AeadKey::kTagBytes;
constexpr std::size_t kMaxText = 10240;
constexpr std::chrono::hours kLifetime{24};
constexpr std::string_view kAssociated = "deputy-authorization-message";
const std::string kZeroNonce(crypto::AeadKey::kNonceBytes, '\0');

crypto::AeadKey key_for(const crypto::Vault& vault, const directory::Account& account, std::string_view salt) {
  const std::string purpose = "authorization-message/" + account.id.str() + "/" + account.generation.str();
  return crypto::AeadKey(vault.mac(salt, purpose).view());
}

std::string to_url(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::optional<std::string> from_url(std::string_view message) {
  if (message.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string text(message);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return unbase64(text);
}

std::string big_endian(std::int64_t number) {
  std::string bytes(kTimeBytes, '\0');
  for (std::size_t i = kTimeBytes; i-- > 0; number >>= 8) bytes[i] = static_cast<char>(number & 0xff);
  return bytes;
}

std::int64_t from_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::string seal_authorization_message(const crypto::Vault& vault, crypto::Entropy& entropy,
                                       const directory::Account& account, Time now, std::string_view text) {
  const std::string salt = entropy.bytes(kSaltBytes);
  std::string bytes(1, kVersion);
  bytes.append(salt);
  key_for(vault, account, salt).seal_to(bytes, kZeroNonce, kAssociated, big_endian(epoch_seconds(now)).append(text));
  return to_url(base64(bytes));
}

std::optional<std::string> open_authorization_message(const crypto::Vault& vault, const directory::Account& account,
                                                      Time now, std::string_view message) {
  if (message.size() > kMaxText) return std::nullopt;
  const auto bytes = from_url(message);
  if (!bytes || bytes->size() < kMinBytes || bytes->front() != kVersion) return std::nullopt;
  const std::string_view salt = std::string_view(*bytes).substr(1, kSaltBytes);
  const std::string_view sealed = std::string_view(*bytes).substr(1 + kSaltBytes);
  auto plain = key_for(vault, account, salt).open(kZeroNonce, kAssociated, sealed);
  if (!plain) return std::nullopt;
  const Time made = from_epoch_seconds(from_big_endian(std::string_view(*plain).substr(0, kTimeBytes)));
  if (now - made > kLifetime || made - now > SessionTokens::kClocksApart) return std::nullopt;
  return plain->substr(kTimeBytes);
}

}  // namespace deputy::authn
