// The verbs that need no server, as somebody types them: what they print, what they leave, and what they say when it does
// not work. Those that ask a server are in the end-to-end tests; here they say that there is none.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/verbs.h"
#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Ran {
  int code = kUsage;  // as well if the words were not understood; `err` says why then
  std::string out, err;
};

class VerbsTest : public testing::Test {
 protected:
  VerbsTest() {
    ::setenv("AWS_CONFIG_FILE", at("config").c_str(), 1);
    ::setenv("AWS_SHARED_CREDENTIALS_FILE", at("credentials").c_str(), 1);
    ::setenv("DEPUTY_DATA", data().c_str(), 1);
  }
  ~VerbsTest() override {
    for (const char* name : {"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "DEPUTY_DATA"}) ::unsetenv(name);
  }

  /// `deputy` with these words and this standard input.
  Ran run(std::vector<std::string> words, const std::string& input = "") {
    CLI::App app;
    cli::Run chosen;
    for (const auto add : {add_account, add_backup, add_snapshot, add_entries, add_env, add_profile, add_events,
                           add_coverage, add_mfa, add_evaluate, add_validate, add_stop}) {
      add(app, chosen);
    }
    Ran ran;
    std::reverse(words.begin(), words.end());
    try {
      app.parse(words);
    } catch (const CLI::ParseError& error) {
      ran.err = error.what();
      return ran;
    }
    std::ofstream(at("input"), std::ios::binary) << input;
    const int before = ::dup(STDIN_FILENO), now = ::open(at("input").c_str(), O_RDONLY | O_CLOEXEC);
    ::dup2(now, STDIN_FILENO);
    ::close(now);
    std::clearerr(stdin);  // another one has been read to its end
    std::cin.clear();
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    ran.code = chosen();
    ran.out = testing::internal::GetCapturedStdout();
    ran.err = testing::internal::GetCapturedStderr();
    ::dup2(before, STDIN_FILENO);
    ::close(before);
    return ran;
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(at(name), std::ios::binary) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(at(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
  [[nodiscard]] std::string data() const { return folder_.data(); }

  store::TemporaryFolder folder_;
};

// ---- mfa code

/// RFC 6238's seed and its codes, cut to six digits; more of them in tests/authn/totp.
TEST_F(VerbsTest, ACodeIsThatOfTheSeedAndTheTime) {
  const std::string seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"mfa", "code", seed, "--at", "59"}, "287082\n"},
      {{"mfa", "code", seed, "--at", "1970-01-01T00:00:59Z"}, "287082\n"},
      {{"mfa", "code", seed, "--at", "1111111109"}, "081804\n"},
      {{"mfa", "code", "gezd gnbv gy3t qojq-GEZD-GNBV-GY3T-QOJQ==", "--at", "59"}, "287082\n"},
  };
  for (const auto& [words, code] : cases) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, kDone) << ran.err;
    EXPECT_EQ(ran.out, code);
  }
  EXPECT_EQ(run({"mfa", "code", "-", "--at", "59"}, seed + "\n").out, "287082\n");
}

TEST_F(VerbsTest, WhatIsNoSeedOrNoTimeIsRefused) {
  for (const char* seed : {"", "1", "GEZD!", "=", "8888"}) {
    const Ran ran = run({"mfa", "code", "-", "--at", "59"}, seed);
    EXPECT_EQ(ran.code, kFailed) << seed;
    EXPECT_THAT(ran.err, HasSubstr("the seed is not base32")) << seed;
  }
  EXPECT_EQ(run({"mfa", "code", "-"}, std::string(5000, 'A')).code, kFailed);
  for (const char* time : {"now", "59x", "-1", "2026-07-24", ""}) {
    EXPECT_NE(run({"mfa", "code", "GEZDGNBV", "--at", time}).code, kDone) << time;
  }
  EXPECT_EQ(run({"mfa", "code", "GEZDGNBV", "--at", "59", "--next"}).code, kUsage);
}

// ---- profile

constexpr const char* kKey =
    R"({"AccessKey":{"UserName":"dana","AccessKeyId":"AKIAEXAMPLE000000000","SecretAccessKey":"secret/of/dana"}})";

TEST_F(VerbsTest, AProfileIsMadeOfWhatAwsPrinted) {
  const Ran ran = run({"profile", "dana", "--endpoint-url", "http://127.0.0.1:4566", "--region", "eu-west-1"}, kKey);
  ASSERT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("dana"), HasSubstr("user dana"), HasSubstr("eu-west-1"), Not(HasSubstr("secret"))));
  EXPECT_THAT(read("credentials"),
              AllOf(HasSubstr("[dana]"), HasSubstr("AKIAEXAMPLE000000000"), HasSubstr("secret/of/dana")));
  EXPECT_THAT(read("config"),
              AllOf(HasSubstr("[profile dana]"), HasSubstr("http://127.0.0.1:4566"), HasSubstr("eu-west-1")));
  struct stat found {};
  ASSERT_EQ(::stat(at("credentials").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0077, 0U) << "nobody else reads it";
}

