#include "services/admin/instance_profiles.h"

#include "services/admin/errors.h"

namespace deputy::admin {

using directory::InstanceProfile;

namespace {

const InstanceProfile* holder_of(const services::At& at, std::string_view role_arn) {
  const directory::Role* role = at.snapshot.role_by_arn(role_arn);
  if (role == nullptr) return nullptr;
  const InstanceProfile* found = nullptr;
  at.snapshot.account(role->account)->instance_profiles.scan("", [&](std::string_view, const InstanceProfile& profile) {
    if (profile.role == role->name) found = &profile;
    return found == nullptr;
  });
  return found;
}

}  // namespace

Result<services::Outcome<DescribeInstanceProfile::Output>> DescribeInstanceProfile::execute(const services::At& at,
                                                                                            const Input& in) {
  const InstanceProfile* profile = nullptr;
  std::string wanted;
  if (in.role_arn) {
    profile = holder_of(at, *in.role_arn);
    wanted = "that holds " + *in.role_arn;
  } else if (in.account_id && in.name) {
    profile = at.snapshot.instance_profile(*AccountId::parse(*in.account_id), *in.name);
    wanted = *in.name + " in account " + *in.account_id;
  } else {
    return errors::instance_profile_not_named();
  }
  if (profile == nullptr) return errors::no_such_instance_profile(wanted);
  Output out;
  out.arn = profile->arn();
  out.instance_profile_id = profile->id.str();
  if (const auto* role = at.snapshot.role(profile->account, profile->role)) out.role_arn = role->arn();
  return services::Outcome<Output>{std::move(out)};
}

}  // namespace deputy::admin
