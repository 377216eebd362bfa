#include "crypto/aead.h"

#include <atomic>
#include <climits>

#include "crypto/engine.h"

namespace deputy::crypto {
namespace {

const unsigned char* data(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* data(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

/// Sets key and nonce on this thread's context and feeds the associated data.
EVP_CIPHER_CTX* start(Direction direction, const Secret& key, std::uint64_t id, std::string_view nonce,
                      std::string_view associated) {
  require(nonce.size() == AeadKey::kNonceBytes, "a nonce of the wrong length");
  CipherContext& kept = cipher_context(direction);
  const unsigned char* new_key = kept.key == id ? nullptr : data(key.reveal());
  kept.key = 0;  // until it is set
  require(EVP_CipherInit_ex2(kept.context, nullptr, new_key, data(nonce), static_cast<int>(direction), nullptr) == 1,
          "starting a cipher");
  kept.key = id;
  int written = 0;
  require(EVP_CipherUpdate(kept.context, nullptr, &written, data(associated), static_cast<int>(associated.size())) == 1,
          "associated data");
  return kept.context;
}

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

AeadKey::AeadKey(std::string_view key) : key_(key), id_(next_id()) {
  require(key.size() == kKeyBytes, "a key of the wrong length");
}

void AeadKey::seal_to(std::string& out, std::string_view nonce, std::string_view associated,
                      std::string_view plaintext) const {
  require(plaintext.size() <= INT_MAX && associated.size() <= INT_MAX, "too much to seal");
  EVP_CIPHER_CTX* context = start(Direction::kSeal, key_, id_, nonce, associated);
  const std::size_t from = out.size();
  out.resize(from + plaintext.size() + kTagBytes);
  char* to = out.data() + from;
  int written = 0, last = 0;
  require(
      EVP_CipherUpdate(context, data(to), &written, data(plaintext), static_cast<int>(plaintext.size())) == 1 &&
          EVP_CipherFinal_ex(context, data(to) + written, &last) == 1 &&
          EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagBytes), to + plaintext.size()) == 1,
      "sealing");
}

std::optional<std::string> AeadKey::open(std::string_view nonce, std::string_view associated,
                                         std::string_view sealed) const {
  if (nonce.size() != kNonceBytes || sealed.size() < kTagBytes || sealed.size() > INT_MAX ||
      associated.size() > INT_MAX) {
    return std::nullopt;
  }
  const std::string_view ciphertext = sealed.substr(0, sealed.size() - kTagBytes);
  std::string tag(sealed.substr(ciphertext.size()));  // OpenSSL takes a pointer to mutable bytes
  EVP_CIPHER_CTX* context = start(Direction::kOpen, key_, id_, nonce, associated);
  std::string plaintext(ciphertext.size(), '\0');
  int written = 0, last = 0;
  const bool genuine =
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), tag.data()) == 1 &&
      EVP_CipherUpdate(context, data(plaintext.data()), &written, data(ciphertext),
                       static_cast<int>(ciphertext.size())) == 1 &&
      EVP_CipherFinal_ex(context, data(plaintext.data()) + written, &last) == 1;
  if (genuine) return plaintext;
  wipe(plaintext);  // what was deciphered without being genuine is nobody's business
  return std::nullopt;
}

}  // namespace deputy::crypto
