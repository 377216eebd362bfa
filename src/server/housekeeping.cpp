#include "server/housekeeping.h"

#include <future>

#include "authn/federation/identity_token.h"
#include "base/time_range.h"
#include "crypto/random.h"
#include "directory/changes.h"
#include "directory/codec.h"
#include "host/guarded.h"
#include "host/log.h"
#include "store/store.h"

namespace deputy::server {
namespace {

constexpr std::chrono::seconds kRound{1};
constexpr int kRoundsPerWriting = 30;
constexpr int kPiecesPerRound = 20;  // of what is to be removed

/// Waits. False if it did not happen.
bool commit(state::State& state, const directory::Changes& changes) {
  std::promise<store::Result<store::Revision>> outcome;
  state.commit(changes, [&](auto done) { outcome.set_value(std::move(done)); });
  const auto done = outcome.get_future().get();
  if (!done && done.error().code != store::Error::Code::kFull) {  // the store has said that, once
    log::warning("housekeeping: {}", done.error().message);
  }
  return done.ok();
}

}  // namespace

Housekeeping::Housekeeping(state::State& state, directory::Usage& usage, const authn::SessionTokens& tokens,
                           const crypto::Vault& vault, const Clock& clock, Sweeper* sweeper)
    : state_(state), usage_(usage), tokens_(tokens), vault_(vault), clock_(clock), sweeper_(sweeper) {
  if (const auto uses = state_.stored(directory::kLastUses)) {
    for (const store::Entry& entry : *uses) {
      if (entry.genuine) usage_.restore(entry.key.substr(directory::kLastUses.size()), entry.value);
    }
  } else {
    log::warning("the last uses of keys, users and roles cannot be read: {}", uses.error().message);
  }
  thread_ = std::thread([this] { loop(); });
}

Housekeeping::~Housekeeping() { stop(); }

void Housekeeping::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  write_uses();
}

void Housekeeping::loop() {
  std::unique_lock lock(mutex_);
  for (int rounds = 1; !wake_.wait_for(lock, kRound, [this] { return stopping_; }); ++rounds) {
    lock.unlock();
    guarded("housekeeping", [&] {
      rotate_keys();
      if (rounds % kRoundsPerWriting != 0) return;
      write_uses();
      state_.rest();
    });
    guarded("removing unused bytes", [&] { sweep(); });
    lock.lock();
  }
}

void Housekeeping::rotate_keys() {
  if (!can_be_present(clock_.now())) return;  // nothing that is made now could be kept
  const directory::SnapshotPtr snapshot = state_.snapshot();
  const directory::Changes due = tokens_.rotate(*snapshot, crypto::system_entropy(), clock_.now());
  if (!due.empty() && commit(state_, due)) log::info("the keys of session tokens have rotated");
  const directory::Changes signing =
      authn::rotate_signing_keys(*snapshot, vault_, crypto::system_entropy(), clock_.now());
  if (!signing.empty() && commit(state_, signing)) log::info("the keys of identity tokens have rotated");
}

void Housekeeping::sweep() {
  const auto stopping = [this] {
    const std::lock_guard lock(mutex_);
    return stopping_;
  };
  for (int piece = 0; sweeper_ != nullptr && piece < kPiecesPerRound && !stopping(); ++piece) {
    if (!sweeper_->sweep()) return;
  }
}

void Housekeeping::write_uses() {
  // A user or role that called every operation takes some forty kilobytes (directory/usage.h): so many fit a commit.
  constexpr std::size_t kTogether = 20;
  static_assert(kTogether <= store::kMaxOperations && kTogether * 40 * 1024 <= store::kMaxCommitBytes);
  for (;;) {
    directory::Changes changes;
    for (const auto& [id, use] : usage_.take_changed(kTogether)) changes.remember_use(id, use);
    if (changes.empty() || !commit(state_, changes)) return;
  }
}

}  // namespace deputy::server
