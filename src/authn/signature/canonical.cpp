#include "authn/signature/canonical.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace deputy::authn {
namespace {

/// RFC 3986, 5.2.4, and empty segments dropped; climbing above the root stops there.
std::string normalized_path(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_with_slash = true;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    ends_with_slash = slash != std::string_view::npos || segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  if (ends_with_slash || out.empty()) out.push_back('/');
  return out;
}

/// Each segment decoded and encoded again: a slash that was sent as %2F stays one.
void append_path_as_sent(std::string& out, std::string_view path) {
  for (;;) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    const std::optional<std::string> decoded = percent_decode(segment);
    percent_encode_to(out, decoded ? std::string_view(*decoded) : segment);
    if (slash == std::string_view::npos) return;
    out.push_back('/');
    path.remove_prefix(slash + 1);
  }
}

/// Trimmed, with runs of blanks made one. False for what would end the line or cannot stand in a header.
bool append_header_value(std::string& out, std::string_view value) {
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  // A few fast searches instead of a look at each character: a session token is the longest part of a request.
  for (const char end : {'\n', '\r', '\0'}) {
    if (value.find(end) != std::string_view::npos) return false;
  }
  if (value.find("  ") == std::string_view::npos) {
    out.append(value);
    return true;
  }
  char before = 0;
  for (const char c : value) {
    if (c != ' ' || before != ' ') out.push_back(c);
    before = c;
  }
  return true;
}

}  // namespace

void append_canonical_path(std::string& out, std::string_view path, PathRule rule) {
  if (path.empty() || path == "/") {
    out.push_back('/');
  } else if (rule == PathRule::kAsSent) {
    append_path_as_sent(out, path);
  } else {
    percent_encode_to(out, normalized_path(path), true);
  }
}

void append_canonical_query(std::string& out, std::span<const QueryString::Parameter> parameters, bool presigned) {
  if (parameters.empty()) return;
  struct Encoded {
    std::size_t name, value, end;  // offsets
  };
  static thread_local std::string bytes;
  static thread_local std::vector<Encoded> all;
  bytes.clear();
  all.clear();
  for (const QueryString::Parameter& p : parameters) {
    if (presigned && p.name == "X-Amz-Signature") continue;
    Encoded& e = all.emplace_back();
    e.name = bytes.size();
    percent_encode_to(bytes, p.name);
    e.value = bytes.size();
    percent_encode_to(bytes, p.value);
    e.end = bytes.size();
  }
  const std::string_view text = bytes;
  const auto name = [text](const Encoded& e) { return text.substr(e.name, e.value - e.name); };
  const auto value = [text](const Encoded& e) { return text.substr(e.value, e.end - e.value); };
  std::sort(all.begin(), all.end(), [&](const Encoded& a, const Encoded& b) {
    const int order = name(a).compare(name(b));
    return order != 0 ? order < 0 : value(a) < value(b);
  });
  bool first = true;
  for (const Encoded& e : all) {
    if (!first) out.push_back('&');
    first = false;
    out.append(name(e)).append("=").append(value(e));
  }
}

bool append_canonical_headers(std::string& out, std::span<const http::Header> headers,
                              std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    out.append(name).push_back(':');
    bool found = false;
    for (const http::Header& header : headers) {
      if (!equals_ignoring_case(header.name, name)) continue;
      if (found) out.push_back(',');
      if (!append_header_value(out, header.value)) return false;
      found = true;
    }
    if (!found) return false;
    out.push_back('\n');
  }
  return true;
}

bool canonical_request(std::string& out, const http::Request& request, const QueryString& query,
                       const SignedHeaders& signed_headers, PathRule rule, bool presigned,
                       std::string_view payload_hash) {
  out.assign(request.method).push_back('\n');
  append_canonical_path(out, request.path(), rule);
  out.push_back('\n');
  append_canonical_query(out, query.all(), presigned);
  out.push_back('\n');
  if (!append_canonical_headers(out, request.headers, signed_headers.names())) return false;
  char before = '\n';
  for (const std::string_view name : signed_headers.names()) {
    out.push_back(before);
    out.append(name);
    before = ';';
  }
  out.append("\n").append(payload_hash);
  return true;
}

void string_to_sign(std::string& out, std::string_view basic_time, std::string_view scope, std::string_view canonical) {
  const auto digest = crypto::sha256(canonical).hex_digits();
  out.assign(kAlgorithm).append("\n").append(basic_time).append("\n").append(scope).append("\n");
  out.append(digest.data(), digest.size());
}

}  // namespace deputy::authn
