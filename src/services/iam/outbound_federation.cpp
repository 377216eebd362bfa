// Outbound identity federation: an account's switch. While it is on, the account's principals get tokens by which they
// prove to others who they are (sts:GetWebIdentityToken).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_getting_started.html
//
// Switched off and on again, an account keeps its issuer and its keys, so tokens of before stay verifiable:
// docs/wire.md, section 5.7.
#include "authn/federation/identity_token.h"
#include "protocol/iam/disable_outbound_web_identity_federation.h"
#include "protocol/iam/enable_outbound_web_identity_federation.h"
#include "protocol/iam/get_outbound_web_identity_federation_info.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOutboundWebIdentityFederation.html
//
// The first time, it makes the keys: a tenth of a second, in which this event loop does nothing else.
struct EnableOutboundWebIdentityFederation : shapes::EnableOutboundWebIdentityFederation {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:EnableOutboundWebIdentityFederation">())};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    directory::Account account = account_of(at).account;
    if (account.outbound_enabled) return errors::outbound_federation_enabled(account.id.view());
    account.outbound_enabled = true;
    if (account.outbound_issuer.empty()) {
      account.outbound_issuer = crypto::make_uuid(at.entropy);
      account.signing_keys = {authn::make_signing_key(at.vault, at.entropy, account.id, 0, at.now)};
    }
    Outcome<Output> out;
    out.output.issuer_identifier = authn::issuer_url(at.public_url, account.outbound_issuer);
    out.changes.update(account);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DisableOutboundWebIdentityFederation.html
struct DisableOutboundWebIdentityFederation : shapes::DisableOutboundWebIdentityFederation {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:DisableOutboundWebIdentityFederation">())};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    directory::Account account = account_of(at).account;
    if (!account.outbound_enabled) return errors::outbound_federation_already_disabled(account.id.view());
    account.outbound_enabled = false;
    return written<Output>(account);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOutboundWebIdentityFederationInfo.html
struct GetOutboundWebIdentityFederationInfo : shapes::GetOutboundWebIdentityFederationInfo {
  static Accesses access(const At&, const Input&) {
    return {on_everything(action<"iam:GetOutboundWebIdentityFederationInfo">())};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    const directory::Account& account = account_of(at).account;
    if (!account.outbound_enabled) return errors::outbound_federation_disabled(account.id.view());
    Outcome<Output> out;
    out.output.issuer_identifier = authn::issuer_url(at.public_url, account.outbound_issuer);
    out.output.jwt_vending_enabled = true;
    return out;
  }
};

}  // namespace

std::span<const Binding> outbound_federation_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<EnableOutboundWebIdentityFederation>(),
      bind<DisableOutboundWebIdentityFederation>(),
      bind<GetOutboundWebIdentityFederationInfo>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
