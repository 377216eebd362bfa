// A small directory and requests signed for it: what the tests of authn/ share.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authn/signature/access_key.h"
#include "authn/signature/canonical.h"
#include "authn/signature/identify.h"
#include "base/encoding.h"
#include "crypto/digest.h"
#include "directory/changes.h"

namespace deputy::authn {

inline const std::string kAliceKey = "AKIAIOSFODNN7EXAMPLE";
inline const std::string kAliceSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
inline const std::string kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]})";

/// Account 111111111111 with the user alice, the role deploy, and keys of alice and of root. Seeded, so every run sees
/// the same ids.
class World {
 public:
  World() : entropy(crypto::seeded_entropy(1)), vault(crypto::Vault::ephemeral(*entropy)), tokens(*vault) {
    account.id = *AccountId::parse("111111111111");
    account.generation = UniqueId("ACCTAAAAAAAAAAAAAAAAA");
    account.name = "A";
    account.root_keys.push_back(seal_access_key(*vault, *entropy, "AKIAROOTROOTROOTROOT", "root secret", now));
    alice.account = account.id;
    alice.id = UniqueId("AIDAAAAAAAAAAAAAAAAAA");
    alice.path = "/team/";
    alice.name = "alice";
    alice.access_keys.push_back(seal_access_key(*vault, *entropy, kAliceKey, kAliceSecret, now));
    alice.access_keys.push_back(seal_access_key(*vault, *entropy, "AKIAINACTIVEINACTIVE", "inactive secret", now));
    alice.access_keys.back().active = false;
    deploy.account = account.id;
    deploy.id = UniqueId("AROAAAAAAAAAAAAAAAAAA");
    deploy.path = "/ci/";
    deploy.name = "Deploy";
    deploy.trust = directory::PolicyText(kTrust);
    snapshot = directory::Snapshot::empty({});
    write([&](directory::Changes& c) { c.create(account); });
    write([&](directory::Changes& c) {
      c.create(alice);
      c.create(deploy);
      c.create(tokens.make_key(*snapshot, *entropy, now));
    });
  }

  void write(const std::function<void(directory::Changes&)>& what) {
    directory::Changes changes;
    what(changes);
    std::vector<directory::StoredChange> stored;
    for (const auto& w : changes.writes()) {
      stored.push_back({w.key, w.value ? std::optional<std::string_view>(*w.value) : std::nullopt});
    }
    auto next = snapshot->apply(snapshot->revision() + 1, stored);
    ASSERT_TRUE(next.ok()) << next.error().key << ": " << next.error().reason;
    snapshot = *next;
  }

  [[nodiscard]] directory::Session role_session() const {
    directory::Session s;
    s.kind = directory::Session::Kind::kRole;
    s.account = account.id;
    s.issuer = deploy.id;
    s.issuer_name = deploy.name;
    s.name = "dev-session";
    s.issued = now;
    s.expires = now + std::chrono::hours(1);
    return s;
  }
  [[nodiscard]] directory::Session user_session(std::optional<bool> mfa) const {
    directory::Session s = role_session();
    s.kind = directory::Session::Kind::kUser;
    s.issuer = alice.id;
    s.issuer_name = alice.name;
    s.name.clear();
    s.mfa = mfa;
    return s;
  }
  Credentials issue(directory::Session session) const { return tokens.issue(*snapshot, *entropy, std::move(session)); }

  Time now = *parse_basic_iso8601("20260724T101112Z");
  std::unique_ptr<crypto::Entropy> entropy;
  std::unique_ptr<crypto::Vault> vault;
  SessionTokens tokens;
  directory::Account account;
  directory::User alice;
  directory::Role deploy;
  directory::SnapshotPtr snapshot;
};

/// A request that owns its text.
struct TestRequest {
  std::string method = "POST", target = "/", body;
  std::vector<std::pair<std::string, std::string>> headers;

  void set(const std::string& name, const std::string& value) {
    remove(name);
    headers.emplace_back(name, value);
  }
  void remove(std::string_view name) {
    std::erase_if(headers, [&](const auto& h) { return equals_ignoring_case(h.first, name); });
  }
  [[nodiscard]] std::string get(std::string_view name) const {
    for (const auto& h : headers) {
      if (equals_ignoring_case(h.first, name)) return h.second;
    }
    return "";
  }
  [[nodiscard]] http::Request view() const {
    http::Request r;
    r.method = method;
    r.target = target;
    r.body = body;
    for (const auto& [name, value] : headers) r.headers.push_back({name, value});
    return r;
  }
};

