#include "authn/federation/jwt.h"

#include "base/base64url.h"

namespace deputy::authn {

std::optional<Jwt> Jwt::parse(std::string_view token) {
  if (token.size() > kMaxBytes) return std::nullopt;
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;

  const auto header_text = unbase64url(token.substr(0, first));
  const auto claims_text = unbase64url(token.substr(first + 1, second - first - 1));
  auto signature = unbase64url(token.substr(second + 1));
  if (!header_text || !claims_text || !signature) return std::nullopt;
  const auto header = Json::parse(*header_text, kMaxBytes);
  auto claims = Json::parse(*claims_text, kMaxBytes);
  if (!header || !claims || claims->object() == nullptr) return std::nullopt;
  const std::string* algorithm = header->text("alg");
  if (algorithm == nullptr || header->get("crit") != nullptr) return std::nullopt;

  Jwt jwt{.signed_bytes = std::string(token.substr(0, second)),
          .signature = *std::move(signature),
          .algorithm = *algorithm,
          .key_id = {},
          .claims = *std::move(claims)};
  if (const Json* id = header->get("kid")) {
    if (id->text() == nullptr) return std::nullopt;
    jwt.key_id = *id->text();
  }
  return jwt;
}

}  // namespace deputy::authn
