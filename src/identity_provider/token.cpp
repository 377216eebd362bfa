#include "identity_provider/token.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "base/base64url.h"
#include "base/encoding.h"
#include "base/json_writer.h"
#include "crypto/random.h"
#include "crypto/signature.h"

namespace deputy::identity_provider {
namespace {

Failure<std::string> no_json(std::string_view name, simdjson::error_code fault) {
  return Failure(fmt::format("The value of the claim \"{}\" is no JSON: {}", name, simdjson::error_message(fault)));
}

}  // namespace

host::Outcome<void> Claims::put(std::string_view name, std::string value) {
  if (name.empty()) return Failure(std::string("A claim has no name"));
  if (!is_utf8(name)) return Failure(std::string("The name of a claim is no UTF-8"));
  if (has(name)) return Failure(fmt::format("The claim \"{}\" is given twice", name));
  bytes_ += name.size() + value.size();
  if (all_.size() == kMost || bytes_ > kMaxBytes) {
    return Failure(fmt::format("A token has at most {} claims of {} bytes", kMost, kMaxBytes));
  }
  all_.emplace_back(name, std::move(value));
  return {};
}

host::Outcome<void> Claims::add(std::string_view name, std::string_view text) {
  if (!is_utf8(text)) return Failure(fmt::format("The value of the claim \"{}\" is no UTF-8", name));
  std::string value;
  JsonWriter(value).value(text);
  return put(name, std::move(value));
}

host::Outcome<void> Claims::add_json(std::string_view name, std::string_view json) {
  simdjson::dom::parser parser(kMaxBytes);
  simdjson::dom::element value;
  if (const auto fault = parser.parse(json.data(), json.size()).get(value)) return no_json(name, fault);
  return put(name, simdjson::minify(value));
}

host::Outcome<void> Claims::add_all(std::string_view object) {
  simdjson::dom::parser parser(kMaxBytes);
  simdjson::dom::object members;
  if (const auto fault = parser.parse(object.data(), object.size()).get_object().get(members)) {
    return Failure(fmt::format("The claims are no JSON object: {}", simdjson::error_message(fault)));
  }
  for (const auto [name, value] : members) {
    TRY_VOID(put(name, simdjson::minify(value)));
  }
  return {};
}

bool Claims::has(std::string_view name) const {
  return std::any_of(all_.begin(), all_.end(), [&](const auto& claim) { return claim.first == name; });
}

bool Claims::remove(std::string_view name) {
  return std::erase_if(all_, [&](const auto& claim) { return claim.first == name; }) > 0;
}

std::string Claims::json() const {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  for (const auto& [name, value] : all_) json.key(std::string_view(name)).raw(value);
  json.end_object();
  return text;
}

host::Outcome<void> add_usual_claims(Claims& claims, std::string_view issuer, Time now, std::chrono::seconds life) {
  const std::int64_t issued = epoch_seconds(now);
  if (!claims.has("iss")) {
    TRY_VOID(claims.add("iss", issuer));
  }
  for (const auto& [name, seconds] : {std::pair("iat", issued), {"nbf", issued}, {"exp", issued + life.count()}}) {
    if (claims.has(name)) continue;
    TRY_VOID(claims.add_json(name, fmt::format("{}", seconds)));
  }
  if (claims.has("jti")) return {};
  return claims.add("jti", crypto::make_uuid(crypto::system_entropy()));
}

std::string sign_token(const Claims& claims, const crypto::KeyPair& key, std::string_view key_id) {
  const bool rsa = key.kind() == crypto::KeyPair::Kind::kRsa2048;
  std::string header;
  JsonWriter json(header);
  json.begin_object().key("alg").value(rsa ? "RS256" : "ES256").key("kid").value(key_id).key("typ").value("JWT");
  json.end_object();
  std::string token = base64url(header).append(".").append(base64url(claims.json()));
  const auto algorithm = rsa ? crypto::SignatureAlgorithm::kRs256 : crypto::SignatureAlgorithm::kEs256;
  const std::string signature = key.sign(algorithm, token);
  return token.append(".").append(base64url(signature));
}

}  // namespace deputy::identity_provider