TEST_F(VerbsTest, ASessionsProfileHasItsToken) {
  const Ran ran = run({"profile", "work", "--endpoint-url", "http://127.0.0.1:4566"},
                      R"({"Credentials":{"AccessKeyId":"ASIAX","SecretAccessKey":"s","SessionToken":"token-of-it"},)"
                      R"("AssumedRoleUser":{"Arn":"arn:aws:sts::111111111111:assumed-role/R/work"}})");
  ASSERT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("arn:aws:sts::111111111111:assumed-role/R/work"));
  EXPECT_THAT(read("credentials"), HasSubstr("token-of-it"));
}

TEST_F(VerbsTest, AProfileOfSomebodyElseIsLeftAlone) {
  write("credentials", "[dana]\naws_access_key_id = MINE\naws_secret_access_key = mine\n");
  const std::vector<std::string> words = {"profile", "dana", "--endpoint-url", "http://127.0.0.1:4566"};
  Ran ran = run(words, kKey);
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(ran.err, HasSubstr("--force"));
  EXPECT_THAT(read("credentials"), HasSubstr("MINE"));
  auto forced = words;
  forced.emplace_back("--force");
  EXPECT_EQ(run(forced, kKey).code, kDone);
  EXPECT_THAT(read("credentials"), AllOf(Not(HasSubstr("MINE")), HasSubstr("AKIAEXAMPLE000000000")));
}

TEST_F(VerbsTest, WithoutCredentialsOrAnAddressThereIsNoProfile) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "nothing came on standard input"},
      {"AKIAX\tsecret\n", "add --output json"},
      {"[]", "add --output json"},
      {R"({"AccessKey":{"AccessKeyId":"AKIAX"}})", "add --output json"},
      {R"({"User":{"UserName":"dana"}})", "add --output json"},
      {kKey, "no server is running"},
  };
  for (const auto& [input, words] : cases) {
    const Ran ran = run({"profile", "dana"}, input);
    EXPECT_EQ(ran.code, kFailed) << input;
    EXPECT_THAT(ran.err, HasSubstr(words)) << input;
    EXPECT_THAT(ran.err + ran.out, Not(HasSubstr("secret/of"))) << input;
  }
  EXPECT_FALSE(std::filesystem::exists(at("credentials")));
}

// ---- events

std::string event(const std::string& time, const std::string& who, const std::string& action,
                  const std::string& account, const std::string& error = "") {
  return R"({"eventTime":")" + time + R"(","eventSource":"iam.amazonaws.com","eventName":")" + action +
         R"(","userIdentity":{"arn":"arn:aws:iam::111111111111:user/)" + who + R"("},"recipientAccountId":")" +
         account + '"' + (error.empty() ? "" : R"(,"errorCode":")" + error + R"(","errorMessage":"why not")") + "}\n";
}

class EventsTest : public VerbsTest {
 protected:
  EventsTest() {
    std::filesystem::create_directory(data());
    std::ofstream(data() + "/events.jsonl")
        << event("2026-07-24T10:00:00Z", "alice", "GetUser", "111111111111") << "no event\n"
        << event("2026-07-24T10:02:00Z", "dana", "CreateRole", "111111111111", "AccessDenied")
        << event("2026-07-24T10:03:00Z", "dana", "GetRole", "222222222222");
    std::ofstream(data() + "/events.strangers.jsonl")
        << event("2026-07-24T10:01:00Z", "nobody", "ListUsers", "111111111111", "InvalidClientTokenId");
  }
  /// The names of the actions that are shown.
  std::vector<std::string> shown(std::vector<std::string> words) {
    words.insert(words.begin(), "events");
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, kDone) << ran.err;
    std::vector<std::string> names;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t found = line.find("iam:");
      if (found != std::string::npos) names.push_back(line.substr(found + 4, line.find(' ', found) - found - 4));
    }
    return names;
  }
};

