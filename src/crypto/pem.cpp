#include "crypto/pem.h"

#include "base/encoding.h"

namespace deputy::crypto {
namespace {

constexpr std::string_view kWhite = " \t\r\n";

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

std::optional<std::string> from_pem(std::string_view text, std::string_view label) {
  if (text.size() > kMostPemBytes) return std::nullopt;
  text = trimmed(text);
  const std::string head = "-----BEGIN " + std::string(label) + "-----";
  const std::string tail = "-----END " + std::string(label) + "-----";
  if (text.size() < head.size() + tail.size() || !text.starts_with(head) || !text.ends_with(tail)) return std::nullopt;
  text = text.substr(head.size(), text.size() - head.size() - tail.size());
  std::string packed;
  for (const char c : text) {
    if (kWhite.find(c) == std::string_view::npos) packed.push_back(c);
  }
  std::optional<std::string> der = unbase64(packed);
  if (der && der->empty()) return std::nullopt;
  return der;
}

std::string to_pem(std::string_view der, std::string_view label) {
  constexpr std::size_t kLine = 64;
  const std::string packed = base64(der);
  std::string out = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t at = 0; at < packed.size(); at += kLine) out.append(packed, at, kLine).push_back('\n');
  return out.append("-----END ").append(label).append("-----\n");
}

}  // namespace deputy::crypto
