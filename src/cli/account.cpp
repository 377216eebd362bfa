#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "base/json_writer.h"
#include "cli/admin_client.h"
#include "cli/answer.h"
#include "cli/aws.h"
#include "cli/print.h"
#include "cli/profiles.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

struct Options {
  std::string data, output;
  std::string id, name, email, profile, access_key_id, secret_access_key, region, endpoint_url, ca_bundle;
  bool force = false, reuse_id = false, replace = false;
};
using OptionsPtr = std::shared_ptr<Options>;

/// Calls an operation and hands its parsed answer to `use`; failures are printed.
template <class Use>
int call(const Options& options, std::string_view operation, const std::string& request, Use use) {
  const auto answer = call_admin(options.data, operation, request);
  if (!answer) return fail(answer.error().message, answer.error().code);
  simdjson::dom::parser parser;
  simdjson::dom::element parsed;
  if (parser.parse(*answer).get(parsed) != simdjson::SUCCESS) return fail("the server's answer was not understood");
  if (options.output == "json" && operation != "CreateAccount" && operation != "CreateRootAccessKey" &&
      operation != "DeleteAccount") {
    say_json(*answer);
    return kDone;
  }
  return use(parsed, *answer);
}

std::string id_request(const Options& options, bool force = false) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object().key("AccountId").value(options.id);
  if (force) writer.key("Force").value(true);
  writer.end_object();
  return json;
}

Profile profile_of(const Options& options, const std::string& account, const simdjson::dom::element& answer) {
  Profile profile;
  profile.name = options.profile;
  profile.owner = account_owner(account);
  profile.access_key_id = text(answer, "AccessKeyId");
  profile.secret_access_key = text(answer, "SecretAccessKey");
  profile.region = options.region;
  profile.endpoint_url = options.endpoint_url.empty() ? endpoint_of(options.data) : options.endpoint_url;
  profile.ca_bundle =
      options.ca_bundle.empty() && options.endpoint_url.empty() ? ca_bundle_of(options.data) : options.ca_bundle;
  return profile;
}

/// What people will wonder about when a client does not believe the server's certificate.
void note_trust(const Profile& profile) {
  if (!profile.endpoint_url.starts_with("https:")) return;
  if (profile.ca_bundle.empty()) {
    say("The profile trusts the authorities that the AWS CLI trusts anyway. For another one, make it with --ca-bundle "
        "FILE.\n");
  } else if (const char* other = std::getenv("AWS_CA_BUNDLE"); other != nullptr && *other != 0) {
    say("AWS_CA_BUNDLE is set here and wins over the profile's ca_bundle; to use the profile: unset AWS_CA_BUNDLE\n");
  }
}

/// The root user's credentials as the profile that was asked for, or else for people to keep. What was made is shown
/// whatever happens to the files: it is shown this once.
int hand_out(const Options& options, const std::string& account, const simdjson::dom::element& answer,
             const std::string& whole) {
  if (options.output == "json") say_json(whole);
  const auto show = [&] {
    if (options.output == "json") return;
    say("Account {} is there. Its root user's credentials, shown this once:\n\n"
        "  export AWS_ACCESS_KEY_ID={}\n  export AWS_SECRET_ACCESS_KEY={}\n"
        "  export AWS_ENDPOINT_URL={}\n  export AWS_REGION={}\n",
        account, text(answer, "AccessKeyId"), text(answer, "SecretAccessKey"), endpoint_of(options.data),
        options.region);
  };
  if (options.profile.empty()) {
    show();
    return kDone;
  }
  const AwsFiles files = AwsFiles::of_environment();
  const Profile profile = profile_of(options, account, answer);
  if (const auto written = write_profile(files, profile, options.force); !written) {
    show();
    return fail(fmt::format("the credentials were made, but the profile was not: {}", written.error()));
  }
  if (options.output != "json") {
    say("Account {} is there; its root user's credentials are the AWS profile {} ({}, region {}).\n"
        "Try: aws --profile {} sts get-caller-identity\n",
        account, profile.name, files.credentials, profile.region, profile.name);
    note_trust(profile);
    warn_of_old_aws();
  }
  return kDone;
}

