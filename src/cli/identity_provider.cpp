// deputy identity-provider: an identity provider for development, which a server of Deputy can ask for its keys.
// The documents that it signs are made in identity_documents.cpp.
#include "identity_provider/issuer.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>

#include "cli/detach.h"
#include "cli/endpoint.h"
#include "cli/environment.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "host/clock.h"
#include "host/log.h"
#include "http/server.h"
#include "identity_provider/keys.h"
#include "identity_provider/running.h"
#include "identity_provider/saml.h"
#include "identity_provider/tls.h"

namespace deputy::cli {
namespace {

using identity_provider::Documents;
using identity_provider::Issuer;
using identity_provider::Running;

constexpr const char* kLog = "identity-provider.log";

struct Options {
  std::string folder, listen = "127.0.0.1:4567";
  std::vector<std::string> urls;
  std::vector<Issuer> issuers;
  bool detach = false;
  std::vector<std::string> command;

  [[nodiscard]] bool tls() const { return !issuers.empty() && issuers.front().tls; }
};

/// Where this machine reaches what listens at every address.
std::string reachable(const http::Endpoint& endpoint) {
  http::Endpoint reached = endpoint;
  if (reached.host == "0.0.0.0") reached.host = "127.0.0.1";
  if (reached.host == "::") reached.host = "::1";
  return authority_of(reached);
}

/// What `deputy serve` needs to know, as its own variables: whom it may ask, where that is, and by whom it is certified.
Variables variables_of(const std::string& folder, const Running& running) {
  std::vector<std::string> allowed;
  for (const Issuer& issuer : running.issuers) {
    std::string entry = issuer.tls ? issuer.authority() : "http://" + issuer.authority();
    if (issuer.tls || issuer.authority() != running.address) entry += "=" + running.address;
    if (std::find(allowed.begin(), allowed.end(), entry) == allowed.end()) allowed.push_back(std::move(entry));
  }
  const bool tls = !running.issuers.empty() && running.issuers.front().tls;
  return {{"DEPUTY_ALLOW_ISSUER", fmt::format("{}", fmt::join(allowed, ","))},
          {"DEPUTY_ISSUER_CA", tls ? std::optional(folder + "/" + identity_provider::kAuthorityFile) : std::nullopt}};
}

host::Outcome<http::Options> listener(const Options& options, const SystemClock& clock) {
  const auto place = parse_place(options.listen);
  http::Options listen;
  listen.host = place->host;
  listen.port = place->port;
  listen.threads = 1;
  listen.limits.connections = identity_provider::kMostConnections;
  listen.limits.body = identity_provider::kLargestBody;
  if (!options.tls()) return listen;
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "::1"};
  for (const Issuer& issuer : options.issuers) hosts.push_back(issuer.host);
  TRY(const bool made, identity_provider::certify_listener(options.folder, std::move(hosts), clock.now()));
  if (made) log::info("made {}/{}, which servers have to be given", options.folder, identity_provider::kAuthorityFile);
  listen.tls_certificate = listen.tls_key = options.folder + "/" + identity_provider::kListenerFile;
  return listen;
}

std::vector<std::string> urls_of(const std::vector<Issuer>& issuers) {
  std::vector<std::string> urls;
  urls.reserve(issuers.size());
  for (const Issuer& issuer : issuers) urls.push_back(issuer.url());
  return urls;
}

int serve(const Options& options, const Ready& ready) {
  const SystemClock clock;
  const auto keys = identity_provider::Keys::open(options.folder, clock.now());
  if (!keys) return fail(keys.error());
  const auto hold = identity_provider::Hold::take(options.folder);
  if (!hold) return fail(hold.error());
  auto metadata = identity_provider::saml_metadata(identity_provider::kEntityId, keys->saml_certificate);
  if (!metadata) return fail(metadata.error());
  const auto listen = listener(options, clock);
  if (!listen) return fail(listen.error());

  const sigset_t ending = block_ending_signals();
  std::unique_ptr<const Documents> documents;  // known when it is known where it listens
  std::atomic<const Documents*> served{nullptr};
  http::Server server(*listen, [&](const http::Request& request, http::Responder respond) {
    const Documents* known = served.load(std::memory_order_acquire);
    http::Response answer;
    answer.status = 503;
    if (known != nullptr) answer = known->answer(request);
    const std::string_view* host = request.header("host");
    log::info("{} {}{}: {}", request.method, host != nullptr ? *host : "", request.path(), answer.status);
    respond(std::move(answer));
  });
  const auto endpoint = server.start();
  if (!endpoint) return fail(endpoint.error());
  Running running{.address = reachable(*endpoint), .issuers = options.issuers};
  if (running.issuers.empty()) running.issuers.push_back(*Issuer::parse("http://" + running.address));
  documents = std::make_unique<const Documents>(running.issuers, identity_provider::key_set(*keys), metadata->text);
  served.store(documents.get(), std::memory_order_release);
  if (auto written = identity_provider::write_running(options.folder, running); !written) return fail(written.error());

  int code = kDone;
  if (!options.command.empty()) {
    Variables variables = variables_of(options.folder, running);
    variables.emplace_back("DEPUTY_IDENTITY_PROVIDER", options.folder);
    code = run_beside(options.command, variables, ending);
  } else {
    const std::string urls = fmt::format("{}", fmt::join(urls_of(running.issuers), ", "));
    const std::string where = fmt::format("{} at {}", urls, running.address);
    ready ? ready(where) : say("The identity provider is ready: {}\n", where);
    code = run_until_told(ending);
  }
  server.stop();
  return code;
}

int run_serve(const Options& options) {
  if (!options.detach) return serve(options, {});
  // The log lies there, so the folder has to be there before.
  if (auto made = host::Folder::make(options.folder, "folder of the identity provider"); !made)
    return fail(made.error());
  const InBackground how{.what = "The identity provider",
                         .folder = options.folder,
                         .log = kLog,
                         .to_end = "deputy identity-provider stop --folder " + shell_quoted(options.folder)};
  return run_detached(how, [&](const Ready& ready) { return serve(options, ready); });
}

std::string nobody(const std::string& folder) {
  return fmt::format(
      "no identity provider runs with the keys of {}; to start one: deputy identity-provider serve --detach", folder);
}

int print_variables(const std::string& folder) {
  const auto holder = identity_provider::holder_of(folder);
  if (!holder) return fail(holder.error());
  const auto running = identity_provider::read_running(folder);
  if (!running) return fail(running.error());
  if (*holder == 0 || !*running) return fail(nobody(folder));
  Variables variables = variables_of(folder, **running);
  variables.emplace_back("DEPUTY_IDENTITY_PROVIDER", folder);
  hand_over(export_lines(variables));
  return kDone;
}

int stop(const std::string& folder) {
  const auto holder = identity_provider::holder_of(folder);
  if (!holder) return fail(holder.error());
  if (*holder == 0) return fail(nobody(folder));
  const host::Descriptor process = hold_process(*holder);
  const auto still = identity_provider::holder_of(folder);  // the number may have become another process's meanwhile
  if (!process.is_open() || !still || *still != *holder) {
    return fail("cannot find the identity provider's process; it may run in another container: end it there");
  }
  if (const auto trouble = end_process(process, "the identity provider")) return fail(*trouble);
  say("The identity provider has ended; {} keeps its keys.\n", folder);
  return kDone;
}

/// What is wrong with the command line.
std::optional<std::string> complete(Options& options) {
  if (!parse_place(options.listen)) return fmt::format("--listen: \"{}\" is not HOST:PORT", options.listen);
  for (const std::string& url : options.urls) {
    const auto issuer = Issuer::parse(url);
    if (!issuer) {
      return fmt::format(
          "--issuer: \"{}\" is not https://HOST[:PORT][/PATH] of at most {} characters, without a slash "
          "at its end",
          url, Issuer::kMaxBytes);
    }
    if (!issuer->tls && !is_loopback(issuer->host)) {
      return fmt::format("--issuer: \"{}\": an issuer without TLS may only be on 127.0.0.1, [::1] or localhost", url);
    }
    options.issuers.push_back(*issuer);
    if (issuer->tls != options.issuers.front().tls) return "--issuer: either all are https, or none is";
  }
  return std::nullopt;
}

void add_serve_verb(CLI::App& provider, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = provider.add_subcommand("serve", "Let servers ask for its keys");
  verb->add_option("--issuer", options->urls,
                   "A URL that it stands for, whoever else may have it on the internet; repeatable. Without one: "
                   "http://HOST:PORT of --listen")
      ->type_name("URL")
      ->allow_extra_args(false);
  verb->add_option("--listen", options->listen,
                   "Where to listen; with https issuers, TLS with a certificate of its own")
      ->type_name("HOST:PORT")
      ->envname("DEPUTY_IDENTITY_PROVIDER_LISTEN")
      ->capture_default_str();
  add_provider_folder_option(*verb, options->folder);
  CLI::Option* detach = verb->add_flag("--detach,-d", options->detach,
                                       fmt::format("Go on in the background once it listens, and write its log to {} "
                                                   "in its folder",
                                                   kLog));
  verb->add_option("command", options->command, "What to run beside it, behind --: it ends when that has ended")
      ->type_name("COMMAND")
      ->excludes(detach);
  verb->footer(
      "Anybody who reaches it may read its documents: <issuer>/.well-known/openid-configuration and jwks.json,\n"
      "/saml/metadata.xml. Nothing is signed over the network: deputy identity-provider token does that, for whoever "
      "may\n"
      "read the folder.\n"
      "Examples:\n"
      "  deputy identity-provider serve\n"
      "  deputy identity-provider serve --detach --issuer https://token.actions.githubusercontent.com\n"
      "  deputy identity-provider serve --issuer https://oidc.example.com/ci -- make test");
  verb->callback([&run, options] {
    if (const auto wrong = complete(*options)) throw CLI::ValidationError(*wrong);
    run = [options] { return run_serve(*options); };
  });
}

void add_folder_verb(CLI::App& provider, Run& run, const char* name, const char* what, const char* footer,
                     int (*action)(const std::string& folder)) {
  auto folder = std::make_shared<std::string>();
  CLI::App* verb = provider.add_subcommand(name, what);
  add_provider_folder_option(*verb, *folder);
  verb->footer(footer);
  verb->callback([&run, folder, action] { run = [folder, action] { return action(*folder); }; });
}

}  // namespace

