// The rooms of a server over a store in memory, and a client that waits for its answer: what the tests of server/ share.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "authn/world.h"
#include "blobs/memory.h"
#include "http/server.h"
#include "server/object_pages.h"
#include "server/rooms.h"
#include "store/memory/memory.h"

namespace deputy::server {

class HandClock final : public Clock {
 public:
  explicit HandClock(Time start) : milliseconds_(start.time_since_epoch().count()) {}
  [[nodiscard]] Time now() const override { return Time(std::chrono::milliseconds(milliseconds_.load())); }
  void move(std::chrono::milliseconds by) { milliseconds_ += by.count(); }

 private:
  std::atomic<std::int64_t> milliseconds_;
};

/// Takes one answer; the thread that waits for it is the event loop of its request.
class Inbox final : public http::Responder::Sink {
 public:
  void receive(std::uint64_t, std::shared_ptr<http::BodySink>) override {}
  void more(std::uint64_t) override {}
  void respond(std::uint64_t, http::Response response) noexcept override {
    post([this, response = std::move(response)] { answer_ = response; });
  }
  void post(std::function<void()> work) override {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    wake_.notify_one();  // under the lock: whoever has seen the answer may end this box
  }
  http::Response wait() {
    while (!answer_) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !work_.empty(); });
      const std::function<void()> next = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      next();
    }
    return *std::move(answer_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> work_;
  std::optional<http::Response> answer_;
};

/// Account 111111111111 of authn::World, in a store.
class Site {
 public:
  /// `alice`: as she shall be, instead of one without permissions.
  explicit Site(const std::function<void(directory::User& alice)>& change = [](directory::User&) {}) {
    change(people.alice);
    write([&](directory::Changes& changes) {
      changes.create(people.account);
      changes.create(people.alice);
      changes.create(people.deploy);
      changes.create(people.tokens.make_key(*snapshot(), *people.entropy, people.now));
    });
  }
  Site(const Site&) = delete;
  ~Site() {
    audit_->stop();
    std::filesystem::remove_all(folder_);
  }

  /// Waits until it is durable.
  void write(const std::function<void(directory::Changes&)>& what) {
    directory::Changes changes;
    what(changes);
    std::promise<bool> done;
    state_->commit(changes, [&](auto outcome) { done.set_value(bool(outcome)); });
    EXPECT_TRUE(done.get_future().get());
  }
  [[nodiscard]] directory::SnapshotPtr snapshot() const { return state_->snapshot(); }

  /// What was told of known callers, or of strangers. Ends the trail.
  [[nodiscard]] std::string told(audit::Share share = audit::Share::kKnown) const {
    audit_->stop();
    std::string all;
    const auto files = audit::Log::files(trail_, share);
    EXPECT_TRUE(files.ok());
    for (const std::string& name : *files) {
      std::ifstream file(name, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return all;
  }

  authn::World people;
  HandClock clock{people.now};

 private:
  static std::string make_folder() {
    std::string name = std::filesystem::temp_directory_path() / "deputy-site-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    return name;
  }

  const std::string folder_ = make_folder();
  const std::string trail_ = audit::Log::default_file(folder_);
  std::unique_ptr<state::State> state_ = std::move(state::State::open(store::open_memory(), {})).value();
  std::unique_ptr<audit::Log> audit_ = std::move(audit::Log::open({.file = trail_})).value();
  authn::Identifier identifier_{*people.vault, people.tokens};
  directory::Usage usage_;
  Metrics metrics_;
  Writes writes_{*state_, usage_, metrics_};
  Bindings bindings_;
  TrustedProxies proxies_;
  std::vector<std::string> domains_;
  authn::IssuerKeys issuer_keys_{authn::IssuerRules{}, [](const http::FetchRequest&, const http::Fetcher::Done&) {},
                                 clock};
  SlowHashes slow_hashes_;
  FairThread documents_{"documents", kDocuments};
  const PublicUrl public_url_;
  Readiness readiness_;
  blobs::Memory blobs_{crypto::system_entropy()};
  objects::Index index_{object_pages(*state_)};
  Crew crew_{1};
  Copies copies_{*state_, usage_, crypto::system_entropy(), clock};

 public:
  const Rooms rooms{.state = *state_,
                    .writes = writes_,
                    .identifier = identifier_,
                    .tokens = people.tokens,
                    .vault = *people.vault,
                    .entropy = crypto::system_entropy(),
                    .usage = usage_,
                    .blobs = blobs_,
                    .copies = copies_,
                    .audit = *audit_,
                    .clock = clock,
                    .bindings = bindings_,
                    .proxies = proxies_,
                    .domains = domains_,
                    .issuer_keys = issuer_keys_,
                    .slow_hashes = slow_hashes_,
                    .documents = documents_,
                    .public_url = public_url_,
                    .readiness = readiness_,
                    .metrics = metrics_,
                    .index = index_,
                    .crew = crew_};
};

inline constexpr const char* kAllowAll =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";

}  // namespace deputy::server
