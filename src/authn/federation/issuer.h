// Which identity providers outside may be asked for their keys, and where they are: the operator's allow list.
//
//   TRY(IssuerRules rules, IssuerRules::parse({"login.example.com", "http://127.0.0.1:8080"}));   // deputy serve
//   rules.may_register(*IssuerUrl::parse("https://login.example.com/realms/x"));
//   rules.target(url);        // where a fetch connects; nothing: it must not
//
// A list that is empty allows every https issuer on port 443 whose addresses are public. One that is not allows what it
// names and nothing else; what it names may be anywhere, this machine included.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace deputy::authn {

/// "https://host[:port][/path]": no user, query, fragment or blank; nothing that could be read in two ways.
struct IssuerUrl {
  bool tls = true;
  std::string host;        // as written; an IPv6 address without its brackets
  std::uint16_t port = 0;  // 0: the scheme's own
  std::string path;        // empty, or begins with /

  static std::optional<IssuerUrl> parse(std::string_view text);
  [[nodiscard]] std::uint16_t effective_port() const;
  /// Host and port as the Host header names them.
  [[nodiscard]] std::string authority() const;
};

/// Where a fetch really connects.
struct IssuerTarget {
  std::string host;
  std::uint16_t port = 443;
  bool named = false;  // the operator named it: loopback and private addresses are all right
};

class IssuerRules {
 public:
  IssuerRules() = default;
  /// Entries: [http://]HOST[:PORT][=ADDRESS:PORT]. http:// only for this machine (127.0.0.1, [::1], localhost); an
  /// ADDRESS is connected to instead of what the host's name resolves to. The error is a sentence for the operator.
  static Result<IssuerRules, std::string> parse(std::span<const std::string> entries);

  /// Whether an account may have such a provider: AWS takes https without a port; the list may name others.
  [[nodiscard]] bool may_register(const IssuerUrl& url) const;
  [[nodiscard]] std::optional<IssuerTarget> target(const IssuerUrl& url) const;

 private:
  struct Entry {
    IssuerUrl url;
    std::optional<IssuerTarget> instead;
  };
  [[nodiscard]] const Entry* find(const IssuerUrl& url) const;

  std::vector<Entry> entries_;
};

}  // namespace deputy::authn
