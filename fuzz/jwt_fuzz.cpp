// Tokens from anybody: Jwt::parse and what is read out of it before a signature is checked. What is taken apart can be
// put together again to the byte, so that the bytes that were signed are the bytes that are believed.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "authn/federation/claims.h"
#include "authn/federation/jwt.h"
#include "authn/federation/web_identity.h"
#include "base/base64url.h"

using namespace deputy;

namespace {

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

directory::AccountState account() {
  directory::AccountState state;
  state.account.id = *AccountId::parse("111111111111");
  directory::OidcProvider provider;
  provider.account = state.account.id;
  provider.url = "token.actions.githubusercontent.com";
  provider.client_ids = {"sts.amazonaws.com"};
  state.oidc_providers.put(provider.url, std::make_shared<const directory::OidcProvider>(provider));
  return state;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const directory::AccountState kAccount = account();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto jwt = authn::Jwt::parse(text);
  const auto identity = authn::read_web_identity(text, &kAccount, *parse_iso8601("2026-07-24T10:11:12Z"));
  if (!jwt) {
    if (identity) fail("no token, but an identity");
    return 0;
  }
  if (!text.starts_with(jwt->signed_bytes) || text.size() <= jwt->signed_bytes.size() ||
      text[jwt->signed_bytes.size()] != '.') {
    fail("what was signed is not what was sent");
  }
  if (unbase64url(text.substr(jwt->signed_bytes.size() + 1)) != jwt->signature) fail("another signature");
  if (jwt->claims.object() == nullptr) fail("claims that are no object");
  if (!identity) {
    if (identity.error().message().empty()) fail("a refusal without a reason");
    return 0;
  }
  if (identity->call.subject.empty() || identity->call.audience != "sts.amazonaws.com") fail("an identity of nobody");
  if (authn::believe(*identity, authn::KeyAnswer(std::make_shared<const authn::KeySet>())))
    fail("believed without a key");
  return 0;
}
