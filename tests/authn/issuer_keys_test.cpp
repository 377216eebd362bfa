// When a provider is asked, and when not. What it is asked over is http/fetch.h; here it is a list of questions.
#include "authn/issuer_keys.h"

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
      page == pages.end() ? done(http::FetchFault::kUnusable) : done(page->second);
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
  EXPECT_EQ(find("a")->error(), KeyFault::kUnusable);
  EXPECT_EQ(find("a")->error(), KeyFault::kUnusable);
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
    EXPECT_EQ(find("a")->error(), KeyFault::kUnusable) << document;
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
