// RSA public keys as SSH has them: the line of a .pub file (RFC 4253, section 6.6), or PEM.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_ssh-keys.html
//
//   auto key = SshKey::parse("ssh-rsa AAAAB3… dana@laptop");     // Result<SshKey, SshKey::Fault>
//   key->line();                                                 // "ssh-rsa AAAAB3…", without the comment
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace deputy::crypto {

/// A value. Nobody here checks a signature with one.
struct SshKey {
  enum class Fault : std::uint8_t { kUnrecognized, kInvalid };  // no such form; the form, and no key in it

  static constexpr std::size_t kMinBits = 2048, kMaxBits = 16384;

  std::string modulus, exponent;  // big-endian, without leading zeros

  /// A line "ssh-rsa …", "-----BEGIN PUBLIC KEY-----" or "-----BEGIN RSA PUBLIC KEY-----". The exponent is odd, 3 or
  /// more, and fits into 32 bits. What is behind the key in the line is a comment.
  static Result<SshKey, Fault> parse(std::string_view text);

  [[nodiscard]] std::string line() const;
  /// SubjectPublicKeyInfo, "-----BEGIN PUBLIC KEY-----".
  [[nodiscard]] std::string pem() const;
  /// MD5 of the key as SSH packs it, in pairs of hex digits with colons between.
  [[nodiscard]] std::string fingerprint() const;
};

}  // namespace deputy::crypto
