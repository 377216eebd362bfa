// Handshakes as they show: those that are stored, and what the members say to all features, which is kept in the
// handshake that asks for them. https://docs.aws.amazon.com/organizations/latest/APIReference/API_Handshake.html
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/organizations/shapes.h"
#include "services/organizations/standing.h"

namespace deputy::organizations {

using directory::Handshake;

/// A handshake, and the organization that sent it.
struct Found {
  Handshake handshake;
  const OrganizationState* from = nullptr;
  const Handshake* stored = nullptr;  // of an approval: the one that it is kept in; null: there is no such handshake
};

/// Whether it shows in lists: those that are over do for a while.
bool is_listed(const Handshake& handshake, Time now);
shapes::Handshake shown(const At& at, const Found& found);

/// An organization of more cannot move to all features: what its members say is kept in one handshake.
inline constexpr std::uint32_t kMostAccountsToMove = 5'000;
/// The organization's move to all features that is going on; null: none is.
const Handshake* pending_move(const OrganizationState& in, Time now);
/// What one member says to it, as a handshake of its own.
Found approval_of(const OrganizationState& in, const Handshake& move, const Handshake::Approval& approval);
/// Whether nobody is left who must approve.
bool is_approved(const At& at, const OrganizationState& in, const Handshake& move);

}  // namespace deputy::organizations