/// Before anything is made: whether its profile could be.
std::optional<std::string> why_no_profile(const Options& options) {
  if (options.profile.empty()) return std::nullopt;
  return why_not(AwsFiles::of_environment(), options.profile, account_owner(options.id), options.force);
}

int create(const Options& options) {
  if (const auto reason = why_no_profile(options)) return fail(*reason);
  std::string request;
  JsonWriter json(request);
  json.begin_object();
  if (!options.id.empty()) json.key("AccountId").value(options.id);
  json.key("Name").value(!options.name.empty() ? options.name
                         : options.id.empty()  ? "Account"
                                               : "Account " + options.id);
  if (!options.email.empty()) json.key("Email").value(options.email);
  if (!options.access_key_id.empty()) json.key("AccessKeyId").value(options.access_key_id);
  if (!options.secret_access_key.empty()) json.key("SecretAccessKey").value(options.secret_access_key);
  if (options.reuse_id) json.key("ReuseId").value(true);
  json.end_object();

  return call(options, "CreateAccount", request, [&](const simdjson::dom::element& answer, const std::string& whole) {
    return hand_out(options, text(answer, "/Account/AccountId"), answer, whole);
  });
}

int credentials(const Options& options) {
  if (const auto reason = why_no_profile(options)) return fail(*reason);
  std::string request;
  JsonWriter json(request);
  json.begin_object().key("AccountId").value(options.id);
  if (options.replace) json.key("Replace").value(true);
  json.end_object();
  return call(options, "CreateRootAccessKey", request,
              [&](const simdjson::dom::element& answer, const std::string& whole) {
                return hand_out(options, options.id, answer, whole);
              });
}

int list(const Options& options) {
  return call(options, "ListAccounts", "{}", [](const simdjson::dom::element& answer, const std::string&) {
    simdjson::dom::array accounts;
    if (answer["Accounts"].get(accounts) != simdjson::SUCCESS) return fail("the server's answer was not understood");
    if (accounts.size() == 0) {
      say("There is no account yet. Make one: deputy account create 111111111111 --name \"Account A\"\n");
    }
    for (const simdjson::dom::element account : accounts) {
      say("{}  {}\n", text(account, "AccountId"), text(account, "Name"));
    }
    return kDone;
  });
}

int show(const Options& options) {
  return call(options, "GetAccount", id_request(options), [](const simdjson::dom::element& a, const std::string&) {
    say("{}  {}\n", text(a, "/Account/AccountId"), text(a, "/Account/Name"));
    if (const std::string email = text(a, "/Account/Email"); !email.empty()) say("  email     {}\n", email);
    for (const char* kind : {"Users", "Groups", "Roles", "Policies", "Buckets"}) {
      say("  {:<9} {}\n", kind, number(a, kind));
    }
    return kDone;
  });
}

int remove(const Options& options) {
  for (;;) {
    std::int64_t remaining = 0;
    const int code = call(options, "DeleteAccount", id_request(options, options.force),
                          [&](const simdjson::dom::element& answer, const std::string&) {
                            remaining = number(answer, "Remaining");
                            return kDone;
                          });
    if (code != kDone) {
      if (!options.force && options.output != "json")
        complain("To delete it with all that it holds: deputy account delete {} --force\n", options.id);
      return code;
    }
    if (remaining == 0) break;
    if (::isatty(STDERR_FILENO) == 1) complain("\r{} entities to go\x1b[K\r", remaining);
  }
  if (options.output == "json") {
    say("{{\"AccountId\":\"{}\",\"Deleted\":true}}\n", options.id);
  } else {
    say("Account {} is gone. Its id is given again only with deputy account create --reuse-id, since policies\n"
        "elsewhere may go on trusting it.\n",
        options.id);
    if (const auto left = find_profile(AwsFiles::of_environment(), options.id); left && *left) {
      say("Its AWS profile {} is still there, with credentials that nobody takes any more.\n", (*left)->name);
    }
  }
  return kDone;
}

