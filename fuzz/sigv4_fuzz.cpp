// Arbitrary bytes as a request whose signature is checked, by each dialect's rules. Input: a request line, header
// lines, an empty line, the body; lines end with "\n".
//
// What must hold: nobody is identified, because no input can hold a signature; and the canonical form has exactly the
// lines it should, because no byte of the request may end one early.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "authn/signature/access_key.h"
#include "authn/signature/canonical.h"
#include "authn/signature/identify.h"
#include "authn/signature/sigv4.h"
#include "directory/changes.h"

namespace {

using namespace deputy;  // NOLINT(google-build-using-namespace)

struct Server {
  std::unique_ptr<crypto::Entropy> entropy = crypto::seeded_entropy(1);
  std::unique_ptr<crypto::Vault> vault = crypto::Vault::ephemeral(*entropy);
  authn::SessionTokens tokens{*vault};
  authn::Identifier identifier{*vault, tokens};
  Time now = *parse_basic_iso8601("20260724T101112Z");
  directory::SnapshotPtr snapshot;

  Server() {
    directory::Account account;
    account.id = *AccountId::parse("111111111111");
    account.root_keys.push_back(authn::seal_access_key(*vault, *entropy, "AKIAIOSFODNN7EXAMPLE", "nobody knows", now));
    directory::Changes changes;
    changes.create(account);
    changes.create(tokens.make_key(*directory::Snapshot::empty({}), *entropy, now));
    std::vector<directory::StoredChange> stored;
    for (const auto& w : changes.writes()) stored.push_back({w.key, std::string_view(*w.value)});
    snapshot = *directory::Snapshot::empty({})->apply(1, stored);
  }
};

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

http::Request read_request(std::string_view text) {
  http::Request request;
  std::string_view line = take_line(text);
  const std::size_t blank = std::min(line.find(' '), line.size());
  request.method = line.substr(0, blank);
  line.remove_prefix(std::min(blank + 1, line.size()));
  request.target = line.substr(0, line.find(' '));
  while (!text.empty()) {
    line = take_line(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    request.headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
  }
  request.body = text;
  return request;
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void check_canonical(const http::Request& request, std::string_view signed_headers) {
  authn::QueryString query;
  authn::SignedHeaders names;
  if (!query.parse(request.query()) || !names.parse(signed_headers) || names.names().empty()) return;
  for (const auto rule : {authn::PathRule::kNormalized, authn::PathRule::kAsSent}) {
    for (const bool presigned : {false, true}) {
      std::string canonical;
      if (!authn::canonical_request(canonical, request, query, names, rule, presigned, "hash")) continue;
      const auto lines = std::count(canonical.begin(), canonical.end(), '\n');
      require(lines == static_cast<std::ptrdiff_t>(names.names().size()) + 5, "a value ended a line");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const Server server;
  const http::Request request = read_request({reinterpret_cast<const char*>(data), size});

  const std::string_view* header = request.header("Authorization");
  const authn::AuthorizationParts parts = authn::parse_authorization(header != nullptr ? *header : std::string_view());
  check_canonical(request, parts.signed_headers.value_or("host"));

  for (const authn::Scheme& scheme :
       {authn::Scheme{"sts", authn::Dialect::kQuery, "us-east-1"},
        authn::Scheme{"organizations", authn::Dialect::kJson, ""}, authn::Scheme{"s3", authn::Dialect::kS3, ""}}) {
    const auto caller = server.identifier.identify(request, scheme, *server.snapshot, server.now);
    require(!caller || caller->kind == directory::Caller::Kind::kAnonymous, "somebody was identified");
    require(caller || caller.error().status() >= 400, "a refusal without a status");
  }
  return 0;
}
