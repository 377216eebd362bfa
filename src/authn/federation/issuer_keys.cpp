#include "authn/federation/issuer_keys.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "authn/federation/json.h"
#include "host/log.h"

namespace deputy::authn {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;            // between two fetches because of a key id that is not there
constexpr auto kPatienceWithFaults = 5s;   // between two fetches that fail
constexpr std::size_t kMaxWaiting = 1000;  // for one issuer

/// How a fetch that failed looks from outside, and whether it says anything of the keys that were there before.
struct Judgement {
  KeyFault fault;
  bool silent;  // nobody answered: what was known may still be so
};
Judgement judge(http::FetchFault fault) {
  switch (fault) {
    case http::FetchFault::kNoPlace:
    case http::FetchFault::kUnreachable:
      return {KeyFault::kUnreachable, true};
    case http::FetchFault::kForbidden:  // as a name that does not exist
      return {KeyFault::kUnreachable, false};
    case http::FetchFault::kThumbprint:
    case http::FetchFault::kUntrusted:
      return {KeyFault::kThumbprint, false};
    case http::FetchFault::kOverloaded:
      return {KeyFault::kUnusable, true};
    case http::FetchFault::kRedirect:
    case http::FetchFault::kStatus:
    case http::FetchFault::kTooLarge:
    case http::FetchFault::kCutOff:
    case http::FetchFault::kMalformed:
      break;
  }
  return {KeyFault::kUnusable, false};
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

/// One issuer of one account, as its provider with these thumbprints sees it.
struct Known {
  AccountId account;
  KeySetPtr keys;                     // null: none, or none that are believed any more
  Time read;                          // when they were
  std::optional<KeyTrouble> trouble;  // of the last fetch
  Time tried;                         // when that ended
  bool was_tried = false, under_way = false;
  std::vector<IssuerKeys::Done> waiting;

  [[nodiscard]] std::size_t weight() const { return 1 + (keys != nullptr ? keys->size() : 0); }
};

std::string cache_key(const KeyQuestion& question) {
  std::string key(question.account.view());
  key.append(question.issuer);
  for (const std::string& print : question.thumbprints) key.append("\n").append(print);
  return key;
}

}  // namespace

struct IssuerKeys::Impl : std::enable_shared_from_this<Impl> {
  Impl(IssuerRules r, Fetch f, const Clock& c) : rules(std::move(r)), fetch(std::move(f)), clock(c) {}

  const IssuerRules rules;
  const Fetch fetch;
  const Clock& clock;
  mutable std::mutex mutex;
  std::map<std::string, Known, std::less<>> issuers;  // by cache_key: those of an account side by side
  struct Share {
    std::size_t issuers = 0, kept = 0;  // kept: issuers and keys
  };
  std::map<AccountId, Share> shares;
  std::size_t kept = 0;  // of all

  /// What `known` says about a key without a fetch; nothing: one is due.
  [[nodiscard]] std::optional<KeyAnswer> answer(const Known& known, std::string_view key_id) const {
    if (!known.was_tried) return std::nullopt;
    const auto age = clock.now() - known.tried;
    if (age < 0s) return std::nullopt;  // the clock was set back
    const bool has_key = known.keys != nullptr && known.keys->has(key_id);
    if (known.trouble) {
      const auto keys_age = clock.now() - known.read;
      const bool believed = has_key && keys_age >= 0s && keys_age < kKeysLiveUnanswered;
      if (believed && (known.under_way || age < kPatienceWithFaults)) return KeyAnswer(known.keys);
      return age < kPatienceWithFaults ? std::optional<KeyAnswer>(*known.trouble) : std::nullopt;
    }
    if (age >= kKeysLive || (!has_key && age >= kPatience)) return std::nullopt;
    return KeyAnswer(known.keys);
  }

  /// Room for one more issuer of this account: where it has as many as it may, its oldest goes.
  void make_room(const AccountId& account) {
    const auto share = shares.find(account);
    if (share != shares.end() && share->second.issuers >= kMostIssuersOfAccount) forget_oldest(account);
  }

  /// Room for the keys that came: whoever has the most loses its oldest.
  void shrink() {
    while (kept > kMostKeysKept) {
      const auto most = std::max_element(shares.begin(), shares.end(),
                                         [](const auto& a, const auto& b) { return a.second.kept < b.second.kept; });
      if (!forget_oldest(AccountId(most->first))) return;
    }
  }

  bool forget_oldest(const AccountId& account) {
    auto oldest = issuers.end();
    for (auto at = issuers.lower_bound(account.view()); at != issuers.end() && at->second.account == account; ++at) {
      if (!at->second.under_way && (oldest == issuers.end() || at->second.tried < oldest->second.tried)) oldest = at;
    }
    if (oldest == issuers.end()) return false;
    count(oldest->second, -1);
    if (--shares[account].issuers == 0) shares.erase(account);
    issuers.erase(oldest);
    return true;
  }

  /// Adds what an issuer weighs, or takes it away.
  void count(const Known& known, int sign) {
    const std::size_t weight = known.weight();
    std::size_t& of_account = shares[known.account].kept;
    kept = sign > 0 ? kept + weight : kept - weight;
    of_account = sign > 0 ? of_account + weight : of_account - weight;
  }

