#include "server/service_calls.h"

#include <fmt/format.h>

#include "audit/event.h"
#include "authz/authorize.h"
#include "base/arn.h"
#include "catalog/service_principals.h"
#include "services/sts/assume_role.h"

namespace deputy::server {

using directory::Caller;
using services::Access;
using services::Accesses;
using sts::AssumeRole;

namespace {

constexpr std::string_view kGlobalRegion = "us-east-1";

Error invalid(std::string message) { return {"ValidationException", 400, std::move(message)}; }

/// All names by which a service is known in a region: its own, and the regional one where its own is not that already
/// ("lambda.amazonaws.com", "lambda.eu-west-1.amazonaws.com").
std::vector<std::string> names_of(const std::string& service, std::string_view region) {
  std::vector<std::string> names{service};
  const std::size_t dot = service.find('.');
  if (dot != std::string::npos && service.substr(dot) == ".amazonaws.com") {
    names.push_back(fmt::format("{}.{}{}", service.substr(0, dot), region, service.substr(dot)));
  }
  return names;
}

/// The account that a service acts for, if it is one of ours.
const directory::AccountState* source_account(const directory::ServiceCall& call, const directory::Snapshot& snapshot) {
  std::string_view account = call.source_account;
  const auto arn = Arn::split(call.source_arn);
  if (account.empty() && arn) account = arn->account;
  const auto id = AccountId::parse(account);
  return id ? snapshot.account(*id) : nullptr;
}

/// Of an account that is known, its organization is known too: nobody says otherwise. [K-7]
Result<void> set_organization(directory::ServiceCall& call, const directory::Snapshot& snapshot) {
  const directory::AccountState* account = source_account(call, snapshot);
  if (account == nullptr) return {};
  const directory::OrganizationState* organization = snapshot.organization_of(*account);
  const std::string id = organization != nullptr ? organization->organization.id : std::string();
  std::vector<std::string> paths;
  if (organization != nullptr) paths.push_back(organization->path_of(*account->membership));
  const bool says_otherwise = (!call.source_org_id.empty() && call.source_org_id != id) ||
                              (!call.source_org_paths.empty() && call.source_org_paths != paths);
  if (says_otherwise) {
    return invalid(fmt::format("Account {} is in {}.", account->account.id.view(),
                               paths.empty() ? "no organization" : "the organization " + id + ", at " + paths.front()));
  }
  call.source_org_id = id;
  call.source_org_paths = std::move(paths);
  return {};
}

Result<Caller> service_caller(const ServiceCalls::Input& in, std::string_view region,
                              const directory::Snapshot& snapshot) {
  auto call = std::make_shared<directory::ServiceCall>();
  call->name = in.service_principal;
  call->names = names_of(in.service_principal, region);
  call->source_arn = in.source_arn.value_or("");
  call->source_account = in.source_account.value_or("");
  call->source_org_id = in.source_org_id.value_or("");
  call->source_org_paths = in.source_org_paths;
  TRY_VOID(set_organization(*call, snapshot));
  Caller caller;
  caller.kind = Caller::Kind::kService;
  caller.service = std::move(call);
  return caller;
}

AssumeRole::Input request_of(const ServiceCalls::Input& in) {
  AssumeRole::Input request;
  request.role_arn = in.role_arn;
  request.role_session_name = in.role_session_name;
  request.duration_seconds = in.duration_seconds;
  for (const auto& tag : in.tags) request.tags.push_back({tag.key, tag.value});
  request.transitive_tag_keys = in.transitive_tag_keys;
  return request;
}

/// A session of a role, as its credentials would make it: "role/name/session" without the path.
std::optional<Caller> session_caller(const directory::Snapshot& snapshot, const AccountId& account,
                                     std::string_view resource, Time now) {
  constexpr std::string_view kType = "assumed-role/";
  if (!resource.starts_with(kType)) return std::nullopt;
  resource.remove_prefix(kType.size());
  const std::size_t slash = resource.find('/');
  const auto* role = slash == std::string_view::npos ? nullptr : snapshot.role(account, resource.substr(0, slash));
  if (role == nullptr || slash + 1 == resource.size()) return std::nullopt;
  auto session = std::make_shared<directory::Session>();
  session->account = account;
  session->issuer = role->id;
  session->issuer_name = role->name;
  session->name = std::string(resource.substr(slash + 1));
  session->issued = session->expires = now;
  session->mfa = false;
  Caller caller;
  caller.kind = Caller::Kind::kRoleSession;
  caller.role = role;
  caller.user_id = role->id.str() + ":" + session->name;
  caller.session = std::move(session);
  return caller;
}

/// The principal that an ARN names: a user, a session of a role, or root.
Result<Caller> principal(const directory::Snapshot& snapshot, const std::string& text, Time now) {
  const auto arn = Arn::split(text);
  const auto id = arn ? AccountId::parse(arn->account) : std::nullopt;
  const auto* account = id ? snapshot.account(*id) : nullptr;
  std::optional<Caller> caller;
  if (account != nullptr && text == root_arn(*id)) {
    caller.emplace();
    caller->kind = Caller::Kind::kRoot;
    caller->user_id = id->str();
  } else if (const auto* user = account != nullptr ? snapshot.user_by_arn(text) : nullptr) {
    caller.emplace();
    caller->kind = Caller::Kind::kUser;
    caller->user = user;
    caller->user_id = user->id.str();
  } else if (account != nullptr && arn->service == "sts") {
    caller = session_caller(snapshot, *id, arn->resource, now);
  }
  if (!caller) return invalid(text + " is no user, role session or root user that exists.");
  caller->arn = text;
  caller->account = account;
  return *std::move(caller);
}

/// The principal hands the role over to the service: its own decision, on the caller's side alone.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
Result<void> check_pass_role(const directory::Snapshot& snapshot, const ServiceCalls::Input& in,
                             const authz::Circumstances& how) {
  TRY(const Caller passer, principal(snapshot, *in.passed_by, how.now));
  const auto arn = Arn::split(in.role_arn);
  if (arn && arn->account != passer.account_id().view()) {
    return Error("AccessDenied", 403, "Cross-account pass role is not allowed.");
  }
  Access pass{.action = policy::Action("iam:PassRole"), .resource = in.role_arn, .owner = passer.account_id()};
  if (const auto* role = snapshot.role_by_arn(in.role_arn)) pass.resource_tags = &role->tags;
  pass.keys.emplace_back(policy::Key::kPassedToService, in.service_principal);
  if (in.source_arn) pass.keys.emplace_back(policy::Key::kAssociatedResourceArn, *in.source_arn);
  return authz::authorize(passer, std::array{std::move(pass)}, how, snapshot, authz::Wording::kStandard);
}

ServiceCalls::Output shown(AssumeRole::Output answer, Time now) {
  ServiceCalls::Output out;
  out.access_key_id = std::move(answer.credentials->access_key_id);
  out.secret_access_key = std::move(answer.credentials->secret_access_key);
  out.session_token = std::move(answer.credentials->session_token);
  out.issued = now;
  out.expiration = answer.credentials->expiration;
  out.assumed_role_arn = answer.assumed_role_user->arn;
  return out;
}

}  // namespace

Result<ServiceCalls::Output> ServiceCalls::assume_role(const Input& in) const {
  if (!catalog::is_service_principal(in.service_principal)) {
    return invalid(in.service_principal + " is no service principal: they read like lambda.amazonaws.com.");
  }
  const directory::SnapshotPtr snapshot = rooms_.state.snapshot();
  const Time now = rooms_.clock.now();
  const std::string_view region = in.region ? std::string_view(*in.region) : kGlobalRegion;
  // A service calls from AWS's own network: it has no address that a policy could name. [K-6]
  const authz::Circumstances how{
      .now = now, .source_ip = {}, .user_agent = in.service_principal, .referer = {}, .region = region, .secure = true};
  if (in.passed_by) TRY_VOID(check_pass_role(*snapshot, in, how));

  TRY(const Caller caller, service_caller(in, region, *snapshot));
  const AssumeRole::Input request = request_of(in);
  const services::At at{*snapshot, caller, now, region, rooms_.entropy, rooms_.vault, rooms_.tokens, rooms_.usage};
  Accesses accesses;
  const auto decide_and_run = [&]() -> Result<services::Outcome<AssumeRole::Output>> {
    TRY(accesses, AssumeRole::access(at, request));
    TRY_VOID(authz::authorize(caller, accesses, how, *snapshot, authz::Wording::kStandard));
    return AssumeRole::execute(at, request);
  };
  auto outcome = decide_and_run();

  const std::string request_id = crypto::make_uuid(rooms_.entropy);
  audit::Record event{};
  event.when = now;
  event.service = protocol::ServiceId::kSts;
  event.operation = &AssumeRole::model;
  event.caller = &caller;
  event.source_ip = event.user_agent = in.service_principal;
  event.region = region;
  event.request_id = request_id;
  event.input = &request;
  event.output = outcome ? &outcome->output : nullptr;
  event.error = outcome ? nullptr : &outcome.error();
  if (!accesses.empty()) {
    event.resources = {{accesses.front().resource, accesses.front().owner, "AWS::IAM::Role"}};
  }
  std::string line, common;
  audit::write_event(line, common, event, crypto::make_uuid(rooms_.entropy), crypto::make_uuid(rooms_.entropy));
  rooms_.audit.append(audit::Share::kKnown, line);
  if (!outcome) return std::move(outcome).error();
  return shown(std::move(outcome->output), now);
}

}  // namespace deputy::server
