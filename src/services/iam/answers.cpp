#include "services/iam/answers.h"

#include "base/arn.h"
#include "services/iam/boundary.h"
#include "services/iam/tags.h"

namespace deputy::iam {

shapes::User listed(const directory::User& user) {
  shapes::User out;
  out.path = user.path;
  out.user_name = user.name;
  out.user_id = user.id.str();
  out.arn = user.arn();
  out.create_date = user.created;
  return out;
}

shapes::User shown(const directory::User& user) {
  shapes::User out = listed(user);
  out.permissions_boundary = shown_boundary(user.boundary);
  out.tags = shown_tags(user.tags);
  return out;
}

shapes::User shown_root(const directory::Account& account) {
  shapes::User out;
  if (!account.alias.empty()) out.user_name = account.alias;
  out.user_id = account.id.str();
  out.arn = root_arn(account.id);
  out.create_date = account.created;
  return out;
}

shapes::Group shown(const directory::Group& group) {
  return {group.path, group.name, group.id.str(), group.arn(), group.created};
}

}  // namespace deputy::iam
