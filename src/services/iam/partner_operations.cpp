// What AWS keeps to its partners and to its own services: delegation requests, and roles made from templates. An account
// without requests, and without a partner's contract, gets the same answers from AWS (docs/wire.md, 5.8).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-temporary-delegation.html
#include "protocol/iam/accept_delegation_request.h"
#include "protocol/iam/acquire_role.h"
#include "protocol/iam/associate_delegation_request.h"
#include "protocol/iam/create_delegation_request.h"
#include "protocol/iam/get_delegation_request.h"
#include "protocol/iam/get_human_readable_summary.h"
#include "protocol/iam/get_role_template_version.h"
#include "protocol/iam/list_delegation_requests.h"
#include "protocol/iam/reject_delegation_request.h"
#include "protocol/iam/send_delegation_token.h"
#include "protocol/iam/update_delegation_request.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

/// An operation on a delegation request: none was ever made, so none is found.
template <class Shape, Literal kAction>
struct OnDelegationRequest : Shape {
  using Input = typename Shape::Input;
  using Output = typename Shape::Output;

  static Accesses access(const At& at, const Input& in) {
    return {on_new(action<kAction>(), at, "delegation-request", std::nullopt, in.delegation_request_id)};
  }
  static Result<Outcome<Output>> execute(const At&, const Input& in) {
    return errors::no_such_delegation_request(in.delegation_request_id);
  }
};

/// An operation on a role template, of which only services of AWS have any.
template <class Shape, Literal kAction>
struct OnRoleTemplate : Shape {
  using Input = typename Shape::Input;
  using Output = typename Shape::Output;

  static Accesses access(const At&, const Input&) { return {on_everything(action<kAction>())}; }
  static Result<Outcome<Output>> execute(const At&, const Input& in) {
    return errors::no_such_role_template(in.template_arn);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateDelegationRequest.html
struct CreateDelegationRequest : shapes::CreateDelegationRequest {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:CreateDelegationRequest">())}; }
  static Result<Outcome<Output>> execute(const At&, const Input&) { return errors::not_a_delegation_partner(); }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListDelegationRequests.html
struct ListDelegationRequests : shapes::ListDelegationRequests {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:ListDelegationRequests">())}; }
  static Result<Outcome<Output>> execute(const At&, const Input& in) {
    if (in.marker) return errors::invalid_marker();  // nobody was ever given one
    Outcome<Output> out;
    out.output.delegation_requests.emplace();
    out.output.is_truncated = false;
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetHumanReadableSummary.html
struct GetHumanReadableSummary : shapes::GetHumanReadableSummary {
  static Accesses access(const At&, const Input&) { return {on_everything(action<"iam:GetHumanReadableSummary">())}; }
  static Result<Outcome<Output>> execute(const At&, const Input& in) {
    return errors::no_such_delegation_request(in.entity_arn);
  }
};

}  // namespace

std::span<const Binding> partner_operation_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateDelegationRequest>(),
      bind<ListDelegationRequests>(),
      bind<GetHumanReadableSummary>(),
      bind<OnDelegationRequest<shapes::GetDelegationRequest, "iam:GetDelegationRequest">>(),
      bind<OnDelegationRequest<shapes::AssociateDelegationRequest, "iam:AssociateDelegationRequest">>(),
      bind<OnDelegationRequest<shapes::AcceptDelegationRequest, "iam:AcceptDelegationRequest">>(),
      bind<OnDelegationRequest<shapes::RejectDelegationRequest, "iam:RejectDelegationRequest">>(),
      bind<OnDelegationRequest<shapes::UpdateDelegationRequest, "iam:UpdateDelegationRequest">>(),
      bind<OnDelegationRequest<shapes::SendDelegationToken, "iam:SendDelegationToken">>(),
      bind<OnRoleTemplate<shapes::AcquireRole, "iam:AcquireRole">>(),
      bind<OnRoleTemplate<shapes::GetRoleTemplateVersion, "iam:GetRoleTemplateVersion">>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