/// Signs as a client does; every ingredient can be made wrong. Uses the canonical form of authn/, which the cases in
/// sigv4/ check against another implementation.
struct Signer {
  std::string key = kAliceKey, secret = kAliceSecret, token;
  std::string time = "20260724T101112Z";
  std::string date = "20260724", region = "us-east-1", service = "sts", terminator = "aws4_request";
  std::string signed_headers = "host;x-amz-date";
  std::string token_header = "X-Amz-Security-Token";
  PathRule rule = PathRule::kNormalized;

  static Signer with(const Credentials& c) {
    Signer s;
    s.key = c.access_key_id;
    s.secret = c.secret_access_key;
    s.token = c.session_token;
    s.signed_headers += ";x-amz-security-token";
    return s;
  }
  static Signer s3() {
    Signer s;
    s.service = "s3";
    s.signed_headers = "host;x-amz-content-sha256;x-amz-date";
    s.rule = PathRule::kAsSent;
    return s;
  }

  [[nodiscard]] std::string credential() const {
    return key + "/" + date + "/" + region + "/" + service + "/" + terminator;
  }
  [[nodiscard]] std::string signature(const TestRequest& request, bool presigned, std::string_view payload_hash) const {
    QueryString query;
    SignedHeaders names;
    const http::Request view = request.view();
    EXPECT_TRUE(query.parse(view.query()) && names.parse(signed_headers));
    std::string canonical, to_sign;
    canonical_request(canonical, view, query, names, rule, presigned, payload_hash);
    string_to_sign(to_sign, time, date + "/" + region + "/" + service + "/" + terminator, canonical);
    const auto k1 = crypto::hmac_sha256("AWS4" + secret, date);
    const auto k2 = crypto::hmac_sha256(k1.view(), region);
    const auto k3 = crypto::hmac_sha256(k2.view(), service);
    const auto k4 = crypto::hmac_sha256(k3.view(), terminator);
    return crypto::hmac_sha256(k4.view(), to_sign).hex();
  }
  void sign(TestRequest& request) const {
    request.set("X-Amz-Date", time);
    if (!token.empty()) request.set(token_header, token);
    std::string hash = crypto::sha256(request.body).hex();
    if (rule == PathRule::kAsSent) {
      if (request.get("x-amz-content-sha256").empty()) request.set("x-amz-content-sha256", hash);
      hash = request.get("x-amz-content-sha256");
    }
    const std::string s = signature(request, false, hash);
    request.set("Authorization", "AWS4-HMAC-SHA256 Credential=" + credential() + ", SignedHeaders=" + signed_headers +
                                     ", Signature=" + s);
  }
  /// `expires` empty: no such parameter.
  void presign(TestRequest& request, const std::string& expires, std::string_view payload_hash) const {
    std::string& t = request.target;
    t += t.find('?') == std::string::npos ? "?" : "&";
    t += "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + percent_encode(credential()) + "&X-Amz-Date=" + time;
    if (!expires.empty()) t += "&X-Amz-Expires=" + expires;
    if (!token.empty()) t += "&X-Amz-Security-Token=" + percent_encode(token);
    t += "&X-Amz-SignedHeaders=" + percent_encode(signed_headers);
    t += "&X-Amz-Signature=" + signature(request, true, payload_hash);
  }
};

inline TestRequest sts_request() {
  TestRequest r;
  r.body = "Action=GetCallerIdentity&Version=2011-06-15";
  r.set("Host", "sts.us-east-1.amazonaws.com");
  return r;
}
inline TestRequest s3_request() {
  TestRequest r;
  r.method = "GET";
  r.target = "/bucket/key";
  r.set("Host", "s3.us-east-1.amazonaws.com");
  return r;
}

inline constexpr Scheme kSts{"sts", Dialect::kQuery, "us-east-1"};
inline constexpr Scheme kIam{"iam", Dialect::kQuery, ""};
inline constexpr Scheme kOrganizations{"organizations", Dialect::kJson, ""};
inline constexpr Scheme kS3{"s3", Dialect::kS3, "us-east-1"};

/// "403 SignatureDoesNotMatch: message", or "ok <arn>".
inline std::string answer(const Result<directory::Caller>& result) {
  if (result) return "ok " + result->arn;
  const Error& e = result.error();
  return std::to_string(e.status()) + " " + e.code() + ": " + e.message();
}

}  // namespace deputy::authn
