#include "base/encoding.h"

#include <algorithm>

namespace deputy {
namespace {

constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::array<bool, 256> kUnreserved = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c) {
    table[static_cast<std::size_t>(c)] = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                                         c == '-' || c == '_' || c == '.' || c == '~';
  }
  return table;
}();

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Two characters for each value of twelve bits.
constexpr std::array<char, 2 * 4096> kBase64Pairs = [] {
  std::array<char, 2 * 4096> pairs{};
  for (std::size_t bits = 0; bits < 4096; ++bits) {
    pairs[2 * bits] = kBase64[bits >> 6];
    pairs[2 * bits + 1] = kBase64[bits & 63];
  }
  return pairs;
}();
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

template <std::size_t N>
constexpr std::array<std::int8_t, 256> inverse(const char (&alphabet)[N]) {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i + 1 < N; ++i) table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return table;
}
constexpr auto kFromBase64 = inverse("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
constexpr auto kFromBase32 = inverse("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

/// Decodes groups of `Bits` bits a character; nothing on a foreign character or on leftover bits that are not zero.
template <unsigned Bits>
std::optional<std::string> decode_bits(std::string_view text, const std::array<std::int8_t, 256>& table) {
  std::string out;
  out.reserve(text.size() * Bits / 8);
  std::uint32_t buffer = 0;
  unsigned have = 0;
  for (char c : text) {
    const std::int8_t digit = table[static_cast<unsigned char>(c)];
    if (digit < 0) return std::nullopt;
    buffer = (buffer << Bits) | static_cast<std::uint8_t>(digit);
    have += Bits;
    if (have >= 8) {
      have -= 8;
      out.push_back(static_cast<char>((buffer >> have) & 0xff));
    }
  }
  if (have >= Bits || (buffer & ((1U << have) - 1U)) != 0) return std::nullopt;
  return out;
}

/// Writes the ceil(8 * bytes / Bits) characters of `bytes`.
template <unsigned Bits>
void encode_bits(char* to, std::string_view bytes, std::string_view alphabet) {
  std::uint32_t buffer = 0;
  unsigned have = 0;
  for (char c : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(c);
    have += 8;
    while (have >= Bits) {
      have -= Bits;
      *to++ = alphabet[(buffer >> have) & ((1U << Bits) - 1U)];
    }
  }
  if (have > 0) *to = alphabet[(buffer << (Bits - have)) & ((1U << Bits) - 1U)];
}

/// The length of the well-formed UTF-8 sequence at the front of `text`; 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return continues(1) ? 2 : 0;
  if (first < 0xf0) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xe0 && byte(1) < 0xa0) return 0;  // overlong
    if (first == 0xed && byte(1) > 0x9f) return 0;  // surrogate
    return 3;
  }
  if (first > 0xf4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;  // overlong
  if (first == 0xf4 && byte(1) > 0x8f) return 0;  // above U+10FFFF
  return 4;
}

}  // namespace

constexpr std::array<char, 512> kHexPairs = [] {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = digits[byte >> 4];
    pairs[2 * byte + 1] = digits[byte & 15];
  }
  return pairs;
}();

std::string hex(std::string_view bytes) {
  std::string out(bytes.size() * 2, '\0');
  char* to = out.data();
  for (const char c : bytes) to = put_hex(to, c);
  return out;
}

std::optional<std::string> unhex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

// Session tokens go through here at each request, so whole groups of three bytes are done without a loop over bits.
std::string base64(std::string_view bytes) {
  const std::size_t groups = bytes.size() / 3;
  std::string out((bytes.size() + 2) / 3 * 4, '=');
  char* to = out.data();
  for (std::size_t i = 0; i < groups; ++i, to += 4) {
    const auto at = [&](std::size_t k) { return std::uint32_t{static_cast<unsigned char>(bytes[3 * i + k])}; };
    const std::uint32_t group = at(0) << 16 | at(1) << 8 | at(2);
    std::memcpy(to, &kBase64Pairs[2 * std::size_t{group >> 12}], 2);
    std::memcpy(to + 2, &kBase64Pairs[2 * std::size_t{group & 0xfff}], 2);
  }
  encode_bits<6>(to, bytes.substr(3 * groups), kBase64);
  return out;
}

