#include "crypto/ssh_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <bit>
#include <memory>
#include <optional>

#include "base/encoding.h"
#include "crypto/engine.h"
#include "crypto/pem.h"

namespace deputy::crypto {
namespace {

constexpr std::string_view kType = "ssh-rsa", kWhite = " \t\r\n";

// ---- The strings of RFC 4251, section 5: a length of four bytes, highest first, and so many bytes.

void put_string(std::string& out, std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out.push_back(static_cast<char>(size >> shift));
  out.append(bytes);
}

std::optional<std::string_view> take_string(std::string_view& in) {
  if (in.size() < 4) return std::nullopt;
  std::size_t size = 0;
  for (const char c : in.substr(0, 4)) size = size << 8 | static_cast<unsigned char>(c);
  in.remove_prefix(4);
  if (size > in.size()) return std::nullopt;
  const std::string_view out = in.substr(0, size);
  in.remove_prefix(size);
  return out;
}

/// A positive number, in the shortest form that does not look negative.
std::string signed_form(const std::string& number) {
  return (static_cast<unsigned char>(number.front()) & 0x80) != 0 ? '\0' + number : number;
}

std::optional<std::string> take_number(std::string_view& in) {
  auto bytes = take_string(in);
  if (!bytes || bytes->empty()) return std::nullopt;
  if (bytes->front() == '\0') {
    bytes->remove_prefix(1);
    if (bytes->empty() || (static_cast<unsigned char>(bytes->front()) & 0x80) == 0) return std::nullopt;
  } else if ((static_cast<unsigned char>(bytes->front()) & 0x80) != 0) {
    return std::nullopt;
  }
  return std::string(*bytes);
}

std::string packed(const SshKey& key) {
  std::string out;
  put_string(out, kType);
  put_string(out, signed_form(key.exponent));
  put_string(out, signed_form(key.modulus));
  return out;
}

std::optional<SshKey> unpacked(std::string_view bytes) {
  const auto type = take_string(bytes);
  if (!type || *type != kType) return std::nullopt;
  auto exponent = take_number(bytes), modulus = take_number(bytes);
  if (!exponent || !modulus || !bytes.empty()) return std::nullopt;
  return SshKey{*std::move(modulus), *std::move(exponent)};
}

// ---- DER

/// A value of ASN.1: its tag, its length in the shortest form, and its content.
std::string der(unsigned char tag, std::string_view content) {
  std::string out(1, static_cast<char>(tag));
  if (content.size() < 0x80) {
    out.push_back(static_cast<char>(content.size()));
  } else {
    std::string length;
    for (std::size_t rest = content.size(); rest != 0; rest >>= 8) length.insert(0, 1, static_cast<char>(rest));
    out.push_back(static_cast<char>(0x80 | length.size()));
    out.append(length);
  }
  return out.append(content);
}

std::string number_of(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return {};
  std::string out(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(out.data()));
  BN_free(number);
  return out;
}

using Key = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* key) { EVP_PKEY_free(key); })>;

/// All of the bytes, as one of the two forms of a key.
std::optional<SshKey> of_der(std::string_view bytes, bool with_algorithm) {
  Engine::get();
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* const end = at + bytes.size();
  const auto size = static_cast<long>(bytes.size());
  const Key key(with_algorithm ? d2i_PUBKEY(nullptr, &at, size) : d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size));
  if (!key || at != end || EVP_PKEY_is_a(key.get(), "RSA") != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  return SshKey{number_of(key.get(), OSSL_PKEY_PARAM_RSA_N), number_of(key.get(), OSSL_PKEY_PARAM_RSA_E)};
}

bool is_sound(const SshKey& key) {
  if (key.modulus.empty() || key.exponent.empty() || key.exponent.size() > 4) return false;
  const std::size_t bits =
      key.modulus.size() * 8 - static_cast<std::size_t>(std::countl_zero(static_cast<unsigned char>(key.modulus[0])));
  const bool odd = (static_cast<unsigned char>(key.modulus.back()) & 1) != 0;
  const bool odd_exponent = (static_cast<unsigned char>(key.exponent.back()) & 1) != 0;
  return odd && odd_exponent && key.exponent != "\1" && bits >= SshKey::kMinBits && bits <= SshKey::kMaxBits;
}

}  // namespace

Result<SshKey, SshKey::Fault> SshKey::parse(std::string_view text) {
  if (text.size() > kMostPemBytes) return Failure(Fault::kInvalid);
  const std::size_t first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return Failure(Fault::kUnrecognized);
  text = text.substr(first, text.find_last_not_of(kWhite) - first + 1);
  std::optional<SshKey> key;
  if (text.starts_with("-----BEGIN ")) {
    const bool with_algorithm = text.starts_with("-----BEGIN PUBLIC KEY-----");
    if (!with_algorithm && !text.starts_with("-----BEGIN RSA PUBLIC KEY-----")) return Failure(Fault::kUnrecognized);
    const auto bytes = from_pem(text, with_algorithm ? "PUBLIC KEY" : "RSA PUBLIC KEY");
    if (bytes) key = of_der(*bytes, with_algorithm);
  } else {
    if (!text.starts_with(kType)) return Failure(Fault::kUnrecognized);
    text.remove_prefix(kType.size());
    const std::size_t from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos || from == 0) return Failure(Fault::kUnrecognized);
    text.remove_prefix(from);
    if (text.find_first_of("\r\n") != std::string_view::npos) return Failure(Fault::kInvalid);
    const auto bytes = unbase64(text.substr(0, text.find_first_of(" \t")));
    if (bytes) key = unpacked(*bytes);
  }
  if (!key || !is_sound(*key)) return Failure(Fault::kInvalid);
  return *std::move(key);
}

std::string SshKey::line() const { return std::string(kType) + ' ' + base64(packed(*this)); }

std::string SshKey::pem() const {
  constexpr std::string_view kRsaEncryption("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 13);
  const std::string numbers = der(0x30, der(0x02, signed_form(modulus)) + der(0x02, signed_form(exponent)));
  return to_pem(der(0x30, der(0x30, kRsaEncryption) + der(0x03, '\0' + numbers)), "PUBLIC KEY");
}

std::string SshKey::fingerprint() const {
  const std::string bytes = packed(*this);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) == 1, "no MD5");
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0) out.push_back(':');
    out.push_back(kDigits[digest[i] >> 4]);
    out.push_back(kDigits[digest[i] & 15]);
  }
  return out;
}

}  // namespace deputy::crypto
