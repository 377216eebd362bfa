// When a provider is asked, and when not. What it is asked over is http/fetch.h; here it is a list of questions.
#include "authn/federation/issuer_keys.h"

#include <gtest/gtest.h>

#include <map>

namespace deputy::authn {
namespace {

using namespace std::chrono_literals;

constexpr const char* kIssuer = "https://idp.example/x";
constexpr const char* kDiscovery = "/x/.well-known/openid-configuration";

std::string key_set(const std::string& ids) {
  std::string text = R"({"keys":[)";
  for (const char id : ids) {
    text += std::string(text.back() == '[' ? "" : ",") +
            R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)" +
            R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":")" + id + "\"}";
  }
  return text + "]}";
}

class FixedClock : public Clock {
 public:
  Time time = *parse_iso8601("2026-07-24T10:11:12Z");
  [[nodiscard]] Time now() const override { return time; }
};

class IssuerKeysTest : public testing::Test {
 protected:
  /// Answers all questions that wait, from `pages`, until there are none.
  void answer() {
    while (!asked.empty()) {
      auto [request, done] = std::move(asked.front());
      asked.erase(asked.begin());
      const auto page = pages.find(request.target);
      page == pages.end() ? done(fault) : done(page->second);
    }
  }
  std::optional<KeyAnswer> find(const std::string& id, std::vector<std::string> thumbprints = {}) {
    std::optional<KeyAnswer> got;
    keys.find({kIssuer, std::move(thumbprints), id}, [&](KeyAnswer outcome) { got = std::move(outcome); });
    answer();
    return got;
  }
  bool has(const std::string& id) {
    const auto got = find(id);
    return got && *got && (**got)->has(id);
  }

  FixedClock clock;
  http::FetchFault fault = http::FetchFault::kStatus;  // of what is not among `pages`
  std::map<std::string, std::string> pages = {
      {kDiscovery, R"({"issuer":"https://idp.example/x","jwks_uri":"https://idp.example/keys?v=2"})"},
      {"/keys?v=2", key_set("a")}};
  std::vector<std::pair<http::FetchRequest, http::Fetcher::Done>> asked;
  std::vector<http::FetchRequest> history;
  std::size_t total = 0;
  IssuerKeys keys{IssuerRules(),
                  [this](http::FetchRequest request, http::Fetcher::Done done) {
                    ++total;
                    history.push_back(request);
                    asked.emplace_back(std::move(request), std::move(done));
                  },
                  clock};
};

TEST_F(IssuerKeysTest, AsksForTheDocumentThenForTheKeys) {
  EXPECT_FALSE(keys.remembered({kIssuer, {}, "a"}));
  EXPECT_TRUE(has("a"));
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].target, kDiscovery);
  EXPECT_EQ(history[1].target, "/keys?v=2");
  EXPECT_EQ(history[1].connect_to, "idp.example");
  EXPECT_EQ(history[1].host, "idp.example");
  EXPECT_FALSE(history[1].private_addresses);
  EXPECT_TRUE(keys.remembered({kIssuer, {}, "a"}));
}

TEST_F(IssuerKeysTest, WhoAsksMeanwhileGetsTheSameOutcome) {
  int answers = 0;
  for (int i = 0; i < 50; ++i)
    keys.find({kIssuer, {}, "a"}, [&](const KeyAnswer& got) { answers += got.ok() ? 1 : 0; });
  EXPECT_EQ(total, 1U);
  EXPECT_EQ(answers, 0);
  answer();
  EXPECT_EQ(total, 2U);
  EXPECT_EQ(answers, 50);
}

TEST_F(IssuerKeysTest, AnUnknownKeyIsLookedForTwiceAMinuteAtMost) {
  EXPECT_TRUE(has("a"));
  pages["/keys?v=2"] = key_set("ab");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(has("b"));
  EXPECT_EQ(total, 2U);
  clock.time += 30s;
  EXPECT_TRUE(has("b"));
  EXPECT_EQ(total, 4U);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(has("c"));
  EXPECT_EQ(total, 4U);
}

