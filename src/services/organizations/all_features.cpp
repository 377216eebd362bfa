// From consolidated billing to all features: every member that was invited is asked, and when nobody is left to answer,
// the management account ends it by accepting. AWS's pages differ in which handshake is called what; here it is as the
// pages tell that lead through it: APPROVE_ALL_FEATURES goes to members, ENABLE_ALL_FEATURES is the management account's.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html
#include "crypto/random.h"
#include "protocol/organizations/enable_all_features.h"
#include "services/organizations/accounts.h"
#include "services/organizations/errors.h"
#include "services/organizations/handshakes.h"

namespace deputy::organizations {
namespace {

using State = Handshake::State;

constexpr std::chrono::hours kOpenFor{90 * 24};
/// Of open invitations, in the one commit; by default an organization cannot have as many.
constexpr int kCanceledAtOnce = 60;

/// They end: whoever joins now would have to be asked too.
void cancel_invitations(const At& at, const OrganizationState& in, directory::Changes& changes) {
  int left = kCanceledAtOnce;
  in.handshakes.each([&](const Handshake& invitation) {
    if (!is_open(invitation, at.now) || left == 0) return;
    --left;
    Handshake canceled = invitation;
    canceled.state = State::kCanceled;
    canceled.ended = at.now;
    changes.update(canceled);
  });
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAllFeatures.html
struct EnableAllFeatures : shapes::EnableAllFeatures {
  static Result<Accesses> access(const At&, const Input&) { return on_everything("organizations:EnableAllFeatures"); }

  static Result<Outcome<Output>> execute(const At& at, const Input&) {
    TRY(const Standing standing, as_management(at));
    const Organization& organization = standing.organization();
    if (organization.all_features) return errors::has_all_features();
    if (pending_move(*standing.in, at.now) != nullptr) return errors::move_is_pending();
    if (organization.accounts > kMostAccountsToMove) return errors::too_large_to_move();
    Handshake move;
    move.id = crypto::make_lower_id(at.entropy, "h-", 32);
    move.organization = organization.id;
    move.action = Handshake::Action::kEnableAllFeatures;
    move.target = organization.management.str();
    move.account = organization.management;
    move.generation = at.caller.account->account.generation;
    move.requested = at.now;
    move.expires = at.now + kOpenFor;
    standing.in->members.each([&](const Membership& member) {
      if (member.created || standing.in->is_management(member.account)) return;
      move.approvals.push_back(
          {.id = crypto::make_lower_id(at.entropy, "h-", 32), .account = member.account, .ended = {}});
    });
    Outcome<Output> out;
    out.output.handshake = shown(at, {move, standing.in, &move});
    cancel_invitations(at, *standing.in, out.changes);
    out.changes.create(move);
    out.changes.update(organization);  // who is invited, joins or begins the same at the same time conflicts
    return out;
  }
};

}  // namespace

std::span<const Binding> all_features_bindings() {
  static constexpr Binding kBindings[] = {bind<EnableAllFeatures>()};
  return kBindings;
}

}  // namespace deputy::organizations
