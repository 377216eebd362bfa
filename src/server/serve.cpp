#include "server/serve.h"

#include <fmt/format.h>
#include <malloc.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/time_range.h"
#include "blobs/files.h"
#include "blobs/memory.h"
#include "blobs/sealed.h"
#include "directory/objects.h"
#include "host/files.h"
#include "host/log.h"
#include "host/process.h"
#include "host/service_manager.h"
#include "http/descriptors.h"
#include "http/tls.h"
#include "protocol/route.h"
#include "server/housekeeping.h"
#include "server/metrics_door.h"
#include "server/object_pages.h"
#include "server/operator_door.h"
#include "server/pipeline.h"
#include "services/iam/aws_policies.h"
#include "store/memory/memory.h"
#include "store/sqlite/folder.h"
#include "store/sqlite/sqlite.h"

namespace deputy::server {
namespace {

constexpr std::size_t kOperators = 64;         // connections to the operator's socket
constexpr std::size_t kCrew = 2;               // threads for the bytes of objects
constexpr std::size_t kWatchers = 64;          // connections for metrics
constexpr int kLargeAllocation = 1024 * 1024;  // from here memory goes back to the system as soon as it is freed

using Fault = std::string;  // why the server cannot start: a sentence for the operator

template <class T>
using Started = Result<T, Fault>;

struct Place {
  std::string host;
  std::uint16_t port = 0;
};

/// "127.0.0.1:4566", "[::1]:4566", "localhost:0"; ":4566" is every address.
std::optional<Place> parse_place(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Place place{std::string(text.substr(0, colon)), 0};
  if (place.host.starts_with('[') && place.host.ends_with(']'))
    place.host = place.host.substr(1, place.host.size() - 2);
  const std::string_view port = text.substr(colon + 1);
  const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), place.port);
  if (port.empty() || fault != std::errc() || end != port.data() + port.size()) return std::nullopt;
  return place;
}

log::Level level_of(std::string_view name) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error", "off"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (names[i] == name) return static_cast<log::Level>(i);
  }
  return log::Level::kInfo;
}

/// SIGTERM, SIGINT and SIGHUP come to whoever waits for them, not to a thread at work; a client that goes away and a
/// limit on files are no signals.
sigset_t block_signals() {
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&awaited, number);
  pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow (ulimit -f) is like a full disk
  return awaited;
}

/// Where the bytes of objects lie. What was sealed is read whether new ones are sealed or not.
Started<std::unique_ptr<blobs::Blobs>> open_blobs(const ServeOptions& options, const crypto::Vault& vault) {
  const blobs::Form form = options.seal_objects ? blobs::Form::kSealed : blobs::Form::kPlain;
  std::unique_ptr<blobs::Blobs> place;
  if (options.memory) {
    place = std::make_unique<blobs::Memory>(crypto::system_entropy(), blobs::Memory::kMost, form);
  } else {
    TRY(place, blobs::Files::open(options.data + "/objects", form, crypto::system_entropy()));
  }
  return std::unique_ptr<blobs::Blobs>(std::make_unique<blobs::Sealed>(std::move(place), vault));
}

/// As many connections as the system lets us have.
void use_all_descriptors() {
  const std::size_t limit = http::raise_descriptor_limit();
  const std::size_t places = http::descriptors_for_connections();
  if (places >= http::Limits{}.connections) return;
  log::warning("there is room for {} connections: the limit of open files is {} (ulimit -n)", places, limit);
}

std::string_view name_of(int signal_number) {
  return signal_number == SIGTERM ? "SIGTERM" : signal_number == SIGINT ? "SIGINT" : "SIGHUP";
}

/// What lies on the disk, and the key to it.
struct Held {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<crypto::Vault> vault;
};

Started<Held> hold_memory(const std::string& folder) {
  if (auto made = store::Folder::make(folder); !made) return Failure(made.error().message);
  return Held{store::open_memory(), crypto::Vault::ephemeral(crypto::system_entropy())};
}

/// The key that the entries are proven with. Each number has its place, so no two entries look alike.
store::Prove proof_of_entries(const crypto::Vault& vault) {
  return [key = vault.mac_key("entries of the store")](std::string_view name, store::Revision revision,
                                                       std::string_view value) {
    std::array<char, 16> numbers{};
    for (std::size_t i = 0; i < 8; ++i) {
      numbers[i] = static_cast<char>(revision >> (8 * i));
      numbers[8 + i] = static_cast<char>(std::uint64_t{name.size()} >> (8 * i));
    }
    return key.sign({{numbers.data(), numbers.size()}, name, value}).bytes;
  };
}

