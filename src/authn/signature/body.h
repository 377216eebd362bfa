// What the signed head of an S3 request says about its body, for whoever reads the body while it comes.
//
//   BodyClaim claim;
//   TRY(directory::Caller caller, identifier.identify(request, scheme, snapshot, now, &claim));
//   … read the body, through a ChunkDecoder if it is in chunks (chunks.h), counting its SHA-256 if claim.sha256 asks …
//   TRY_VOID(check_content_hash(claim, sha256_as_hex));
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "authn/signature/payload.h"
#include "base/result.h"
#include "crypto/digest.h"

namespace deputy::authn {

/// By what the chunks of one request are verified, once its head was. The key is derived for a day, a region and a service:
/// no long-term secret follows from it.
struct ChunkKeys {
  crypto::HmacKey key;
  std::string seed;                              // the signature of the head, which that of the first chunk continues
  std::string time;                              // basic form
  std::string scope;                             // "20130524/us-east-1/s3/aws4_request"
  std::string access_key_id, canonical_request;  // of the head: a refusal repeats them
};

struct BodyClaim {
  Payload payload = Payload::kUnsigned;
  std::string sha256;                       // what the body's is said to be; empty: nothing is said
  std::shared_ptr<const ChunkKeys> chunks;  // of signed chunks; else null
};

/// `computed`: the body's, 64 lower-case hex digits. Error: XAmzContentSHA256Mismatch.
Result<void> check_content_hash(const BodyClaim& claim, std::string_view computed);

}  // namespace deputy::authn
