// Keeps signals away from threads that a program starts beside its first one.
#pragma once

#include <signal.h>

namespace packetsentry::base {

// The thread that makes this object has all signals blocked as long as the object exists, and so has a
// thread that it starts meanwhile.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        ::sigfillset(&all);
        (void)::pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~SignalsBlocked() { (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t before_{};
};

}  // namespace packetsentry::base