TEST_F(IssuerKeysTest, AKeyThatWasTakenBackIsForgottenAfterTenMinutes) {
  EXPECT_TRUE(has("a"));
  pages["/keys?v=2"] = key_set("b");
  clock.time += 599s;
  EXPECT_TRUE(has("a"));
  EXPECT_EQ(total, 2U);
  clock.time += 1s;
  EXPECT_FALSE(has("a"));
  EXPECT_TRUE(has("b"));
}

TEST_F(IssuerKeysTest, AFailureIsRememberedForFiveSecondsAndNoOldKeyIsBelieved) {
  EXPECT_TRUE(has("a"));
  clock.time += 10min;
  const std::string page = std::exchange(pages["/keys?v=2"], "no key set");
  EXPECT_EQ(find("a")->error().fault, KeyFault::kUnusable);
  EXPECT_EQ(find("a")->error().fault, KeyFault::kUnusable);
  EXPECT_EQ(total, 4U);
  pages["/keys?v=2"] = page;
  clock.time += 5s;
  EXPECT_TRUE(has("a"));
}

TEST_F(IssuerKeysTest, AClockThatWasSetBackMakesNothingFresh) {
  EXPECT_TRUE(has("a"));
  clock.time -= 1h;
  pages["/keys?v=2"] = key_set("b");
  EXPECT_FALSE(has("a"));
}

TEST_F(IssuerKeysTest, EachSetOfThumbprintsIsAskedWithItsOwn) {
  EXPECT_TRUE(has("a"));
  EXPECT_TRUE(find("a", {"aa"})->ok());
  EXPECT_EQ(total, 4U);
  EXPECT_EQ(history.back().thumbprints, std::vector<std::string>{"aa"});
}

