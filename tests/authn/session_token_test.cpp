#include "authn/session_token.h"

#include <gmock/gmock.h>

#include "authn/session_codec.h"
#include "authn/world.h"

namespace deputy::authn {
namespace {

using directory::Session;
using testing::MatchesRegex;

Session full_session(const World& world) {
  Session s = world.role_session();
  s.access_key_id = "ASIAAAAAAAAAAAAAAAAA";
  s.policy = R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})";
  s.policy_arns = {"arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::111111111111:policy/p"};
  s.tags = {{"Project", "caf\xc3\xa9"}, {"Empty", ""}};
  s.transitive_tag_keys = {"Project"};
  s.source_identity = "alice";
  s.mfa = true;
  s.mfa_time = world.now - std::chrono::minutes(5);
  s.chain_depth = 3;
  s.federated_provider = "arn:aws:iam::111111111111:oidc-provider/ci.example.com";
  s.federated_keys = {{"ci.example.com:sub", {"repo:a"}}, {"ci.example.com:amr", {"pwd", "otp", ""}}};
  s.scoped_policies = {*s.policy, *s.policy, *s.policy};
  return s;
}

void expect_same(const Session& a, const Session& b) {
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.account, b.account);
  EXPECT_EQ(a.issuer, b.issuer);
  EXPECT_EQ(a.issuer_name, b.issuer_name);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.access_key_id, b.access_key_id);
  EXPECT_EQ(a.issued, b.issued);
  EXPECT_EQ(a.expires, b.expires);
  EXPECT_EQ(a.policy, b.policy);
  EXPECT_EQ(a.policy_arns, b.policy_arns);
  EXPECT_EQ(a.tags, b.tags);
  EXPECT_EQ(a.transitive_tag_keys, b.transitive_tag_keys);
  EXPECT_EQ(a.source_identity, b.source_identity);
  EXPECT_EQ(a.mfa, b.mfa);
  EXPECT_EQ(a.mfa_time, b.mfa_time);
  EXPECT_EQ(a.chain_depth, b.chain_depth);
  EXPECT_EQ(a.federated_provider, b.federated_provider);
  EXPECT_EQ(a.federated_keys, b.federated_keys);
  EXPECT_EQ(a.scoped_policies, b.scoped_policies);
  EXPECT_EQ(a.padding, b.padding);
}

TEST(SessionCodecTest, EverySessionComesBackAsItWas) {
  const World world;
  std::vector<Session> sessions{full_session(world), world.role_session(), world.user_session(std::nullopt),
                                world.user_session(false), world.user_session(true)};
  sessions[4].mfa_time = world.now;
  sessions[0].padding = 4096;
  Session root;
  root.kind = Session::Kind::kRoot;
  root.account = *AccountId::parse("000000000000");
  root.issuer = UniqueId("ACCTAAAAAAAAAAAAAAAAA");
  sessions.push_back(root);
  Session federated = root;
  federated.kind = Session::Kind::kFederatedUser;
  federated.name = "bob";
  sessions.push_back(federated);
  Session assumed_root = root;
  assumed_root.kind = Session::Kind::kAssumedRoot;
  assumed_root.issuer_name = "o-abcdefghij";
  assumed_root.policy_arns = {"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"};
  sessions.push_back(assumed_root);
  for (Session& s : sessions) {
    s.access_key_id = "ASIAAAAAAAAAAAAAAAAA";
    const auto back = decode_session(encode_session(s));
    ASSERT_TRUE(back) << static_cast<int>(s.kind);
    expect_same(*back, s);
  }
}

TEST(SessionCodecTest, NothingButItsOwnBytesIsASession) {
  const World world;
  const std::string bytes = encode_session(full_session(world));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto cut = decode_session(bytes.substr(0, i));  // fields at the end may be absent, so some are sessions
    if (cut) {
      EXPECT_EQ(encode_session(*cut), bytes.substr(0, i));
    }
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      const auto other = decode_session(changed);
      if (other) {
        EXPECT_EQ(encode_session(*other), changed) << i;
      }
    }
  }
}

