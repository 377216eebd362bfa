// An organization of AWS Organizations as values: itself, the accounts in it, the invitations that it sent, and the
// accounts that it asked for. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_introduction.html
//
// That an account belongs to an organization is an entity of the account (Membership): so it belongs to one at most,
// and what changes in the organization does not touch its accounts. Every account is a child of the root: a unit's id
// as parent becomes a field of Membership, and policies entities beside these.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/account_id.h"
#include "base/time.h"
#include "base/unique_id.h"

namespace deputy::directory {

using Revision = std::uint64_t;

/// A service principal, and since when it may do what the list that it stands in says.
struct EnabledService {
  std::string principal;  // "iam.amazonaws.com"
  Time since;
};

/// The entry of a service in such a list; null if it has none.
const EnabledService* find_service(const std::vector<EnabledService>& services, std::string_view principal);

struct Organization {
  std::string id;    // o-…
  std::string root;  // r-…
  AccountId management;
  bool all_features = true;  // else only consolidated billing
  Time created;
  std::vector<EnabledService> trusted_services;  // "AWS service access", in the order in which it was enabled
  // Centralized root access, which IAM switches on (services/iam/organization_features.cpp):
  bool root_credentials_management = false;
  bool root_sessions = false;
  // The management account included. Written whenever one comes or goes, so that deleting the organization cannot race
  // with that.
  std::uint32_t accounts = 1;
  Revision revision = 0;

  [[nodiscard]] std::string arn() const;
  [[nodiscard]] std::string root_arn() const;
  /// Of an account in it.
  [[nodiscard]] std::string account_arn(const AccountId& account) const;
};

/// An account's place in an organization.
struct Membership {
  AccountId account;
  std::string organization;  // its id
  bool created = false;      // by the organization; else it was invited, or is the management account
  Time joined;
  std::vector<EnabledService> delegations;  // services for which it is a delegated administrator
  Revision revision = 0;

  [[nodiscard]] static std::string key_name() { return "organization"; }
};

/// An invitation of an account into an organization.
struct Handshake {
  enum class State : std::uint32_t { kOpen = 1, kCanceled = 2, kAccepted = 3, kDeclined = 4 };

  std::string id;            // h-…
  std::string organization;  // whose it is
  std::string target;        // as it was named: an account id, or an email address
  bool by_email = false;     // `target` is the latter
  // Whom it invites: the account that had that id or email when it was sent, and no other that gets either later. Empty
  // in those from before this was kept.
  AccountId account;
  UniqueId generation;
  std::string notes;
  State state = State::kOpen;
  Time requested, expires;
  Time ended;  // when it left the state kOpen
  Revision revision = 0;

  /// "arn:aws:organizations::<management>:handshake/o-…/invite/h-…"
  [[nodiscard]] std::string arn(const AccountId& management) const;
  [[nodiscard]] std::string key_name() const { return id; }
};

/// What became of a request for a new account.
struct AccountCreation {
  std::string id;            // car-…
  std::string organization;  // whose it is
  std::string name;          // of the account
  AccountId account;         // empty: it failed
  std::string failure;       // why: CreateAccountFailureReason; empty: it did not
  Time requested;            // and completed, as nothing here takes time
  Revision revision = 0;

  [[nodiscard]] std::string key_name() const { return id; }
};

}  // namespace deputy::directory
