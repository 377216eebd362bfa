#include "server/serve.h"

#include <CLI/CLI.hpp>

#include "cli/detach.h"
#include "cli/environment.h"
#include "cli/seeds.h"
#include "cli/verbs.h"

namespace deputy::cli {

void add_serve(CLI::App& app, Run& run) {
  auto options = std::make_shared<server::ServeOptions>();
  auto detach = std::make_shared<bool>(false);
  CLI::App* verb = app.add_subcommand("serve", "Run the server");
  verb->add_option("--listen", options->listen,
                   "Where to listen; :PORT is every address, localhost both of this machine's")
      ->type_name("HOST:PORT")
      ->envname("DEPUTY_LISTEN")
      ->capture_default_str();
  add_data_option(*verb, options->data);
  auto* detaches =
      verb->add_flag("--detach,-d", *detach,
                     "Go on in the background once it listens, and write the log to server.log in the data "
                     "folder. Fails with the reason if it cannot start; deputy stop ends it");
  verb->add_option("--key-file", options->key_file,
                   "The key that seals long-term secrets; made at first start (default: key in the data folder)")
      ->type_name("FILE")
      ->envname("DEPUTY_KEY_FILE");
  verb->add_option("--tls-cert", options->tls_certificate, "Speak TLS only: PEM file of the certificate and its chain")
      ->type_name("FILE")
      ->envname("DEPUTY_TLS_CERT");
  verb->add_option("--tls-key", options->tls_key, "PEM file of the certificate's private key")
      ->type_name("FILE")
      ->envname("DEPUTY_TLS_KEY");
  verb->add_option("--trusted-proxy", options->trusted_proxies,
                   "Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto count; may be repeated")
      ->type_name("CIDR")
      ->delimiter(',')
      ->envname("DEPUTY_TRUSTED_PROXY");
  verb->add_option("--domain", options->domains,
                   "Names below it mean what they mean at AWS, as BUCKET.s3.DOMAIN and sts.DOMAIN; may be repeated")
      ->type_name("DOMAIN")
      ->delimiter(',')
      ->envname("DEPUTY_DOMAIN");
  verb->add_option("--public-url", options->public_url,
                   "Where others reach this server, as https://HOST[:PORT]: in front of the issuers of identity tokens "
                   "(default: where it listens)")
      ->type_name("URL")
      ->envname("DEPUTY_PUBLIC_URL");
  verb->add_flag("--encoded-messages", options->encoded_messages,
                 "Refusals carry an encoded message, as EC2's do, for sts:DecodeAuthorizationMessage (or "
                 "DEPUTY_ENCODED_MESSAGES=1)")
      ->envname("DEPUTY_ENCODED_MESSAGES");
  verb->add_option("--audit-keep", options->audit_keep,
                   "How much of the audit trail stays: a size, an age, or both, as 2GiB, 90d or 500MB,30d (default: "
                   "1GiB). An eighth of it is for callers without an identity")
      ->type_name("SIZE,AGE")
      ->envname("DEPUTY_AUDIT_KEEP");
  auto* file = verb->add_option("--audit-file", options->audit_file,
                                "The newest file of the audit trail; older ones lie beside it (default: events.jsonl "
                                "in the data folder)")
                   ->type_name("FILE")
                   ->envname("DEPUTY_AUDIT_FILE");
  verb->add_flag("--audit-stdout", options->audit_stdout,
                 "Write the audit trail to standard output, as lines of JSON, instead of files (or "
                 "DEPUTY_AUDIT_STDOUT=1)")
      ->envname("DEPUTY_AUDIT_STDOUT")
      ->excludes(file)
      ->excludes(detaches);
  verb->add_flag("--seal-objects", options->seal_objects,
                 "Seal the bytes of objects under the key file before they are written to the disk; what was written "
                 "without stays as it is (or DEPUTY_SEAL_OBJECTS=1)")
      ->envname("DEPUTY_SEAL_OBJECTS");
  verb->add_flag("--allow-core-dumps", options->allow_core_dumps,
                 "For debugging: a crash may leave a core dump and a debugger may attach. Either shows the keys of the "
                 "server")
      ->envname("DEPUTY_ALLOW_CORE_DUMPS");
  verb->add_option("--allow-issuer", options->allow_issuers,
                   "An identity provider that may be asked for its keys, as [http://]HOST[:PORT][=ADDRESS:PORT]; "
                   "repeatable. Without one: any https provider on a public address")
      ->type_name("ISSUER")
      ->delimiter(',')
      ->take_all()
      ->envname("DEPUTY_ALLOW_ISSUER");
  verb->add_option("--issuer-ca", options->issuer_ca,
                   "Certificate authorities that identity providers may have, beside the system's")
      ->type_name("FILE")
      ->check(CLI::ExistingFile)
      ->envname("DEPUTY_ISSUER_CA");
  constexpr std::uint32_t most = services::AccountLimits::kMostOfEither;
  verb->add_option("--organization-accounts", options->account_limits.in_organization,
                   "Accounts that an organization may have, open invitations counted")
      ->type_name("COUNT")
      ->check(CLI::Range(std::uint32_t{1}, most))
      ->envname("DEPUTY_ORGANIZATION_ACCOUNTS")
      ->capture_default_str();
  verb->add_option("--tenant-accounts", options->account_limits.made_by_tenants,
                   "Accounts that all organizations together may make; what deputy account create makes does not count")
      ->type_name("COUNT")
      ->check(CLI::Range(std::uint32_t{0}, most))
      ->envname("DEPUTY_TENANT_ACCOUNTS")
      ->capture_default_str();
  verb->add_option("--log-level", options->log_level, "What to say on standard error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->envname("DEPUTY_LOG_LEVEL")
      ->capture_default_str();
  verb->add_option_function<std::string>(
          "--log-format", [options](const std::string& form) { options->log_json = form == "json"; },
          "How to say it: for people, or as lines of JSON")
      ->check(CLI::IsMember({"text", "json"}))
      ->envname("DEPUTY_LOG_FORMAT")
      ->default_str("text");
  verb->add_option("--metrics", options->metrics,
                   "Where to listen for GET /metrics, in the text of Prometheus (default: nowhere). Whoever reaches it "
                   "may read it")
      ->type_name("HOST:PORT")
      ->envname("DEPUTY_METRICS");
  verb->add_flag(
      "--new", options->new_server,
      "Begin a new server though the key file is there already: without it, a key beside no data is taken for "
      "data that was lost");
  verb->add_flag("--accept-loss", options->accept_loss,
                 "Start although entries are missing from the store, and go on with what is there");
  verb->add_flag("--memory", options->memory,
                 "Keep nothing, the audit trail neither: all is gone when the server ends (or DEPUTY_MEMORY=1)")
      ->envname("DEPUTY_MEMORY");
  auto seeds = std::make_shared<std::vector<std::string>>();
  verb->add_option("--seed", *seeds,
                   "A seed file that is applied before anybody is served, as deputy apply does; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->envname("DEPUTY_SEED");
  verb->add_flag("--movable-clock", options->movable_clock,
                 "For tests: the operator may move the server's time (or DEPUTY_MOVABLE_CLOCK=1)")
      ->envname("DEPUTY_MOVABLE_CLOCK");
  verb->footer(
      "Examples:\n"
      "  deputy serve\n"
      "  deputy serve --detach --data ./state\n"
      "  deputy serve --listen 127.0.0.1:8080 --data ./state\n"
      "  deputy serve --listen localhost:4566 --tls-cert server.pem --tls-key server.key\n"
      "  deputy serve --seed accounts.yaml\n"
      "  deputy serve --trusted-proxy 10.0.0.0/8 --trusted-proxy 192.0.2.7\n"
      "  DEPUTY_LISTEN=0.0.0.0:4566 DEPUTY_LOG_LEVEL=debug deputy serve\n\n"
      "SIGTERM ends it gracefully: what is in flight is finished. With TLS, SIGHUP reads the certificate again. The\n"
      "operator's commands (deputy account …) talk to it over a Unix socket in the data folder, never over the "
      "network\n"
      "port.\n\n"
      "GET /_deputy/health answers 200 once it is ready (503 before): {\"live\": true, \"ready\": true, \"version\": "
      "…,\n"
      "\"revision\": …}; GET /_localstack/health is for scripts that ask LocalStack. Under systemd, Type=notify "
      "works.");
  verb->callback([&run, options, detach, seeds] {
    run = [options, detach, seeds] {
      if (!seeds->empty()) {
        options->before_ready = [seeds](const server::ServeOptions::Ask& ask) {
          SeedOptions seed;
          seed.files = *seeds;
          return apply_seeds_at_start(seed, ask);
        };
      }
      if (!*detach) return server::serve(*options);
      const InBackground how{.what = "The server",
                             .folder = options->data,
                             .log = "server.log",
                             .to_end = "deputy stop --data " + shell_quoted(options->data)};
      return run_detached(how, [options](const Ready& ready) {
        options->ready = ready;
        return server::serve(*options);
      });
    };
  });
}

}  // namespace deputy::cli
