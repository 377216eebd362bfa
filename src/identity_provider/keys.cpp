#include "identity_provider/keys.h"

#include <fmt/format.h>

#include <chrono>

#include "base/base64url.h"
#include "base/json_writer.h"
#include "crypto/certificate.h"
#include "crypto/digest.h"
#include "crypto/pem.h"
#include "crypto/secret.h"

namespace deputy::identity_provider {
namespace {

using crypto::KeyPair;
using crypto::Secret;

constexpr std::string_view kKeyLabel = "PRIVATE KEY", kCertificateLabel = "CERTIFICATE";
constexpr std::chrono::hours kCertificateLife{10 * 365 * 24};
constexpr std::chrono::hours kClocksApart{24};  // a certificate is valid where the clock is behind, too

std::string unusable(const host::Folder& folder, const std::string& name, std::string_view what) {
  return fmt::format("{}/{} is {}; remove it, and a new one is made", folder.path(), name, what);
}

/// What lies there, made before if it does not. Whoever makes one at the same time: the first stays.
template <class Make>
host::Outcome<Secret> kept(const host::Folder& folder, const std::string& name, bool secret, const Make& make) {
  TRY(auto text, folder.read(name, crypto::kMostPemBytes, secret));
  if (text) return Secret(*std::move(text));
  std::string made = make();
  auto created = folder.create(name, made);
  crypto::wipe(made);
  if (!created) return Failure(std::move(created).error());
  TRY(text, folder.read(name, crypto::kMostPemBytes, secret));
  if (!text) return Failure(unusable(folder, name, "gone"));
  return Secret(*std::move(text));
}

host::Outcome<KeyPair> kept_key(const host::Folder& folder, const std::string& name, KeyPair::Kind kind) {
  TRY(const Secret text,
      kept(folder, name, true, [&] { return crypto::to_pem(KeyPair::make(kind).der().reveal(), kKeyLabel); }));
  std::optional<std::string> der = crypto::from_pem(text.reveal(), kKeyLabel);
  std::optional<KeyPair> key = der ? KeyPair::parse(*der) : std::nullopt;
  if (der) crypto::wipe(*der);
  if (!key || key->kind() != kind) return Failure(unusable(folder, name, "no private key of ours"));
  return *std::move(key);
}

/// In DER, into `certificate`.
host::Outcome<void> read_certificate(const host::Folder& folder, const std::string& name, const KeyPair& key, Time now,
                                     std::string& certificate) {
  TRY(const Secret text, kept(folder, name, false, [&] {
        const crypto::CertificateFacts facts{.use = crypto::CertificateUse::kSigning,
                                             .name = "Deputy identity provider",
                                             .hosts = {},
                                             .from = now - kClocksApart,
                                             .until = now + kCertificateLife};
        return crypto::to_pem(crypto::certify(facts, key, key, ""), kCertificateLabel);
      }));
  std::optional<std::string> der = crypto::from_pem(text.reveal(), kCertificateLabel);
  const auto certified = der ? crypto::PublicKey::of_certificate(*der) : std::nullopt;
  if (!certified || !certified->verify(crypto::SignatureAlgorithm::kRs256, name,
                                       key.sign(crypto::SignatureAlgorithm::kRs256, name))) {
    return Failure(unusable(folder, name, "no certificate of the key beside it"));
  }
  certificate = *std::move(der);
  return {};
}

/// The members that a thumbprint is made of, in the order of their names.
void write_public_half(JsonWriter& json, const KeyPair& key) {
  const auto [first, second] = key.public_half();
  if (key.kind() == KeyPair::Kind::kRsa2048) {
    json.key("e").value(base64url(second)).key("kty").value("RSA").key("n").value(base64url(first));
  } else {
    json.key("crv").value("P-256").key("kty").value("EC").key("x").value(base64url(first));
    json.key("y").value(base64url(second));
  }
}

void write_key(JsonWriter& json, const KeyPair& key) {
  json.begin_object().key("alg").value(key.kind() == KeyPair::Kind::kRsa2048 ? "RS256" : "ES256");
  json.key("kid").value(key_id(key)).key("use").value("sig");
  write_public_half(json, key);
  json.end_object();
}

}  // namespace

host::Outcome<Keys> Keys::open(const std::string& path, Time now) {
  TRY_VOID(host::Folder::make(path, "folder of the identity provider"));
  TRY(const host::Folder folder, host::Folder::open(path));
  TRY(KeyPair rsa, kept_key(folder, "rsa.key", KeyPair::Kind::kRsa2048));
  TRY(KeyPair ec, kept_key(folder, "ec.key", KeyPair::Kind::kP256));
  TRY(KeyPair saml, kept_key(folder, "saml.key", KeyPair::Kind::kRsa2048));
  std::string certificate;
  TRY_VOID(read_certificate(folder, "saml.pem", saml, now, certificate));
  return Keys{std::move(rsa), std::move(ec), std::move(saml), std::move(certificate)};
}

std::string key_id(const KeyPair& key) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write_public_half(json, key);
  json.end_object();
  return base64url(crypto::sha256(text).view());
}

std::string key_set(const Keys& keys) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("keys").begin_array();
  write_key(json, keys.rsa);
  write_key(json, keys.ec);
  json.end_array().end_object();
  return text;
}

}  // namespace deputy::identity_provider
