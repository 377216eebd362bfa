// Invitations of accounts that exist already, and all that is asked of accounts otherwise.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_invites.html
#include "services/organizations/handshakes.h"

#include "directory/membership.h"
#include "protocol/organizations/accept_handshake.h"
#include "protocol/organizations/cancel_handshake.h"
#include "protocol/organizations/decline_handshake.h"
#include "protocol/organizations/describe_handshake.h"
#include "protocol/organizations/invite_account_to_organization.h"
#include "protocol/organizations/list_handshakes_for_account.h"
#include "protocol/organizations/list_handshakes_for_organization.h"
#include "services/organizations/accounts.h"
#include "services/organizations/errors.h"
#include "services/organizations/paging.h"
#include "services/organizations/tags.h"

namespace deputy::organizations {

using directory::AccountState;
using Action = Handshake::Action;
using State = Handshake::State;

namespace {

constexpr std::chrono::hours kOpenFor{15 * 24};   // an invitation lasts 15 days
constexpr std::chrono::hours kShownFor{30 * 24};  // and shows in lists for 30 more when it is over

bool is_expired(const Handshake& handshake, Time now) {
  return handshake.state == State::kOpen && now >= handshake.expires;
}

/// Whether it invites this account, and not another one that had its id or email before.
bool invites(const Handshake& handshake, const directory::Account& account) {
  if (!handshake.account.empty()) {
    return handshake.account == account.id && handshake.generation == account.generation;
  }
  // From before invitations kept that: nobody knows who had the email; of an id there was one account yet.
  return !handshake.by_email && handshake.target == account.id.view() &&
         account.generation.str() == directory::kFirstGeneration;
}

/// Whether the account is asked by it.
bool is_for(const Found& found, const AccountState& account) {
  if (found.handshake.action == Action::kInvite) return invites(found.handshake, account.account);
  return found.handshake.account == account.account.id && account.membership != nullptr &&
         account.membership->organization == found.handshake.organization;
}

/// Calls `see(Found)` with each handshake of the organization.
template <class See>
void each_handshake(const OrganizationState& in, See&& see) {
  in.handshakes.each([&](const Handshake& handshake) {
    see(Found{handshake, &in, &handshake});
    for (const Handshake::Approval& approval : handshake.approvals) see(approval_of(in, handshake, approval));
  });
}

Found find(const At& at, std::string_view id) {
  Found found;
  at.snapshot.organizations().scan("", [&](std::string_view, const OrganizationState& organization) {
    if (const Handshake* there = organization.handshakes.get(id)) found = {*there, &organization, there};
    return found.stored == nullptr;
  });
  if (found.stored != nullptr) return found;
  // Approvals are for members, and for their management account.
  if (const OrganizationState* own = organization_of(at)) {
    each_handshake(*own, [&](const Found& other) {
      if (other.handshake.id == id) found = other;
    });
  }
  return found;
}

/// To whom a handshake is there: the organization that sent it, the account that it invites.
enum class Side { kSender, kInvited, kEither };

/// One that is there to the caller on that side; others are as not there.
Result<Found> find_visible(const At& at, std::string_view id, Side side) {
  Found found = find(at, id);
  if (found.stored != nullptr) {
    if (side != Side::kInvited && found.from->is_management(at.caller.account_id())) return found;
    if (side != Side::kSender && is_for(found, *at.caller.account)) return found;
  }
  return errors::no_such_handshake();
}

Accesses on_handshake(std::string_view action, const At& at, std::string_view id) {
  const Found found = find(at, id);
  if (found.stored == nullptr) return on_everything(action);
  return on_arn(action, found.handshake.arn(found.from->organization.management));
}

shapes::HandshakeResource resource(std::string_view type, std::string value) {
  shapes::HandshakeResource out;
  out.type = std::string(type);
  out.value = std::move(value);
  return out;
}

std::string state_of(const At& at, const Found& found) {
  const Handshake& handshake = found.handshake;
  if (is_expired(handshake, at.now)) return "EXPIRED";
  switch (handshake.state) {
    case State::kOpen:
      // Nobody can answer it before all others have.
      if (handshake.action == Action::kEnableAllFeatures && !is_approved(at, *found.from, handshake))
        return "REQUESTED";
      return "OPEN";
    case State::kCanceled:
      return "CANCELED";
    case State::kAccepted:
      return "ACCEPTED";
    case State::kDeclined:
      return "DECLINED";
  }
  return {};
}

shapes::HandshakeResource about(const At& at, const Organization& organization) {
  shapes::HandshakeResource of_organization = resource("ORGANIZATION", organization.id);
  auto& about = of_organization.resources.emplace();
  if (const AccountState* management = at.snapshot.account(organization.management)) {
    if (!management->account.email.empty()) about.push_back(resource("MASTER_EMAIL", management->account.email));
    about.push_back(resource("MASTER_NAME", management->account.name));
  }
  about.push_back(resource("ORGANIZATION_FEATURE_SET", organization.all_features ? "ALL" : "CONSOLIDATED_BILLING"));
  return of_organization;
}

/// The account that is invited. An email that nobody has is refused: whoever takes it later is not who was meant.
Result<const AccountState*> find_target(const At& at, const shapes::HandshakeParty& target) {
  if (target.type == "EMAIL") {
    const auto holders = at.snapshot.accounts_with_email(target.id);
    if (holders.size() != 1) return errors::no_such_email();
    return holders.front();
  }
  if (target.type != "ACCOUNT") {
    return errors::wrong_type_of_party();
  }
  const auto id = AccountId::parse(target.id);
  const AccountState* found = id ? at.snapshot.account(*id) : nullptr;
  if (found == nullptr || found->account.suspended) {
    return errors::target_not_supported();
  }
  return found;
}

}  // namespace

bool is_listed(const Handshake& handshake, Time now) {
  if (is_open(handshake, now)) return true;
  return now < (handshake.state == State::kOpen ? handshake.expires : handshake.ended) + kShownFor;
}

shapes::Handshake shown(const At& at, const Found& found) {
  const Handshake& handshake = found.handshake;
  const Organization& organization = found.from->organization;
  const char* const target_type = handshake.by_email ? "EMAIL" : "ACCOUNT";
  const bool is_move = handshake.action == Action::kEnableAllFeatures;
  shapes::Handshake out;
  out.id = handshake.id;
  out.arn = handshake.arn(organization.management);
  out.parties = {{organization.id, "ORGANIZATION"}};
  if (!is_move) out.parties->push_back({handshake.target, target_type});
  out.state = state_of(at, found);
  out.requested_timestamp = handshake.requested;
  out.expiration_timestamp = handshake.expires;
  out.action = std::string(name_of(handshake.action));
  auto& resources = out.resources.emplace();
  resources.push_back(is_move ? resource("ORGANIZATION", organization.id) : about(at, organization));
  if (!is_move) resources.push_back(resource(target_type, handshake.target));
  if (handshake.action == Action::kApproveAllFeatures) {
    resources.push_back(resource("PARENT_HANDSHAKE", found.stored->id));
  }
  if (!handshake.notes.empty()) resources.push_back(resource("NOTES", handshake.notes));
  return out;
}

const Handshake* pending_move(const OrganizationState& in, Time now) {
  const Handshake* found = nullptr;
  in.handshakes.each([&](const Handshake& handshake) {
    if (handshake.action == Action::kEnableAllFeatures && is_open(handshake, now)) found = &handshake;
  });
  return found;
}

Found approval_of(const OrganizationState& in, const Handshake& move, const Handshake::Approval& approval) {
  Found found{.handshake = {}, .from = &in, .stored = &move};
  Handshake& handshake = found.handshake;
  handshake.id = approval.id;
  handshake.organization = move.organization;
  handshake.action = Action::kApproveAllFeatures;
  handshake.target = approval.account.str();
  handshake.account = approval.account;
  handshake.state = approval.state;
  handshake.requested = move.requested;
  handshake.expires = move.expires;
  handshake.ended = approval.ended;
  if (approval.state != State::kOpen) return found;
  // Unanswered, it ends with the move, and when the member leaves.
  const bool has_left = in.members.get(approval.account.view()) == nullptr;
  if (has_left || move.state != State::kOpen) handshake.state = State::kCanceled;
  handshake.ended = move.state != State::kOpen ? move.ended : move.requested;
  return found;
}

bool is_approved(const At& at, const OrganizationState& in, const Handshake& move) {
  return std::ranges::all_of(move.approvals, [&](const Handshake::Approval& approval) {
    if (approval.state == State::kAccepted || in.members.get(approval.account.view()) == nullptr) return true;
    const AccountState* account = at.snapshot.account(approval.account);
    return account != nullptr && account->account.suspended;  // nobody of it could answer
  });
}

namespace {

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteAccountToOrganization.html
struct InviteAccountToOrganization : shapes::InviteAccountToOrganization {
  static Result<Accesses> access(const At& at, const Input& in) {
    constexpr const char* action = "organizations:InviteAccountToOrganization";
    return with_tags(in.target.type == "ACCOUNT" ? on_id(action, at, in.target.id) : on_everything(action), in.tags);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    TRY(directory::Tags tags, merge_tags({}, in.tags));
    TRY(const AccountState* target, find_target(at, in.target));
    if (pending_move(*standing.in, at.now) != nullptr) return errors::invitations_are_off();
    if (target->membership != nullptr) return errors::invited_is_member();
    bool is_duplicate = false;
    standing.in->handshakes.each([&](const Handshake& other) {
      is_duplicate = is_duplicate || (invites(other, target->account) && is_open(other, at.now));
    });
    if (is_duplicate) return errors::duplicate_handshake();
    TRY_VOID(check_place(at, *standing.in));
    if (asked_today(at, standing.in->handshakes) >= at.account_limits.a_day()) return errors::too_many_handshakes();

    Handshake handshake;
    handshake.id = crypto::make_lower_id(at.entropy, "h-", 32);
    handshake.organization = standing.organization().id;
    handshake.target = in.target.id;
    handshake.by_email = in.target.type == "EMAIL";
    handshake.account = target->account.id;
    handshake.generation = target->account.generation;
    handshake.notes = in.notes.value_or("");
    handshake.tags = std::move(tags);
    handshake.requested = at.now;
    handshake.expires = at.now + kOpenFor;
    Outcome<Output> out;
    out.output.handshake = shown(at, {handshake, standing.in, &handshake});
    out.changes.create(handshake);
    forget_some(out.changes, standing.in->handshakes, [&](const Handshake& old) { return !is_listed(old, at.now); });
    out.changes.update(standing.organization());  // it is not deleted meanwhile, and two who count at once conflict
    return out;
  }
};

/// The stored handshake after this one was ended. Errors: HandshakeAlreadyInStateException,
/// InvalidHandshakeTransitionException.
Result<Handshake> ended(const At& at, const Found& found, State state) {
  if (found.handshake.state == state) return errors::handshake_in_state();
  if (!is_open(found.handshake, at.now)) return errors::handshake_transition();
  Handshake after = *found.stored;
  if (found.handshake.action != Action::kApproveAllFeatures) {
    after.state = state;
    after.ended = at.now;
    return after;
  }
  for (Handshake::Approval& approval : after.approvals) {
    if (approval.id != found.handshake.id) continue;
    approval.state = state;
    approval.ended = at.now;
  }
  return after;
}

/// Writes what was ended, and shows it.
shapes::Handshake written(const At& at, const Found& found, const Handshake& after, directory::Changes& changes) {
  changes.update(after);
  if (found.handshake.action != Action::kApproveAllFeatures) return shown(at, {after, found.from, &after});
  for (const Handshake::Approval& approval : after.approvals) {
    if (approval.id == found.handshake.id) return shown(at, approval_of(*found.from, after, approval));
  }
  return {};
}

/// What comes of an invitation that is accepted. Errors: HandshakeConstraintViolationException,
/// ConstraintViolationException, InvalidHandshakeTransitionException.
Result<void> join_organization(const At& at, const Found& found, directory::Changes& changes) {
  const Organization& organization = found.from->organization;
  if (at.caller.account->membership != nullptr) return errors::invited_is_member();
  if (pending_move(*found.from, at.now) != nullptr) return errors::handshake_transition();
  if (organization.accounts >= at.account_limits.in_organization) return errors::too_many_accounts();
  Membership member = membership(at, organization, at.caller.account_id(), false);
  member.tags = found.handshake.tags;
  directory::join(changes, organization, member);
  return {};
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html
struct AcceptHandshake : shapes::AcceptHandshake {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_handshake("organizations:AcceptHandshake", at, in.handshake_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Found found, find_visible(at, in.handshake_id, Side::kInvited));
    TRY(const Handshake after, ended(at, found, State::kAccepted));
    Outcome<Output> out;
    if (found.handshake.action == Action::kInvite) {
      TRY_VOID(join_organization(at, found, out.changes));
    } else if (found.handshake.action == Action::kEnableAllFeatures) {
      if (!is_approved(at, *found.from, after)) return errors::handshake_transition();
      Organization organization = found.from->organization;
      organization.all_features = true;
      out.changes.update(organization);
    }
    out.output.handshake = written(at, found, after, out.changes);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeclineHandshake.html
struct DeclineHandshake : shapes::DeclineHandshake {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_handshake("organizations:DeclineHandshake", at, in.handshake_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Found found, find_visible(at, in.handshake_id, Side::kInvited));
    TRY(const Handshake after, ended(at, found, State::kDeclined));
    Outcome<Output> out;
    out.output.handshake = written(at, found, after, out.changes);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_CancelHandshake.html
struct CancelHandshake : shapes::CancelHandshake {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_handshake("organizations:CancelHandshake", at, in.handshake_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Found found, find_visible(at, in.handshake_id, Side::kSender));
    // What a member is asked ends with the move alone, or with the member.
    if (found.handshake.action == Action::kApproveAllFeatures) return errors::handshake_transition();
    TRY(const Handshake after, ended(at, found, State::kCanceled));
    Outcome<Output> out;
    out.output.handshake = written(at, found, after, out.changes);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeHandshake.html
struct DescribeHandshake : shapes::DescribeHandshake {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_handshake("organizations:DescribeHandshake", at, in.handshake_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Found found, find_visible(at, in.handshake_id, Side::kEither));
    Outcome<Output> out;
    out.output.handshake = shown(at, found);
    return out;
  }
};

bool is_wanted(const Found& found, const std::optional<shapes::HandshakeFilter>& filter) {
  if (!filter) return true;
  if (filter->action_type && *filter->action_type != name_of(found.handshake.action)) return false;
  if (!filter->parent_handshake_id) return true;
  return found.handshake.action == Action::kApproveAllFeatures && found.stored->id == *filter->parent_handshake_id;
}

/// Those of some organizations that are wanted, by id.
class Listed {
 public:
  template <class Keep>
  void add(const At& at, const OrganizationState& in, const std::optional<shapes::HandshakeFilter>& filter,
           Keep&& keep) {
    each_handshake(in, [&](const Found& found) {
      if (!keep(found) || !is_listed(found.handshake, at.now) || !is_wanted(found, filter)) return;
      all_.put(found.handshake.id, std::make_shared<const Found>(found));
    });
  }

  template <class Output>
  void give(const At& at, const Page& page, Output& out) const {
    auto& handshakes = out.handshakes.emplace();
    give_page(out, page, all_, kEvery, [&](const Found& found) { handshakes.push_back(shown(at, found)); });
  }

 private:
  directory::SortedMap<Found> all_;
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListHandshakesForAccount.html
struct ListHandshakesForAccount : shapes::ListHandshakesForAccount {
  static Result<Accesses> access(const At&, const Input&) {
    return on_everything("organizations:ListHandshakesForAccount");
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListHandshakesForAccount"));
    Listed received;
    at.snapshot.organizations().each([&](const OrganizationState& organization) {
      received.add(at, organization, in.filter, [&](const Found& found) { return is_for(found, *at.caller.account); });
    });
    Outcome<Output> out;
    received.give(at, page, out.output);
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListHandshakesForOrganization.html
struct ListHandshakesForOrganization : shapes::ListHandshakesForOrganization {
  static Result<Accesses> access(const At&, const Input&) {
    return on_everything("organizations:ListHandshakesForOrganization");
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_delegate(at, "organizations:ListHandshakesForOrganization"));
    TRY(const Page page, page_of(in, "ListHandshakesForOrganization"));
    Listed sent;
    sent.add(at, *standing.in, in.filter, kEvery);
    Outcome<Output> out;
    sent.give(at, page, out.output);
    return out;
  }
};

}  // namespace

std::span<const Binding> handshake_bindings() {
  static constexpr Binding kBindings[] = {
      bind<InviteAccountToOrganization>(),
      bind<AcceptHandshake>(),
      bind<DeclineHandshake>(),
      bind<CancelHandshake>(),
      bind<DescribeHandshake>(),
      bind<ListHandshakesForAccount>(),
      bind<ListHandshakesForOrganization>(),
  };
  return kBindings;
}

}  // namespace deputy::organizations
