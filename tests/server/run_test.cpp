// One call of a known caller, over a store in memory: operations are written here, so that each can do what hurts.
#include "server/run.h"

#include <gtest/gtest.h>

#include <thread>

#include "server/site.h"

namespace deputy::server {
namespace {

using directory::Changes;
using services::At;
using services::ErasedOutcome;

/// An operation as a test wants it: what it asks for, and what it does.
struct Script {
  std::function<Result<ErasedOutcome>(const At&)> execute = [](const At&) -> Result<ErasedOutcome> { return reply(); };
  std::function<services::Proof(const At&)> prove = {};
  std::function<Result<services::SlowHashes>(const At&)> hashes = {};
  bool reads_document = false;
  bool asks_for_keys = false;  // the door does, before it knows the caller

  static ErasedOutcome reply(Changes changes = {}, std::optional<Error> refusal = {}) {
    return {services::erase(std::string("done")), std::move(changes), std::move(refusal)};
  }
};

const Script& script_of(const void* input) { return *static_cast<const Script*>(input); }

services::Binding binding_of(const Script& script) {
  services::Binding binding{
      .model = nullptr,
      .input = nullptr,
      .access = [](const At& at, const void*) -> Result<services::Accesses> {
        services::Access access{.action = policy::Action("iam:TagUser"), .resource = "*", .owner = {}};
        access.owner = at.caller.account_id();
        return services::Accesses{std::move(access)};
      },
      .execute = [](const At& at, const void* in) { return script_of(in).execute(at); },
  };
  if (script.prove) binding.prove = [](const At& at, const void* in) { return script_of(in).prove(at); };
  if (script.hashes) binding.hashes = [](const At& at, const void* in) { return script_of(in).hashes(at); };
  binding.reads_document = script.reads_document;
  return binding;
}

/// What a call came to, as its door was told.
struct Told {
  std::string error;  // the code; empty: it was done
  bool on_loop = false;
  std::int64_t revision = 0;  // of the newest snapshot then
};

/// A call of alice.
class Visit final : public Call {
 public:
  Visit(Site& site, const Script& script, http::Responder responder, Told& told)
      : Call(std::move(responder)), site_(site), script_(script), binding_(binding_of(script)), told_(told) {}

  Step<Known> known(const directory::Snapshot& snapshot) override {
    if (script_.asks_for_keys && !arrived.keys) {
      return Failure(NeedsKeys{{.issuer = "http://169.254.169.254", .thumbprints = {}, .key_id = {}}});
    }
    caller_ = {};
    caller_.kind = directory::Caller::Kind::kUser;
    caller_.account = snapshot.account(site_.people.account.id);
    caller_.user = snapshot.user(site_.people.account.id, "alice");
    if (caller_.user == nullptr) return Failure(Error("InvalidClientTokenId", 403, "alice is gone"));
    caller_.arn = caller_.user->arn();
    caller_.user_id = caller_.user->id.str();
    return Known{.binding = binding_,
                 .input = &script_,
                 .caller = caller_,
                 .how = {.now = site_.clock.now(), .source_ip = {}, .user_agent = {}, .referer = {}, .region = {}}};
  }
  [[nodiscard]] Error not_written(const store::Error& why) const override {
    return {why.code == store::Error::Code::kConflict ? "Conflict" : "NotWritten", 500, why.message};
  }
  void finish(const Result<services::Erased>& reply) override {
    told_.error = reply ? "" : reply.error().code();
    told_.on_loop = std::this_thread::get_id() == loop_;
    told_.revision = static_cast<std::int64_t>(site_.snapshot()->revision());
    if (reply) {
      EXPECT_EQ(*static_cast<const std::string*>(reply->get()), "done");
    }
    respond({.status = 200, .headers = {}, .body = {}});
  }

 private:
  Site& site_;
  const Script& script_;
  const services::Binding binding_;
  directory::Caller caller_;
  Told& told_;
  const std::thread::id loop_ = std::this_thread::get_id();
};

class RunTest : public testing::Test {
 protected:
  /// Runs it to its end; this thread is the call's event loop.
  Told run(const Script& script) {
    Told told;
    const auto inbox = std::make_shared<Inbox>();
    const server::Run calls(site_.rooms);
    calls.start(std::make_shared<Visit>(site_, script, http::Responder(inbox, 0), told));
    inbox->wait();
    return told;
  }

