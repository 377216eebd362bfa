// Asks the server to let a service of AWS assume a role: what `deputy as-service` and `deputy workload` share.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/admin_client.h"
#include "workload/source.h"

namespace CLI {
class App;
}

namespace deputy::cli {

struct ServiceCall {
  std::string service;  // "lambda.amazonaws.com"
  std::string role_arn, session_name;
  std::string source_arn, source_account, source_org;  // empty: the service acts for nothing of a customer's
  std::vector<std::string> source_org_paths;
  std::string passed_by;  // who hands the role over; empty: nobody is asked for iam:PassRole
  std::string region = "us-east-1";
  std::optional<int> seconds;
  std::vector<std::pair<std::string, std::string>> tags;  // session tags, all of them transitive
};

Result<workload::Credentials, AdminError> assume_as_service(const std::string& data_folder, const ServiceCall& call);

/// The server's time.
Result<Time, AdminError> server_time(const std::string& data_folder);

/// The instance profile of that account and name, or the one that holds a role.
Result<workload::Profile, AdminError> instance_profile(const std::string& data_folder, const std::string& account,
                                                       const std::string& name);
Result<workload::Profile, AdminError> instance_profile_of(const std::string& data_folder, const std::string& role_arn);

/// How a refusal reads in AWS's clients; other failures read as they are.
std::string worded(const AdminError& error);

/// A text of any alphabet as a RoleSessionName: at most 64 characters of [\w+=,.@-], at least two.
std::string as_session_name(std::string text);

/// Adds --region, --passed-by and --org, with --org-path.
void add_service_options(CLI::App& verb, ServiceCall& call);

}  // namespace deputy::cli
