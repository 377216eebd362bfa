// PEM (RFC 7468): DER between two lines. https://www.rfc-editor.org/rfc/rfc7468
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace deputy::crypto {

inline constexpr std::size_t kMostPemBytes = 16 * 1024;

/// The DER of the one block of this label ("CERTIFICATE") that the text is; nothing if there is another block, any text
/// but white space around it, or the text is longer than kMostPemBytes.
std::optional<std::string> from_pem(std::string_view text, std::string_view label);
/// The text without the white space around it.
std::string_view trimmed(std::string_view text);
/// In lines of 64 characters, each with its end.
std::string to_pem(std::string_view der, std::string_view label);

}  // namespace deputy::crypto