/// Whether the vault sealed what was found: its keys of session tokens say so. All of them, where nothing else tells a
/// damaged one; one is enough where proofs will.
bool is_key_of(const crypto::Vault& vault, std::span<const store::Entry> token_keys, bool proven) {
  const authn::SessionTokens tokens(vault);
  const auto nothing = directory::Snapshot::empty({});
  std::size_t readable = 0, opened = 0;
  for (const store::Entry& entry : token_keys) {
    const directory::StoredEntry one{entry.key, entry.value, entry.revision, {}};
    const auto snapshot = nothing->load(0, {&one, 1});
    if (snapshot->token_keys().empty()) continue;
    ++readable;
    opened += tokens.can_open(*snapshot) ? 1 : 0;
  }
  return opened == readable || (proven && opened > 0);
}

/// The key file: made with the first thing that is written in the folder, and from then on the one that proves it.
store::Result<std::unique_ptr<crypto::Vault>> open_vault(const ServeOptions& options, const store::Found& found) {
  const auto refused = [](std::string why) { return store::Error{store::Error::Code::kRefused, std::move(why)}; };
  const std::string file = options.key_file.empty() ? options.data + "/key" : options.key_file;
  if (!found.anything && !options.new_server && ::access(file.c_str(), F_OK) == 0) {
    return refused(fmt::format(
        "the key file {} is there, but nothing that was written with it is in the data folder {}: restore deputy.db "
        "(with its -wal, if there is one), or begin a new server with --new",
        file, options.data));
  }
  auto vault = crypto::Vault::open(file, !found.anything);
  if (!vault) return refused(std::move(vault).error());
  TRY(const std::vector<store::Entry> token_keys, found.scan("token-key/"));
  if (!is_key_of(**vault, token_keys, found.proven)) {
    return refused(fmt::format("{} is not the key file that the data folder {} was made with", file, options.data));
  }
  return std::move(vault).value();
}

Started<Held> hold(const ServeOptions& options) {
  if (options.memory) return hold_memory(options.data);
  Held held;
  const auto vouch = [&](const store::Found& found) -> store::Result<store::Prove> {
    TRY(held.vault, open_vault(options, found));
    if (found.anything && !found.proven) log::info("{}: every entry gets its proof now", options.data);
    return proof_of_entries(*held.vault);
  };
  auto opened = store::open_sqlite({.folder = options.data,
                                    .vouch = vouch,
                                    .accept_loss = options.accept_loss,
                                    .uncounted = {directory::kHeldKinds.begin(), directory::kHeldKinds.end()}});
  if (!opened) return Failure(opened.error().message);
  held.store = std::move(opened).value();
  return held;
}

Started<audit::LogOptions> trail_options(const ServeOptions& options) {
  audit::LogOptions trail{
      .file = options.audit_file.empty() ? audit::Log::default_file(options.data) : options.audit_file,
      .to_stdout = options.audit_stdout,
      .in_memory = options.memory && options.audit_file.empty()};
  if (!options.audit_keep.empty()) {
    TRY(trail.keep, audit::Keep::parse(options.audit_keep));
  }
  return trail;
}

Started<bool> ensure_token_key(state::State& state, const authn::SessionTokens& tokens, const Clock& clock) {
  if (!state.snapshot()->token_keys().empty()) return true;
  directory::Changes changes;
  changes.create(tokens.make_key(*state.snapshot(), crypto::system_entropy(), clock.now()));
  std::promise<store::Result<store::Revision>> outcome;
  state.commit(changes, [&](auto done) { outcome.set_value(std::move(done)); });
  const auto done = outcome.get_future().get();
  if (!done) return Failure(done.error().message);
  return true;
}

/// A file that the operator's commands read, replaced in one step. Each start writes it anew: it need not outlive a
/// loss of power.
Started<void> write_for_commands(const std::string& folder, const std::string& name, std::string_view text) {
  TRY(const host::Folder data, host::Folder::open(folder));
  return data.replace(name, text, {.durable = false});
}

