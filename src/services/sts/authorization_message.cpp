#include "services/sts/authorization_message.h"

#include "authn/authorization_message.h"
#include "services/sts/errors.h"

namespace deputy::sts {

Result<services::Accesses> DecodeAuthorizationMessage::access(const services::At&, const Input&) {
  return services::Accesses{{.action = policy::Action("sts:DecodeAuthorizationMessage"), .resource = "*", .owner = {}}};
}

Result<services::Outcome<DecodeAuthorizationMessage::Output>> DecodeAuthorizationMessage::execute(
    const services::At& at, const Input& in) {
  auto text = authn::open_authorization_message(at.vault, at.caller.account->account, at.now, in.encoded_message);
  if (!text) return errors::invalid_authorization_message();
  Output out;
  out.decoded_message = *std::move(text);
  return services::Outcome<Output>{std::move(out)};
}

}  // namespace deputy::sts
