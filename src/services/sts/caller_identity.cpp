#include "services/sts/caller_identity.h"

#include "services/sts/errors.h"

namespace deputy::sts {

Result<Accesses> GetCallerIdentity::access(const At&, const Input&) { return Accesses{}; }

Result<Outcome<GetCallerIdentity::Output>> GetCallerIdentity::execute(const At& at, const Input&) {
  Output out;
  out.arn = at.caller.arn;
  out.user_id = at.caller.user_id;
  out.account = at.caller.account_id().str();
  return Outcome<Output>{std::move(out)};
}

Result<Accesses> GetAccessKeyInfo::access(const At&, const Input&) {
  return Accesses{{.action = policy::Action("sts:GetAccessKeyInfo"), .resource = "*", .owner = {}}};
}

Result<Outcome<GetAccessKeyInfo::Output>> GetAccessKeyInfo::execute(const At& at, const Input& in) {
  Output out;
  if (const auto owner = at.snapshot.access_key(in.access_key_id)) {
    out.account = owner->account->account.id.str();  // also root keys that an operator chose: they carry no account
  } else if (const auto account = crypto::account_of_access_key(in.access_key_id)) {
    out.account = account->str();
  } else {
    return errors::invalid_access_key_id();
  }
  return Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
