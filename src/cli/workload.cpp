// deputy workload: the endpoint from which a program on an EC2 instance, in an ECS task or in a pod gets the
// credentials of its role; the server makes them, as the service that AWS lets do it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/arn.h"
#include "base/encoding.h"
#include "cli/endpoint.h"
#include "cli/environment.h"
#include "cli/print.h"
#include "cli/service_call.h"
#include "cli/verbs.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "host/files.h"
#include "http/server.h"
#include "workload/container.h"
#include "workload/imds.h"

namespace deputy::cli {
namespace {

constexpr int kDefaultSeconds = 21600;  // what EC2, ECS and EKS give
constexpr int kDefaultHops = 1;

struct Options {
  std::string data;
  std::string role_arn, profile, account;
  std::string imds, container;  // HOST:PORT
  std::string pod, cluster = "default", task, token_file;
  std::string instance_type = "t3.micro";
  int hops = kDefaultHops;
  bool allow_v1 = false;
  ServiceCall call;
  std::vector<std::string> command;

  [[nodiscard]] bool is_pod() const { return !pod.empty(); }
};

/// The server, as a source of this workload's credentials.
class ServerSource final : public workload::Source {
 public:
  explicit ServerSource(const Options& options) : options_(options) {}

  Result<Time, workload::Refusal> now() override { return refusable(server_time(options_.data)); }

  Result<workload::Profile, workload::Refusal> profile() override {
    if (!options_.profile.empty()) {
      return refusable(instance_profile(options_.data, options_.account, options_.profile));
    }
    if (options_.imds.empty()) return workload::Profile{{}, {}, options_.role_arn};
    if (auto found = instance_profile_of(options_.data, options_.role_arn)) return *std::move(found);
    return workload::Profile{{}, {}, options_.role_arn};
  }

  Result<workload::Credentials, workload::Refusal> assume(const std::string& role_arn) override {
    ServiceCall call = options_.call;
    call.role_arn = role_arn;
    auto made = refusable(assume_as_service(options_.data, call));
    if (made) told_.clear();
    return made;
  }

 private:
  template <class T>
  Result<T, workload::Refusal> refusable(Result<T, AdminError> result) {
    if (result) return std::move(result).value();
    tell(worded(result.error()));
    return workload::Refusal{result.error().code, result.error().message};
  }

  /// Clients only say that they found no credentials. Each reason is told once, and not again at each of their
  /// attempts.
  void tell(std::string why) {
    if (why == told_) return;
    fail(why);
    told_ = std::move(why);
  }

  const Options& options_;
  std::string told_;
};

std::string random_hex(std::size_t digits) {
  return hex(crypto::system_entropy().bytes((digits + 1) / 2)).substr(0, digits);
}

/// Which service assumes the role, for which resource, under which session name.
void describe_instance(Options& options, const std::string& instance) {
  ServiceCall& call = options.call;
  call.service = "ec2.amazonaws.com";
  call.session_name = instance;
  call.source_account = options.account;
  call.source_arn = fmt::format("arn:aws:ec2:{}:{}:instance/{}", call.region, options.account, instance);
}

void describe_task(Options& options) {
  ServiceCall& call = options.call;
  if (options.task.empty()) options.task = random_hex(32);
  call.service = "ecs-tasks.amazonaws.com";
  call.session_name = as_session_name(options.task);
  call.source_account = options.account;
  call.source_arn =
      fmt::format("arn:aws:ecs:{}:{}:task/{}/{}", call.region, options.account, options.cluster, options.task);
}

/// --pod NAMESPACE/SERVICE-ACCOUNT[/POD], with the session tags that EKS Pod Identity adds.
/// https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
void describe_pod(Options& options) {
  ServiceCall& call = options.call;
  const std::size_t first = options.pod.find('/'), second = options.pod.find('/', first + 1);
  const std::string space = options.pod.substr(0, first), account = options.pod.substr(first + 1, second - first - 1);
  const std::string pod = second == std::string::npos ? account + "-" + random_hex(5) : options.pod.substr(second + 1);
  const std::string cluster_arn =
      fmt::format("arn:aws:eks:{}:{}:cluster/{}", call.region, options.account, options.cluster);
  call.service = "pods.eks.amazonaws.com";
  call.session_name = as_session_name(fmt::format("eks-{}-{}-{}", options.cluster.substr(0, 20), pod.substr(0, 20),
                                                  crypto::make_uuid(crypto::system_entropy())));
  call.source_account = options.account;
  call.source_arn = cluster_arn;
  call.tags = {{"eks-cluster-arn", cluster_arn}, {"eks-cluster-name", options.cluster},
               {"kubernetes-namespace", space},  {"kubernetes-service-account", account},
               {"kubernetes-pod-name", pod},     {"kubernetes-pod-uid", crypto::make_uuid(crypto::system_entropy())}};
}

/// Whole and readable by its owner alone: what stands in it is as good as the credentials.
host::Outcome<void> write_token(const std::string& name, const std::string& token) {
  TRY(const auto place, host::Folder::of_file(name));
  return place.first.replace(place.second, token, {.durable = false});
}

/// What wins over these endpoints in every SDK must not be there.
Variables no_other_credentials() {
  Variables variables;
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
                           "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"}) {
    variables.emplace_back(name, std::nullopt);
  }
  return variables;
}

