// What it costs to know who is calling. Each benchmark is one request (or one token) of one caller.
#include <benchmark/benchmark.h>

#include "authn/signature/access_key.h"
#include "authn/signature/canonical.h"
#include "authn/signature/identify.h"
#include "crypto/digest.h"
#include "directory/changes.h"

namespace deputy::authn {
namespace {

constexpr std::string_view kKey = "AKIAIOSFODNN7EXAMPLE", kSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr std::string_view kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})";
constexpr Scheme kSts{"sts", Dialect::kQuery, "us-east-1"};

struct Server {
  crypto::Entropy& entropy = crypto::system_entropy();
  std::unique_ptr<crypto::Vault> vault = crypto::Vault::ephemeral(entropy);
  SessionTokens tokens{*vault};
  Identifier identifier{*vault, tokens};
  Time now = *parse_basic_iso8601("20260724T101112Z");
  directory::SnapshotPtr snapshot;
  directory::Session session;

  Server() {
    directory::Account account;
    account.id = *AccountId::parse("111111111111");
    directory::User user;
    user.account = account.id;
    user.id = UniqueId("AIDAAAAAAAAAAAAAAAAAA");
    user.path = "/";
    user.name = "crossAccountUser";
    user.access_keys.push_back(seal_access_key(*vault, entropy, kKey, kSecret, now));
    directory::Role role;
    role.account = account.id;
    role.id = UniqueId("AROAAAAAAAAAAAAAAAAAA");
    role.path = "/";
    role.name = "CrossAccountAccessRole";
    role.trust = directory::PolicyText(std::string(kTrust));
    directory::Changes changes;
    changes.create(account);
    changes.create(user);
    changes.create(role);
    changes.create(tokens.make_key(*directory::Snapshot::empty({}), entropy, now));
    std::vector<directory::StoredChange> stored;
    for (const auto& w : changes.writes()) stored.push_back({w.key, std::string_view(*w.value)});
    snapshot = *directory::Snapshot::empty({})->apply(1, stored);
    session.account = account.id;
    session.issuer = role.id;
    session.issuer_name = role.name;
    session.name = "dev-session";
    session.issued = now;
    session.expires = now + std::chrono::hours(1);
  }

  Credentials issue() const { return tokens.issue(*snapshot, entropy, session); }
};

Server& server() {
  static Server one;
  return one;
}

/// `aws sts assume-role` as the CLI sends it.
struct SignedRequest {
  std::string token, authorization;
  std::string body =
      "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2FCrossAccountAccessRole"
      "&RoleSessionName=dev-session";
  http::Request request;

  SignedRequest(std::string_view key, std::string_view secret, std::string session_token)
      : token(std::move(session_token)) {
    request.method = "POST";
    request.target = "/";
    request.body = body;
    request.headers = {{"Host", "127.0.0.1:4566"},
                       {"Accept-Encoding", "identity"},
                       {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                       {"User-Agent", "aws-cli/2.27.1 md/awscrt#0.26.1 ua/2.1 os/linux#6.1 md/arch#x86_64"},
                       {"X-Amz-Date", "20260724T101112Z"},
                       {"Content-Length", "151"}};
    std::string list = "content-type;host;x-amz-date";
    if (!token.empty()) {
      request.headers.push_back({"X-Amz-Security-Token", token});
      list += ";x-amz-security-token";
    }
    const std::string scope = "20260724/us-east-1/sts/aws4_request";
    QueryString query;
    SignedHeaders names;
    std::string canonical, to_sign;
    if (!query.parse("") || !names.parse(list)) std::abort();
    canonical_request(canonical, request, query, names, PathRule::kNormalized, false, crypto::sha256(body).hex());
    string_to_sign(to_sign, "20260724T101112Z", scope, canonical);
    crypto::Digest k = crypto::hmac_sha256("AWS4" + std::string(secret), "20260724");
    for (const char* part : {"us-east-1", "sts", "aws4_request"}) k = crypto::hmac_sha256(k.view(), part);
    authorization = "AWS4-HMAC-SHA256 Credential=" + std::string(key) + "/" + scope + ", SignedHeaders=" + list +
                    ", Signature=" + crypto::hmac_sha256(k.view(), to_sign).hex();
    request.headers.push_back({"Authorization", authorization});
  }
};

void verify(benchmark::State& state, const SignedRequest& signed_request) {
  const Server& s = server();
  for (auto _ : state) {
    auto caller = s.identifier.identify(signed_request.request, kSts, *s.snapshot, s.now);
    if (!caller || caller->kind == directory::Caller::Kind::kAnonymous) std::abort();
    benchmark::DoNotOptimize(caller);
  }
}

void VerifyLongTermKey(benchmark::State& state) { verify(state, SignedRequest(kKey, kSecret, "")); }
BENCHMARK(VerifyLongTermKey);

void VerifySession(benchmark::State& state) {
  const Credentials c = server().issue();
  verify(state, SignedRequest(c.access_key_id, c.secret_access_key, c.session_token));
}
BENCHMARK(VerifySession);

void IssueToken(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(server().issue());
}
BENCHMARK(IssueToken);

void OpenTokenAgain(benchmark::State& state) {
  const std::string token = server().issue().session_token;
  for (auto _ : state) benchmark::DoNotOptimize(server().tokens.open(*server().snapshot, token));
}
BENCHMARK(OpenTokenAgain);

/// More tokens than a thread remembers.
void OpenTokenFirstTime(benchmark::State& state) {
  std::vector<std::string> all;
  for (int i = 0; i < 8192; ++i) all.push_back(server().issue().session_token);
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(server().tokens.open(*server().snapshot, all[next++ % all.size()]));
}
BENCHMARK(OpenTokenFirstTime);

void Sha256OfABody(benchmark::State& state) {
  const std::string body(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(crypto::sha256(body));
}
BENCHMARK(Sha256OfABody)->Arg(150)->Arg(400);

void HmacWithAPreparedKey(benchmark::State& state) {
  const crypto::HmacKey key("a key of some length that is used");
  const std::string text(140, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(key.sign(text));
}
BENCHMARK(HmacWithAPreparedKey);

}  // namespace
}  // namespace deputy::authn
