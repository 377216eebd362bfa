#include "authn/signature/identify.h"

#include "authn/signature/attempt.h"
#include "authn/signature/errors_query.h"
#include "crypto/secret.h"

namespace deputy::authn {

struct Identifier::Impl {
  const crypto::Vault& vault;
  const SessionTokens& tokens;
};

Identifier::Identifier(const crypto::Vault& vault, const SessionTokens& tokens)
    : impl_(std::make_unique<Impl>(Impl{vault, tokens})) {}
Identifier::~Identifier() = default;

Error unsigned_request(Dialect dialect) { return query_errors::missing_token(dialect); }

Result<directory::Caller> Identifier::identify(const http::Request& request, const Scheme& scheme,
                                               const directory::Snapshot& snapshot, Time now, BodyClaim* body) const {
  static thread_local Workspace work;
  const Attempt attempt{request, scheme, snapshot, now, impl_->vault, impl_->tokens, work, body};
  return scheme.dialect == Dialect::kS3 ? identify_s3(attempt) : identify_query(attempt);
}

bool signature_fits(const Attempt& a, const Claim& claim, const Candidate& candidate, PathRule rule,
                    std::string_view payload_hash) {
  Workspace& work = a.work;
  work.to_sign.clear();
  if (!canonical_request(work.canonical, a.request, work.query, work.signed_headers, rule, claim.presigned,
                         payload_hash)) {
    return false;
  }
  string_to_sign(work.to_sign, claim.signed_time, claim.credential.scope(), work.canonical);
  const std::optional<crypto::HmacKey> key = signing_key(a.vault, candidate, claim.credential);
  if (!key) return false;
  const auto expected = key->sign(work.to_sign).hex_digits();
  return crypto::constant_time_equal({expected.data(), expected.size()}, claim.signature);
}

}  // namespace deputy::authn
