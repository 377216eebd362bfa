// deputy identity-provider token, metadata and assertion: what the provider signs. Whoever may read its folder may sign; no
// server is needed for it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "base/encoding.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "host/clock.h"
#include "identity_provider/keys.h"
#include "identity_provider/running.h"
#include "identity_provider/saml.h"
#include "identity_provider/token.h"

namespace deputy::cli {
namespace {

using crypto::KeyPair;
using identity_provider::Assertion;
using identity_provider::Claims;
using identity_provider::Keys;

constexpr std::int64_t kLongestLife = 10LL * 365 * 24 * 60 * 60;

/// NAME=VALUE at the first '='; the name may not be empty.
std::optional<std::pair<std::string, std::string>> split(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

std::string is_assignment(const std::string& text) {
  return split(text) ? "" : fmt::format("\"{}\" is not NAME=VALUE", text);
}

CLI::Option* add_assignments(CLI::App& verb, const char* name, std::vector<std::string>& values, const char* what) {
  return verb.add_option(name, values, what)->type_name("NAME=VALUE")->allow_extra_args(false)->check(is_assignment);
}

void add_time(CLI::App& verb, std::optional<std::string>& at) {
  verb.add_option("--at", at, "When it was issued, instead of now: 2026-07-24T10:11:12Z, or seconds since 1970")
      ->type_name("TIME")
      ->check([](const std::string& text) {
        return parse_time(text) ? "" : fmt::format("\"{}\" is not a time as 2026-07-24T10:11:12Z", text);
      });
}

Time time_of(const std::optional<std::string>& at) { return at ? *parse_time(*at) : SystemClock().now(); }

/// The file, or standard input for "-"; nothing if it cannot be read, or is longer than that.
std::optional<std::string> read_at_most(const std::string& file, std::size_t most) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  std::string text(most + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad() || !in.eof() || text.size() > most) return std::nullopt;
  return text;
}

struct TokenOptions {
  std::string folder, issuer, algorithm = "RS256", claims_file;
  std::vector<std::string> claims, json_claims, left_out;
  std::optional<std::string> at;
  std::int64_t life = 3600;
  bool forged = false;
};

/// Nothing: it was said why.
std::optional<std::string> issuer_of(const TokenOptions& options) {
  if (!options.issuer.empty()) return options.issuer;
  const auto running = identity_provider::read_running(options.folder);
  if (!running) {
    fail(running.error());
    return std::nullopt;
  }
  const std::size_t known = *running ? (*running)->issuers.size() : 0;
  if (known == 1) return (*running)->issuers.front().url();
  fail(known == 0
           ? "the token has no issuer: give --issuer, or start a provider before (deputy identity-provider serve)"
           : fmt::format("the provider stands for {} issuers: say with --issuer which one made the token", known));
  return std::nullopt;
}

host::Outcome<Claims> claims_of(const TokenOptions& options, const std::string& issuer) {
  Claims claims;
  if (!options.claims_file.empty()) {
    const auto text = read_at_most(options.claims_file, Claims::kMaxBytes);
    if (!text) {
      return Failure(
          fmt::format("cannot read {}, or it has more than {} bytes", options.claims_file, Claims::kMaxBytes));
    }
    TRY_VOID(claims.add_all(*text));
  }
  for (const std::string& claim : options.claims) {
    const auto [name, value] = *split(claim);
    TRY_VOID(claims.add(name, value));
  }
  for (const std::string& claim : options.json_claims) {
    const auto [name, value] = *split(claim);
    TRY_VOID(claims.add_json(name, value));
  }
  TRY_VOID(
      identity_provider::add_usual_claims(claims, issuer, time_of(options.at), std::chrono::seconds(options.life)));
  for (const std::string& name : options.left_out) {
    if (!claims.remove(name)) return Failure(fmt::format("--without {}: there is no such claim", name));
  }
  return claims;
}

int print_token(const TokenOptions& options) {
  const auto issuer = issuer_of(options);
  if (!issuer) return kFailed;
  const auto claims = claims_of(options, *issuer);
  if (!claims) return fail(claims.error());
  const auto keys = Keys::open(options.folder, SystemClock().now());
  if (!keys) return fail(keys.error());
  const KeyPair& key = options.algorithm == "ES256" ? keys->ec : keys->rsa;
  const KeyPair signer = options.forged ? KeyPair::make(key.kind()) : key;
  hand_over_whole(identity_provider::sign_token(*claims, signer, identity_provider::key_id(key)));
  return kDone;
}

void add_token(CLI::App& provider, Run& run) {
  auto options = std::make_shared<TokenOptions>();
  CLI::App* verb = provider.add_subcommand("token", "Print a signed token with any claims");
  verb->add_option("--issuer", options->issuer, "Its iss (default: the one issuer of the provider that runs)")
      ->type_name("URL");
  add_assignments(*verb, "--claim", options->claims, "A claim that is a text; repeatable");
  add_assignments(*verb, "--json-claim", options->json_claims,
                  "A claim whose value is JSON, as true, 7 or [1, 2]; repeatable");
  verb->add_option("--claims", options->claims_file, "Claims as a JSON object in a file; - reads standard input")
      ->type_name("FILE");
  verb->add_option("--without", options->left_out,
                   "Leave out a claim that every token has: iss, iat, nbf, exp, jti; repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  verb->add_option("--expires-in", options->life, "Seconds from issuance to exp; may be less than nothing")
      ->type_name("SECONDS")
      ->check(CLI::Range(-kLongestLife, kLongestLife))
      ->capture_default_str();
  add_time(*verb, options->at);
  verb->add_option("--algorithm", options->algorithm, "How it is signed")
      ->check(CLI::IsMember({"RS256", "ES256"}))
      ->capture_default_str();
  verb->add_flag("--forged", options->forged,
                 "Sign with a key that nobody publishes, under the name of one that is published");
  add_provider_folder_option(*verb, options->folder);
  verb->footer(
      "It has iss, iat, nbf, exp and jti if no claim says otherwise; everything else is yours. Nothing stands behind "
      "the\n"
      "token in a file, so that AWS_WEB_IDENTITY_TOKEN_FILE can name it.\n"
      "Examples:\n"
      "  deputy identity-provider token --claim sub=repo:octo-org/octo-repo:ref:refs/heads/main \\\n"
      "    --claim aud=sts.amazonaws.com > token\n"
      "  deputy identity-provider token --issuer https://oidc.example.com --algorithm ES256 \\\n"
      "    --expires-in -600 --claim sub=alice --json-claim 'aud=[\"sts.amazonaws.com\"]'\n"
      "  deputy identity-provider token --claims claims.json --json-claim \\\n"
      "    'https://aws.amazon.com/tags={\"principal_tags\": {\"team\": [\"blue\"]}}'");
  verb->callback([&run, options] { run = [options] { return print_token(*options); }; });
}

struct AssertionOptions {
  std::string folder;
  Assertion assertion{.issuer = std::string(identity_provider::kEntityId),
                      .subject = "user@example.com",
                      .subject_format = "persistent",
                      .issued = {},
                      .attributes = {}};
  std::vector<std::string> roles, tags, transitive, attributes;
  std::string provider, session_name, source_identity, signed_part = "assertion";
  std::optional<int> duration;
  std::optional<std::string> at;
  std::int64_t life = 300;
  bool forged = false, xml = false;
};

/// "persistent" is short for SAML 2.0's name of it; a text with a colon is a name already.
std::string whole_format(const std::string& name) {
  if (name.find(':') != std::string::npos) return name;
  const bool first = name == "emailAddress" || name == "unspecified";  // of SAML 1.1
  return fmt::format("urn:oasis:names:tc:SAML:{}:nameid-format:{}", first ? "1.1" : "2.0", name);
}

void add_attributes(const AssertionOptions& options, Assertion& assertion) {
  const auto add = [&](std::string name, std::vector<std::string> values) {
    if (!values.empty()) assertion.attributes.emplace_back(std::move(name), std::move(values));
  };
  const auto aws = [](std::string_view name) { return std::string(identity_provider::kAwsAttributes).append(name); };
  std::vector<std::string> pairs;
  for (const std::string& role : options.roles) pairs.push_back(role + "," + options.provider);
  add(aws("Role"), std::move(pairs));
  if (!options.session_name.empty()) add(aws("RoleSessionName"), {options.session_name});
  if (!options.source_identity.empty()) add(aws("SourceIdentity"), {options.source_identity});
  if (options.duration) add(aws("SessionDuration"), {fmt::format("{}", *options.duration)});
  for (const std::string& tag : options.tags) {
    const auto [name, value] = *split(tag);
    add(aws("PrincipalTag:") + name, {value});
  }
  add(aws("TransitiveTagKeys"), options.transitive);
  std::vector<std::pair<std::string, std::vector<std::string>>> more;  // one attribute with all values of its name
  for (const std::string& attribute : options.attributes) {
    const auto [name, value] = *split(attribute);
    const auto same = std::find_if(more.begin(), more.end(), [&name = name](const auto& a) { return a.first == name; });
    if (same == more.end()) {
      more.push_back({name, {value}});
    } else {
      same->second.push_back(value);
    }
  }
  for (auto& [name, values] : more) add(std::move(name), std::move(values));
}

int print_assertion(const AssertionOptions& options) {
  const auto keys = Keys::open(options.folder, SystemClock().now());
  if (!keys) return fail(keys.error());
  Assertion assertion = options.assertion;
  assertion.subject_format = whole_format(assertion.subject_format);
  assertion.issued = time_of(options.at);
  assertion.life = std::chrono::seconds(options.life);
  add_attributes(options, assertion);
  const auto part = options.signed_part == "response" ? identity_provider::SignedPart::kResponse
                                                      : identity_provider::SignedPart::kAssertion;
  const KeyPair signer = options.forged ? KeyPair::make(keys->saml.kind()) : keys->saml;
  const auto response = identity_provider::saml_response(assertion, part, signer, keys->saml_certificate);
  if (!response) return fail(response.error());
  hand_over_whole(options.xml ? response->text : base64(response->text));
  return kDone;
}

void add_entity_id(CLI::App& verb, std::string& entity_id, const char* what) {
  verb.add_option("--entity-id", entity_id, what)->type_name("URL")->capture_default_str();
}

void add_metadata(CLI::App& provider, Run& run) {
  struct Wanted {
    std::string folder, entity_id = std::string(identity_provider::kEntityId);
  };
  auto options = std::make_shared<Wanted>();
  CLI::App* verb = provider.add_subcommand("metadata", "Print the SAML metadata document that an account registers");
  add_entity_id(*verb, options->entity_id, "Who the provider is");
  add_provider_folder_option(*verb, options->folder);
  verb->footer(
      "Example:\n"
      "  deputy identity-provider metadata > metadata.xml\n"
      "  aws iam create-saml-provider --name Corp --saml-metadata-document file://metadata.xml");
  verb->callback([&run, options] {
    run = [options] {
      const auto keys = Keys::open(options->folder, SystemClock().now());
      if (!keys) return fail(keys.error());
      const auto metadata = identity_provider::saml_metadata(options->entity_id, keys->saml_certificate);
      if (!metadata) return fail(metadata.error());
      hand_over(metadata->text);
      return kDone;
    };
  });
}

void add_assertion(CLI::App& provider, Run& run) {
  auto options = std::make_shared<AssertionOptions>();
  Assertion& assertion = options->assertion;
  CLI::App* verb = provider.add_subcommand("assertion", "Print a signed SAML response, as AssumeRoleWithSAML takes it");
  verb->add_option("--role", options->roles, "A role that the subject may become; repeatable")
      ->type_name("ARN")
      ->allow_extra_args(false);
  verb->add_option("--provider", options->provider, "The SAML provider of the account, which goes with each role")
      ->type_name("ARN");
  verb->add_option("--session-name", options->session_name, "The name of the session (attribute RoleSessionName)")
      ->type_name("NAME");
  verb->add_option("--source-identity", options->source_identity, "Who it is in every later session")
      ->type_name("NAME");
  verb->add_option("--duration", options->duration, "Seconds of a session in the console (attribute SessionDuration)")
      ->type_name("SECONDS");
  add_assignments(*verb, "--tag", options->tags, "A session tag (attribute PrincipalTag:NAME); repeatable");
  verb->add_option("--transitive-tag", options->transitive,
                   "The name of a tag that stays in later sessions; repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  add_assignments(*verb, "--attribute", options->attributes,
                  "Any other attribute, by its whole name; repeatable, with one name it has several values");
  verb->add_option("--subject", assertion.subject, "Whom it is about")->type_name("NAME")->capture_default_str();
  verb->add_option("--subject-format", assertion.subject_format,
                   "persistent, transient, emailAddress, unspecified, or a whole URN")
      ->type_name("FORMAT")
      ->capture_default_str();
  verb->add_option("--audience", assertion.audience, "For whom it is")->type_name("URI")->capture_default_str();
  verb->add_option("--recipient", assertion.recipient, "Where it is sent")->type_name("URL")->capture_default_str();
  add_entity_id(*verb, assertion.issuer, "Who made it: that of the metadata");
  add_time(*verb, options->at);
  verb->add_option("--expires-in", options->life, "Seconds from issuance to the end of its conditions")
      ->type_name("SECONDS")
      ->check(CLI::Range(-kLongestLife, kLongestLife))
      ->capture_default_str();
  verb->add_option("--sign", options->signed_part, "What is signed")
      ->check(CLI::IsMember({"assertion", "response"}))
      ->capture_default_str();
  verb->add_flag("--forged", options->forged, "Sign with another key than that of the metadata");
  verb->add_flag("--xml", options->xml, "Print the XML, instead of base64");
  add_provider_folder_option(*verb, options->folder);
  verb->footer(
      "It works once, within five minutes. Without --role or --session-name it lacks those attributes.\n"
      "Examples:\n"
      "  deputy identity-provider assertion --role arn:aws:iam::111111111111:role/Reader \\\n"
      "    --provider arn:aws:iam::111111111111:saml-provider/Corp --session-name alice > assertion\n"
      "  deputy identity-provider assertion --role arn:aws:iam::111111111111:role/Reader --xml \\\n"
      "    --provider arn:aws:iam::111111111111:saml-provider/Corp --session-name alice \\\n"
      "    --tag team=blue --transitive-tag team --attribute urn:oid:1.3.6.1.4.1.5923.1.1.1.1=staff");
  verb->callback([&run, options] {
    if (!options->roles.empty() && options->provider.empty()) throw CLI::RequiredError("--provider with --role");
    run = [options] { return print_assertion(*options); };
  });
}

}  // namespace

void add_identity_documents(CLI::App& verb, Run& run) {
  add_token(verb, run);
  add_metadata(verb, run);
  add_assertion(verb, run);
}

}  // namespace deputy::cli