TEST(SessionCodecTest, NobodyIsRootOfAnAccountOfUnknownGeneration) {
  for (const auto kind : {Session::Kind::kRoot, Session::Kind::kFederatedUser, Session::Kind::kAssumedRoot}) {
    Session s;
    s.kind = kind;
    s.account = *AccountId::parse("111111111111");
    s.access_key_id = "ASIAAAAAAAAAAAAAAAAA";
    s.name = "bob";
    s.issuer_name = "o-abcdefghij";
    s.policy_arns = {"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"};
    EXPECT_FALSE(decode_session(encode_session(s))) << static_cast<int>(kind);
    s.issuer = UniqueId("ACCTAAAAAAAAAAAAAAAAA");
    EXPECT_TRUE(decode_session(encode_session(s))) << static_cast<int>(kind);
  }
}

TEST(SessionCodecTest, AnAssumedRootIsNothingWithoutItsTask) {  // it would be root without a limit
  Session s;
  s.kind = Session::Kind::kAssumedRoot;
  s.account = *AccountId::parse("111111111111");
  s.issuer = UniqueId("ACCTAAAAAAAAAAAAAAAAA");
  s.issuer_name = "o-abcdefghij";
  s.access_key_id = "ASIAAAAAAAAAAAAAAAAA";
  EXPECT_FALSE(decode_session(encode_session(s)));
  s.policy_arns = {"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"};
  EXPECT_TRUE(decode_session(encode_session(s)));
}

struct BadBytes {
  const char* why;
  std::string bytes;
};