/// What clients have to trust to speak TLS with us: <data>/ca.pem, which profiles name as their ca_bundle. Not there if
/// the authority is elsewhere.
Started<void> write_roots(const std::string& folder, const http::TlsIdentity& identity) {
  const std::string roots = identity.roots();
  if (!roots.empty()) return write_for_commands(folder, "ca.pem", roots);
  TRY(const host::Folder data, host::Folder::open(folder));
  return data.remove("ca.pem");
}

std::string url_of(const http::Endpoint& endpoint, bool tls) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  const bool any = endpoint.host == "0.0.0.0" || endpoint.host == "::";
  const std::string host = any ? "127.0.0.1" : v6 ? "[" + endpoint.host + "]" : endpoint.host;
  return fmt::format("{}{}:{}", tls ? "https://" : "http://", host, endpoint.port);
}

/// Where the operator's commands find the port: <data>/endpoint.
Started<void> write_endpoint(const std::string& folder, const std::string& url) {
  return write_for_commands(folder, "endpoint", url + "\n");
}

/// Everything that runs, in the order in which it is built; it goes in the opposite order.
class Running {
 public:
  static Started<std::unique_ptr<Running>> start(const ServeOptions& options) {
    const auto place = parse_place(options.listen);
    if (!place) return Failure(fmt::format("\"{}\" is not HOST:PORT", options.listen));
    if (options.tls_certificate.empty() != options.tls_key.empty()) {
      return Failure("TLS needs both a certificate (--tls-cert) and its key (--tls-key)");
    }
    if (const auto url = authn::IssuerUrl::parse(options.public_url);
        !options.public_url.empty() && (!url || !url->path.empty())) {
      return Failure(fmt::format("\"{}\" is not http[s]://HOST[:PORT]", options.public_url));
    }
    for (const std::string& domain : options.domains) {
      if (!protocol::can_be_domain(domain)) {
        return Failure(fmt::format("\"{}\" is no domain: it reads like corp.example", domain));
      }
    }
    TRY(TrustedProxies proxies, TrustedProxies::parse(options.trusted_proxies));
    if (const Time now = SystemClock().now(); !can_be_present(now)) {
      return Failure(fmt::format("the clock of this machine says {}; Deputy can keep times from {} to {}: set it",
                                 now < kFirstTime  ? "a time before 1970"
                                 : now > kLastTime ? "a time after 9999"
                                                   : iso8601(now),
                                 iso8601(kFirstPresent), iso8601(kLastPresent)));
    }
    TRY(const audit::LogOptions trail, trail_options(options));
    TRY(Held held, hold(options));
    auto state = state::State::open(std::move(held.store), iam::aws_policies());
    if (!state) return Failure(state.error().message);
    TRY(auto blobs, open_blobs(options, *held.vault));
    TRY(auto audit, audit::Log::open(trail));
    TRY(authn::IssuerRules issuers, authn::IssuerRules::parse(options.allow_issuers));
    std::unique_ptr<Running> running(new Running(options, std::move(proxies), std::move(issuers),
                                                 std::move(state).value(), std::move(held.vault), std::move(blobs),
                                                 std::move(audit)));
    running->doors_.trail = trail.to_stdout ? "standard output" : trail.in_memory ? "memory" : trail.file;
    TRY([[maybe_unused]] const bool ready, ensure_token_key(*running->state_, running->tokens_, running->clock()));
    running->housekeeping_.emplace(*running->state_, running->usage_, running->tokens_, *running->vault_,
                                   running->clock(), running->sweeper_.get());
    TRY_VOID(running->listen(*place));
    return running;
  }

  /// Where clients on this machine reach it.
  [[nodiscard]] const std::string& url() const { return url_; }

  [[nodiscard]] bool has_tls() const { return !options_.tls_certificate.empty(); }

  void reload_certificate() {
    const auto identity = network_->reload_certificate();
    if (!identity) {
      return log::error("SIGHUP: {}; the certificate from before stays", identity.error());
    }
    if (const auto written = write_roots(options_.data, **identity); !written)
      log::error("SIGHUP: {}", written.error());
    log::info("SIGHUP: new connections get the certificate now in {} ({})", options_.tls_certificate,
              (*identity)->description());
  }

  void stop() {
    readiness_.clear();
    network_->stop();
    operator_->stop();
    if (watched_) watched_->stop();
    fetcher_.stop();
    index_->stop();
    crew_.stop();
    slow_hashes_.stop();
    documents_.stop();
    housekeeping_->stop();
    audit_->stop();
    ::unlink((options_.data + "/endpoint").c_str());
  }

