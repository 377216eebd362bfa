// Virtual MFA devices as things of their own: create, list, delete, and their tags. Whose they are: mfa_assignment.cpp.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html
#include "authn/mfa.h"
#include "directory/codec.h"
#include "protocol/iam/create_virtual_mfa_device.h"
#include "protocol/iam/delete_virtual_mfa_device.h"
#include "protocol/iam/list_mfa_device_tags.h"
#include "protocol/iam/list_virtual_mfa_devices.h"
#include "protocol/iam/tag_mfa_device.h"
#include "protocol/iam/untag_mfa_device.h"
#include "services/iam/answers.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/places.h"
#include "services/iam/qr_code.h"
#include "services/iam/table.h"
#include "services/iam/tag_operations.h"
#include "services/iam/tags.h"

namespace deputy::iam {
namespace {

constexpr std::size_t kSerialNumberBytes = 256;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html
struct CreateVirtualMFADevice : shapes::CreateVirtualMFADevice {
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_virtual-mfa.html
  static Accesses access(const At& at, const Input& in) {
    const directory::Tags tags = request_tags(in.tags);
    const auto needs = [&](const policy::Action& action) {
      return with_tags(on_new(action, at, "mfa", in.path, in.virtual_mfa_device_name), tags);
    };
    Accesses all{needs(action<"iam:CreateVirtualMFADevice">())};
    if (!in.tags.empty()) all.push_back(needs(action<"iam:TagMFADevice">()));
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    MfaDevice device;
    device.account = account.account.id;
    device.path = in.path.value_or("/");
    device.name = in.virtual_mfa_device_name;
    device.created = at.now;
    if (device.arn().size() > kSerialNumberBytes) return errors::mfa_serial_number_too_long();
    if (is_taken(account.mfa_devices, device.key_name())) {
      return errors::mfa_device_already_exists();
    }
    if (account.mfa_devices.size() >= quotas::kVirtualMfaDevicesPerAccount.limit) {
      return errors::limit_exceeded(quotas::kVirtualMfaDevicesPerAccount);
    }
    TRY(device.tags, new_tags(in.tags, TagKeys::kExact));

    const std::string seed = authn::make_mfa_seed(at.entropy), text = base32(seed);
    device.sealed_seed = authn::seal_mfa_seed(at.vault, at.entropy, device, seed);
    const std::string& alias = account.account.alias;
    Outcome<Output> out;
    shapes::VirtualMFADevice& shown = out.output.virtual_mfa_device;
    shown.serial_number = device.arn();
    shown.qr_code_png = qr_code_png(
        otpauth_uri(device.name, alias.empty() ? account.account.id.view() : std::string_view(alias), text));
    shown.base32_string_seed = text;
    shown.tags = shown_tags(device.tags);
    out.changes.create(device);
    guard_place(out.changes, at, account.mfa_devices.size(), quotas::kVirtualMfaDevicesPerAccount);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html
struct ListVirtualMFADevices : shapes::ListVirtualMFADevices {
  static Accesses access(const At& at, const Input&) {
    return {on_list(action<"iam:ListVirtualMFADevices">(), at, "mfa", std::nullopt)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    const auto wanted = [status = in.assignment_status.value_or("Any")](const MfaDevice& device) {
      return status == "Any" || (status == "Assigned") == !device.user.empty();
    };
    TRY(const Page page, page_of(in, "VirtualMFA"));  // short, so that a Marker holds the longest name
    Outcome<Output> out;
    give_page(out.output, page, account.mfa_devices, wanted, [&](const MfaDevice& device) {
      shapes::VirtualMFADevice& shown = out.output.virtual_mfa_devices.emplace_back();
      shown.serial_number = device.arn();
      if (device.user.empty()) return;
      if (const User* user = account.users_by_id.get(device.user.str())) shown.user = listed(*user);
      shown.enable_date = device.enabled;
    });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html
struct DeleteVirtualMFADevice : shapes::DeleteVirtualMFADevice {
  static Accesses access(const At& at, const Input& in) {
    return {on_mfa_device(action<"iam:DeleteVirtualMFADevice">(), at, in.serial_number)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const MfaDevice* device, find_mfa_device(at, in.serial_number));
    if (!device->user.empty()) return errors::mfa_device_in_use();
    return erased<Output>(*device);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagMFADevice.html
struct MfaDeviceTags {
  static constexpr TagKeys kKeys = TagKeys::kExact;
  static constexpr auto on = on_mfa_device;
  static constexpr auto find = find_mfa_device;
  static constexpr auto find_to_tag = find_mfa_device;
  static constexpr auto find_to_untag = find_mfa_device;
  static const std::string& name(const auto& in) { return in.serial_number; }
};
using TagMFADevice = Tagging<shapes::TagMFADevice, MfaDeviceTags>;
using UntagMFADevice = Untagging<shapes::UntagMFADevice, MfaDeviceTags>;
using ListMFADeviceTags = TagListing<shapes::ListMFADeviceTags, MfaDeviceTags>;

}  // namespace

std::span<const Binding> mfa_device_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateVirtualMFADevice>(), bind<ListVirtualMFADevices>(), bind<DeleteVirtualMFADevice>(),
      bind<TagMFADevice>(),           bind<UntagMFADevice>(),        bind<ListMFADeviceTags>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