TEST(SessionCodecTest, DeviationsFromTheGrammarAreRefused) {
  Session s;
  s.kind = Session::Kind::kRoot;
  s.account = *AccountId::parse("111111111111");
  s.issuer = UniqueId("ACCTAAAAAAAAAAAAAAAAA");
  s.access_key_id = "ASIAAAAAAAAAAAAAAAAA";
  const std::string good = encode_session(s);
  ASSERT_TRUE(decode_session(good));
  const std::string tag("\x0b\x02\x01k", 4);
  const BadBytes cases[] = {
      {"empty", ""},
      {"an unknown field", good + std::string("\x15\x01x", 3)},
      {"a field far above those known", good + std::string("\xff\x01x", 3)},
      {"field 0", std::string("\0\0", 2) + good},
      {"a field twice", good + std::string("\x0d\x01x\x0d\x01x", 6)},
      {"fields out of order", good + std::string("\x0d\x01x", 3) + tag},
      {"a field that is cut off", good + std::string("\x0d\x05x", 3)},
      {"a length without end", good + std::string("\x0d\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10)},
      {"a length not in its shortest form", good + std::string("\x0d\x81\x00x", 4)},
      {"a number not in its shortest form", good + std::string("\x10\x02\x81\x00", 4)},
      {"a number with bytes behind it", good + std::string("\x10\x02\x01\x01", 4)},
      {"an empty text", good + std::string("\x0d\x00", 2)},
      {"text that is not UTF-8", good + std::string("\x0d\x01\xff", 3)},
      {"mfa that is neither", good + std::string("\x0e\x01\x02", 3)},
      {"an mfa time without mfa", good + std::string("\x0e\x01\x00\x0f\x01\x01", 6)},
      {"chain depth zero", good + std::string("\x10\x01\x00", 3)},
      {"a tag without a key", good + std::string("\x0b\x02\x00v", 4)},
      {"a tag key longer than the tag", good + std::string("\x0b\x02\x05k", 4)},
      {"a text over its limit", good + "\x0d" + "\x81\x08" + std::string(1025, 'x')},
      {"eleven policy ARNs",
       [&] {
         std::string b = good;
         for (int i = 0; i < 11; ++i) b += std::string("\x0a\x01x", 3);
         return b;
       }()},
  };
  for (const BadBytes& c : cases) EXPECT_FALSE(decode_session(c.bytes)) << c.why;
}

TEST(SessionCodecTest, EachKindHasWhatItCannotBeWithout) {
  const World world;
  const std::pair<const char*, std::function<void(Session&)>> losses[] = {
      {"issuer", [](Session& s) { s.issuer = UniqueId(); }},
      {"issuer name", [](Session& s) { s.issuer_name.clear(); }},
      {"session name", [](Session& s) { s.name.clear(); }},
      {"access key id", [](Session& s) { s.access_key_id.clear(); }},
  };
  for (const auto& [what, lose] : losses) {
    Session s = full_session(world);
    lose(s);
    EXPECT_FALSE(decode_session(encode_session(s))) << what;
  }
}

TEST(SessionTokenTest, ATokenIsAsLongAsItWasAskedToBe) {
  const World world;
  crypto::Entropy& entropy = crypto::system_entropy();
  const auto issue = [&](Session session, std::size_t least) {
    return world.tokens.issue(*world.snapshot, entropy, std::move(session), least).session_token;
  };
  const std::size_t plain = issue(world.role_session(), 0).size();
  EXPECT_EQ(issue(world.role_session(), plain).size(), plain);
  for (const std::size_t least : {plain + 1, plain + 2, plain + 3, plain + 100, std::size_t{4096}}) {
    const std::string token = issue(world.role_session(), least);
    EXPECT_GE(token.size(), least);
    EXPECT_LE(token.size(), least + 8);
    const auto opened = world.tokens.open(*world.snapshot, token);
    ASSERT_TRUE(opened) << least;
    EXPECT_EQ(issue(*opened->session, 0).size(), plain) << "padding is of one token, not of the session";
  }
}

TEST(SessionTokenTest, ASessionThatFitsCanBeOpenedAgain) {
  const World world;
  const std::pair<const char*, std::function<void(Session&)>> too_much[] = {
      {"a long value",
       [](Session& s) {
         s.federated_keys = {{"saml:sub", {std::string(kLongestPair, 'x')}}};
       }},
      {"many values",
       [](Session& s) {
         s.federated_keys = {{"x:amr", std::vector<std::string>(kMostFederatedKeys + 1, "v")}};
       }},
      {"all of it",
       [](Session& s) {
         s.federated_keys = {{"x:amr", std::vector<std::string>(10, std::string(1000, 'x'))}};
       }},
      {"policies", [](Session& s) { s.policy = std::string(5000, ' '); }},
  };
  for (const auto& [what, grow] : too_much) {
    Session s = world.role_session();
    EXPECT_TRUE(SessionTokens::fits(s));
    grow(s);
    EXPECT_FALSE(SessionTokens::fits(s)) << what;
  }
  Session largest = full_session(world);
  largest.policy.reset();
  largest.scoped_policies.clear();
  largest.policy_arns.clear();
  largest.transitive_tag_keys.clear();
  largest.tags.clear();
  for (int i = 0; i < 50; ++i) largest.tags.push_back({"k" + std::to_string(i), std::string(70, 'v')});
  largest.federated_keys = {{"x:amr", std::vector<std::string>(7, std::string(990, 'x'))}};
  ASSERT_TRUE(SessionTokens::fits(largest));
  EXPECT_TRUE(world.tokens.open(*world.snapshot, world.issue(largest).session_token));
}

TEST(SessionTokenTest, CredentialsHaveTheirForm) {
  const World world;
  const Credentials c = world.issue(world.role_session());
  EXPECT_THAT(c.access_key_id, MatchesRegex("ASIA[A-Z2-7]{16}"));
  EXPECT_EQ(crypto::account_of_access_key(c.access_key_id), world.account.id);
  EXPECT_THAT(c.secret_access_key, MatchesRegex("[A-Za-z0-9/+]{40}"));
  EXPECT_THAT(c.session_token, MatchesRegex("[A-Za-z0-9/+]{100,}=*"));
  EXPECT_EQ(c.expires, world.now + std::chrono::hours(1));
  const Credentials again = world.issue(world.role_session());
  EXPECT_NE(again.access_key_id, c.access_key_id);
  EXPECT_NE(again.secret_access_key, c.secret_access_key);
}

TEST(SessionTokenTest, ATokenOpensAsTheSessionItWasMadeFor) {
  const World world;
  Session session = full_session(world);
  const Credentials c = world.issue(session);
  session.access_key_id = c.access_key_id;
  for (int i = 0; i < 2; ++i) {  // opened, then remembered
    const auto opened = world.tokens.open(*world.snapshot, c.session_token);
    ASSERT_TRUE(opened);
    expect_same(*opened->session, session);
    EXPECT_EQ(opened->secret_access_key, c.secret_access_key);
    EXPECT_NE(opened->session->compiled, nullptr);
  }
}

TEST(SessionTokenTest, EveryChangedCharacterIsNoticed) {
  const World world;
  const std::string token = world.issue(world.role_session()).session_token;
  ASSERT_TRUE(world.tokens.open(*world.snapshot, token));
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char other : {'A', 'b', '=', ' ', '\n', '-', '\xff'}) {
      if (token[i] == other) continue;
      std::string changed = token;
      changed[i] = other;
      EXPECT_FALSE(world.tokens.open(*world.snapshot, changed)) << i;
    }
    EXPECT_FALSE(world.tokens.open(*world.snapshot, token.substr(0, i)));
  }
  EXPECT_FALSE(world.tokens.open(*world.snapshot, token + "A"));
  EXPECT_FALSE(world.tokens.open(*world.snapshot, " " + token));
  EXPECT_FALSE(world.tokens.open(*world.snapshot, std::string(20000, 'A')));
}

