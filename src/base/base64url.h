// Base64 as JSON Web Tokens and Keys write it: RFC 4648, section 5, without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deputy {

std::string base64url(std::string_view bytes);
/// Nothing on any malformed input, padding among it.
std::optional<std::string> unbase64url(std::string_view text);

}  // namespace deputy