 private:
  Running(const ServeOptions& options, TrustedProxies proxies, authn::IssuerRules issuers,
          std::unique_ptr<state::State> state, std::unique_ptr<crypto::Vault> vault,
          std::unique_ptr<blobs::Blobs> blobs, std::unique_ptr<audit::Log> audit)
      : options_(options),
        movable_(system_),
        proxies_(std::move(proxies)),
        vault_(std::move(vault)),
        blobs_(std::move(blobs)),
        audit_(std::move(audit)),
        tokens_(*vault_),
        identifier_(*vault_, tokens_),
        state_(std::move(state)),
        index_(std::make_shared<objects::Index>(object_pages(*state_))),
        copies_(*state_, usage_, crypto::system_entropy(), clock()),
        sweeper_(std::make_shared<Sweeper>(*state_, *blobs_, copies_, clock())),
        writes_(*state_, usage_, metrics_),
        fetcher_({.ca_file = options.issuer_ca}),
        issuer_keys_(
            std::move(issuers), [this](auto what, auto done) { fetch(std::move(what), std::move(done)); }, clock()),
        pipeline_(rooms()),
        door_(rooms(), options.movable_clock ? &movable_ : nullptr, doors_),
        metrics_door_(rooms()) {
    // Commits may come to their end after all else here has gone.
    state_->set_witness({.committed =
                             [index = index_, sweeper = sweeper_](auto revision, auto readings) {
                               index->committed(revision, readings);
                               sweeper->committed(readings);
                             },
                         .in_doubt =
                             [index = index_, sweeper = sweeper_] {
                               index->forget();
                               sweeper->in_doubt();
                             }});
    doors_.data = options.data;
    doors_.in_memory = options.memory;
    doors_.movable_clock = options.movable_clock;
  }

  [[nodiscard]] const Clock& clock() const {
    return options_.movable_clock ? static_cast<const Clock&>(movable_) : static_cast<const Clock&>(system_);
  }
  Rooms rooms() {
    return {.state = *state_,
            .writes = writes_,
            .identifier = identifier_,
            .tokens = tokens_,
            .vault = *vault_,
            .entropy = crypto::system_entropy(),
            .usage = usage_,
            .blobs = *blobs_,
            .copies = copies_,
            .audit = *audit_,
            .clock = clock(),
            .bindings = bindings_,
            .proxies = proxies_,
            .domains = options_.domains,
            .issuer_keys = issuer_keys_,
            .slow_hashes = slow_hashes_,
            .documents = documents_,
            .public_url = public_url_,
            .readiness = readiness_,
            .metrics = metrics_,
            .index = *index_,
            .crew = crew_,
            .encoded_messages = options_.encoded_messages,
            .account_limits = options_.account_limits,
            .seed_progress = &seed_progress_};
  }

  /// The operator's socket comes last: whoever reaches it finds the rest, and the file that says where.
  Result<void, Fault> listen(const Place& place) {
    if (options_.before_ready) {
      TRY_VOID(options_.before_ready(
          [this](std::string_view operation, std::string_view json) { return door_.ask_alone(operation, json); }));
    }
    TRY_VOID(open_network(place));
    http::Options admin;
    admin.unix_socket = options_.data + "/admin.sock";
    admin.threads = 1;
    admin.limits.connections = kOperators;
    admin.limits.body = kLargestSeed;
    admin.limits.buffers = 2 * kLargestSeed;
    operator_ = std::make_unique<http::Server>(
        admin, [this](const auto& request, http::Responder respond) { door_.handle(request, std::move(respond)); });
    if (auto opened = operator_->start(); !opened) return Failure(std::move(opened).error());
    readiness_.set();
    return {};
  }

