#include "authn/federation/identity_token.h"

#include <fmt/format.h>

#include <algorithm>

#include "authn/federation/errors.h"
#include "base/base64url.h"
#include "base/json_writer.h"
#include "crypto/key_pair.h"

namespace deputy::authn {

using crypto::KeyPair;
using crypto::SignatureAlgorithm;
using directory::Account;
using directory::SigningKey;

namespace {

/// The longest token, and what relying parties forgive beyond it.
constexpr std::chrono::hours kLongestToken{1}, kForgiven{1};

std::string purpose(const AccountId& account, std::uint32_t number, std::string_view kind) {
  return fmt::format("signing-key/{}/{}/{}", account.view(), number, kind);
}
std::string rsa_id(const SigningKey& key) { return fmt::format("RSA_{}", key.number); }
std::string ec_id(const SigningKey& key) { return fmt::format("EC384_{}", key.number); }

/// When a published key may sign: everybody knows it by then.
Time usable_from(const SigningKey& key) { return key.created + kKnown; }

/// Deletes what signed nothing for long enough, and publishes the next pair in time. Whether anything changed.
bool rotate(Account& account, const crypto::Vault& vault, crypto::Entropy& entropy, Time now) {
  auto& keys = account.signing_keys;
  const std::size_t before = keys.size();
  while (keys.size() > 1 && usable_from(keys[1]) + kLongestToken + kForgiven <= now) keys.erase(keys.begin());
  const bool due = account.outbound_enabled && !keys.empty() && keys.back().created + kSigningKeyLife <= now;
  if (due) keys.push_back(make_signing_key(vault, entropy, account.id, keys.back().number + 1, now));
  return due || keys.size() != before;
}

void write_rsa(JsonWriter& json, const SigningKey& key) {
  json.begin_object().key("alg").value("RS256").key("e").value(base64url(key.rsa_exponent));
  json.key("kid").value(rsa_id(key)).key("kty").value("RSA").key("n").value(base64url(key.rsa_modulus));
  json.key("use").value("sig").end_object();
}

void write_ec(JsonWriter& json, const SigningKey& key) {
  json.begin_object().key("alg").value("ES384").key("crv").value("P-384").key("kid").value(ec_id(key));
  json.key("kty").value("EC").key("use").value("sig").key("x").value(base64url(key.ec_x));
  json.key("y").value(base64url(key.ec_y)).end_object();
}

}  // namespace

std::string issuer_url(std::string_view public_url, std::string_view issuer) {
  return std::string(public_url).append(kIssuerPath).append(issuer);
}

Result<void> refuse_own_issuer(std::string_view issuer, std::string_view public_url) {
  if (!public_url.empty() && issuer.starts_with(issuer_url(public_url, ""))) return errors::invalid_web_identity();
  return {};
}

SigningKey make_signing_key(const crypto::Vault& vault, crypto::Entropy& entropy, const AccountId& account,
                            std::uint32_t number, Time now) {
  const KeyPair rsa = KeyPair::make(KeyPair::Kind::kRsa2048), ec = KeyPair::make(KeyPair::Kind::kP384);
  SigningKey key;
  key.number = number;
  key.sealed_rsa = vault.seal(entropy, rsa.der().reveal(), purpose(account, number, "rsa"));
  key.sealed_ec = vault.seal(entropy, ec.der().reveal(), purpose(account, number, "ec"));
  auto [modulus, exponent] = rsa.public_half();
  auto [x, y] = ec.public_half();
  key.rsa_modulus = std::move(modulus);
  key.rsa_exponent = std::move(exponent);
  key.ec_x = std::move(x);
  key.ec_y = std::move(y);
  key.created = now;
  return key;
}

const SigningKey* signing_key(const Account& account, Time now) {
  const SigningKey* chosen = nullptr;  // the newest that may sign; the first of all where none may yet
  for (const SigningKey& key : account.signing_keys) {
    if (chosen == nullptr || usable_from(key) <= now) chosen = &key;
  }
  return chosen;
}

directory::Changes rotate_signing_keys(const directory::Snapshot& snapshot, const crypto::Vault& vault,
                                       crypto::Entropy& entropy, Time now) {
  constexpr int kMost = 8;  // accounts at a time: making keys takes its time
  directory::Changes changes;
  int rotated = 0;
  snapshot.issuers().scan("", [&](std::string_view, const AccountId& id) {
    Account account = snapshot.account(id)->account;
    if (account.closed || account.suspended || !rotate(account, vault, entropy, now)) return true;
    changes.update(account);
    return ++rotated < kMost;
  });
  return changes;
}

std::optional<std::string> sign_identity_token(const crypto::Vault& vault, const AccountId& account,
                                               const SigningKey& key, SignatureAlgorithm algorithm,
                                               std::string_view claims) {
  const bool rsa = algorithm == SignatureAlgorithm::kRs256;
  std::optional<std::string> der =
      vault.unseal(rsa ? key.sealed_rsa : key.sealed_ec, purpose(account, key.number, rsa ? "rsa" : "ec"));
  if (!der) return std::nullopt;
  const auto pair = KeyPair::parse(*der);
  crypto::wipe(*der);
  if (!pair) return std::nullopt;

  std::string header;
  JsonWriter json(header);
  json.begin_object().key("kid").value(rsa ? rsa_id(key) : ec_id(key)).key("typ").value("JWT");
  json.key("alg").value(rsa ? "RS256" : "ES384").end_object();
  std::string token = base64url(header).append(".").append(base64url(claims));
  const std::string signature = pair->sign(algorithm, token);
  if (signature.empty()) return std::nullopt;
  return token.append(".").append(base64url(signature));
}

std::string discovery_document(std::string_view url) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("claims_supported").begin_array();
  for (const char* claim : {"sub", "iss", "aud", "exp", "iat", "jti", "https://sts.amazonaws.com/"}) json.value(claim);
  json.end_array().key("id_token_signing_alg_values_supported").begin_array();
  json.value("RS256").value("ES384").end_array();
  json.key("issuer").value(url).key("jwks_uri").value(std::string(url).append(kKeySetPath));
  json.key("response_types_supported").begin_array().value("id_token").end_array();
  json.key("subject_types_supported").begin_array().value("public").end_array().end_object();
  return out;
}

std::string key_set(const Account& account) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("keys").begin_array();
  for (const SigningKey& key : account.signing_keys) {
    write_rsa(json, key);
    write_ec(json, key);
  }
  json.end_array().end_object();
  return out;
}

}  // namespace deputy::authn
