#include "services/sts/table.h"

#include "services/sts/assume_role.h"
#include "services/sts/assume_root.h"
#include "services/sts/authorization_message.h"
#include "services/sts/caller_identity.h"
#include "services/sts/delegated_access_token.h"
#include "services/sts/federation_token.h"
#include "services/sts/identity_token.h"
#include "services/sts/saml.h"
#include "services/sts/scoped_credentials.h"
#include "services/sts/session_token.h"
#include "services/sts/web_identity.h"

namespace deputy::sts {

std::span<const services::Binding> bindings() {
  static const services::Binding kBindings[] = {
      services::bind<AssumeRole>(),
      services::bind<AssumeRoot>(),
      services::bind<GetCallerIdentity>(),
      services::bind<GetAccessKeyInfo>(),
      services::bind<GetFederationToken>(),
      services::bind<DecodeAuthorizationMessage>(),
      services::bind<AssumeRoleWithWebIdentity>(),
      services::bind<AssumeRoleWithSAML>(),
      services::bind<GetSessionToken>(),
      services::bind<GetScopedCredentials>(),
      services::bind<GetDelegatedAccessToken>(),
      services::bind<GetWebIdentityToken>(),
  };
  return kBindings;
}

}  // namespace deputy::sts
