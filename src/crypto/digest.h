// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104); HMAC-SHA-1 for one-time passwords.
//
//   sha256(body).hex();
//   const HmacKey key(signing_key);      // once
//   key.sign(string_to_sign);            // many times; an HmacKey is a plain value and may be shared by threads
#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace deputy::crypto {

struct Digest {
  std::array<char, 32> bytes{};

  [[nodiscard]] std::string_view view() const { return {bytes.data(), bytes.size()}; }
  /// 64 lower-case hex digits, without an allocation.
  [[nodiscard]] std::array<char, 64> hex_digits() const;
  [[nodiscard]] std::string hex() const;
};

/// Of all parts, as if they stood one behind the other.
Digest sha256(std::initializer_list<std::string_view> parts);
inline Digest sha256(std::string_view bytes) { return sha256({bytes}); }

/// A key prepared for many signatures. Wiped when it goes.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  HmacKey(const HmacKey&) = default;
  HmacKey& operator=(const HmacKey&) = default;
  ~HmacKey();

  [[nodiscard]] Digest sign(std::initializer_list<std::string_view> parts) const;
  [[nodiscard]] Digest sign(std::string_view bytes) const { return sign({bytes}); }

 private:
  // The first block of the inner and of the outer digest. Hashing a block costs what copying a digest's state costs,
  // and needs neither an allocation nor a context for each key.
  std::array<char, 64> inner_, outer_;
};

/// For names that AWS makes of it, as the NameQualifier of SAML; it proves nothing. 20 bytes.
std::string sha1(std::initializer_list<std::string_view> parts);

inline Digest hmac_sha256(std::string_view key, std::string_view bytes) { return HmacKey(key).sign(bytes); }

/// For one-time passwords alone (RFC 4226): phones count with SHA-1, and a MAC does not need what SHA-1 lost.
std::array<unsigned char, 20> hmac_sha1(std::string_view key, std::string_view bytes);

}  // namespace deputy::crypto
