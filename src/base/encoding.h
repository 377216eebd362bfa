// Text encodings: hexadecimal, base64 (RFC 4648), base32 (RFC 4648, upper case, no padding), percent (RFC 3986), UTF-8.
// Decoders return nothing on any malformed input; none reads past its argument.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace deputy {

std::string hex(std::string_view bytes);  // lower case
/// "000102…ff": both digits of a byte at once.
extern const std::array<char, 512> kHexPairs;
/// Writes the two lower-case digits of `byte`; where the next two go.
inline char* put_hex(char* to, char byte) {
  std::memcpy(to, &kHexPairs[2 * std::size_t{static_cast<unsigned char>(byte)}], 2);
  return to + 2;
}
std::optional<std::string> unhex(std::string_view text);

std::string base64(std::string_view bytes);  // with padding
/// Strict: canonical padding, no white space, no stray bits.
std::optional<std::string> unbase64(std::string_view text);

std::string base32(std::string_view bytes);
std::optional<std::string> unbase32(std::string_view text);

/// Every byte except A-Z a-z 0-9 - _ . ~ becomes %XX (upper-case hex); with `keep_slash`, '/' stays too.
std::string percent_encode(std::string_view bytes, bool keep_slash = false);
void percent_encode_to(std::string& out, std::string_view bytes, bool keep_slash = false);
/// Nothing if a % is not followed by two hex digits. With `plus_is_space`, '+' becomes a blank (form encoding).
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
/// Code points of a well-formed text: what AWS counts as length (docs/wire.md, 1.1).
std::size_t utf8_length(std::string_view text);
/// The next code point of a non-empty text, which is shortened by it; U+FFFD for a byte that belongs to none.
char32_t next_code_point(std::string_view& text);
/// The character as JSON escapes it: "\u009b", or two of them beyond U+FFFF.
void append_json_escape(std::string& json, char32_t c);

std::string ascii_lower(std::string_view text);
/// Of as many bytes each.
bool same_ignoring_case(const char* a, const char* b, std::size_t count);
/// ASCII only. Most texts that differ do so in length.
inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && same_ignoring_case(a.data(), b.data(), a.size());
}
/// Without blanks and tabs at its ends: optional white space of RFC 9110.
std::string_view without_blanks_around(std::string_view text);

}  // namespace deputy