  [[nodiscard]] directory::User alice() const { return *site_.snapshot()->user(site_.people.account.id, "alice"); }
  void write_alice(const std::function<void(directory::User&)>& change) {
    directory::User user = alice();
    change(user);
    site_.write([&](Changes& changes) { changes.update(user); });
  }
  static Changes moved(const At& at, const char* path) {
    directory::User user = *at.caller.user;
    user.path = path;
    Changes changes;
    changes.update(user);
    return changes;
  }

  Site site_{[](directory::User& alice) { alice.inline_policies = {{"all", directory::PolicyText(kAllowAll)}}; }};
};

TEST_F(RunTest, WhatIsAllowedRunsAndIsTold) {
  const Told told = run({});
  EXPECT_EQ(told.error, "");
  EXPECT_TRUE(told.on_loop);
}

TEST_F(RunTest, WhatIsRefusedDoesNotRun) {
  write_alice([](auto& alice) { alice.inline_policies.clear(); });
  int runs = 0;
  const Told told = run({.execute = [&](const At&) -> Result<ErasedOutcome> {
    ++runs;
    return Script::reply();
  }});
  EXPECT_EQ(told.error, "AccessDenied");
  EXPECT_EQ(runs, 0);
}

TEST_F(RunTest, AnswersOnTheLoopWhenWhatItWroteIsThere) {
  const auto before = static_cast<std::int64_t>(site_.snapshot()->revision());
  const Told told =
      run({.execute = [](const At& at) -> Result<ErasedOutcome> { return Script::reply(moved(at, "/moved/")); }});
  EXPECT_EQ(told.error, "");
  EXPECT_TRUE(told.on_loop);
  EXPECT_GT(told.revision, before);
  EXPECT_EQ(alice().path, "/moved/");
}

TEST_F(RunTest, ARefusalLeavesItsMarkBeforeItIsTold) {
  const Told told = run({.execute = [](const At& at) -> Result<ErasedOutcome> {
    return Script::reply(moved(at, "/counted/"), Error("Wrong", 403, ""));
  }});
  EXPECT_EQ(told.error, "Wrong");
  EXPECT_EQ(alice().path, "/counted/");
}

TEST_F(RunTest, WhoWasSecondDecidesAgain) {
  std::vector<std::string> seen;
  const Told told = run({.execute = [&](const At& at) -> Result<ErasedOutcome> {
    seen.push_back(at.caller.user->path);
    if (seen.size() == 1) write_alice([](auto& alice) { alice.path = "/first/"; });
    return Script::reply(moved(at, "/second/"));
  }});
  EXPECT_EQ(told.error, "");
  EXPECT_EQ(seen, (std::vector<std::string>{"/team/", "/first/"}));
  EXPECT_EQ(alice().path, "/second/");
}

TEST_F(RunTest, WhoLostThePermissionMeanwhileWritesNothing) {
  const Told told = run({.execute = [&](const At& at) -> Result<ErasedOutcome> {
    write_alice([](auto& alice) { alice.inline_policies.clear(); });
    return Script::reply(moved(at, "/late/"));
  }});
  EXPECT_EQ(told.error, "AccessDenied");
  EXPECT_EQ(alice().path, "/team/");
}

TEST_F(RunTest, WhoIsGoneAtTheSecondAttemptIsToldSo) {
  const Told told = run({.execute = [&](const At& at) -> Result<ErasedOutcome> {
    site_.write([&](Changes& changes) { changes.erase(alice()); });
    return Script::reply(moved(at, "/late/"));
  }});
  EXPECT_EQ(told.error, "InvalidClientTokenId");
}

TEST_F(RunTest, NothingIsMadeInAnAccountThatChangesMeanwhile) {
  int attempts = 0;
  const Told told = run({.execute = [&](const At& at) -> Result<ErasedOutcome> {
    if (++attempts == 1) {
      directory::Account account = site_.snapshot()->account(site_.people.account.id)->account;
      account.name = "another";
      site_.write([&](Changes& changes) { changes.update(account); });
    }
    return Script::reply(moved(at, "/moved/"));
  }});
  EXPECT_EQ(told.error, "");
  EXPECT_EQ(attempts, 2);
}

TEST_F(RunTest, WhatCannotBeWrittenIsWordedByTheDoor) {
  const Told told = run({.execute = [](const At& at) -> Result<ErasedOutcome> {
    directory::User user = *at.caller.user;
    user.path = "/" + std::string(2 * store::kMaxCommitBytes, 'x') + "/";
    Changes changes;
    changes.update(user);
    return Script::reply(std::move(changes));
  }});
  EXPECT_EQ(told.error, "NotWritten");
  EXPECT_TRUE(told.on_loop);
}

TEST_F(RunTest, WhatACodeProvedIsWrittenWhateverBecomesOfTheCall) {
  write_alice([](auto& alice) { alice.inline_policies.clear(); });
  const Told told = run({.prove = [](const At& at) {
    return services::Proof{.mfa = true, .changes = moved(at, "/used/"), .refusal = {}};
  }});
  EXPECT_EQ(told.error, "AccessDenied");
  EXPECT_EQ(alice().path, "/used/");
}

TEST_F(RunTest, AWrongCodeEndsTheCallAndIsCounted) {
  const Told told =
      run({.execute = [](const At&) -> Result<ErasedOutcome> {
             ADD_FAILURE() << "ran";
             return Script::reply();
           },
           .prove =
               [](const At& at) {
                 return services::Proof{
                     .mfa = false, .changes = moved(at, "/wrong/"), .refusal = Error("WrongCode", 403, "")};
               }});
  EXPECT_EQ(told.error, "WrongCode");
  EXPECT_EQ(alice().path, "/wrong/");
}

TEST_F(RunTest, ARightCodeIsTheCallers) {
  bool gave = false;
  run({.execute = [&](const At& at) -> Result<ErasedOutcome> {
         gave = at.caller.gave_mfa_code;
         return Script::reply();
       },
       .prove = [](const At&) { return services::Proof{.mfa = true, .changes = {}, .refusal = {}}; }});
  EXPECT_TRUE(gave);
}

TEST_F(RunTest, DocumentsAreReadElsewhere) {
  const auto loop = std::this_thread::get_id();
  auto ran = loop;
  const Told told = run({.execute = [&](const At&) -> Result<ErasedOutcome> {
                           ran = std::this_thread::get_id();
                           return Script::reply();
                         },
                         .reads_document = true});
  EXPECT_EQ(told.error, "");
  EXPECT_NE(ran, loop);
}

TEST_F(RunTest, WhoFindsNoRoomElsewhereIsToldToSlowDown) {
  site_.rooms.documents.stop();
  const Told told = run({.reads_document = true});
  EXPECT_EQ(told.error, "Throttling");
  EXPECT_TRUE(told.on_loop);
}

TEST_F(RunTest, HashesAreThereWhenItRuns) {
  const auto loop = std::this_thread::get_id();
  auto ran = std::thread::id();
  std::size_t had = 0;
  const Told told = run({.execute = [&](const At& at) -> Result<ErasedOutcome> {
                           ran = std::this_thread::get_id();
                           had = at.hashes.size();
                           return Script::reply();
                         },
                         .hashes = [](const At&) -> Result<services::SlowHashes> {
                           services::SlowHashes wanted;
                           wanted.emplace_back("password", "salt", crypto::ScryptCost{4, 1, 1});
                           return wanted;
                         }});
  EXPECT_EQ(told.error, "");
  EXPECT_EQ(had, 1U);
  EXPECT_EQ(ran, loop);
}

TEST_F(RunTest, NoHashIsMadeForWhoIsRefused) {
  write_alice([](auto& alice) { alice.inline_policies.clear(); });
  const Told told = run({.hashes = [](const At&) -> Result<services::SlowHashes> {
    ADD_FAILURE() << "asked";
    return services::SlowHashes{};
  }});
  EXPECT_EQ(told.error, "AccessDenied");
}

TEST_F(RunTest, TheDoorGoesOnWhenItsKeysCame) {
  const Told told = run({.asks_for_keys = true});  // refused by the rules, which is an answer too
  EXPECT_EQ(told.error, "");
  EXPECT_TRUE(told.on_loop);
}

}  // namespace
}  // namespace deputy::server
