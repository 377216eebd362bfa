// Encoded authorization messages: why a request was refused, sealed so that whoever was refused can carry it but not
// read it. sts:DecodeAuthorizationMessage opens one for the account that it was made for, and for no other that gets
// its number later. https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
//
//   message := base64url(version salt sealed)        without padding, as AWS's look
//   version := 0x01
//   salt    := 16 random bytes
//   sealed  := AES-256-GCM of (seconds since 1970, eight bytes, highest first; text) and its tag, under a key that the
//              vault derives from salt and account; it seals nothing else, so its nonce is zero
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "crypto/vault.h"
#include "directory/entities.h"

namespace deputy::authn {

std::string seal_authorization_message(const crypto::Vault& vault, crypto::Entropy& entropy,
                                       const directory::Account& account, Time now, std::string_view text);

/// Nothing if this server did not make it for that account, it was changed, it is older than a day, or it is of later
/// than now (by more than clocks may be apart).
std::optional<std::string> open_authorization_message(const crypto::Vault& vault, const directory::Account& account,
                                                      Time now, std::string_view message);

}  // namespace deputy::authn
