#include "authn/issuer_keys.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "authn/json.h"
#include "base/log.h"

namespace deputy::authn {
namespace {

using namespace std::chrono_literals;

constexpr auto kKeysLive = 10min;         // then they are fetched again
constexpr auto kPatience = 30s;           // between two fetches because of a key id that is not there
constexpr auto kPatienceWithFaults = 5s;  // between two fetches that fail
constexpr std::size_t kMaxIssuers = 1000;
constexpr std::size_t kMaxWaiting = 1000;  // for one issuer
constexpr std::size_t kMaxDiscovery = 64 * 1024;

KeyFault fault_of(http::FetchFault fault) {
  switch (fault) {
    case http::FetchFault::kUnreachable:
      return KeyFault::kUnreachable;
    case http::FetchFault::kThumbprint:
    case http::FetchFault::kUntrusted:
      return KeyFault::kThumbprint;
    case http::FetchFault::kForbidden:
    case http::FetchFault::kUnusable:
      break;
  }
  return KeyFault::kUnusable;
}

/// What the operator reads in the log.
std::string_view words(http::FetchFault fault) {
  constexpr std::string_view kWords[] = {"no answer", "its address is not public, and no --allow-issuer names it",
                                         "its certificate leads to no authority that is trusted",
                                         "its certificate fits none of the provider's thumbprints",
                                         "the answer is not 200, or too large, or cut off"};
  return kWords[static_cast<std::size_t>(fault)];
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

/// One issuer, as accounts with the same thumbprints see it.
struct Known {
  KeySetPtr keys;                 // null: none yet
  std::optional<KeyFault> fault;  // of the last fetch
  Time fetched;                   // when it ended
  bool under_way = false;
  std::vector<IssuerKeys::Done> waiting;
};

std::string cache_key(const KeyQuestion& question) {
  std::string key = question.issuer;
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
  std::map<std::string, Known, std::less<>> issuers;

  /// What `known` says about a key without a fetch; nothing: one is due.
  [[nodiscard]] std::optional<KeyAnswer> answer(const Known& known, std::string_view key_id) const {
    if (!known.fault && known.keys == nullptr) return std::nullopt;  // never fetched
    const auto age = clock.now() - known.fetched;
    if (age < 0s) return std::nullopt;  // the clock was set back
    if (known.fault) return age < kPatienceWithFaults ? std::optional<KeyAnswer>(*known.fault) : std::nullopt;
    if (age >= kKeysLive) return std::nullopt;
    if (!known.keys->has(key_id) && age >= kPatience) return std::nullopt;
    return KeyAnswer(known.keys);
  }

  /// Room for one more: the issuer that was asked longest ago goes.
  void make_room() {
    if (issuers.size() < kMaxIssuers) return;
    auto oldest = issuers.end();
    for (auto at = issuers.begin(); at != issuers.end(); ++at) {
      if (!at->second.under_way && (oldest == issuers.end() || at->second.fetched < oldest->second.fetched))
        oldest = at;
    }
    if (oldest != issuers.end()) issuers.erase(oldest);
  }

  void settle(const std::string& key, KeyAnswer outcome) {
    std::vector<Done> waiting;
    {
      const std::lock_guard lock(mutex);
      Known& known = issuers[key];
      known.under_way = false;
      known.fetched = clock.now();
      known.fault = outcome ? std::nullopt : std::optional(outcome.error());
      known.keys = outcome ? *outcome : nullptr;  // a provider that fails is not believed from memory
      waiting.swap(known.waiting);
    }
    for (const Done& done : waiting) done(outcome);
  }

  void give_up(const std::string& key, const std::string& url, std::string_view why, KeyFault fault) {
    log::warning("no keys from {}: {}", url, why);
    settle(key, fault);
  }

  using Taken = std::function<void(std::string body)>;
  void get(const std::string& key, const std::string& text, const std::vector<std::string>& thumbprints, Taken taken) {
    const std::size_t query = std::min(text.find('?'), text.size());  // some key sets have one
    const auto url = is_visible(text.substr(query)) ? IssuerUrl::parse(text.substr(0, query)) : std::nullopt;
    const auto target = url ? rules.target(*url) : std::nullopt;
    if (!target) return give_up(key, text, "--allow-issuer does not name it", KeyFault::kUnusable);
    http::FetchRequest request{.connect_to = target->host,
                               .port = target->port,
                               .private_addresses = target->named,
                               .tls = url->tls,
                               .host = url->host,
                               .authority = url->authority(),
                               .target = (url->path.empty() ? "/" : url->path) + text.substr(query),
                               .thumbprints = thumbprints};
    fetch(std::move(request), [self = shared_from_this(), key, text, taken = std::move(taken)](auto body) {
      if (!body) return self->give_up(key, text, words(body.error()), fault_of(body.error()));
      taken(std::move(body).value());
    });
  }

  /// OpenID Connect Discovery 1.0, section 4: the document must name the issuer that was asked for.
  void discover(const std::string& key, const KeyQuestion& question) {
    std::string url = question.issuer;
    if (url.ends_with('/')) url.pop_back();
    url += "/.well-known/openid-configuration";
    get(key, url, question.thumbprints, [self = shared_from_this(), key, question, url](const std::string& body) {
      const auto document = Json::parse(body, kMaxDiscovery);
      const std::string* issuer = document ? document->text("issuer") : nullptr;
      const std::string* keys_at = document ? document->text("jwks_uri") : nullptr;
      if (issuer == nullptr || keys_at == nullptr) {
        return self->give_up(key, url, "that is no discovery document", KeyFault::kUnusable);
      }
      if (*issuer != question.issuer) return self->give_up(key, url, "it names another issuer", KeyFault::kUnusable);
      self->fetch_keys(key, *keys_at, question.thumbprints);
    });
  }

  void fetch_keys(const std::string& key, const std::string& url, const std::vector<std::string>& thumbprints) {
    get(key, url, thumbprints, [self = shared_from_this(), key, url](const std::string& body) {
      auto keys = KeySet::parse(body);
      if (!keys) return self->give_up(key, url, "that is no key set", KeyFault::kUnusable);
      log::info("{} keys from {}", keys->size(), url);
      self->settle(key, KeyAnswer(std::make_shared<const KeySet>(*std::move(keys))));
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
    impl_->make_room();
    at = impl_->issuers.emplace(key, Known{}).first;
  }
  Known& known = at->second;
  std::optional<KeyAnswer> now = impl_->answer(known, question.key_id);
  if (!now && known.waiting.size() >= kMaxWaiting) now = KeyAnswer(KeyFault::kUnreachable);
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