TEST_F(IssuerKeysTest, DocumentsThatLieAreOfNoUse) {
  for (const char* document :
       {"", "{}", R"({"issuer":"https://idp.example/y","jwks_uri":"https://idp.example/keys?v=2"})",
        R"({"issuer":"https://idp.example/x"})",
        R"({"issuer":"https://idp.example/x","jwks_uri":"http://idp.example/keys?v=2"})",
        R"({"issuer":"https://idp.example/x","jwks_uri":"https://idp.example:8443/keys?v=2"})",
        R"({"issuer":"https://idp.example/x","jwks_uri":"https://idp.example/keys?v=2 HTTP/1.1\r\nX: y"})",
        R"({"issuer":"https://idp.example/x","jwks_uri":"file:///etc/passwd"})",
        R"({"issuer":"https://idp.example/x","jwks_uri":"https://u:p@idp.example/keys?v=2"})"}) {
    pages[kDiscovery] = document;
    EXPECT_EQ(find("a")->error().fault, KeyFault::kUnusable) << document;
    clock.time += 1min;
  }
}

TEST_F(IssuerKeysTest, AnIssuerWithASlashAtItsEndIsAskedAtTheSamePlace) {
  pages[kDiscovery] = R"({"issuer":"https://idp.example/x/","jwks_uri":"https://idp.example/keys?v=2"})";
  std::optional<KeyAnswer> got;
  keys.find({"https://idp.example/x/", {}, "a"}, [&](KeyAnswer outcome) { got = std::move(outcome); });
  answer();
  EXPECT_TRUE(got && got->ok());
}

TEST_F(IssuerKeysTest, KeysOutliveAProviderThatDoesNotAnswerForAnHour) {
  using http::FetchFault;
  for (const FetchFault silent : {FetchFault::kUnreachable, FetchFault::kNoPlace, FetchFault::kOverloaded}) {
    clock.time += 2h;
    pages["/keys?v=2"] = key_set("a");
    ASSERT_TRUE(has("a"));
    pages.erase("/keys?v=2");
    fault = silent;
    clock.time += 10min;
    EXPECT_TRUE(has("a")) << http::describe(silent);
    const std::size_t before = total;
    EXPECT_TRUE(has("a"));
    EXPECT_EQ(total, before) << "asked again after some seconds only";
    EXPECT_FALSE(has("b")) << "a key that nobody ever saw";
    clock.time += 49min;
    EXPECT_TRUE(has("a"));
    clock.time += 1min;
    EXPECT_FALSE(find("a")->ok()) << "nobody has heard of it for an hour";
  }
}

TEST_F(IssuerKeysTest, AnAnswerThatIsWrongEndsOldKeysAtOnce) {
  using http::FetchFault;
  for (const FetchFault wrong : {FetchFault::kThumbprint, FetchFault::kUntrusted, FetchFault::kStatus,
                                 FetchFault::kRedirect, FetchFault::kTooLarge, FetchFault::kForbidden}) {
    clock.time += 2h;
    pages["/keys?v=2"] = key_set("a");
    ASSERT_TRUE(has("a"));
    pages.erase("/keys?v=2");
    fault = wrong;
    clock.time += 10min;
    EXPECT_FALSE(find("a")->ok()) << http::describe(wrong);
    fault = FetchFault::kUnreachable;
    clock.time += 10s;
    EXPECT_FALSE(find("a")->ok()) << "they do not come back";
  }
}

TEST_F(IssuerKeysTest, WhileAFailedFetchIsTriedAgainOldKeysAnswer) {
  ASSERT_TRUE(has("a"));
  pages.clear();
  fault = http::FetchFault::kUnreachable;
  clock.time += 11min;
  ASSERT_TRUE(has("a"));
  clock.time += 5s;
  EXPECT_FALSE(keys.remembered({kIssuer, {}, "a"})) << "one asks";
  keys.find({kIssuer, {}, "a"}, [](const KeyAnswer&) {});
  EXPECT_TRUE(keys.remembered({kIssuer, {}, "a"})) << "the others go on";
  answer();
}

TEST_F(IssuerKeysTest, ANameInsideLooksLikeOneThatDoesNotExist) {
  pages.clear();
  fault = http::FetchFault::kForbidden;
  const KeyTrouble inside = find("a")->error();
  clock.time += 1min;
  fault = http::FetchFault::kUnreachable;
  const KeyTrouble nowhere = find("a")->error();
  EXPECT_EQ(inside.fault, nowhere.fault);
  EXPECT_EQ(inside.reason, nowhere.reason);
}

TEST_F(IssuerKeysTest, WhatOneAccountRemembersIsNotAnothers) {
  const AccountId a = *AccountId::parse("111111111111"), b = *AccountId::parse("222222222222");
  const auto ask = [&](const AccountId& account) {
    std::optional<KeyAnswer> got;
    keys.find({kIssuer, {}, "a", account}, [&](KeyAnswer outcome) { got = std::move(outcome); });
    answer();
    return got && got->ok();
  };
  fault = http::FetchFault::kNoPlace;
  const auto before = std::exchange(pages, {});
  EXPECT_FALSE(ask(a));
  pages = before;
  EXPECT_FALSE(ask(a)) << "remembered";
  EXPECT_TRUE(ask(b));
  EXPECT_EQ(history.back().account, b);
  for (int i = 0; i < 300; ++i) {
    keys.find({"https://idp.example/" + std::to_string(i), {}, "", a}, [](const KeyAnswer&) {});
    answer();
    clock.time += 1ms;
  }
  EXPECT_TRUE(keys.remembered({kIssuer, {}, "a", b}));
  EXPECT_FALSE(keys.remembered({kIssuer, {}, "a", a})) << "the oldest of its hundred";
}

TEST_F(IssuerKeysTest, ThousandsOfIssuersDoNotGrowTheTable) {
  for (int i = 0; i < 3000; ++i) {
    keys.find({"https://idp.example/" + std::to_string(i), {}, ""}, [](const KeyAnswer&) {});
    answer();
    clock.time += 1ms;
  }
  EXPECT_FALSE(keys.remembered({"https://idp.example/0", {}, ""}));
  EXPECT_TRUE(keys.remembered({"https://idp.example/2999", {}, ""})) << "a failure, and a fresh one";
}

}  // namespace
}  // namespace deputy::authn
