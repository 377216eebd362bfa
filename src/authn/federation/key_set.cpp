#include "authn/federation/key_set.h"

#include <algorithm>
#include <span>

#include "authn/federation/json.h"
#include "base/base64url.h"

namespace deputy::authn {
namespace {

bool is_for_verifying(const Json& key) {
  if (const Json* use = key.get("use"); use != nullptr && (use->text() == nullptr || *use->text() != "sig"))
    return false;
  const Json* operations = key.get("key_ops");
  if (operations == nullptr) return true;
  const auto names = operations->texts();
  return names && std::find(names->begin(), names->end(), "verify") != names->end();
}

std::optional<std::string> bytes_of(const Json& key, std::string_view member) {
  const std::string* text = key.text(member);
  return text != nullptr ? unbase64url(*text) : std::nullopt;
}

std::optional<crypto::PublicKey> public_key(const Json& key) {
  const std::string* type = key.text("kty");
  if (type == nullptr) return std::nullopt;
  if (*type == "RSA") {
    const auto modulus = bytes_of(key, "n"), exponent = bytes_of(key, "e");
    if (!modulus || !exponent) return std::nullopt;
    return crypto::PublicKey::rsa(*modulus, *exponent);
  }
  const std::string* curve = key.text("crv");
  if (*type != "EC" || curve == nullptr) return std::nullopt;
  const auto x = bytes_of(key, "x"), y = bytes_of(key, "y");
  if (!x || !y) return std::nullopt;
  return crypto::PublicKey::ec(*curve, *x, *y);
}

}  // namespace

std::optional<KeySet> KeySet::parse(std::string_view text) {
  const auto json = Json::parse(text, kMaxBytes);
  const Json* list = json ? json->get("keys") : nullptr;
  if (list == nullptr || list->array() == nullptr) return std::nullopt;
  KeySet set;
  const std::size_t count = std::min(list->array()->size(), kMaxKeys);
  for (const Json& key : std::span(*list->array()).first(count)) {
    if (!is_for_verifying(key)) continue;
    const std::string* id = key.text("kid");
    if (id != nullptr && id->size() > kMaxKeyId) continue;
    auto parsed = public_key(key);
    if (!parsed) continue;
    Entry entry{{}, std::nullopt, *std::move(parsed)};
    if (id != nullptr) entry.id = *id;
    if (const std::string* algorithm = key.text("alg")) {
      entry.only = crypto::find_signature_algorithm(*algorithm);
      if (!entry.only) continue;  // for something that is not done here, as PS256
    }
    set.keys_.push_back(std::move(entry));
  }
  return set;
}

const crypto::PublicKey* KeySet::find(std::string_view key_id, crypto::SignatureAlgorithm algorithm) const {
  const crypto::PublicKey* found = nullptr;
  for (const Entry& entry : keys_) {
    if (!key_id.empty() && entry.id != key_id) continue;
    if (!entry.key.may_verify(algorithm) || (entry.only && *entry.only != algorithm)) continue;
    if (!key_id.empty()) return &entry.key;
    if (found != nullptr) return nullptr;  // which of them?
    found = &entry.key;
  }
  return found;
}

bool KeySet::has(std::string_view key_id) const {
  return key_id.empty() || std::any_of(keys_.begin(), keys_.end(), [&](const Entry& e) { return e.id == key_id; });
}

}  // namespace deputy::authn
