#include "workload/imds.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>

#include "base/encoding.h"
#include "workload/pretty_json.h"

namespace deputy::workload {

using http::Request;
using http::Response;

namespace {

constexpr std::string_view kRoot = "/latest/", kTokenPath = "/latest/api/token";
constexpr std::string_view kTtlHeader = "x-aws-ec2-metadata-token-ttl-seconds",
                           kTokenHeader = "x-aws-ec2-metadata-token";
constexpr std::string_view kCredentials = "meta-data/iam/security-credentials/";

std::string_view title_of(int status) {
  switch (status) {
    case 400:
      return "400 - Bad Request";
    case 401:
      return "401 - Unauthorized";
    case 403:
      return "403 - Forbidden";
    case 405:
      return "405 - Method Not Allowed";
    case 500:
      return "500 - Internal Server Error";
    default:
      return "404 - Not Found";
  }
}

Response error(int status) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html"}, {"Server", "EC2ws"}};
  response.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n"
      "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n"
      "\t\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
      "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n"
      " <head>\n  <title>{0}</title>\n </head>\n <body>\n  <h1>{0}</h1>\n </body>\n</html>\n",
      title_of(status));
  if (status == 405) response.headers.emplace_back("Allow", "GET, HEAD, OPTIONS, PUT");
  return response;
}

Response text(std::string body) {
  Response response;
  response.headers = {{"Content-Type", "text/plain"}, {"Server", "EC2ws"}};
  response.body = std::move(body);
  return response;
}

/// What AWS shows where credentials would be: the reason, with status 200.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html
std::string refusal_document(const Refusal& why, const std::string& role, Time now) {
  const bool denied = why.code == "AccessDenied";
  return pretty_json({
      {"Code", denied ? "AssumeRoleUnauthorizedAccess" : "Failed"},
      {"Message", denied ? fmt::format("EC2 cannot assume the role {}. Please see documentation at "
                                       "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
                                       "troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc.",
                                       role)
                         : why.message},
      {"LastUpdated", iso8601(now)},
  });
}

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(family, std::string(text).c_str(), bytes.data()) == 1;
}

/// Nothing, or ":80".
bool is_port(std::string_view text) {
  constexpr std::size_t kDigits = 5;
  if (text.empty()) return true;
  const std::string_view digits = text.substr(1);
  return text.front() == ':' && digits.size() <= kDigits &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Host: an address or localhost, with or without a port.
bool names_this_machine(const Request& request) {
  const std::string_view* host = request.header("host");
  if (host == nullptr) return true;  // HTTP/1.0
  if (host->starts_with('[')) {
    const std::size_t end = host->find(']');
    return end != std::string_view::npos && is_address(AF_INET6, host->substr(1, end - 1)) &&
           is_port(host->substr(end + 1));
  }
  const std::string_view name = host->substr(0, host->find(':'));
  return is_port(host->substr(name.size())) && (equals_ignoring_case(name, "localhost") || is_address(AF_INET, name));
}

using Tree = std::map<std::string, std::string, std::less<>>;  // by path; directories are the prefixes

/// The names under a directory, "name" or "name/", one a line.
std::string names_under(const Tree& tree, std::string_view directory) {
  std::string out;
  std::string_view last;
  for (auto at = tree.lower_bound(directory); at != tree.end() && at->first.starts_with(directory); ++at) {
    const std::string_view rest = std::string_view(at->first).substr(directory.size());
    const std::size_t slash = rest.find('/');
    const std::size_t mark = directory.empty() ? 0 : 1;  // at the top AWS leaves the slash away
    const std::string_view name = rest.substr(0, slash == std::string_view::npos ? rest.size() : slash + mark);
    if (name == last) continue;
    if (!out.empty()) out += '\n';
    out += name;
    last = name;
  }
  return out;
}

}  // namespace

Imds::Imds(Instance instance, Source& source, const Clock& clock, crypto::Entropy& entropy)
    : instance_(std::move(instance)), source_(source), rotation_(source), clock_(clock), tokens_(entropy) {}