int serve_endpoint(const Options& options, const std::string& place, const http::Handler& handler,
                   const std::function<std::optional<std::string>(const std::string& url, Variables&)>& announce) {
  const sigset_t ending = block_ending_signals();
  const auto where = parse_place(place);
  http::Options listen;
  listen.host = where->host;
  listen.port = where->port;
  listen.threads = 1;
  listen.put_hop_limit = options.imds.empty() ? 0 : options.hops;
  http::Server server(listen, handler);
  const auto endpoint = server.start();
  if (!endpoint) return fail(endpoint.error());
  Variables variables = no_other_credentials();
  if (const auto problem = announce("http://" + authority_of(*endpoint), variables)) return fail(*problem);
  add_place(variables, options.call.region, options.data);
  if (options.command.empty()) hand_over(export_lines(variables));
  const int code = options.command.empty() ? run_until_told(ending) : run_beside(options.command, variables, ending);
  server.stop();
  return code;
}

int run_imds(Options options) {
  const std::string id = "i-" + random_hex(17);
  describe_instance(options, id);
  ServerSource source(options);
  // EC2 starts no instance with a profile that is not there.
  if (!options.profile.empty() && !source.profile()) return kFailed;
  const SystemClock clock;
  workload::Instance instance{.id = id,
                              .account = options.account,
                              .region = options.call.region,
                              .type = options.instance_type,
                              .launched = clock.now(),
                              .allows_v1 = options.allow_v1,
                              .on_loopback = is_loopback(parse_place(options.imds)->host)};
  workload::Imds imds(std::move(instance), source, clock, crypto::system_entropy());
  return serve_endpoint(
      options, options.imds,
      [&](const http::Request& request, http::Responder respond) { respond(imds.answer(request)); },
      [](const std::string& url, Variables& variables) -> std::optional<std::string> {
        for (const char* name : {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_DISABLED"}) {
          variables.emplace_back(name, std::nullopt);
        }
        variables.emplace_back("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
        return std::nullopt;
      });
}

int run_container(Options options) {
  options.is_pod() ? describe_pod(options) : describe_task(options);
  ServerSource source(options);
  const std::string token = base64(crypto::system_entropy().bytes(48));
  const std::string path =
      options.is_pod() ? "/v1/credentials" : "/v2/credentials/" + crypto::make_uuid(crypto::system_entropy());
  workload::ContainerEndpoint container(path, crypto::Secret(std::string_view(token)), source);
  return serve_endpoint(
      options, options.container,
      [&](const http::Request& request, http::Responder respond) { respond(container.answer(request)); },
      [&](const std::string& url, Variables& variables) -> std::optional<std::string> {
        variables.emplace_back("AWS_CONTAINER_CREDENTIALS_FULL_URI", url + path);
        const bool in_file = !options.token_file.empty();
        if (in_file) {
          if (auto written = write_token(options.token_file, token); !written) return std::move(written).error();
        }
        variables.emplace_back(in_file ? "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" : "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                               in_file ? options.token_file : token);
        variables.emplace_back(in_file ? "AWS_CONTAINER_AUTHORIZATION_TOKEN" : "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                               std::nullopt);
        return std::nullopt;
      });
}

/// Fills in what the ARNs say, or says what is wrong with the command line.
std::optional<std::string> complete(Options& options) {
  if (options.imds.empty() == options.container.empty()) return "either --imds or --container, and not both,";
  if (options.role_arn.empty() == options.profile.empty()) return "either --role or --instance-profile, and not both,";
  if (!parse_place(options.imds.empty() ? options.container : options.imds)) return "HOST:PORT to listen on";
  if (!options.profile.empty() && options.imds.empty()) return "--imds with --instance-profile";
  if (options.is_pod() && std::count(options.pod.begin(), options.pod.end(), '/') < 1) {
    return "--pod NAMESPACE/SERVICE-ACCOUNT or NAMESPACE/SERVICE-ACCOUNT/POD";
  }
  const auto arn = Arn::split(options.role_arn.empty() ? options.profile : options.role_arn);
  if (arn) {
    options.account = arn->account;
    if (!options.profile.empty()) options.profile = options.profile.substr(options.profile.rfind('/') + 1);
  }
  if (!AccountId::parse(options.account)) return "an ARN, or the name of an instance profile with --account";
  return std::nullopt;
}

}  // namespace

void add_workload(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  options->call.seconds = kDefaultSeconds;
  CLI::App* verb =
      app.add_subcommand("workload", "Serve the credentials of a role to a program, as EC2, ECS and EKS do");
  verb->add_option("--role", options->role_arn, "The role of the instance, task or pod")->type_name("ARN");
  verb->add_option("--instance-profile", options->profile, "or the instance profile that carries it")
      ->type_name("NAME-OR-ARN");
  verb->add_option("--account", options->account, "Of an instance profile given by name")->type_name("ACCOUNT");
  verb->add_option("--imds", options->imds, "Be an instance: serve its metadata (IMDSv2) here")->type_name("HOST:PORT");
  verb->add_option("--hop-limit", options->hops, "How many hops the answer with the token of --imds may go")
      ->type_name("HOPS")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  verb->add_flag("--allow-v1", options->allow_v1, "Answer --imds requests without a token, too (IMDSv1)");
  verb->add_option("--instance-type", options->instance_type, "Of the instance")->capture_default_str();
  verb->add_option("--container", options->container, "Be a container: serve its credentials here")
      ->type_name("HOST:PORT");
  verb->add_option("--task", options->task, "The id of the ECS task (default: a new one)")->type_name("ID");
  verb->add_option("--pod", options->pod, "Be a pod with EKS Pod Identity instead of an ECS task")
      ->type_name("NAMESPACE/SERVICE-ACCOUNT[/POD]");
  verb->add_option("--cluster", options->cluster, "Of the task or pod")->type_name("NAME")->capture_default_str();
  verb->add_option("--token-file", options->token_file, "Give the authorization token in this file")->type_name("FILE");
  add_service_options(*verb, options->call);
  verb->add_option("--duration", options->call.seconds, "How long each session lasts")
      ->type_name("SECONDS")
      ->check(CLI::Range(900, 43200))
      ->capture_default_str();
  add_server_options(*verb, options->data);
  verb->add_option("command", options->command, "What to run with it, behind --; else it serves until it is ended")
      ->type_name("COMMAND");
  verb->footer(
      "Without a command it prints export lines for the program, and serves until SIGTERM. The credentials come from "
      "the\n"
      "server, as ec2.amazonaws.com, ecs-tasks.amazonaws.com or pods.eks.amazonaws.com assuming the role: its trust "
      "policy\n"
      "decides. Why there are none is said on standard error.\n"
      "Examples:\n"
      "  deputy workload --instance-profile web --account 111111111111 --imds 127.0.0.1:1338\n"
      "  deputy workload --role arn:aws:iam::111111111111:role/task --container 127.0.0.1:0 -- aws s3 ls\n"
      "  deputy workload --role arn:aws:iam::111111111111:role/pod --container 127.0.0.1:0 \\\n"
      "    --cluster prod --pod shop/checkout -- aws sts get-caller-identity");
  verb->callback([&run, options] {
    if (const auto missing = complete(*options)) throw CLI::RequiredError(*missing);
    run = [options] { return options->imds.empty() ? run_container(*options) : run_imds(*options); };
  });
}

}  // namespace deputy::cli
