// Accounts and their root credentials.
#pragma once

#include "protocol/admin/create_account.h"
#include "protocol/admin/create_root_access_key.h"
#include "protocol/admin/delete_account.h"
#include "protocol/admin/get_account.h"
#include "protocol/admin/list_accounts.h"
#include "services/operation.h"

namespace deputy::admin {

using services::Accesses;
using services::At;
using services::Outcome;

/// Makes an account and an access key of its root user, chosen by the operator or drawn. The secret is shown this once.
/// The id of an account that was deleted is given again only if the operator says so (ReuseId).
/// Errors: AccountAlreadyExistsException (its id, or its email), AccountIdUsedException,
/// AccessKeyAlreadyExistsException, ValidationException (half a key pair).
struct CreateAccount : shapes::CreateAccount {
  static Result<Accesses> access(const At&, const Input&) { return Accesses{}; }
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

struct GetAccount : shapes::GetAccount {
  static Result<Accesses> access(const At&, const Input&) { return Accesses{}; }
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// In order of their ids.
struct ListAccounts : shapes::ListAccounts {
  static Result<Accesses> access(const At&, const Input&) { return Accesses{}; }
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Deletes an empty account; with Force a full one, so much per call as one commit holds: call again until nothing
/// remains. Credentials go first: from the first call on nobody of that account is let in.
/// It leaves its organization; a management account takes it along if it is alone in it.
/// Errors: AccountNotFoundException, AccountNotEmptyException, OrganizationNotEmptyException.
struct DeleteAccount : shapes::DeleteAccount {
  static Result<Accesses> access(const At&, const Input&) { return Accesses{}; }
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

/// Errors: AccountNotFoundException, LimitExceededException (two keys, as in AWS).
struct CreateRootAccessKey : shapes::CreateRootAccessKey {
  static Result<Accesses> access(const At&, const Input&) { return Accesses{}; }
  static Result<Outcome<Output>> execute(const At& at, const Input& in);
};

}  // namespace deputy::admin
