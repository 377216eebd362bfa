// Invitations of accounts that exist already.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_invites.html
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

namespace deputy::organizations {
namespace {

using directory::AccountState;
using directory::Handshake;
using State = Handshake::State;

constexpr std::chrono::hours kOpenFor{15 * 24};   // an invitation lasts 15 days
constexpr std::chrono::hours kShownFor{30 * 24};  // and shows in lists for 30 more when it is over

bool is_expired(const Handshake& handshake, Time now) {
  return handshake.state == State::kOpen && now >= handshake.expires;
}

bool is_listed(const Handshake& handshake, Time now) {
  if (is_open(handshake, now)) return true;
  return now < (handshake.state == State::kOpen ? handshake.expires : handshake.ended) + kShownFor;
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

/// A handshake, and the organization that sent it.
struct Found {
  const Handshake* handshake = nullptr;
  const OrganizationState* from = nullptr;
};

Found find(const At& at, std::string_view id) {
  Found found;
  at.snapshot.organizations().scan("", [&](std::string_view, const OrganizationState& organization) {
    found = {organization.handshakes.get(id), &organization};
    return found.handshake == nullptr;
  });
  return found;
}

/// To whom a handshake is there: the organization that sent it, the account that it invites.
enum class Side { kSender, kInvited, kEither };

/// One that is there to the caller on that side; others are as not there.
Result<Found> find_visible(const At& at, std::string_view id, Side side) {
  const Found found = find(at, id);
  if (found.handshake != nullptr) {
    if (side != Side::kInvited && found.from->is_management(at.caller.account_id())) return found;
    if (side != Side::kSender && invites(*found.handshake, at.caller.account->account)) return found;
  }
  return errors::no_such_handshake();
}

Accesses on_handshake(std::string_view action, const At& at, std::string_view id) {
  const Found found = find(at, id);
  if (found.handshake == nullptr) return on_everything(action);
  return on_arn(action, found.handshake->arn(found.from->organization.management));
}

shapes::HandshakeResource resource(std::string_view type, std::string value) {
  shapes::HandshakeResource out;
  out.type = std::string(type);
  out.value = std::move(value);
  return out;
}

std::string state_of(const Handshake& handshake, Time now) {
  if (is_expired(handshake, now)) return "EXPIRED";
  switch (handshake.state) {
    case State::kOpen:
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

shapes::Handshake shown(const At& at, const OrganizationState& from, const Handshake& handshake) {
  const Organization& organization = from.organization;
  const char* const target_type = handshake.by_email ? "EMAIL" : "ACCOUNT";
  shapes::Handshake out;
  out.id = handshake.id;
  out.arn = handshake.arn(organization.management);
  out.parties = {{organization.id, "ORGANIZATION"}, {handshake.target, target_type}};
  out.state = state_of(handshake, at.now);
  out.requested_timestamp = handshake.requested;
  out.expiration_timestamp = handshake.expires;
  out.action = "INVITE";

  shapes::HandshakeResource of_organization = resource("ORGANIZATION", organization.id);
  auto& about = of_organization.resources.emplace();
  if (const AccountState* management = at.snapshot.account(organization.management)) {
    if (!management->account.email.empty()) about.push_back(resource("MASTER_EMAIL", management->account.email));
    about.push_back(resource("MASTER_NAME", management->account.name));
  }
  about.push_back(resource("ORGANIZATION_FEATURE_SET", organization.all_features ? "ALL" : "CONSOLIDATED_BILLING"));
  auto& resources = out.resources.emplace();
  resources.push_back(std::move(of_organization));
  resources.push_back(resource(target_type, handshake.target));
  if (!handshake.notes.empty()) resources.push_back(resource("NOTES", handshake.notes));
  return out;
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
  if (found == nullptr) {
    return errors::target_not_supported();
  }
  return found;
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteAccountToOrganization.html
struct InviteAccountToOrganization : shapes::InviteAccountToOrganization {
  static Result<Accesses> access(const At& at, const Input& in) {
    constexpr const char* action = "organizations:InviteAccountToOrganization";
    return in.target.type == "ACCOUNT" ? on_id(action, at, in.target.id) : on_everything(action);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_management(at));
    if (!in.tags.empty()) return errors::member_not_implemented("Tags", "InviteAccountToOrganization");
    TRY(const AccountState* target, find_target(at, in.target));
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
    handshake.requested = at.now;
    handshake.expires = at.now + kOpenFor;
    Outcome<Output> out;
    out.output.handshake = shown(at, *standing.in, handshake);
    out.changes.create(handshake);
    forget_some(out.changes, standing.in->handshakes, [&](const Handshake& old) { return !is_listed(old, at.now); });
    out.changes.update(standing.organization());  // it is not deleted meanwhile, and two who count at once conflict
    return out;
  }
};

/// Ends an open handshake. Errors: HandshakeAlreadyInStateException, InvalidHandshakeTransitionException.
Result<Handshake> ended(const At& at, const Handshake& handshake, State state) {
  if (handshake.state == state) return errors::handshake_in_state();
  if (!is_open(handshake, at.now)) return errors::handshake_transition();
  Handshake after = handshake;
  after.state = state;
  after.ended = at.now;
  return after;
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html
struct AcceptHandshake : shapes::AcceptHandshake {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_handshake("organizations:AcceptHandshake", at, in.handshake_id);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Found found, find_visible(at, in.handshake_id, Side::kInvited));
    TRY(const Handshake after, ended(at, *found.handshake, State::kAccepted));
    if (at.caller.account->membership != nullptr) return errors::invited_is_member();
    if (found.from->organization.accounts >= at.account_limits.in_organization) return errors::too_many_accounts();
    Outcome<Output> out;
    out.changes.update(after);
    directory::join(out.changes, found.from->organization,
                    membership(at, found.from->organization, at.caller.account_id(), false));
    out.output.handshake = shown(at, *found.from, after);
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
    TRY(const Handshake after, ended(at, *found.handshake, State::kDeclined));
    Outcome<Output> out;
    out.changes.update(after);
    out.output.handshake = shown(at, *found.from, after);
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
    TRY(const Handshake after, ended(at, *found.handshake, State::kCanceled));
    Outcome<Output> out;
    out.changes.update(after);
    out.output.handshake = shown(at, *found.from, after);
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
    out.output.handshake = shown(at, *found.from, *found.handshake);
    return out;
  }
};

/// All handshakes are invitations, and none is another's child.
bool wants_invitations(const std::optional<shapes::HandshakeFilter>& filter) {
  if (!filter) return true;
  return filter->action_type.value_or("INVITE") == "INVITE" && !filter->parent_handshake_id;
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListHandshakesForAccount.html
struct ListHandshakesForAccount : shapes::ListHandshakesForAccount {
  static Result<Accesses> access(const At&, const Input&) {
    return on_everything("organizations:ListHandshakesForAccount");
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListHandshakesForAccount"));
    directory::SortedMap<Found> received;
    at.snapshot.organizations().each([&](const OrganizationState& organization) {
      organization.handshakes.each([&](const Handshake& handshake) {
        if (!invites(handshake, at.caller.account->account) || !is_listed(handshake, at.now)) return;
        received.put(handshake.id, std::make_shared<const Found>(Found{&handshake, &organization}));
      });
    });
    Outcome<Output> out;
    auto& handshakes = out.output.handshakes.emplace();
    if (wants_invitations(in.filter)) {
      give_page(out.output, page, received, kEvery,
                [&](const Found& found) { handshakes.push_back(shown(at, *found.from, *found.handshake)); });
    }
    return out;
  }
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListHandshakesForOrganization.html
struct ListHandshakesForOrganization : shapes::ListHandshakesForOrganization {
  static Result<Accesses> access(const At&, const Input&) {
    return on_everything("organizations:ListHandshakesForOrganization");
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Standing standing, as_reader(at));
    TRY(const Page page, page_of(in, "ListHandshakesForOrganization"));
    Outcome<Output> out;
    auto& handshakes = out.output.handshakes.emplace();
    if (wants_invitations(in.filter)) {
      give_page(
          out.output, page, standing.in->handshakes,
          [&](const Handshake& handshake) { return is_listed(handshake, at.now); },
          [&](const Handshake& handshake) { handshakes.push_back(shown(at, *standing.in, handshake)); });
    }
    return out;
  }
};

}  // namespace

std::span<const Binding> handshake_bindings() {
  using services::bind;
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