TEST_F(EventsTest, BothSharesAreOneTrailByTime) {
  using Words = std::vector<std::string>;
  const std::pair<Words, Words> cases[] = {
      {{}, {"GetUser", "ListUsers", "CreateRole", "GetRole"}},
      {{"--errors"}, {"ListUsers", "CreateRole"}},
      {{"--account", "222222222222"}, {"GetRole"}},
      {{"--user", "dana"}, {"CreateRole", "GetRole"}},
      {{"--user", "user/al*"}, {"GetUser"}},
      {{"--user", "arn:aws:iam::111111111111:user/DANA"}, {"CreateRole", "GetRole"}},
      {{"--user", "d?na", "--errors"}, {"CreateRole"}},
      {{"--user", "bob"}, {}},
      {{"--action", "GetRole"}, {"GetRole"}},
      {{"--action", "iam:get*"}, {"GetUser", "GetRole"}},
      {{"--action", "sts:*"}, {}},
      {{"--since", "2026-07-24T10:02:00Z"}, {"CreateRole", "GetRole"}},
      {{"--since", "1s"}, {}},
      {{"--since", "4294967295d"}, {"GetUser", "ListUsers", "CreateRole", "GetRole"}},  // before there was time
      {{"--limit", "2"}, {"CreateRole", "GetRole"}},
      {{"--limit", "1", "--errors"}, {"CreateRole"}},
      {{"--limit", "100"}, {"GetUser", "ListUsers", "CreateRole", "GetRole"}},
  };
  for (const auto& [words, names] : cases) {
    EXPECT_EQ(shown(words), names) << (words.empty() ? "" : words[0] + " " + words.back());
  }
}

TEST_F(EventsTest, ARefusalHasItsReasonBelow) {
  EXPECT_THAT(run({"events", "--action", "CreateRole"}).out, HasSubstr("\n    why not\n"));
  EXPECT_THAT(run({"events", "--action", "GetRole"}).out, Not(HasSubstr("why not")));
}

TEST_F(EventsTest, JsonIsTheLineOfTheTrail) {
  EXPECT_EQ(run({"events", "--action", "GetUser", "--output", "json"}).out,
            event("2026-07-24T10:00:00Z", "alice", "GetUser", "111111111111"));
}

TEST_F(EventsTest, AFileElsewhereIsReadTheSameWay) {
  std::filesystem::rename(data() + "/events.jsonl", at("trail.jsonl"));
  EXPECT_EQ(shown({"--audit-file", at("trail.jsonl")}).size(), 3U);
  EXPECT_EQ(shown({}).size(), 1U);
  const Ran none = run({"events", "--audit-file", at("none.jsonl")});
  EXPECT_EQ(none.code, kFailed);
  EXPECT_THAT(none.err, HasSubstr("there are no events in"));
}

TEST_F(EventsTest, WhatIsNoTimeOrNoAccountIsNotUnderstood) {
  for (const char* since : {"yesterday", "10", "m", "10x", "", "-5m", "10 m"}) {
    EXPECT_EQ(run({"events", "--since", since}).code, kUsage) << since;
  }
  EXPECT_EQ(run({"events", "--account", "1111"}).code, kUsage);
  EXPECT_EQ(run({"events", "--limit", "0"}).code, kUsage);
}

// ---- backup and restore

class BackupVerbTest : public VerbsTest {
 protected:
  BackupVerbTest() {
    auto store = store::open_sqlite({.folder = data(), .history = store::kHistory, .vfs = ""});
    EXPECT_TRUE(store.ok() && (*store)->commit({{}, {{"a", "1"}, {"b", "2"}}}).ok());
    std::ofstream(data() + "/key") << "the key";
  }
};

TEST_F(BackupVerbTest, ABackupIsMadeAndBecomesAFolderAgain) {
  const Ran saved = run({"backup", at("monday.db"), "--with-key"});
  ASSERT_EQ(saved.code, kDone) << saved.err;
  EXPECT_THAT(saved.out, AllOf(HasSubstr("2 entries of"), HasSubstr("monday.db.key")));
  EXPECT_EQ(read("monday.db.key"), "the key");
  const Ran made = run({"restore", at("monday.db"), "--key-file", at("monday.db.key"), "--data", at("again")});
  ASSERT_EQ(made.code, kDone) << made.err;
  EXPECT_THAT(made.out, AllOf(HasSubstr("2 entries"), HasSubstr("deputy serve --data")));
  EXPECT_EQ(read("again/key"), "the key");
}

TEST_F(BackupVerbTest, WithoutItsKeyItSaysWhatIsMissing) {
  const Ran saved = run({"backup", at("monday.db")});
  EXPECT_THAT(saved.out, HasSubstr("which is not in it"));
  EXPECT_FALSE(std::filesystem::exists(at("monday.db.key")));
  EXPECT_THAT(run({"restore", at("monday.db"), "--data", at("again")}).out, HasSubstr("Put the key of that time into"));
}

