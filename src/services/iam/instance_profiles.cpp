// Instance profiles: what carries a role to an EC2 instance; each holds one role at most.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
#include "protocol/iam/add_role_to_instance_profile.h"
#include "protocol/iam/create_instance_profile.h"
#include "protocol/iam/delete_instance_profile.h"
#include "protocol/iam/get_instance_profile.h"
#include "protocol/iam/list_instance_profile_tags.h"
#include "protocol/iam/list_instance_profiles.h"
#include "protocol/iam/list_instance_profiles_for_role.h"
#include "protocol/iam/remove_role_from_instance_profile.h"
#include "protocol/iam/tag_instance_profile.h"
#include "protocol/iam/untag_instance_profile.h"
#include "services/iam/answers.h"
#include "services/iam/arns.h"
#include "services/iam/errors.h"
#include "services/iam/paging.h"
#include "services/iam/places.h"
#include "services/iam/table.h"
#include "services/iam/tag_operations.h"
#include "services/iam/tags.h"

namespace deputy::iam {
namespace {

using directory::InstanceProfile;

Result<const InstanceProfile*> find_profile(const At& at, std::string_view name) {
  const InstanceProfile* profile = at.snapshot.instance_profile(at.caller.account_id(), name);
  if (profile == nullptr) return errors::no_such_instance_profile(name);
  return profile;
}

Access on_profile(const policy::Action& action, const At& at, std::string_view name) {
  const InstanceProfile* profile = at.snapshot.instance_profile(at.caller.account_id(), name);
  Access access =
      profile != nullptr ? on_arn(action, profile->arn()) : on_new(action, at, "instance-profile", std::nullopt, name);
  if (profile != nullptr) access.resource_tags = &profile->tags;
  return access;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html
struct CreateInstanceProfile : shapes::CreateInstanceProfile {
  static Accesses access(const At& at, const Input& in) {
    const directory::Tags tags = request_tags(in.tags);
    const auto needs = [&](const policy::Action& action) {
      return with_tags(on_new(action, at, "instance-profile", in.path, in.instance_profile_name), tags);
    };
    Accesses all{needs(action<"iam:CreateInstanceProfile">())};
    if (!in.tags.empty()) all.push_back(needs(action<"iam:TagInstanceProfile">()));
    return all;
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    const AccountState& account = account_of(at);
    if (is_taken(account.instance_profiles, in.instance_profile_name)) {
      return errors::instance_profile_already_exists(in.instance_profile_name);
    }
    if (account.instance_profiles.size() >= quotas::kInstanceProfilesPerAccount.limit) {
      return errors::limit_exceeded(quotas::kInstanceProfilesPerAccount);
    }
    InstanceProfile profile;
    profile.account = account.account.id;
    profile.id = crypto::make_unique_id(at.entropy, "AIPA");
    profile.path = in.path.value_or("/");
    profile.name = in.instance_profile_name;
    profile.created = at.now;
    TRY(profile.tags, new_tags(in.tags, TagKeys::kExact));

    Outcome<Output> out{.output = {.instance_profile = listed(at, profile)}};
    out.output.instance_profile.tags = shown_tags(profile.tags);
    out.changes.create(profile);
    guard_place(out.changes, at, account.instance_profiles.size(), quotas::kInstanceProfilesPerAccount);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html
struct GetInstanceProfile : shapes::GetInstanceProfile {
  static Accesses access(const At& at, const Input& in) {
    return {on_profile(action<"iam:GetInstanceProfile">(), at, in.instance_profile_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const InstanceProfile* profile, find_profile(at, in.instance_profile_name));
    Outcome<Output> out{.output = {.instance_profile = listed(at, *profile)}};
    out.output.instance_profile.tags = shown_tags(profile->tags).value_or(GivenTags());  // there, even if empty
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html
struct ListInstanceProfiles : shapes::ListInstanceProfiles {
  static Accesses access(const At& at, const Input& in) {
    return {on_list(action<"iam:ListInstanceProfiles">(), at, "instance-profile", in.path_prefix)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListInstanceProfiles"));
    Outcome<Output> out;
    give_page(out.output, page, account_of(at).instance_profiles, under_path(in.path_prefix),
              [&](const InstanceProfile& profile) { out.output.instance_profiles.push_back(listed(at, profile)); });
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html
struct ListInstanceProfilesForRole : shapes::ListInstanceProfilesForRole {
  static Accesses access(const At& at, const Input& in) {
    return {on_role(action<"iam:ListInstanceProfilesForRole">(), at, in.role_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const Page page, page_of(in, "ListInstanceProfilesForRole"));
    TRY(const Role* role, find_role(at, in.role_name));
    Outcome<Output> out;
    give_page(
        out.output, page, account_of(at).instance_profiles,
        [&](const InstanceProfile& profile) { return profile.role == role->name; },
        [&](const InstanceProfile& profile) { out.output.instance_profiles.push_back(listed(at, profile)); });
    return out;
  }
};

/// Puts a profile with another role than before, and counts at both roles that it holds them or not.
void hand_over(directory::Changes& changes, const InstanceProfile& before, const Role& role, bool in) {
  InstanceProfile after = before;
  after.role = in ? role.name : std::string();
  Role counted = role;
  if (in) {
    ++counted.instance_profiles;
  } else if (counted.instance_profiles > 0) {
    --counted.instance_profiles;
  }
  changes.update(after);
  changes.update(counted);
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
struct AddRoleToInstanceProfile : shapes::AddRoleToInstanceProfile {
  /// The caller hands the role to EC2, so it must be allowed to pass it there. [E-14, K-11]
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
  static Accesses access(const At& at, const Input& in) {
    Access pass = on_role(action<"iam:PassRole">(), at, in.role_name);
    pass.keys.emplace_back(policy::Key::kPassedToService, "ec2.amazonaws.com");
    return {on_profile(action<"iam:AddRoleToInstanceProfile">(), at, in.instance_profile_name), std::move(pass)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const InstanceProfile* profile, find_profile(at, in.instance_profile_name));
    TRY(const Role* role, find_changeable_role(at, in.role_name));
    if (!profile->role.empty()) return errors::limit_exceeded(quotas::kRolesPerInstanceProfile);
    Outcome<Output> out;
    hand_over(out.changes, *profile, *role, true);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html
struct RemoveRoleFromInstanceProfile : shapes::RemoveRoleFromInstanceProfile {
  static Accesses access(const At& at, const Input& in) {
    return {on_profile(action<"iam:RemoveRoleFromInstanceProfile">(), at, in.instance_profile_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const InstanceProfile* profile, find_profile(at, in.instance_profile_name));
    TRY(const Role* role, find_changeable_role(at, in.role_name));
    if (profile->role != role->name) return errors::no_such_role_in_profile(role->name, profile->name);
    Outcome<Output> out;
    hand_over(out.changes, *profile, *role, false);
    return out;
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html
struct DeleteInstanceProfile : shapes::DeleteInstanceProfile {
  static Accesses access(const At& at, const Input& in) {
    return {on_profile(action<"iam:DeleteInstanceProfile">(), at, in.instance_profile_name)};
  }

  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const InstanceProfile* profile, find_profile(at, in.instance_profile_name));
    if (!profile->role.empty()) return errors::must_first(errors::kRemoveFromInstanceProfile);
    return erased<Output>(*profile);
  }
};

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagInstanceProfile.html
struct InstanceProfileTags {
  static constexpr TagKeys kKeys = TagKeys::kExact;
  static constexpr auto on = on_profile;
  static constexpr auto find = find_profile;
  static constexpr auto find_to_tag = find_profile;
  static constexpr auto find_to_untag = find_profile;
  static const std::string& name(const auto& in) { return in.instance_profile_name; }
};
using TagInstanceProfile = Tagging<shapes::TagInstanceProfile, InstanceProfileTags>;
using UntagInstanceProfile = Untagging<shapes::UntagInstanceProfile, InstanceProfileTags>;
using ListInstanceProfileTags = TagListing<shapes::ListInstanceProfileTags, InstanceProfileTags>;

}  // namespace

std::span<const Binding> instance_profile_bindings() {
  using services::bind;
  static constexpr Binding kBindings[] = {
      bind<CreateInstanceProfile>(),       bind<GetInstanceProfile>(),       bind<ListInstanceProfiles>(),
      bind<ListInstanceProfilesForRole>(), bind<AddRoleToInstanceProfile>(), bind<RemoveRoleFromInstanceProfile>(),
      bind<DeleteInstanceProfile>(),       bind<TagInstanceProfile>(),       bind<UntagInstanceProfile>(),
      bind<ListInstanceProfileTags>(),
  };
  return kBindings;
}

}  // namespace deputy::iam
