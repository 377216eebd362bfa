#include "server/service_calls.h"

#include <fmt/format.h>

#include "base/arn.h"
#include "directory/callers.h"
#include "policy/principal_names.h"
#include "protocol/encode.h"
#include "protocol/sts/assume_role.h"
#include "server/trail.h"
#include "server/troubles.h"

namespace deputy::server {

using directory::Caller;
using services::Access;
using sts::shapes::AssumeRole;

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

/// The principal hands the role over to the service: its own decision, on the caller's side alone.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
Result<void> check_pass_role(const directory::Snapshot& snapshot, const ServiceCalls::Input& in,
                             const authz::Circumstances& how) {
  const std::optional<Caller> passer = directory::caller_named(snapshot, *in.passed_by, how.now);
  if (!passer) return invalid(*in.passed_by + " is no user, role session or root user that exists.");
  const auto arn = Arn::split(in.role_arn);
  if (arn && arn->account != passer->account_id().view()) {
    return Error("AccessDenied", 403, "Cross-account pass role is not allowed.");
  }
  Access pass{.action = policy::Action("iam:PassRole"), .resource = in.role_arn, .owner = passer->account_id()};
  if (const auto* role = snapshot.role_by_arn(in.role_arn)) pass.resource_tags = &role->tags;
  pass.keys.emplace_back(policy::Key::kPassedToService, in.service_principal);
  if (in.source_arn) pass.keys.emplace_back(policy::Key::kAssociatedResourceArn, *in.source_arn);
  return authz::authorize(*passer, std::array{std::move(pass)}, how, snapshot, authz::Wording::kStandard);
}

ServiceCalls::Output shown(const AssumeRole::Output& answer, Time now) {
  ServiceCalls::Output out;
  out.access_key_id = answer.credentials->access_key_id;
  out.secret_access_key = answer.credentials->secret_access_key;
  out.session_token = answer.credentials->session_token;
  out.issued = now;
  out.expiration = answer.credentials->expiration;
  out.assumed_role_arn = answer.assumed_role_user->arn;
  return out;
}

/// One service that assumes one role.
class Assuming final : public Call {
 public:
  Assuming(const Rooms& rooms, const ServiceCalls::Input& in, http::Responder responder)
      : Call(std::move(responder)),
        rooms_(rooms),
        in_(in),
        request_(request_of(in)),
        request_id_(crypto::make_uuid(rooms.entropy)),
        now_(rooms.clock.now()) {}

  Step<Known> known(const directory::Snapshot& snapshot) override {
    caller_.reset();
    if (in_.passed_by) TRY_VOID(check_pass_role(snapshot, in_, how()));
    TRY(caller_, service_caller(in_, region(), snapshot));
    return Known{
        .binding = *rooms_.bindings.find(AssumeRole::model), .input = &request_, .caller = *caller_, .how = how()};
  }

  [[nodiscard]] Error not_written(const store::Error& why) const override {
    return server::not_written(why, protocol::service(AssumeRole::model.service));
  }

  void finish(const Result<services::Erased>& reply) override {
    record(reply);
    rooms_.metrics.called(protocol::service(AssumeRole::model.service), &AssumeRole::model,
                          reply ? std::string_view() : reply.error().code(), std::chrono::steady_clock::now() - began_);
    if (!reply) {
      return respond(protocol::encode_error(protocol::service(protocol::ServiceId::kAdmin), reply.error(), {}));
    }
    const auto& answer = *static_cast<const AssumeRole::Output*>(reply->get());
    respond(protocol::encode_reply<admin::shapes::AssumeRoleAsService>(shown(answer, now_), {}));
  }

 private:
  [[nodiscard]] std::string_view region() const { return in_.region ? std::string_view(*in_.region) : kGlobalRegion; }
  /// A service calls from AWS's own network: it has no address that a policy could name. [K-6]
  [[nodiscard]] authz::Circumstances how() const {
    return {.now = now_,
            .source_ip = {},
            .user_agent = in_.service_principal,
            .referer = {},
            .region = region(),
            .secure = true};
  }
  /// Nobody called until a service did: a role that could not be passed on leaves no event of it.
  void record(const Result<services::Erased>& reply) const {
    if (!caller_) return;
    const std::string_view service = in_.service_principal;
    Trail(rooms_.audit, rooms_.entropy)
        .tell({.when = now_,
               .service = AssumeRole::model.service,
               .operation = &AssumeRole::model,
               .caller = &*caller_,
               .source_ip = service,
               .user_agent = service,
               .region = region(),
               .request_id = request_id_,
               .input = &request_,
               .output = reply ? reply->get() : nullptr,
               .error = reply ? nullptr : &reply.error()},
              accesses);
  }

  const Rooms& rooms_;
  const ServiceCalls::Input in_;
  const AssumeRole::Input request_;
  const std::string request_id_;
  const Time now_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::optional<Caller> caller_;
};

}  // namespace

void ServiceCalls::assume_role(const Input& in, http::Responder respond) const {
  if (!policy::is_service_principal(in.service_principal)) {
    return respond(protocol::encode_error(
        protocol::service(protocol::ServiceId::kAdmin),
        invalid(in.service_principal + " is no service principal: they read like lambda.amazonaws.com."), {}));
  }
  run_.start(std::make_shared<Assuming>(rooms_, in, std::move(respond)));
}

}  // namespace deputy::server
