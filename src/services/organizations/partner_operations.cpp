// What needs a business with AWS: accounts of GovCloud, which the management account must have one of its own for, and
// organizations that take over each other's bills. Deputy has neither, and no bills: what lists them finds none, what asks
// for one is refused as AWS refuses it. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_transfer_billing.html
#include "protocol/organizations/create_gov_cloud_account.h"
#include "protocol/organizations/describe_responsibility_transfer.h"
#include "protocol/organizations/invite_organization_to_transfer_responsibility.h"
#include "protocol/organizations/list_inbound_responsibility_transfers.h"
#include "protocol/organizations/list_outbound_responsibility_transfers.h"
#include "protocol/organizations/terminate_responsibility_transfer.h"
#include "protocol/organizations/update_responsibility_transfer.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/tags.h"

namespace deputy::organizations {
namespace {

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateGovCloudAccount.html
struct CreateGovCloudAccount : shapes::CreateGovCloudAccount {
  static Result<Accesses> access(const At&, const Input& in) {
    return with_tags(on_everything("organizations:CreateGovCloudAccount"), in.tags);
  }
  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY_VOID(as_management(at));
    return errors::not_govcloud();
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteOrganizationToTransferResponsibility.html
struct InviteOrganizationToTransferResponsibility : shapes::InviteOrganizationToTransferResponsibility {
  static Result<Accesses> access(const At&, const Input& in) {
    return with_tags(on_everything("organizations:InviteOrganizationToTransferResponsibility"), in.tags);
  }
  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY_VOID(as_management(at));
    return errors::no_billing();
  }
};

template <class Shape>
constexpr std::string_view kAction;
template <>
constexpr std::string_view kAction<shapes::DescribeResponsibilityTransfer> =
    "organizations:DescribeResponsibilityTransfer";
template <>
constexpr std::string_view kAction<shapes::UpdateResponsibilityTransfer> = "organizations:UpdateResponsibilityTransfer";
template <>
constexpr std::string_view kAction<shapes::TerminateResponsibilityTransfer> =
    "organizations:TerminateResponsibilityTransfer";
template <>
constexpr std::string_view kAction<shapes::ListInboundResponsibilityTransfers> =
    "organizations:ListInboundResponsibilityTransfers";
template <>
constexpr std::string_view kAction<shapes::ListOutboundResponsibilityTransfers> =
    "organizations:ListOutboundResponsibilityTransfers";

/// An operation on a transfer: none was ever agreed on, so none is found.
template <class Shape>
struct OnTransfer : Shape {
  using Input = typename Shape::Input;
  using Output = typename Shape::Output;

  static Result<Accesses> access(const At&, const Input&) { return on_everything(kAction<Shape>); }
  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY_VOID(as_management(at));
    return errors::no_such_transfer();
  }
};

/// A list of transfers, in which there are none.
template <class Shape>
struct ListTransfers : Shape {
  using Input = typename Shape::Input;
  using Output = typename Shape::Output;

  static Result<Accesses> access(const At&, const Input&) { return on_everything(kAction<Shape>); }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY_VOID(as_management(at));
    TRY([[maybe_unused]] const Page page, page_of(in, Shape::model.name));
    if constexpr (requires { in.id; }) {
      if (in.id) return errors::no_such_transfer();
    }
    Outcome<Output> out;
    out.output.responsibility_transfers.emplace();
    return out;
  }
};

}  // namespace

std::span<const Binding> partner_operation_bindings() {
  static constexpr Binding kBindings[] = {
      bind<CreateGovCloudAccount>(),
      bind<InviteOrganizationToTransferResponsibility>(),
      bind<OnTransfer<shapes::DescribeResponsibilityTransfer>>(),
      bind<OnTransfer<shapes::UpdateResponsibilityTransfer>>(),
      bind<OnTransfer<shapes::TerminateResponsibilityTransfer>>(),
      bind<ListTransfers<shapes::ListInboundResponsibilityTransfers>>(),
      bind<ListTransfers<shapes::ListOutboundResponsibilityTransfers>>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
