#include "services/iam/holder.h"

#include "services/iam/arns.h"

namespace deputy::iam {

Result<Holder> find_holder(const At& at, const std::optional<std::string>& user_name) {
  if (means_root(at, user_name)) return Holder{.user = nullptr, .root = &account_of(at).account};
  TRY(const std::string_view name, user_name_or_caller(at, user_name));
  TRY(const User* user, find_user(at, name));
  return Holder{.user = user, .root = nullptr};
}

Result<Accesses> on_holder(const policy::Action& action, const At& at, const std::optional<std::string>& user_name) {
  if (means_root(at, user_name)) return Accesses{on_arn(action, at.caller.arn)};
  TRY(const std::string_view name, user_name_or_caller(at, user_name));
  return Accesses{on_user(action, at, name)};
}

}  // namespace deputy::iam
