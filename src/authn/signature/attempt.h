// Internal to authn/: one request on its way through the checks, and the steps that all services share. The order of
// the steps and the wording of their failures are the services' own: checks_query.cpp, checks_s3.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "authn/signature/body.h"
#include "authn/signature/canonical.h"
#include "authn/signature/credentials.h"
#include "authn/signature/identify.h"
#include "authn/signature/query_string.h"
#include "authn/signature/sigv4.h"

namespace deputy::authn {

/// Memory that one thread reuses for every request it checks.
struct Workspace {
  QueryString query;
  SignedHeaders signed_headers;
  std::string canonical, to_sign;
};

struct Attempt {
  const http::Request& request;
  const Scheme& scheme;
  const directory::Snapshot& snapshot;
  Time now;
  const crypto::Vault& vault;
  const SessionTokens& tokens;
  Workspace& work;
  BodyClaim* body;  // null: the request's body is there as a whole, and is checked
};

/// What a request claims, complete and well formed.
struct Claim {
  bool presigned = false;
  Credential credential;
  std::string_view signature;
  std::string signed_time;  // basic form
};

/// Whether the signature is the one that the candidate's secret makes. Leaves the canonical request and the string to
/// sign in the workspace (the latter empty if the request has no canonical form).
bool signature_fits(const Attempt& a, const Claim& claim, const Candidate& candidate, PathRule rule,
                    std::string_view payload_hash);

Result<directory::Caller> identify_query(const Attempt& a);
Result<directory::Caller> identify_s3(const Attempt& a);

}  // namespace deputy::authn
