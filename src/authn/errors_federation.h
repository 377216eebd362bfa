// Internal to authn/: why a token of an identity provider is refused, in AWS's words (docs/wire.md, 6.3). Nothing of a
// token is repeated but its issuer, which the caller chose.
#pragma once

#include <cstdint>
#include <string_view>

#include "authn/issuer_keys.h"
#include "base/error.h"

namespace deputy::authn::errors {

Error not_a_jwt();
/// The signature, an algorithm, a claim of a wrong kind or from the future: AWS does not say which.
Error invalid_web_identity();
Error missing_claim(std::string_view claim);
Error no_provider_for(std::string_view issuer);
Error wrong_audience();
Error ambiguous_audience();
Error expired_web_identity(std::int64_t now, std::int64_t expires);
Error no_keys(KeyFault fault);

}  // namespace deputy::authn::errors