std::optional<std::string> unbase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  const std::size_t groups = text.size() / 4;
  std::string out(groups * 3, '\0');
  char* to = out.data();
  for (std::size_t i = 0; i < groups; ++i, to += 3) {
    const auto at = [&](std::size_t k) { return int{kFromBase64[static_cast<unsigned char>(text[4 * i + k])]}; };
    const int a = at(0), b = at(1), c = at(2), d = at(3);
    if ((a | b | c | d) < 0) return std::nullopt;
    const auto group = static_cast<std::uint32_t>(a << 18 | b << 12 | c << 6 | d);
    to[0] = static_cast<char>(group >> 16);
    to[1] = static_cast<char>(group >> 8);
    to[2] = static_cast<char>(group);
  }
  const std::optional<std::string> rest = decode_bits<6>(text.substr(4 * groups), kFromBase64);
  if (!rest) return std::nullopt;
  out.append(*rest);
  return out;
}

std::string base32(std::string_view bytes) {
  std::string out((bytes.size() * 8 + 4) / 5, '\0');
  encode_bits<5>(out.data(), bytes, kBase32);
  return out;
}

std::optional<std::string> unbase32(std::string_view text) { return decode_bits<5>(text, kFromBase32); }

void percent_encode_to(std::string& out, std::string_view bytes, bool keep_slash) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (kUnreserved[byte] || (keep_slash && c == '/')) {
      out.push_back(c);
    } else {
      const char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
      out.append(escape, 3);
    }
  }
}

std::string percent_encode(std::string_view bytes, bool keep_slash) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  percent_encode_to(out, bytes, keep_slash);
  return out;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    std::uint64_t eight;
    if (text.size() >= sizeof eight) {
      std::memcpy(&eight, text.data(), sizeof eight);
      if ((eight & 0x8080808080808080) == 0) {
        text.remove_prefix(sizeof eight);
        continue;
      }
    }
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t utf8_length(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

char32_t next_code_point(std::string_view& text) {
  const std::size_t length = sequence_length(text);
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[i])); };
  char32_t point = 0xfffd;
  switch (length) {
    case 1:
      point = byte(0);
      break;
    case 2:
      point = (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
      break;
    case 3:
      point = (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
      break;
    case 4:
      point = (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
      break;
    default:
      break;
  }
  text.remove_prefix(length == 0 ? 1 : length);
  return point;
}

void append_json_escape(std::string& json, char32_t c) {
  const auto unit = [&](char32_t u) {
    std::array<char, 6> escape{'\\', 'u'};
    put_hex(put_hex(&escape[2], static_cast<char>(u >> 8U)), static_cast<char>(u));
    json.append(escape.data(), escape.size());
  };
  if (c <= 0xffff) return unit(c);
  unit(0xd800 + ((c - 0x10000) >> 10U));
  unit(0xdc00 + ((c - 0x10000) & 0x3ffU));
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view without_blanks_around(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_ignoring_case(const char* a, const char* b, std::size_t count) {
  // Eight bytes at a time: what differs in more than the bit between the cases differs; the rest must be letters.
  constexpr std::uint64_t kEach = 0x0101010101010101, kHighs = kEach * 0x80, kCaseBits = kEach * 0x20;
  const auto lower = [](std::uint64_t word) {
    const std::uint64_t low_bits = word & ~kHighs;
    const std::uint64_t from_a = low_bits + kEach * (0x80 - 'A'), beyond_z = low_bits + kEach * (0x7f - 'Z');
    return word | ((from_a & ~beyond_z & ~word & kHighs) >> 2);
  };
  const auto same = [&](std::size_t at) {
    std::uint64_t x, y;
    std::memcpy(&x, a + at, sizeof x);
    std::memcpy(&y, b + at, sizeof y);
    return x == y || (((x ^ y) & ~kCaseBits) == 0 && lower(x) == lower(y));
  };
  if (count >= 8) {
    for (std::size_t at = 0; at + 8 < count; at += 8) {
      if (!same(at)) return false;
    }
    return same(count - 8);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
    if (small(a[i]) != small(b[i])) return false;
  }
  return true;
}

}  // namespace deputy
