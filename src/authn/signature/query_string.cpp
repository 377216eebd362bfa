#include "authn/signature/query_string.h"

namespace deputy::authn {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool QueryString::parse(std::string_view query) {
  parameters_.clear();
  fault_.clear();
  bytes_.clear();
  bytes_.reserve(query.size());  // decoding never lengthens, so the views below stay good
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (part.empty()) continue;
    if (parameters_.size() == kMaxParameters) {
      fault_ = "Too many query parameters";
      return false;
    }
    const std::size_t equals = part.find('=');
    Parameter& p = parameters_.emplace_back();
    if (!decode_to(part.substr(0, equals), p.name)) return false;
    if (equals != std::string_view::npos && !decode_to(part.substr(equals + 1), p.value)) return false;
  }
  return true;
}

const std::string_view* QueryString::first(std::string_view name) const {
  for (const Parameter& p : parameters_) {
    if (p.name == name) return &p.value;
  }
  return nullptr;
}

bool QueryString::decode_to(std::string_view text, std::string_view& out) {
  const std::size_t from = bytes_.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes_.push_back(text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    if (i + 2 >= text.size()) {
      fault_ = "Incomplete trailing escape % sequence";
      return false;
    }
    const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) {
      fault_ = "Illegal hex character in escape % pattern: " + std::string(text.substr(i, 3));
      return false;
    }
    bytes_.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  out = std::string_view(bytes_).substr(from);
  return true;
}

}  // namespace deputy::authn
