// The keys with which identity providers sign, fetched where OpenID Connect Discovery says, and remembered for a while.
//
//   IssuerKeys keys(rules, [&](http::FetchRequest r, Done d) { fetcher.get(std::move(r), std::move(d)); }, clock);
//   if (auto known = keys.remembered(question)) …             // answered at once, from memory
//   keys.find(question, [](KeyAnswer answer) { … });          // else later, maybe on another thread
//
// Keys live for ten minutes: one that its provider took back signs no longer than that. A key id that is not among them
// has them fetched again, but not more often than every half minute; a provider that failed is left alone for five
// seconds. So what a stranger's tokens say cannot make Deputy ask more often than that. While a provider does not answer
// (or there is no place to ask it from), the keys that it gave last are believed for an hour; a set that was read, an
// answer that cannot be read or a certificate that is wrong ends them at once.
//
// What one account's providers do, no other account sees: keys are remembered for each account, and so is what failed.
//
// INVARIANT: at most one fetch for an issuer of an account is under way; who asks meanwhile gets its outcome.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authn/federation/issuer.h"
#include "authn/federation/key_set.h"
#include "base/result.h"
#include "host/clock.h"
#include "http/fetch.h"

namespace deputy::authn {

enum class KeyFault : std::uint8_t {
  kUnreachable,  // it may be back soon
  kThumbprint,
  kUnusable,  // not allowed to be asked, or its documents are none
};
/// Why there are no keys.
struct KeyTrouble {
  KeyFault fault = KeyFault::kUnreachable;
  /// In words, for those who may know of the account's providers: the event says them. Of a name that leads to a private
  /// address no more than of one that does not exist: what names there are inside is not to be found out by asking.
  std::string_view reason;  // static
};
using KeyAnswer = Result<KeySetPtr, KeyTrouble>;

struct KeyQuestion {
  std::string issuer;                    // the URL, as `iss` says it
  std::vector<std::string> thumbprints;  // of the provider that the account made
  std::string key_id;                    // of the token; empty: it names none
  AccountId account = {};                // whose provider it is
};

/// What is remembered: issuers of an account, and issuers and keys together of all. Whoever has the most loses first.
inline constexpr std::size_t kMostIssuersOfAccount = 100;
inline constexpr std::size_t kMostKeysKept = 20'000;
inline constexpr std::size_t kMaxDiscoveryBytes = 64 * 1024;
inline constexpr std::chrono::minutes kKeysLive{10};         // then they are fetched again
inline constexpr std::chrono::hours kKeysLiveUnanswered{1};  // if that gets no answer

/// Thread-safe.
class IssuerKeys {
 public:
  using Fetch = std::function<void(http::FetchRequest, http::Fetcher::Done)>;
  using Done = std::function<void(KeyAnswer)>;

  IssuerKeys(IssuerRules rules, Fetch fetch, const Clock& clock);
  ~IssuerKeys();

  [[nodiscard]] const IssuerRules& rules() const;

  /// What is known without asking anybody; nothing: find() it.
  [[nodiscard]] std::optional<KeyAnswer> remembered(const KeyQuestion& question) const;
  /// Calls `done` once: here, or on the thread on which the fetch ends. Never if the fetcher is stopped first.
  void find(const KeyQuestion& question, Done done);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace deputy::authn
