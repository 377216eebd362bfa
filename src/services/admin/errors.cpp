#include "services/admin/errors.h"

#include <fmt/format.h>

#include "base/time.h"

namespace deputy::admin::errors {
namespace {

Error make(std::string_view code, std::string message) { return {std::string(code), 400, std::move(message)}; }
Error invalid(std::string message) { return make("ValidationException", std::move(message)); }

std::string management_of(const AccountId& account, std::string_view organization) {
  return fmt::format("Account {} is the management account of the organization {}", account.view(), organization);
}

}  // namespace

Error no_such_account(std::string_view id) {
  return make("AccountNotFoundException", fmt::format("There is no account {}.", id));
}
Error account_exists(const AccountId& id) {
  return make("AccountAlreadyExistsException", fmt::format("Account {} already exists.", id.view()));
}
Error email_in_use(const AccountId& holder, std::string_view email) {
  return make("AccountAlreadyExistsException",
              fmt::format("Account {} has the email {} already.", holder.view(), email));
}
Error account_id_used(const directory::DeletedAccount& former) {
  return make("AccountIdUsedException",
              fmt::format("Account {} was deleted on {}. Whatever still trusts it, as policies of other accounts may, "
                          "would trust the new one. Choose another id, or say that you know: --reuse-id.",
                          former.account.view(), iso8601(former.deleted)));
}
Error account_is_being_deleted(std::string_view id) {
  return make("AccountClosedException", fmt::format("Account {} is being deleted.", id));
}
Error account_is_closed(std::string_view id) {
  return make(
      "AccountClosedException",
      fmt::format("Account {} was closed by its organization: nobody of it is let in any more. To have the account "
                  "again, delete it with deputy account delete and make it anew.",
                  id));
}
Error account_not_empty(std::string_view id, std::span<const Held> held) {
  std::string all;
  for (const Held& one : held) {
    const std::string_view kind = one.word.substr(0, one.word.find('/'));
    all += fmt::format("{}{} {}", all.empty() ? "" : ", ", kind, one.count);
  }
  return make("AccountNotEmptyException",
              fmt::format("Account {} still holds entities, which would be deleted with it ({}).", id, all));
}

Error organization_not_empty(const AccountId& management, std::string_view organization) {
  return make("OrganizationNotEmptyException",
              management_of(management, organization) + ", which has other accounts. Remove them first.");
}
Error organization_goes_too(const AccountId& management, std::string_view organization) {
  return make("AccountNotEmptyException",
              management_of(management, organization) + ", which would be deleted with it.");
}

Error half_a_key_pair() {
  return invalid("An access key id and its secret access key are given together or not at all.");
}
Error key_is_temporary() {
  return invalid("An access key id that begins with ASIA is a temporary one; choose another.");
}
Error key_in_use(std::string_view access_key_id) {
  return make("AccessKeyAlreadyExistsException", fmt::format("The access key id {} is in use already.", access_key_id));
}
Error too_many_root_keys(std::string_view account) {
  return make("LimitExceededException",
              fmt::format("The root user of account {} has two access keys already.", account));
}
Error id_of_no_account() { return invalid("000000000000 is the id of no account."); }

Error no_account_id(std::string_view id) {
  return invalid(fmt::format("\"{}\" is no account id: they have twelve digits.", id));
}
Error no_access_key_id(std::string_view id) {
  return invalid(fmt::format("\"{}\" is no access key id: they have 16 to 128 letters, digits and underscores.", id));
}
Error no_secret_access_key() { return invalid("A secret access key has 1 to 128 characters."); }
Error cannot_change(std::string_view what, std::string_view arn, std::string_view as_it_is) {
  return make("ResourceNotChangeableException",
              fmt::format("The {} of {} is \"{}\" and cannot be changed: delete it first.", what, arn, as_it_is));
}
Error in_other_organization(const AccountId& account, std::string_view organization) {
  if (organization.empty())
    return make("AccountInOrganizationException", fmt::format("Account {} is in no organization.", account.view()));
  return make("AccountInOrganizationException",
              fmt::format("Account {} is in the organization {} already.", account.view(), organization));
}

Error no_such_instance_profile(std::string_view what) {
  return make("InstanceProfileNotFoundException", fmt::format("There is no instance profile {}.", what));
}
Error instance_profile_not_named() { return invalid("Name an instance profile by AccountId and Name, or by RoleArn."); }

Error no_such_entry(std::string_view key) {
  return make("EntryNotFoundException", fmt::format("No entry {} is set aside.", key));
}
Error not_to_be_read_back(const std::string& reason) { return {"InternalFailure", 500, reason}; }

}  // namespace deputy::admin::errors
