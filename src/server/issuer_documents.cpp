#include "server/issuer_documents.h"

#include "authn/federation/identity_token.h"

namespace deputy::server {

bool asks_for_issuer_document(const http::Request& request) { return request.path().starts_with(authn::kIssuerPath); }

http::Response issuer_document(const http::Request& request, const directory::Snapshot& snapshot,
                               std::string_view public_url) {
  const std::string_view rest = request.path().substr(authn::kIssuerPath.size());
  http::Response answer;
  if (request.method != "GET" && request.method != "HEAD") {
    answer.status = 405;
    answer.headers.emplace_back("Allow", "GET, HEAD");
    return answer;
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view issuer = rest.substr(0, slash), document = rest.substr(slash);
  const directory::AccountState* found = snapshot.account_of_issuer(issuer);
  const bool is_there = found != nullptr && found->is_open();
  if (is_there && document == authn::kDiscoveryPath) {
    answer.body = authn::discovery_document(authn::issuer_url(public_url, issuer));
  } else if (is_there && document == authn::kKeySetPath) {
    answer.body = authn::key_set(found->account);
  } else {
    answer.status = 404;
  }
  if (answer.status == 200) {
    answer.headers.emplace_back("Content-Type", "application/json");
    answer.headers.emplace_back("Cache-Control", "public, max-age=600");
  }
  return answer;
}

}  // namespace deputy::server
