// Login profiles: the passwords of users for AWS's console. Deputy has no console, so nobody signs in with one; but
// they are guarded, counted and reported as AWS does it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords.html
#include "protocol/iam/change_password.h"
#include "protocol/iam/create_login_profile.h"
#include "protocol/iam/delete_login_profile.h"
#include "protocol/iam/get_login_profile.h"
#include "protocol/iam/update_login_profile.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/holder.h"
#include "services/iam/password_rules.h"
#include "services/iam/signin_duration.h"
#include "services/iam/table.h"

namespace deputy::iam {
namespace {

/// How AWS calls the root user where a user's name stands; it never has a login profile here.
constexpr std::string_view kRootName = "root";

/// A user and its login profile, which is there.
struct Owned {
  const User* user = nullptr;
  const LoginProfile* profile = nullptr;
};

Result<Owned> find_profile(const At& at, std::string_view name) {
  TRY(const User* user, find_user(at, name));
  if (!user->login_profile) return errors::no_such_login_profile(name);
  return Owned{user, &*user->login_profile};
}

/// Of the user that is named, or of the caller.
Result<Owned> find_profile(const At& at, const std::optional<std::string>& name) {
  if (means_root(at, name)) return errors::no_such_login_profile(kRootName);
  TRY(const std::string_view user, user_name_or_caller(at, name));
  return find_profile(at, user);
}

shapes::LoginProfile shown(const User& user, const LoginProfile& profile) {
  return {user.name, profile.created, profile.reset_required, shown_signin_duration(profile.max_signin_seconds)};
}

/// The user written with another profile, or none.
template <class Output>
Outcome<Output> with_profile(const User& user, std::optional<LoginProfile> profile, Output output = {}) {
  User after = user;
  after.login_profile = std::move(profile);
  return written(after, std::move(output));
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateLoginProfile.html
struct CreateLoginProfile : shapes::CreateLoginProfile {
  /// Only the root user may go without a password, in a session of sts:AssumeRoot; but no root user has a password
  /// here.
  static Result<Accesses> access(const At& at, const Input& in) {
    if (!in.password) return errors::password_needed();
    TRY(const std::string_view name, user_name_or_caller(at, in.user_name));
    return Accesses{on_user(action<"iam:CreateLoginProfile">(), at, name)};
  }

  static Result<const User*> find_owner(const At& at, const Input& in) {
    TRY(const std::string_view name, user_name_or_caller(at, in.user_name));
    TRY(const User* user, find_user(at, name));
    if (user->login_profile) return errors::login_profile_already_exists(name);
    TRY_VOID(check_password(account_of(at).account, *in.password));
    return user;
  }

  static Result<services::SlowHashes> hashes(const At& at, const Input& in) {
    TRY(const User* user, find_owner(at, in));
    return hashes_to_set(account_of(at).account, new_profile(at, *user), *in.password);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const User* user, find_owner(at, in));
    TRY(LoginProfile profile, with_password(at, *user, new_profile(at, *user), *in.password, at.hashes));
    profile.reset_required = in.password_reset_required.value_or(false);
    TRY_VOID(set_signin_duration(profile.max_signin_seconds, in.max_signin_session_duration, std::nullopt));
    Output output{.login_profile = shown(*user, profile)};
    return with_profile<Output>(*user, std::move(profile), std::move(output));
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html
struct GetLoginProfile : shapes::GetLoginProfile {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:GetLoginProfile">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Owned owned, find_profile(at, in.user_name));
    return Outcome<Output>{{.login_profile = shown(*owned.user, *owned.profile)}};
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html
struct UpdateLoginProfile : shapes::UpdateLoginProfile {
  static Accesses access(const At& at, const Input& in) {
    return {on_user(action<"iam:UpdateLoginProfile">(), at, in.user_name)};
  }

  static Result<services::SlowHashes> hashes(const At& at, const Input& in) {
    TRY(const Owned owned, find_profile(at, std::string_view(in.user_name)));
    if (!in.password) return services::SlowHashes();
    TRY_VOID(check_password(account_of(at).account, *in.password));
    return hashes_to_set(account_of(at).account, *owned.profile, *in.password);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Owned owned, find_profile(at, std::string_view(in.user_name)));
    LoginProfile profile = *owned.profile;
    if (in.password) {
      TRY(profile, with_password(at, *owned.user, profile, *in.password, at.hashes));
    }
    if (in.password_reset_required) profile.reset_required = *in.password_reset_required;
    TRY_VOID(set_signin_duration(profile.max_signin_seconds, in.max_signin_session_duration,
                                 in.reset_max_signin_session_duration));
    return with_profile<Output>(*owned.user, std::move(profile));
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteLoginProfile.html
struct DeleteLoginProfile : shapes::DeleteLoginProfile {
  static Result<Accesses> access(const At& at, const Input& in) {
    return on_holder(action<"iam:DeleteLoginProfile">(), at, in.user_name);
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Owned owned, find_profile(at, in.user_name));
    return with_profile<Output>(*owned.user, std::nullopt);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ChangePassword.html
struct ChangePassword : shapes::ChangePassword {
  static Result<Accesses> access(const At& at, const Input&) {
    if (at.caller.kind != directory::Caller::Kind::kUser) return errors::only_users_change_their_password();
    Access access = on_user(action<"iam:ChangePassword">(), at, at.caller.user->name);
    access.account_allows = account_lets_change_password(at);
    return Accesses{std::move(access)};
  }

  /// The old password's first, then those to set the new one. An expired password may be changed too: HardExpiry binds
  /// the console alone.
  static Result<services::SlowHashes> hashes(const At& at, const Input& in) {
    TRY(const Owned owned, find_profile(at, std::string_view(at.caller.user->name)));
    TRY_VOID(check_password(account_of(at).account, in.new_password));
    services::SlowHashes wanted = hashes_to_set(account_of(at).account, *owned.profile, in.new_password);
    wanted.insert(wanted.begin(), hash_to_compare(*owned.profile, in.old_password));
    return wanted;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Owned owned, find_profile(at, std::string_view(at.caller.user->name)));
    if (!is_password(at, *owned.user, *owned.profile, at.hashes.front())) return errors::wrong_old_password();
    TRY(LoginProfile profile, with_password(at, *owned.user, *owned.profile, in.new_password, at.hashes.subspan(1)));
    profile.reset_required = false;
    return with_profile<Output>(*owned.user, std::move(profile));
  }
};

}  // namespace

std::span<const Binding> login_profile_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateLoginProfile>(), bind<GetLoginProfile>(), bind<UpdateLoginProfile>(),
      bind<DeleteLoginProfile>(), bind<ChangePassword>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
