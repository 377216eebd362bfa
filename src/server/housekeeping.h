// What the server does without being asked, beside the requests: rotates the keys of session tokens
// (authn/session_token.h) and of identity tokens (authn/federation/identity_token.h), writes down when keys and roles were
// last used (directory/usage.h), removes bytes of objects that nothing needs (server/sweeper.h), and lets the store rest.
//
//   Housekeeping housekeeping(state, usage, tokens, vault, clock);   // takes over what the store remembers, then
//   begins … housekeeping.stop();                                      // the last uses are written down
//
// What is due says the Clock, so tests that move it need not wait; how often that is looked at, real time. A round that
// fails is logged and forgotten: the next one tries again.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "authn/session_token.h"
#include "directory/usage.h"
#include "host/clock.h"
#include "server/sweeper.h"
#include "state/state.h"

namespace deputy::server {

class Housekeeping {
 public:
  Housekeeping(state::State& state, directory::Usage& usage, const authn::SessionTokens& tokens,
               const crypto::Vault& vault, const Clock& clock, Sweeper* sweeper = nullptr);
  ~Housekeeping();

  /// Ends the thread and writes down what is left. The store must still be there.
  void stop();

 private:
  void loop();
  void rotate_keys();
  void write_uses();
  void sweep();

  state::State& state_;
  directory::Usage& usage_;
  const authn::SessionTokens& tokens_;
  const crypto::Vault& vault_;
  const Clock& clock_;
  Sweeper* const sweeper_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace deputy::server
