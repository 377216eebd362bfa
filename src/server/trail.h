// A call becomes its lines of the trail: the event as the caller's account sees it, and where the resource is another
// account's, the same event as that one sees it (audit/event.h).
#pragma once

#include "audit/event.h"
#include "audit/log.h"
#include "crypto/random.h"
#include "services/operation.h"

namespace deputy::server {

/// Thread-safe.
class Trail {
 public:
  /// Both outlive this.
  Trail(audit::Log& log, crypto::Entropy& entropy) : log_(log), entropy_(entropy) {}

  /// `event` without its resources: they follow from what was asked for. One without an identity takes room from its
  /// like alone.
  void tell(audit::Record event, const services::Accesses& asked) const;

 private:
  audit::Log& log_;
  crypto::Entropy& entropy_;
};

}  // namespace deputy::server
