#include "cli/service_call.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <cmath>

#include "base/json_writer.h"
#include "cli/answer.h"

namespace deputy::cli {
namespace {

using simdjson::dom::element;

/// Timestamps are seconds since 1970, with a fraction.
Time time(const element& object, const char* member) {
  double seconds = 0;
  if (object[member].get(seconds) != simdjson::SUCCESS) return Time{};
  return Time{std::chrono::milliseconds(std::llround(seconds * 1000))};
}

/// The admin service names its errors as JSON services do; what STS says is called as STS calls it.
AdminError query_error(AdminError error) {
  if (error.code == "AccessDeniedException") error.code = "AccessDenied";
  return error;
}

/// Calls an operation and hands its parsed answer to `read`.
template <class Read>
auto call(const std::string& data_folder, std::string_view operation, const std::string& request, Read read)
    -> Result<decltype(read(element())), AdminError> {
  auto answer = call_admin(data_folder, operation, request);
  if (!answer) return query_error(std::move(answer).error());
  simdjson::dom::parser parser;
  element parsed;
  if (parser.parse(*answer).get(parsed) != simdjson::SUCCESS) {
    return AdminError{"", "the server's answer was not understood"};
  }
  return read(parsed);
}

void write(JsonWriter& json, const char* member, const std::string& value) {
  if (!value.empty()) json.key(member).value(value);
}

std::string request_of(const ServiceCall& call) {
  std::string request;
  JsonWriter json(request);
  json.begin_object();
  json.key("ServicePrincipal").value(call.service);
  json.key("RoleArn").value(call.role_arn).key("RoleSessionName").value(call.session_name);
  write(json, "SourceArn", call.source_arn);
  write(json, "SourceAccount", call.source_account);
  write(json, "SourceOrgId", call.source_org);
  write(json, "PassedBy", call.passed_by);
  write(json, "Region", call.region);
  if (call.seconds) json.key("DurationSeconds").value(*call.seconds);
  if (!call.source_org_paths.empty()) {
    json.key("SourceOrgPaths").begin_array();
    for (const std::string& path : call.source_org_paths) json.value(path);
    json.end_array();
  }
  if (!call.tags.empty()) {
    json.key("Tags").begin_array();
    for (const auto& [key, value] : call.tags) {
      json.begin_object().key("Key").value(key).key("Value").value(value).end_object();
    }
    json.end_array().key("TransitiveTagKeys").begin_array();
    for (const auto& tag : call.tags) json.value(tag.first);
    json.end_array();
  }
  json.end_object();
  return request;
}

Result<workload::Profile, AdminError> describe(const std::string& data_folder, const std::string& request) {
  return call(data_folder, "DescribeInstanceProfile", request, [](const element& answer) {
    return workload::Profile{text(answer, "Arn"), text(answer, "InstanceProfileId"), text(answer, "RoleArn")};
  });
}

}  // namespace

Result<workload::Credentials, AdminError> assume_as_service(const std::string& data_folder, const ServiceCall& c) {
  return call(data_folder, "AssumeRoleAsService", request_of(c), [&](const element& answer) {
    return workload::Credentials{.access_key_id = text(answer, "AccessKeyId"),
                                 .secret_access_key = text(answer, "SecretAccessKey"),
                                 .session_token = text(answer, "SessionToken"),
                                 .role_arn = c.role_arn,
                                 .issued = time(answer, "Issued"),
                                 .expires = time(answer, "Expiration")};
  });
}

Result<Time, AdminError> server_time(const std::string& data_folder) {
  return call(data_folder, "GetStatus", "{}", [](const element& answer) { return time(answer, "Time"); });
}

Result<workload::Profile, AdminError> instance_profile(const std::string& data_folder, const std::string& account,
                                                       const std::string& name) {
  std::string request;
  JsonWriter(request).begin_object().key("AccountId").value(account).key("Name").value(name).end_object();
  return describe(data_folder, request);
}

Result<workload::Profile, AdminError> instance_profile_of(const std::string& data_folder, const std::string& role_arn) {
  std::string request;
  JsonWriter(request).begin_object().key("RoleArn").value(role_arn).end_object();
  return describe(data_folder, request);
}

std::string worded(const AdminError& error) {
  if (error.code.empty() || error.code == "ValidationException") return error.message;
  // Whoever passes the role calls no STS.
  const std::string_view operation =
      error.message.find(" sts:") != std::string::npos ? " when calling the AssumeRole operation" : "";
  return fmt::format("An error occurred ({}){}: {}", error.code, operation, error.message);
}

std::string as_session_name(std::string text) {
  constexpr std::size_t kLongest = 64, kShortest = 2;
  for (char& c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && std::string_view("_+=,.@-").find(c) == std::string_view::npos) c = '-';
  }
  if (text.size() > kLongest) text.resize(kLongest);
  while (text.size() < kShortest) text += '-';
  return text;
}

void add_service_options(CLI::App& verb, ServiceCall& call) {
  verb.add_option("--org", call.source_org, "aws:SourceOrgID: the organization of the account that it acts for")
      ->type_name("ID");
  verb.add_option("--org-path", call.source_org_paths, "aws:SourceOrgPaths, once for each path")
      ->type_name("PATH")
      ->allow_extra_args(false);
  verb.add_option("--passed-by", call.passed_by,
                  "The user, role session or root user that hands the role over: must be allowed iam:PassRole")
      ->type_name("ARN");
  verb.add_option("--region", call.region, "Where it happens")->type_name("REGION")->capture_default_str();
}

}  // namespace deputy::cli