  /// A fetch has ended. `silent`: without a word of the provider.
  void settle(const std::string& key, KeyAnswer fetched, bool silent) {
    std::vector<Done> waiting;
    std::optional<KeyAnswer> told;
    {
      const std::lock_guard lock(mutex);
      const auto at = issuers.find(key);  // there: what is under way is not forgotten
      Known& known = at->second;
      count(known, -1);
      known.under_way = false;
      known.was_tried = true;
      known.tried = clock.now();
      known.trouble = fetched ? std::nullopt : std::optional(fetched.error());
      if (fetched) known.read = known.tried;
      if (!silent) known.keys = fetched ? *fetched : nullptr;
      count(known, 1);
      waiting.swap(known.waiting);
      const bool old = !fetched && known.keys != nullptr && known.tried >= known.read &&
                       known.tried - known.read < kKeysLiveUnanswered;
      told = old ? KeyAnswer(known.keys) : std::move(fetched);
      shrink();
    }
    for (const Done& done : waiting) done(*told);
  }

  void give_up(const std::string& key, const std::string& url, std::string_view why, KeyTrouble trouble, bool silent) {
    log::warning("no keys from {}: {}", url, why);
    settle(key, trouble, silent);
  }
  void give_up(const std::string& key, const std::string& url, std::string_view why) {
    give_up(key, url, why, {KeyFault::kUnusable, why}, false);
  }
  void give_up(const std::string& key, const std::string& url, http::FetchFault fault) {
    const Judgement judgement = judge(fault);
    const auto shown = fault == http::FetchFault::kForbidden ? http::FetchFault::kUnreachable : fault;
    give_up(key, url, http::describe(fault), {judgement.fault, http::describe(shown)}, judgement.silent);
  }

  using Taken = std::function<void(std::string body)>;
  void get(const std::string& key, const std::string& text, const KeyQuestion& question, Taken taken) {
    const std::size_t query = std::min(text.find('?'), text.size());  // some key sets have one
    const auto url = is_visible(text.substr(query)) ? IssuerUrl::parse(text.substr(0, query)) : std::nullopt;
    const auto target = url ? rules.target(*url) : std::nullopt;
    if (!target) return give_up(key, text, "--allow-issuer does not name it");
    http::FetchRequest request{.connect_to = target->host,
                               .port = target->port,
                               .private_addresses = target->named,
                               .tls = url->tls,
                               .host = url->host,
                               .authority = url->authority(),
                               .target = (url->path.empty() ? "/" : url->path) + text.substr(query),
                               .thumbprints = question.thumbprints,
                               .account = question.account};
    fetch(std::move(request), [self = shared_from_this(), key, text, taken = std::move(taken)](auto body) {
      if (!body) return self->give_up(key, text, body.error());
      taken(std::move(body).value());
    });
  }

  /// OpenID Connect Discovery 1.0, section 4: the document must name the issuer that was asked for.
  void discover(const std::string& key, const KeyQuestion& question) {
    std::string url = question.issuer;
    if (url.ends_with('/')) url.pop_back();
    url += "/.well-known/openid-configuration";
    get(key, url, question, [self = shared_from_this(), key, question, url](const std::string& body) {
      const auto document = Json::parse(body, kMaxDiscoveryBytes);
      const std::string* issuer = document ? document->text("issuer") : nullptr;
      const std::string* keys_at = document ? document->text("jwks_uri") : nullptr;
      if (issuer == nullptr || keys_at == nullptr) {
        return self->give_up(key, url, "that is no discovery document");
      }
      if (*issuer != question.issuer) return self->give_up(key, url, "it names another issuer");
      self->fetch_keys(key, *keys_at, question);
    });
  }

  void fetch_keys(const std::string& key, const std::string& url, const KeyQuestion& question) {
    get(key, url, question, [self = shared_from_this(), key, url](const std::string& body) {
      auto keys = KeySet::parse(body);
      if (!keys) return self->give_up(key, url, "that is no key set");
      log::info("{} keys from {}", keys->size(), url);
      self->settle(key, KeyAnswer(std::make_shared<const KeySet>(*std::move(keys))), false);
    });
  }
};

IssuerKeys::IssuerKeys(IssuerRules rules, Fetch fetch, const Clock& clock)
    : impl_(std::make_shared<Impl>(std::move(rules), std::move(fetch), clock)) {}
IssuerKeys::~IssuerKeys() = default;

const IssuerRules& IssuerKeys::rules() const { return impl_->rules; }

std::optional<KeyAnswer> IssuerKeys::remembered(const KeyQuestion& question) const {
  const std::lock_guard lock(impl_->mutex);
  const auto at = impl_->issuers.find(cache_key(question));
  return at == impl_->issuers.end() ? std::nullopt : impl_->answer(at->second, question.key_id);
}

void IssuerKeys::find(const KeyQuestion& question, Done done) {
  const std::string key = cache_key(question);
  std::unique_lock lock(impl_->mutex);
  auto at = impl_->issuers.find(key);
  if (at == impl_->issuers.end()) {
    impl_->make_room(question.account);
    at = impl_->issuers.emplace(key, Known{}).first;
    at->second.account = question.account;
    impl_->count(at->second, 1);
    ++impl_->shares[question.account].issuers;
  }
  Known& known = at->second;
  std::optional<KeyAnswer> now = impl_->answer(known, question.key_id);
  if (!now && known.waiting.size() >= kMaxWaiting) now = KeyAnswer(KeyTrouble{KeyFault::kUnreachable, "too many wait"});
  if (now) {
    lock.unlock();
    return done(*std::move(now));
  }
  known.waiting.push_back(std::move(done));
  const bool fetch = !std::exchange(known.under_way, true);
  lock.unlock();
  if (fetch) impl_->discover(key, question);
}

}  // namespace deputy::authn
