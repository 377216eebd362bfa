// Who is calling: verifies the signature of a request and the credentials behind it, in AWS's order of checks and with
// AWS's code, status and wording for each failure (docs/wire.md, section 3). Nothing of a body is parsed here.
//
//   Identifier identifier(vault, tokens);
//   TRY(directory::Caller caller, identifier.identify(request, scheme, snapshot, clock.now()));
//
// INVARIANT: a caller other than anonymous comes only out of a signature that was verified against a secret that this
// server issued; a key id alone never selects an account.
#pragma once

#include <memory>
#include <string_view>

#include "authn/session_token.h"
#include "authn/signature/body.h"
#include "base/error.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/vault.h"
#include "directory/caller.h"
#include "http/message.h"

namespace deputy::authn {

/// What differs per service: who must be named in the scope, how paths are canonicalized, which errors are answered.
enum class Dialect : std::uint8_t { kQuery, kJson, kS3 };
struct Scheme {
  std::string_view signing_name;  // "sts"
  Dialect dialect = Dialect::kQuery;
  std::string_view region;  // "" accepts any (a custom endpoint: clients sign IAM with their own region)
};

/// The refusal of an unsigned request to an operation that does not take one.
Error unsigned_request(Dialect dialect);

/// Thread-safe; keeps derived signing keys a thread.
class Identifier {
 public:
  Identifier(const crypto::Vault& vault, const SessionTokens& tokens);
  ~Identifier();

  /// An unsigned request is the anonymous caller: whether the operation takes one is for the pipeline to say
  /// (unsigned_request). The caller's pointers are into `snapshot`.
  ///
  /// With `body`, only S3's head is verified, and what is left to check while the body comes is told there (body.h). The
  /// other dialects sign the body with the head, and always need it.
  Result<directory::Caller> identify(const http::Request& request, const Scheme& scheme,
                                     const directory::Snapshot& snapshot, Time now, BodyClaim* body = nullptr) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace deputy::authn
