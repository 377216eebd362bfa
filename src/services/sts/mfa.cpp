#include "services/sts/mfa.h"

#include "authn/mfa.h"

namespace deputy::sts {

using directory::Caller;
using directory::MfaDevice;
using services::Proof;

namespace {

Error denied(const char* message) { return {"AccessDenied", 403, message}; }

Error half_given() {
  return denied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
}
Error not_yours() {
  return denied(
      "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid "
      "and associated with this user.");
}
Error wrong_code() {
  return denied("MultiFactorAuthentication failed with invalid MFA one time pass code. ");  // ends in a blank on AWS
}

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
    proof.refusal = half_given();
    return proof;
  }
  const MfaDevice* device = own_device(at, *serial_number);
  if (device == nullptr) {
    proof.refusal = not_yours();
    return proof;
  }
  const authn::CodeCheck check = authn::check_code(at.vault, *device, *token_code, at.now);
  if (check.after) proof.changes.update(*check.after);
  proof.mfa = check.accepted;
  if (!check.accepted) proof.refusal = wrong_code();
  return proof;
}

}  // namespace deputy::sts
