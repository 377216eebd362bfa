// The key file, text of two lines:
//
//   deputy-vault-key 1
//   <base64 of 32 random bytes>
//
// A sealed value, bytes:
//
//   sealed     := version nonce ciphertext tag
//   version    := 0x01
//   nonce      := 12 random bytes
//   tag        := 16 bytes
//   associated := "deputy-vault" version purpose
//
// The key of the file seals nothing itself: the sealing key, the key of `mac` and the fingerprint are derived from it,
// so that none tells another.
#include "crypto/vault.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/encoding.h"
#include "host/files.h"

namespace deputy::crypto {
namespace {

constexpr std::string_view kFileHead = "deputy-vault-key 1\n";
constexpr char kVersion = 1;
constexpr std::size_t kRootBytes = 32;

std::string trouble(std::string_view what, const std::string& path) {
  return std::string(what) + " the key file '" + path + "': " + std::strerror(errno);
}

/// Whole or not at all: a crash in between leaves no half a key file. Does nothing if the file is there by now.
Result<void, std::string> create_file(const std::string& path) {
  TRY(const auto place, host::Folder::of_file(path));
  std::string random = system_entropy().bytes(kRootBytes);
  std::string text = std::string(kFileHead) + base64(random) + "\n";
  wipe(random);
  auto created = place.first.create(place.second, text);
  wipe(text);
  return created;
}

Result<Secret, std::string> read_file(const std::string& path) {
  const host::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a FIFO must not make us wait
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) return trouble("cannot open", path);
  if (!S_ISREG(status.st_mode)) return "'" + path + "' is no regular file, so it is no key file";
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return "the key file '" + path + "' is open to others than its owner; run: chmod 600 '" + path + "'";
  }
  std::string text(256, '\0');
  const ssize_t n = ::read(file.get(), text.data(), text.size());
  if (n < 0) return trouble("cannot read", path);
  text.resize(static_cast<std::size_t>(n));
  const Secret whole(std::move(text));
  std::string_view key = whole.reveal();
  if (!key.starts_with(kFileHead)) return "'" + path + "' is no key file of Deputy";
  key.remove_prefix(kFileHead.size());
  if (key.ends_with('\n')) key.remove_suffix(1);
  std::optional<std::string> bytes = unbase64(key);
  if (!bytes || bytes->size() != kRootBytes)
    return "the key in '" + path + "' is damaged: it must be 32 bytes in base64";
  return Secret(std::move(*bytes));
}

std::string associated_data(std::string_view purpose) {
  std::string out = "deputy-vault";
  out.push_back(kVersion);
  return out.append(purpose);
}

}  // namespace

Vault::Vault(const Secret& root)
    : key_(hmac_sha256(root.reveal(), "deputy vault: seal").view()),
      mac_(hmac_sha256(root.reveal(), "deputy vault: mac").view()),
      fingerprint_(hmac_sha256(root.reveal(), "deputy vault: fingerprint").hex().substr(0, 8)) {}

Vault::~Vault() = default;

Result<std::unique_ptr<Vault>, std::string> Vault::open(const std::string& key_file, bool create) {
  if (::access(key_file.c_str(), F_OK) != 0) {
    if (errno != ENOENT || !create) return Failure(trouble("cannot open", key_file));
    TRY_VOID(create_file(key_file));
  }
  TRY(const Secret root, read_file(key_file));
  return std::unique_ptr<Vault>(new Vault(root));
}

std::unique_ptr<Vault> Vault::ephemeral(Entropy& entropy) {
  return std::unique_ptr<Vault>(new Vault(Secret(entropy.bytes(kRootBytes))));
}

std::string Vault::seal(Entropy& entropy, std::string_view secret, std::string_view purpose) const {
  std::string out(1, kVersion);
  const std::string nonce = entropy.bytes(AeadKey::kNonceBytes);
  out.append(nonce);
  key_.seal_to(out, nonce, associated_data(purpose), secret);
  return out;
}

std::optional<std::string> Vault::unseal(std::string_view sealed, std::string_view purpose) const {
  if (sealed.size() < 1 + AeadKey::kNonceBytes || sealed[0] != kVersion) return std::nullopt;
  const std::string_view nonce = sealed.substr(1, AeadKey::kNonceBytes);
  return key_.open(nonce, associated_data(purpose), sealed.substr(1 + AeadKey::kNonceBytes));
}

Digest Vault::mac(std::string_view text, std::string_view purpose) const {
  return mac_.sign({purpose, std::string_view("\0", 1), text});
}

HmacKey Vault::mac_key(std::string_view purpose) const { return HmacKey(mac(purpose, "deputy vault: mac key").view()); }

std::string Vault::fingerprint() const { return fingerprint_; }

}  // namespace deputy::crypto
