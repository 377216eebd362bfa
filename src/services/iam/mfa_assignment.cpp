// Whose a virtual MFA device is: enable, resynchronize, deactivate; the devices of a user.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_cliapi.html
//
// A device knows its user, and a user its devices: enabling and deactivating write both in one commit, so that neither
// can be deleted under the other. The root user has none: AWS gives it one in the console only.
#include <algorithm>

#include "authn/mfa.h"
#include "protocol/iam/deactivate_mfa_device.h"
#include "protocol/iam/enable_mfa_device.h"
#include "protocol/iam/get_mfa_device.h"
#include "protocol/iam/list_mfa_devices.h"
#include "protocol/iam/resync_mfa_device.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/holder.h"
#include "services/iam/paging.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

/// The device, which must be this user's.
Result<const MfaDevice*> find_device_of(const At& at, const User* user, std::string_view serial_number) {
  TRY(const MfaDevice* device, find_mfa_device(at, serial_number));
  if (user == nullptr || device->user != user->id) return errors::mfa_device_not_of_user();
  return device;
}

/// A wrong pair of codes: refused, and counted all the same.
template <class Output>
Outcome<Output> refused(const authn::CodeCheck& check) {
  Outcome<Output> out;
  if (check.after) out.changes.update(*check.after);
  out.refusal = errors::invalid_authentication_code();
  return out;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
struct EnableMFADevice : shapes::EnableMFADevice {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:EnableMFADevice">(), at, in.user_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const User* before, find_user(at, in.user_name));
    TRY(const MfaDevice* device, find_mfa_device(at, in.serial_number));
    if (!device->user.empty()) return errors::mfa_device_already_in_use();
    if (before->mfa_devices.size() >= quotas::kMfaDevicesPerUser.limit) {
      return errors::limit_exceeded(quotas::kMfaDevicesPerUser);
    }
    authn::CodeCheck check =
        authn::check_codes(at.vault, *device, in.authentication_code1, in.authentication_code2, at.now);
    if (!check.accepted) return refused<Output>(check);

    check.after->user = before->id;
    check.after->enabled = at.now;
    User user = *before;
    user.mfa_devices.push_back(device->arn());
    Outcome<Output> out;
    out.changes.update(*check.after);
    out.changes.update(user);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html
struct ResyncMFADevice : shapes::ResyncMFADevice {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:ResyncMFADevice">(), at, in.user_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const User* user, find_user(at, in.user_name));
    TRY(const MfaDevice* device, find_device_of(at, user, in.serial_number));
    const authn::CodeCheck check =
        authn::check_codes(at.vault, *device, in.authentication_code1, in.authentication_code2, at.now);
    if (!check.accepted) return refused<Output>(check);
    return written<Output>(*check.after);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html
struct DeactivateMFADevice : shapes::DeactivateMFADevice {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:DeactivateMFADevice">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Holder holder, find_holder(at, in.user_name));
    TRY(const MfaDevice* found, find_device_of(at, holder.user, in.serial_number));
    User user = *holder.user;
    std::erase(user.mfa_devices, found->arn());
    MfaDevice device = *found;
    device.user = UniqueId();
    device.enabled = device.locked_until = Time();
    device.failures = 0;  // last_step stays: its used codes are used for whoever gets it next
    Outcome<Output> out;
    out.changes.update(user);
    out.changes.update(device);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
struct ListMFADevices : shapes::ListMFADevices {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:ListMFADevices">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Holder holder, find_holder(at, in.user_name));
    const User* user = holder.user;                   // the root user has none
    TRY(const Page page, page_of(in, "MFADevices"));  // short, so that a Marker holds the longest name
    std::vector<const MfaDevice*> devices;
    for (const std::string& serial_number : user != nullptr ? user->mfa_devices : std::vector<std::string>()) {
      if (const MfaDevice* device = at.snapshot.mfa_device(serial_number)) devices.push_back(device);
    }
    Outcome<Output> out;
    give_page(
        out.output, page, std::move(devices), [](const MfaDevice* device) { return device->path + device->name; },
        [&](const MfaDevice* device) {
          out.output.mfa_devices.push_back({user->name, device->arn(), device->enabled});
        });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html
struct GetMFADevice : shapes::GetMFADevice {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:GetMFADevice">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Holder holder, find_holder(at, in.user_name));
    TRY(const MfaDevice* device, find_device_of(at, holder.user, in.serial_number));
    Outcome<Output> out;
    out.output.user_name = holder.name();
    out.output.serial_number = device->arn();
    out.output.enable_date = device->enabled;
    return out;
  }
};

}  // namespace

std::span<const Binding> mfa_assignment_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<EnableMFADevice>(), bind<ResyncMFADevice>(), bind<DeactivateMFADevice>(),
      bind<ListMFADevices>(),  bind<GetMFADevice>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
