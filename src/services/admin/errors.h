// The errors of Deputy's administration. No client knows them but the `deputy` command, which shows the sentences to the
// operator as they are: each says what is wrong and, where there is a way out, which.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/error.h"
#include "directory/entities.h"

namespace deputy::admin::errors {

Error no_such_account(std::string_view id);
Error account_exists(const AccountId& id);
/// Somebody else has it.
Error email_in_use(const AccountId& holder, std::string_view email);
/// AWS gives no id twice: policies of other accounts, conditions, and people go on trusting it.
Error account_id_used(const directory::DeletedAccount& former);
Error account_is_being_deleted(std::string_view id);
/// By its organization.
Error account_is_closed(std::string_view id);
/// What an account holds of one kind, by the kind's word of the store: "user", "saml-provider", "bucket/".
struct Held {
  std::string_view word;
  std::size_t count;
};
Error account_not_empty(std::string_view id, std::span<const Held> held);

/// An organization stands in the way of deleting its management account.
Error organization_not_empty(const AccountId& management, std::string_view organization);
/// It would be deleted with the account, and nobody said so.
Error organization_goes_too(const AccountId& management, std::string_view organization);

Error half_a_key_pair();
Error key_is_temporary();
Error key_in_use(std::string_view access_key_id);
Error too_many_root_keys(std::string_view account);
/// 000000000000.
Error id_of_no_account();

// Of seeds.
Error no_account_id(std::string_view id);
Error no_access_key_id(std::string_view id);
Error no_secret_access_key();
/// What only who deletes and makes it anew can give it: "path".
Error cannot_change(std::string_view what, std::string_view arn, std::string_view as_it_is);
/// Empty: it is in the organization, but not its management account.
Error in_other_organization(const AccountId& account, std::string_view organization);

/// `what`: "that holds arn:…", or "web in account 111111111111".
Error no_such_instance_profile(std::string_view what);
Error instance_profile_not_named();

Error no_such_entry(std::string_view key);
/// A seed's change that the directory could not decode again: a fault of ours.
Error not_to_be_read_back(const std::string& reason);

}  // namespace deputy::admin::errors