void add_identity_provider(CLI::App& app, Run& run) {
  CLI::App* verb = app.add_subcommand(
      "identity-provider", "An identity provider for development: OpenID Connect tokens and SAML assertions");
  verb->require_subcommand(1);
  add_serve_verb(*verb, run);
  add_folder_verb(
      *verb, run, "env", "Print what deputy serve needs to ask the provider that runs",
      "The variables are DEPUTY_ALLOW_ISSUER and DEPUTY_ISSUER_CA, which are --allow-issuer and --issuer-ca of\n"
      "deputy serve, and DEPUTY_IDENTITY_PROVIDER, which is --folder.\n"
      "Example:\n"
      "  eval \"$(deputy identity-provider env)\" && deputy serve --detach",
      print_variables);
  add_folder_verb(*verb, run, "stop", "End the provider that runs in the background",
                  "Its keys stay, so that what they signed stays good when it runs again.\n"
                  "Example:\n  deputy identity-provider stop",
                  stop);
  add_identity_documents(*verb, run);
  verb->footer(
      "For development and tests: it vouches for whatever it is told to. Its private keys lie in --folder with mode "
      "0600,\n"
      "and whoever may read them may sign; give an account of real use no provider of this kind.\n"
      "Examples:\n"
      "  deputy identity-provider serve --detach --issuer https://token.actions.githubusercontent.com\n"
      "  eval \"$(deputy identity-provider env)\"\n"
      "  deputy serve --detach\n"
      "  deputy identity-provider token --claim sub=repo:octo-org/octo-repo:ref:refs/heads/main \\\n"
      "    --claim aud=sts.amazonaws.com > token\n"
      "  deputy identity-provider metadata > metadata.xml\n"
      "  deputy identity-provider assertion --role arn:aws:iam::111111111111:role/Reader \\\n"
      "    --provider arn:aws:iam::111111111111:saml-provider/Corp --session-name alice > assertion");
}

}  // namespace deputy::cli
