// Internal to http/: threads inherit the mask of signals, and signals are for the thread that started the server.
#pragma once

#include <pthread.h>

#include <csignal>

namespace deputy::http {

/// All signals are blocked in this thread, and in those that it starts, until this goes.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace deputy::http
