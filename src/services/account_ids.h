// Ids of new accounts: what services that make accounts share.
#pragma once

#include "services/operation.h"

namespace deputy::services {

/// Twelve digits that no account has or had; the first is not zero, so that nobody's spreadsheet eats it.
inline AccountId draw_account_id(const At& at) {
  for (;;) {
    std::uint64_t number = 0;
    for (const char byte : at.entropy.bytes(8)) number = number << 8 | static_cast<unsigned char>(byte);
    const AccountId id = *AccountId::from_number(100'000'000'000 + number % 900'000'000'000);
    if (at.snapshot.is_fresh(id)) return id;
  }
}

}  // namespace deputy::services
