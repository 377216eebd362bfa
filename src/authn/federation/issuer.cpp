#include "authn/federation/issuer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"

namespace deputy::authn {
namespace {

constexpr std::string_view kHttps = "https://", kHttp = "http://";

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}
bool is_ipv6_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}
/// RFC 3986, pchar and "/", without what a query or a fragment begins with.
bool is_path_character(char c) {
  constexpr std::string_view kOthers = "/-._~!$&'()*+,;=:@%";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (fault != std::errc() || end != text.data() + text.size() || port == 0 || text.front() == '0') return std::nullopt;
  return port;
}

/// Takes "host[:port]" or "[address][:port]" apart.
bool read_authority(std::string_view text, std::string& host, std::uint16_t& port) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!std::all_of(host.begin(), host.end(), is_ipv6_character)) return false;
  } else {
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
    if (host.empty() || host.size() > 253 || !std::all_of(host.begin(), host.end(), is_host_character)) return false;
  }
  if (rest.empty()) return true;
  if (rest.front() != ':' || rest.size() < 2) return false;
  const auto parsed = parse_port(rest.substr(1));
  if (parsed) port = *parsed;
  return parsed.has_value();
}

bool is_this_machine(std::string_view host) {
  return host == "127.0.0.1" || host == "::1" || equals_ignoring_case(host, "localhost");
}

}  // namespace

std::optional<IssuerUrl> IssuerUrl::parse(std::string_view text) {
  IssuerUrl url;
  if (text.starts_with(kHttps)) {
    text.remove_prefix(kHttps.size());
  } else if (text.starts_with(kHttp)) {
    text.remove_prefix(kHttp.size());
    url.tls = false;
  } else {
    return std::nullopt;
  }
  const std::size_t slash = text.find('/');
  if (!read_authority(text.substr(0, slash), url.host, url.port)) return std::nullopt;
  if (slash == std::string_view::npos) return url;
  url.path = text.substr(slash);
  if (!std::all_of(url.path.begin(), url.path.end(), is_path_character)) return std::nullopt;
  return url;
}

std::uint16_t IssuerUrl::effective_port() const { return port != 0 ? port : tls ? 443 : 80; }

std::string IssuerUrl::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == 0 ? name : fmt::format("{}:{}", name, port);
}

Result<IssuerRules, std::string> IssuerRules::parse(std::span<const std::string> entries) {
  IssuerRules rules;
  for (const std::string& text : entries) {
    const std::size_t equals = text.find('=');
    const std::string_view name = std::string_view(text).substr(0, equals);
    const auto url = IssuerUrl::parse(
        name.starts_with(kHttp) || name.starts_with(kHttps) ? std::string(name) : std::string(kHttps).append(name));
    if (!url || !url->path.empty()) {
      return Failure(fmt::format("\"{}\" is not [http://]HOST[:PORT][=ADDRESS:PORT]", text));
    }
    if (!url->tls && !is_this_machine(url->host)) {
      return Failure(fmt::format("\"{}\": an issuer without TLS may only be on 127.0.0.1, [::1] or localhost", text));
    }
    Entry entry{*url, std::nullopt};
    if (equals != std::string::npos) {
      IssuerTarget& target = entry.instead.emplace(IssuerTarget{.host = {}, .port = 0, .named = true});
      if (!read_authority(std::string_view(text).substr(equals + 1), target.host, target.port) || target.port == 0) {
        return Failure(fmt::format("\"{}\": what follows = is not ADDRESS:PORT", text));
      }
    }
    rules.entries_.push_back(std::move(entry));
  }
  return rules;
}

const IssuerRules::Entry* IssuerRules::find(const IssuerUrl& url) const {
  const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.url.tls == url.tls && entry.url.effective_port() == url.effective_port() &&
           equals_ignoring_case(entry.url.host, url.host);
  });
  return at == entries_.end() ? nullptr : &*at;
}

bool IssuerRules::may_register(const IssuerUrl& url) const {
  if (url.tls && url.port == 0) return true;
  return find(url) != nullptr;
}

std::optional<IssuerTarget> IssuerRules::target(const IssuerUrl& url) const {
  if (const Entry* entry = find(url)) {
    return entry->instead ? *entry->instead : IssuerTarget{url.host, url.effective_port(), true};
  }
  if (!entries_.empty() || !url.tls || url.effective_port() != 443) return std::nullopt;
  return IssuerTarget{url.host, 443, false};
}

}  // namespace deputy::authn
