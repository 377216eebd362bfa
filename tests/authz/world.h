// One caller of every kind, built by hand: what the tests of authz/ share.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "authz/authorize.h"
#include "base/arn.h"
#include "directory/caller.h"
#include "directory/changes.h"

namespace deputy::authz {

/// Account 111111111111 with the user alice (path /team/) and the role Deploy (path /ci/), both tagged.
class World {
 public:
  World() {
    state.account.id = *AccountId::parse("111111111111");
    alice.account = deploy.account = state.account.id;
    alice.id = UniqueId("AIDAAAAAAAAAAAAAAAAAA");
    alice.path = "/team/";
    alice.name = "alice";
    alice.tags = {{"Team", "blue"}, {"Floor", "3"}};
    deploy.id = UniqueId("AROAAAAAAAAAAAAAAAAAA");
    deploy.path = "/ci/";
    deploy.name = "Deploy";
    deploy.tags = {{"Stage", "prod"}, {"Team", "ops"}};
  }

  /// By the name that the cases use.
  [[nodiscard]] directory::Caller caller(const std::string& kind) const {
    using directory::Caller;
    Caller c;
    if (kind == "anonymous") return c;
    if (kind == "service") {
      c.kind = Caller::Kind::kService;
      c.service = std::make_shared<directory::ServiceCall>(
          directory::ServiceCall{"lambda.amazonaws.com",
                                 {"lambda.amazonaws.com", "lambda.us-east-1.amazonaws.com"},
                                 "arn:aws:lambda:us-east-1:333333333333:function:f",
                                 "333333333333",
                                 "o-abcdefghij",
                                 {"o-abcdefghij/r-ab12/"}});
      return c;
    }
    if (kind == "web identity" || kind == "saml") {
      c.kind = kind == "saml" ? Caller::Kind::kSaml : Caller::Kind::kWebIdentity;
      c.federated = std::make_shared<directory::FederatedCall>(
          directory::FederatedCall{"arn:aws:iam::111111111111:oidc-provider/ci.example.com",
                                   "repo:a",
                                   {{"ci.example.com:sub", {"repo:a"}}, {"ci.example.com:amr", {"pwd", "otp"}}}});
      return c;
    }
    c.account = &state;
    c.access_key_id = "AKIAIOSFODNN7EXAMPLE";
    if (kind == "root" || kind == "root session" || kind == "assumed root session") {
      c.kind = Caller::Kind::kRoot;
      c.arn = root_arn(state.account.id);
      c.user_id = "111111111111";
    } else if (kind == "user" || kind == "user session" || kind == "user session with MFA") {
      c.kind = Caller::Kind::kUser;
      c.user = &alice;
      c.arn = alice.arn();
      c.user_id = alice.id.str();
    } else if (kind.starts_with("federated user")) {
      c.kind = Caller::Kind::kFederatedUser;
      c.user = kind.ends_with("of root") ? nullptr : &alice;
      c.arn = federated_user_arn(state.account.id, "bob");
      c.user_id = "111111111111:bob";
    } else {
      c.kind = Caller::Kind::kRoleSession;
      c.role = &deploy;
      c.arn = assumed_role_arn(state.account.id, "Deploy", "s1");
      c.user_id = deploy.id.str() + ":s1";
    }
    c.session = session(kind);
    return c;
  }

  /// A snapshot with an organization to which account 111111111111 belongs ("the caller"), or 222222222222 ("the
  /// owner"), or "both"; or, for any other word, without one.
  directory::SnapshotPtr organization(std::string_view members) {
    const bool own = members == "the caller" || members == "both", other = members == "the owner" || members == "both";
    state.membership = own ? std::make_shared<const directory::Membership>(membership(state.account.id)) : nullptr;
    if (!own && !other) return directory::Snapshot::empty({});
    directory::Changes made;
    directory::Organization organization;
    organization.id = "o-abcdefghij";
    organization.root = "r-ab12";
    organization.management = *AccountId::parse("333333333333");
    made.create(organization);
    for (const char* id : {"111111111111", "222222222222"}) {
      directory::Account account;
      account.id = *AccountId::parse(id);
      made.create(account);
      if (account.id == state.account.id ? own : other) made.create(membership(account.id));
    }
    std::vector<directory::StoredChange> stored;
    for (const auto& w : made.writes()) stored.push_back({w.key, std::string_view(*w.value)});
    return *directory::Snapshot::empty({})->apply(1, stored);
  }

  directory::AccountState state;
  directory::User alice;
  directory::Role deploy;
  Time now = *parse_iso8601("2026-07-24T10:11:12Z");

 private:
  static directory::Membership membership(const AccountId& account) {
    directory::Membership member;
    member.account = account;
    member.organization = "o-abcdefghij";
    return member;
  }

  [[nodiscard]] directory::SessionPtr session(const std::string& kind) const {
    using directory::Session;
    if (kind == "root" || kind == "user") return nullptr;
    Session s;
    s.issued = now - std::chrono::minutes(10);
    s.mfa = false;
    s.kind = kind == "root session"               ? Session::Kind::kRoot
             : kind == "assumed root session"     ? Session::Kind::kAssumedRoot
             : kind.starts_with("user")           ? Session::Kind::kUser
             : kind.starts_with("federated user") ? Session::Kind::kFederatedUser
                                                  : Session::Kind::kRole;
    if (kind.ends_with("with MFA")) {
      s.mfa = true;
      s.mfa_time = now - std::chrono::seconds(90);
    }
    if (kind == "tagged role session" || kind == "federated user") s.tags = {{"team", "red"}, {"Project", "p"}};
    if (kind == "tagged role session") s.source_identity = "dana";
    if (kind == "web role session") {
      s.federated_provider = "arn:aws:iam::111111111111:oidc-provider/ci.example.com";
      s.federated_keys = {{"ci.example.com:sub", {"repo:a"}}, {"ci.example.com:amr", {"pwd", "otp"}}};
    }
    return std::make_shared<const Session>(std::move(s));
  }
};

}  // namespace deputy::authz
