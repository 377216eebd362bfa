// What one attempt of a call came to: its outcome, the error that it is answered with, or what has to be there before it
// can come to either. Nobody blocks for that: the attempt ends, what is missing is asked for, and when it came the call
// is decided again from its beginning, on a newer snapshot.
//
//   Step<void> step = …;
//   TRY_VOID(check(input));                       // an Error ends the attempt, and the call
//   return Failure(NeedsTurn{account});           // … or the attempt alone
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "authn/federation/issuer_keys.h"
#include "base/account_id.h"
#include "base/error.h"
#include "base/result.h"
#include "crypto/secret.h"
#include "server/receiver.h"
#include "services/operation.h"

namespace deputy::server {

/// The keys of an identity provider, to be fetched (authn/federation/issuer_keys.h).
struct NeedsKeys {
  authn::KeyQuestion question;
};
/// Work that is too long for an event loop: its turn on the thread for documents, in the name of an account.
struct NeedsTurn {
  AccountId account;
};
/// Passwords, to be hashed away from the event loops (server/slow_hashes.h).
struct NeedsHashes {
  AccountId account;
  services::SlowHashes wanted;
};

/// What buckets hold, to be read in the name of an account.
struct NeedsLook {
  AccountId account;
  objects::Looks looks;
};
/// Bytes: those of the request, or of an object that is copied.
struct NeedsBody {
  services::BodyWanted wanted;
  std::optional<services::BodyCopied> copied;
};

/// Why an attempt has no outcome.
using Stop = std::variant<Error, NeedsKeys, NeedsTurn, NeedsHashes, NeedsLook, NeedsBody>;

template <class T>
using Step = Result<T, Stop>;

/// What earlier attempts of a call waited for, as far as it came.
struct Arrived {
  std::optional<authn::KeyAnswer> keys;
  bool turn = false;            // this very attempt is made where documents may be read
  services::SlowHashes wanted;  // and made, in this order:
  std::optional<std::vector<crypto::Secret>> hashes;
  std::optional<objects::Seen> seen;  // of the next attempt alone: a later one sees what has changed since
  std::optional<Taken> body;
  objects::VersionPtr copied;  // that the body is of, if it was copied
  std::optional<Error> fault;  // it did not come: the call ends
};

}  // namespace deputy::server