CLI::App* add(CLI::App& account, const char* name, const char* what, const OptionsPtr& options) {
  CLI::App* verb = account.add_subcommand(name, what);
  add_server_options(*verb, options->data);
  add_output_option(*verb, options->output);
  return verb;
}

void add_id(CLI::App& verb, const OptionsPtr& options, bool required) {
  verb.add_option("id", options->id, "Twelve digits")
      ->type_name("ACCOUNT")
      ->required(required)
      ->check([](const std::string& id) {
        const bool ok = id.size() == 12 && id.find_first_not_of("0123456789") == std::string::npos;
        return ok ? std::string() : "an account id has twelve digits: " + id;
      });
}

/// Where the credentials go that a verb makes.
void add_profile_options(CLI::App& verb, const OptionsPtr& options) {
  verb.add_option("--profile", options->profile, "Write a ready AWS CLI profile of this name")->type_name("NAME");
  verb.add_flag("--force", options->force,
                "Overwrite a profile that deputy did not write, or that is of another account");
  verb.add_option("--region", options->region, "Of the profile")->default_val("us-east-1");
  verb.add_option("--endpoint-url", options->endpoint_url, "Of the profile (default: where the server listens)");
  verb.add_option("--ca-bundle", options->ca_bundle,
                  "Of the profile: the authorities to trust over TLS (default: the server's own certificate)")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
}

}  // namespace

void add_account(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* account = app.add_subcommand("account", "Make, list, show and delete accounts of a running server");
  account->require_subcommand(1);

  CLI::App* creates = add(*account, "create", "Make an account and root credentials for it", options);
  add_id(*creates, options, false);
  creates->add_option("--name", options->name, "What people call it");
  creates->add_option("--email", options->email, "Of its root user");
  add_profile_options(*creates, options);
  creates->add_flag("--reuse-id", options->reuse_id,
                    "Take the id of an account that was deleted: whatever still trusts that id trusts the new one");
  auto* key = creates->add_option("--access-key-id", options->access_key_id, "Choose the root user's access key id");
  auto* secret = creates->add_option("--secret-access-key", options->secret_access_key, "and its secret, for scripts");
  key->needs(secret);
  secret->needs(key);
  creates->footer(
      "Examples:\n"
      "  deputy account create 222222222222 --name \"Account B\" --profile account-b\n"
      "  deputy account create --name Scratch --output json");
  creates->callback([&run, options] { run = [options] { return create(*options); }; });

  CLI::App* lists = add(*account, "list", "All accounts", options);
  lists->footer("Example:\n  deputy account list --output json");
  lists->callback([&run, options] { run = [options] { return list(*options); }; });

  CLI::App* shows = add(*account, "show", "One account and how much it holds", options);
  add_id(*shows, options, true);
  shows->footer("Example:\n  deputy account show 222222222222");
  shows->callback([&run, options] { run = [options] { return show(*options); }; });

  CLI::App* makes = add(*account, "credentials", "Make a new access key for an account's root user", options);
  add_id(*makes, options, true);
  add_profile_options(*makes, options);
  makes->add_flag("--replace", options->replace, "Delete the root user's other keys: of the two that there can be");
  makes->footer(
      "For keys that were lost: no secret is ever shown a second time. The others stay valid without --replace.\n"
      "Examples:\n"
      "  deputy account credentials 222222222222 --profile account-b\n"
      "  deputy account credentials 222222222222 --replace --output json");
  makes->callback([&run, options] { run = [options] { return credentials(*options); }; });

  CLI::App* deletes = add(*account, "delete", "Delete an account", options);
  add_id(*deletes, options, true);
  deletes->add_flag("--force", options->force, "also when it holds users, roles, groups, policies or buckets");
  deletes->footer("Example:\n  deputy account delete 222222222222 --force");
  deletes->callback([&run, options] { run = [options] { return remove(*options); }; });
}

}  // namespace deputy::cli