  Result<void, Fault> open_network(const Place& place) {
    if (!options_.metrics.empty()) TRY_VOID(listen_for_watchers());
    if (!options_.public_url.empty()) public_url_.set(options_.public_url);
    http::Options network;
    network.host = place.host;
    network.port = place.port;
    if (options_.movable_clock) network.clock = &movable_;  // clients set theirs by it
    network.tls_certificate = options_.tls_certificate;
    network.tls_key = options_.tls_key;
    network.streams = [this](const auto& head) { return pipeline_.streams(head); };
    network_ = std::make_unique<http::Server>(network, [this](const auto& request, http::Responder respond) {
      pipeline_.handle(request, std::move(respond));
    });
    TRY(http::Endpoint endpoint, network_->start());
    // A certificate is made out to a name; the address that the name has now is not in it.
    if (has_tls()) TRY_VOID(write_roots(options_.data, *network_->identity()));
    if (has_tls() && endpoint.host != "0.0.0.0" && endpoint.host != "::") endpoint.host = place.host;
    url_ = url_of(endpoint, has_tls());
    if (options_.public_url.empty()) public_url_.set(url_);
    doors_.endpoint = url_;
    if (has_tls()) doors_.certificate = [this] { return network_->identity()->description(); };
    TRY_VOID(write_endpoint(options_.data, url_));
    log::info("listening on {}:{}, data in {}", endpoint.host, endpoint.port,
              options_.memory ? "memory" : options_.data);
    return {};
  }

  void fetch(http::FetchRequest what, http::Fetcher::Done done) {
    fetcher_.get(std::move(what), [this, done = std::move(done)](auto body) {
      metrics_.fetched(body.ok());
      done(std::move(body));
    });
  }

  Result<void, Fault> listen_for_watchers() {
    const auto place = parse_place(options_.metrics);
    if (!place) return Failure(fmt::format("--metrics: \"{}\" is not HOST:PORT", options_.metrics));
    http::Options options;
    options.host = place->host;
    options.port = place->port;
    options.threads = 1;
    options.limits.connections = kWatchers;
    watched_ = std::make_unique<http::Server>(options, [this](const auto& request, http::Responder respond) {
      metrics_door_.handle(request, std::move(respond));
    });
    TRY(const http::Endpoint endpoint, watched_->start());
    doors_.metrics = url_of(endpoint, false) + std::string(kMetricsPath);
    log::info("metrics at {}", doors_.metrics);
    return {};
  }

  const ServeOptions options_;
  SystemClock system_;
  MovableClock movable_;
  const TrustedProxies proxies_;
  PublicUrl public_url_;
  Readiness readiness_;
  std::string url_;
  Doors doors_;  // complete when the operator's socket opens
  Bindings bindings_;
  directory::Usage usage_;
  std::unique_ptr<crypto::Vault> vault_;
  std::unique_ptr<blobs::Blobs> blobs_;
  std::unique_ptr<audit::Log> audit_;
  Metrics metrics_;
  authn::SessionTokens tokens_;
  authn::Identifier identifier_;
  std::unique_ptr<state::State> state_;
  std::shared_ptr<objects::Index> index_;
  Copies copies_;
  std::shared_ptr<Sweeper> sweeper_;
  Writes writes_;
  http::Fetcher fetcher_;
  authn::IssuerKeys issuer_keys_;
  SlowHashes slow_hashes_;
  FairThread documents_{"documents", kDocuments};
  Crew crew_{kCrew};
  std::optional<Housekeeping> housekeeping_;
  services::Progress seed_progress_;
  Pipeline pipeline_;
  OperatorDoor door_;
  MetricsDoor metrics_door_;
  std::unique_ptr<http::Server> operator_, watched_, network_;
};

}  // namespace

int serve(const ServeOptions& options) {
  log::set_level(level_of(options.log_level));
  log::set_form(options.log_json ? log::Form::kJson : log::Form::kText);
  if (!options.allow_core_dumps) {
    host::keep_memory_private();
    host::forbid_core_files();
  }
  const sigset_t awaited = block_signals();
  ::mallopt(M_MMAP_THRESHOLD, kLargeAllocation);  // else each large body raises it, up to 32 MB
  use_all_descriptors();
  auto running = Running::start(options);
  if (!running) {
    log::last_word(running.error());
    return 1;
  }
  if (options.ready) options.ready((*running)->url());
  host::tell_service_manager("READY=1");
  int signal_number = 0;
  while (sigwait(&awaited, &signal_number) == 0 && signal_number == SIGHUP && (*running)->has_tls()) {
    host::tell_service_manager(host::reloading());
    (*running)->reload_certificate();
    host::tell_service_manager("READY=1");
  }
  host::tell_service_manager("STOPPING=1");
  log::info("{}: finishing what is in flight", name_of(signal_number));
  (*running)->stop();
  log::info("stopped");
  return 0;
}

}  // namespace deputy::server