Response Imds::answer(const Request& request) {
  if (instance_.on_loopback && !names_this_machine(request)) return error(403);
  const std::string_view path = request.path();
  if (request.method == "PUT") {
    if (path == kTokenPath) return token(request);
    return error(path.ends_with("/api/token") ? 403 : 405);  // tokens have no version but the latest
  }
  if (request.method != "GET" && request.method != "HEAD") return error(405);
  if (path == kTokenPath) return error(405);

  std::optional<std::chrono::seconds> left;
  if (const std::string_view* shown = request.header(kTokenHeader)) {
    left = tokens_.remaining(*shown, clock_.now());
    if (!left) return error(401);
  } else if (!instance_.allows_v1) {
    return error(401);
  }

  if (path == "/" || path.empty()) return text("latest");
  const bool under_latest = path.starts_with(kRoot) || path == kRoot.substr(0, kRoot.size() - 1);
  auto found = under_latest ? look_up(path.substr(std::min(path.size(), kRoot.size()))) : std::nullopt;
  if (!found) return error(404);
  Response response = text(*std::move(found));
  if (left) response.headers.emplace_back("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", std::to_string(left->count()));
  return response;
}

Response Imds::token(const Request& request) const {
  if (request.header("x-forwarded-for") != nullptr) return error(403);
  const std::string_view* wanted = request.header(kTtlHeader);
  const auto life = wanted != nullptr ? parse_ttl(*wanted) : std::nullopt;
  if (!life) return error(400);
  Response response = text(tokens_.issue(clock_.now(), *life));
  response.headers.emplace_back("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", std::to_string(life->count()));
  return response;
}

std::optional<std::string> Imds::look_up(std::string_view path) {
  Tree tree{
      {"dynamic/instance-identity/document", ""},       {"meta-data/instance-id", instance_.id},
      {"meta-data/instance-type", instance_.type},      {"meta-data/placement/availability-zone", instance_.zone()},
      {"meta-data/placement/region", instance_.region}, {"meta-data/services/domain", "amazonaws.com"},
      {"meta-data/services/partition", "aws"},
  };
  // The role costs a question to the server: asked where it shows.
  if (path.starts_with("meta-data/iam") || std::string_view("meta-data/").starts_with(path)) add_role(tree);

  auto leaf = tree.find(path);
  if (leaf == tree.end() && path.ends_with('/')) leaf = tree.find(path.substr(0, path.size() - 1));
  if (leaf != tree.end()) {
    if (leaf->first == "dynamic/instance-identity/document") return identity_document();
    if (leaf->first.starts_with(kCredentials)) return credentials_document(leaf->second);
    return leaf->second;
  }
  std::string directory(path);
  if (!directory.empty() && !directory.ends_with('/')) directory += '/';
  std::string names = names_under(tree, directory);
  if (names.empty()) return std::nullopt;
  return names;
}

/// iam/ is there if the instance has a role: info if it has it from a profile, and the credentials under its name.
void Imds::add_role(Tree& tree) {
  const auto profile = source_.profile();
  if (!profile || profile->role_arn.empty()) return;
  const std::string name = role_name(profile->role_arn);
  tree.emplace(std::string(kCredentials) + name, profile->role_arn);
  if (profile->arn.empty()) return;
  tree.emplace("meta-data/iam/info", pretty_json({{"Code", "Success"},
                                                  {"LastUpdated", iso8601(clock_.now())},
                                                  {"InstanceProfileArn", profile->arn},
                                                  {"InstanceProfileId", profile->id}}));
}

std::string Imds::credentials_document(const std::string& role_arn) {
  const auto held = rotation_.get(role_arn);
  if (!held) return refusal_document(held.error(), role_name(role_arn), clock_.now());
  return pretty_json({{"Code", "Success"},
                      {"LastUpdated", iso8601(held->issued)},
                      {"Type", "AWS-HMAC"},
                      {"AccessKeyId", held->access_key_id},
                      {"SecretAccessKey", held->secret_access_key},
                      {"Token", held->session_token},
                      {"Expiration", iso8601(held->expires)}});
}

/// What nobody told is null: there is no image, kernel or product behind this instance.
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html
std::string Imds::identity_document() const {
  return pretty_json({{"accountId", instance_.account},
                      {"architecture", "x86_64"},
                      {"availabilityZone", instance_.zone()},
                      {"billingProducts", std::nullopt},
                      {"devpayProductCodes", std::nullopt},
                      {"marketplaceProductCodes", std::nullopt},
                      {"imageId", std::nullopt},
                      {"instanceId", instance_.id},
                      {"instanceType", instance_.type},
                      {"kernelId", std::nullopt},
                      {"pendingTime", iso8601(instance_.launched)},
                      {"privateIp", std::nullopt},
                      {"ramdiskId", std::nullopt},
                      {"region", instance_.region},
                      {"version", "2017-09-30"}});
}

}  // namespace deputy::workload