TEST_F(BackupVerbTest, JsonHasTheNumbers) {
  EXPECT_THAT(run({"backup", at("monday.db"), "--output", "json"}).out, HasSubstr(R"("Entries":2)"));
  EXPECT_THAT(run({"restore", at("monday.db"), "--data", at("again"), "--output", "json"}).out,
              HasSubstr(R"("Entries":2)"));
}

TEST_F(BackupVerbTest, NothingIsOverwritten) {
  write("monday.db.key", "old");
  Ran ran = run({"backup", at("monday.db"), "--with-key"});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(ran.err, HasSubstr("already"));
  EXPECT_FALSE(std::filesystem::exists(at("monday.db")));
  ASSERT_EQ(run({"backup", at("monday.db")}).code, kDone);
  EXPECT_EQ(run({"backup", at("monday.db")}).code, kFailed);
  ran = run({"restore", at("monday.db"), "--key-file", at("monday.db.key")});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(ran.err, HasSubstr("there is a key in"));
  EXPECT_EQ(read("data/key"), "the key");
  EXPECT_EQ(run({"restore", at("monday.db")}).code, kFailed) << "there is a store already";
}

TEST_F(BackupVerbTest, WhatIsNoKeyIsNoKeyBeforeAnythingIsMade) {
  ASSERT_EQ(run({"backup", at("monday.db")}).code, kDone);
  write("empty", "");
  write("large", std::string(5000, 'k'));
  for (const char* key : {"empty", "large", "none"}) {
    EXPECT_EQ(run({"restore", at("monday.db"), "--key-file", at(key), "--data", at("again")}).code, kFailed) << key;
    EXPECT_FALSE(std::filesystem::exists(at("again"))) << key;
  }
}

// ---- validate, coverage

TEST_F(VerbsTest, DocumentsAreCheckedOneByOne) {
  write("good.json",
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetUser","Resource":"*"}]})");
  write("bad.json", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]})");
  write("odd.json",
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetNothing","Resource":"*"}]})");
  const struct {
    std::vector<std::string> words;
    int code;
  } cases[] = {
      {{"good.json"}, kDone},
      {{"good.json", "bad.json"}, kFailed},
      {{"odd.json"}, kDone},
      {{"odd.json", "--strict"}, kFailed},
      {{"good.json", "none.json"}, kUsage},
      {{"bad.json", "none.json"}, kUsage},
  };
  for (const auto& c : cases) {
    std::vector<std::string> words = {"validate", "--type", "identity"};
    for (const std::string& word : c.words) words.push_back(word.starts_with("--") ? word : at(word));
    EXPECT_EQ(run(words).code, c.code) << c.words.back();
  }
  EXPECT_EQ(run({"validate", "--type", "identity", "-"}, read("good.json")).code, kDone);
  EXPECT_THAT(run({"validate", "--type", "identity", "-"}, read("bad.json")).out, HasSubstr("<stdin>"));
  EXPECT_EQ(run({"validate", "--type", "poem", at("good.json")}).code, kUsage);
  EXPECT_THAT(run({"validate", "--type", "identity", "--output", "json", at("good.json")}).out,
              AllOf(testing::StartsWith("["), HasSubstr("good.json")));
}

TEST_F(VerbsTest, CoverageSaysWhatIsThere) {
  EXPECT_THAT(run({"coverage"}).out, AllOf(HasSubstr("iam"), HasSubstr("operations"), HasSubstr("NotImplemented")));
  EXPECT_THAT(run({"coverage", "--service", "sts"}).out, HasSubstr("  yes AssumeRole\n"));
  EXPECT_THAT(run({"coverage", "--output", "json"}).out,
              AllOf(HasSubstr(R"("implemented":[)"), HasSubstr("\"AssumeRole\"")));
  EXPECT_EQ(run({"coverage", "--service", "poetry"}).code, kUsage);
}

// ---- those that ask a server

TEST_F(VerbsTest, WithoutAServerEachSaysSoAndFails) {
  const std::vector<std::vector<std::string>> all = {
      {"account", "list"},
      {"account", "show", "111111111111"},
      {"account", "create"},
      {"account", "credentials", "111111111111"},
      {"entries", "list"},
      {"snapshot", "list"},
      {"snapshot", "save", "monday"},
  };
  for (const auto& words : all) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, kFailed) << words[0] << ' ' << words[1] << ": " << ran.err;
    EXPECT_THAT(ran.err, AllOf(testing::StartsWith("deputy: "), HasSubstr(data()))) << words[0] << ' ' << words[1];
    EXPECT_THAT(ran.out, IsEmpty()) << words[0] << ' ' << words[1];
  }
}

}  // namespace
}  // namespace deputy::cli
