#include "crypto/digest.h"

#include <openssl/hmac.h>

#include <algorithm>

#include "base/encoding.h"
#include "crypto/engine.h"
#include "crypto/secret.h"

namespace deputy::crypto {
namespace {

class Hashing {
 public:
  Hashing() : context_(digest_context()) {
    require(EVP_DigestInit_ex2(context_, Engine::get().sha256, nullptr) == 1, "starting a digest");
  }
  void add(std::string_view bytes) {
    require(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1, "feeding a digest");
  }
  Digest finish() {
    Digest digest;
    require(EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(digest.bytes.data()), nullptr) == 1,
            "finishing a digest");
    return digest;
  }

 private:
  EVP_MD_CTX* context_;
};

}  // namespace

std::array<char, 64> Digest::hex_digits() const {
  std::array<char, 64> out;
  char* to = out.data();
  for (const char byte : bytes) to = put_hex(to, byte);
  return out;
}

std::string Digest::hex() const {
  const std::array<char, 64> digits = hex_digits();
  return {digits.data(), digits.size()};
}

Digest sha256(std::initializer_list<std::string_view> parts) {
  Hashing hashing;
  for (const std::string_view part : parts) hashing.add(part);
  return hashing.finish();
}

HmacKey::HmacKey(std::string_view key) {
  std::array<char, 64> block{};
  if (key.size() <= block.size()) {
    std::copy(key.begin(), key.end(), block.begin());
  } else {
    const Digest shorter = sha256(key);
    std::copy(shorter.bytes.begin(), shorter.bytes.end(), block.begin());
  }
  for (std::size_t i = 0; i < block.size(); ++i) {
    inner_[i] = static_cast<char>(block[i] ^ 0x36);
    outer_[i] = static_cast<char>(block[i] ^ 0x5c);
  }
  wipe(block.data(), block.size());
}

HmacKey::~HmacKey() {
  wipe(inner_.data(), inner_.size());
  wipe(outer_.data(), outer_.size());
}

Digest HmacKey::sign(std::initializer_list<std::string_view> parts) const {
  Hashing inner;
  inner.add({inner_.data(), inner_.size()});
  for (const std::string_view part : parts) inner.add(part);
  const Digest digest = inner.finish();
  return sha256({{outer_.data(), outer_.size()}, digest.view()});
}

std::string sha1(std::initializer_list<std::string_view> parts) {
  EVP_MD_CTX* context = digest_context();
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  bool good = EVP_DigestInit_ex2(context, EVP_sha1(), nullptr) == 1;
  for (const std::string_view part : parts) good = good && EVP_DigestUpdate(context, part.data(), part.size()) == 1;
  require(good && EVP_DigestFinal_ex(context, bytes.data(), &size) == 1, "no SHA-1");
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::array<unsigned char, 20> hmac_sha1(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, 20> mac;
  unsigned size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const bool worked =
      HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), data, bytes.size(), mac.data(), &size) != nullptr;
  require(worked && size == mac.size(), "an HMAC with SHA-1");
  return mac;
}

}  // namespace deputy::crypto
