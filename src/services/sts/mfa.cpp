#include "services/sts/mfa.h"

#include "authn/mfa.h"
#include "services/sts/errors.h"

namespace deputy::sts {

using directory::Caller;
using directory::MfaDevice;
using services::Proof;

namespace {

const MfaDevice* own_device(const services::At& at, std::string_view serial_number) {
  if (at.caller.kind != Caller::Kind::kUser) return nullptr;
  const MfaDevice* device = at.snapshot.mfa_device(serial_number);
  const bool own = device != nullptr && device->account == at.caller.account_id() && device->user == at.caller.user->id;
  return own ? device : nullptr;
}

}  // namespace

Proof prove_mfa(const services::At& at, const std::optional<std::string>& serial_number,
                const std::optional<std::string>& token_code) {
  Proof proof;
  if (!serial_number && !token_code) return proof;
  if (!serial_number || !token_code) {
    proof.refusal = errors::half_an_mfa_code();
    return proof;
  }
  const MfaDevice* device = own_device(at, *serial_number);
  if (device == nullptr) {
    proof.refusal = errors::mfa_device_not_of_caller();
    return proof;
  }
  const authn::CodeCheck check = authn::check_code(at.vault, *device, *token_code, at.now);
  if (check.after) proof.changes.update(*check.after);
  proof.mfa = check.accepted;
  if (!check.accepted) proof.refusal = errors::wrong_mfa_code();
  return proof;
}

}  // namespace deputy::sts
