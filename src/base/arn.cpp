#include "base/arn.h"

#include <array>

namespace deputy {

std::optional<Arn> Arn::split(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  text.remove_prefix(4);
  std::array<std::string_view, 4> fields;
  for (std::string_view& field : fields) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    field = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  return Arn{fields[0], fields[1], fields[2], fields[3], text};
}

namespace {
std::string arn(std::string_view service, const AccountId& account, std::initializer_list<std::string_view> resource) {
  std::string out;
  out.reserve(96);
  out.append("arn:aws:").append(service).append("::").append(account.view()).append(":");
  for (std::string_view part : resource) out.append(part);
  return out;
}
}  // namespace

std::string iam_arn(const AccountId& account, std::string_view type, std::string_view path, std::string_view name) {
  return arn("iam", account, {type, path, name});
}
std::string root_arn(const AccountId& account) { return arn("iam", account, {"root"}); }
std::string assumed_role_arn(const AccountId& account, std::string_view role_name, std::string_view session_name) {
  return arn("sts", account, {"assumed-role/", role_name, "/", session_name});
}
std::string federated_user_arn(const AccountId& account, std::string_view name) {
  return arn("sts", account, {"federated-user/", name});
}

}  // namespace deputy
