// The principals of a policy that is stored: users and roles stand in it by unique id, so that one who is deleted and
// created again under the same name does not regain access; they are shown by ARN as long as they live. Trust policies
// and the policies of buckets do the same. docs/policy-evaluation.md, P-12.
//
//   auto stored = to_ids(snapshot, document, Strangers::kRefused);   // .text and .principals are what to store
//   if (!stored) ... stored.error().value names nobody
//   shown = to_arns(snapshot, text, principals, policy::Kind::kTrust);
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "directory/snapshot.h"
#include "policy/document.h"

namespace deputy::directory {

struct StoredPolicy {
  std::string text;                           // as written, but for each ARN of a user or role its unique id
  std::vector<ResolvedPrincipal> principals;  // those, each once
};

/// An AWS principal that names nobody: no user or role that exists, no account that is here, no session.
struct UnknownPrincipal {
  const policy::PrincipalElement* element;  // of the document
};

/// What becomes of principals of accounts that are not here.
enum class Strangers : std::uint8_t {
  kRefused,  // as those that do not exist
  kKept,     // as they are written; they match nobody who could call, unless the account comes
};

/// Looks up the AWS principals of a document in all accounts; other types (services, providers) are left as they are.
/// `document` borrows the text that it was parsed from.
Result<StoredPolicy, UnknownPrincipal> to_ids(const Snapshot& snapshot, const policy::Document& document,
                                              Strangers strangers);

/// A stored text as it reads today: ids show as ARNs, and stay ids when what they name is gone. A text that no longer
/// parses is shown as it is.
std::string to_arns(const Snapshot& snapshot, const std::string& text, std::span<const ResolvedPrincipal> principals,
                    policy::Kind kind);

}  // namespace deputy::directory