TEST(SessionTokenTest, ARememberedTokenEndsWithItsKey) {
  World world;
  const Credentials c = world.issue(world.role_session());
  ASSERT_TRUE(world.tokens.open(*world.snapshot, c.session_token));
  const directory::TokenKey key = *world.snapshot->token_keys().get("0000000001");
  world.write([&](auto& changes) { changes.erase(key); });
  EXPECT_FALSE(world.tokens.open(*world.snapshot, c.session_token));
  // Another key of the same number is another key.
  world.write(
      [&](auto& changes) { changes.create(world.tokens.make_key(*world.snapshot, *world.entropy, world.now)); });
  EXPECT_FALSE(world.tokens.open(*world.snapshot, c.session_token));
  world.write([&](auto& changes) { changes.update(key); });
  EXPECT_TRUE(world.tokens.open(*world.snapshot, c.session_token));
}

TEST(SessionTokenTest, AnotherServersTokenDoesNotOpen) {
  const World world;
  const auto other_entropy = crypto::seeded_entropy(99);
  const auto other_vault = crypto::Vault::ephemeral(*other_entropy);
  const SessionTokens other_tokens(*other_vault);
  World other;
  other.write(
      [&](auto& c) { c.update(other_tokens.make_key(*directory::Snapshot::empty({}), *other_entropy, other.now)); });
  const Credentials theirs = other_tokens.issue(*other.snapshot, *other_entropy, other.role_session());
  EXPECT_TRUE(other_tokens.open(*other.snapshot, theirs.session_token));
  EXPECT_FALSE(world.tokens.open(*world.snapshot, theirs.session_token));
}

TEST(SessionTokenTest, ManyTokensPushEachOtherOutAndStillOpen) {
  const World world;
  std::vector<Credentials> all;
  for (int i = 0; i < 3000; ++i) all.push_back(world.issue(world.role_session()));
  for (int round = 0; round < 2; ++round) {
    for (const Credentials& c : all) {
      const auto opened = world.tokens.open(*world.snapshot, c.session_token);
      ASSERT_TRUE(opened && opened->session->access_key_id == c.access_key_id);
      ASSERT_EQ(opened->secret_access_key, c.secret_access_key);
    }
  }
}

TEST(SessionTokenTest, AMalformedSessionPolicyOpensNothing) {
  const World world;
  Session s = world.role_session();
  s.policy = R"({"Version":"2012-10-17","Statement":{"Effect":"Broken"}})";
  EXPECT_FALSE(world.tokens.open(*world.snapshot, world.issue(s).session_token));
}

TEST(SessionTokenTest, PoliciesAndTagsFitUpToTheirBytes) {
  const World world;
  Session s = world.role_session();
  EXPECT_TRUE(SessionTokens::fits(s));
  s.tags = {{"k", "v"}};
  s.policy = std::string(2048, 'x');
  EXPECT_TRUE(SessionTokens::fits(s));
  s.policy = std::string(4096, 'x');
  EXPECT_FALSE(SessionTokens::fits(s));
}

}  // namespace
}  // namespace deputy::authn
