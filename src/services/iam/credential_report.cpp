#include "services/iam/credential_report.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/arn.h"
#include "base/time.h"
#include "services/iam/quotas.h"

namespace deputy::iam {
namespace {

using directory::AccessKey;

constexpr std::string_view kHead =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
    "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
constexpr std::string_view kNone = "N/A", kUnknown = "no_information", kUnsupported = "not_supported";
constexpr std::size_t kKeyColumns = 2;

std::string_view said(bool truth) { return truth ? "true" : "false"; }

/// "2026-07-24T10:11:12Z"
std::string moment(Time t) { return iso8601(t); }

class Row {
 public:
  explicit Row(std::string& out) : out_(out) { out_ += '\n'; }

  Row& operator<<(std::string_view field) {
    if (!std::exchange(first_, false)) out_ += ',';
    if (field.find(',') == std::string_view::npos) {  // user names may have commas; none has quotes or line breaks
      out_ += field;
    } else {
      out_.append("\"").append(field).append("\"");
    }
    return *this;
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void add_keys(Row& row, const At& at, const std::vector<AccessKey>& keys) {
  for (std::size_t i = 0; i < kKeyColumns; ++i) {
    if (i >= keys.size()) {
      row << said(false) << kNone << kNone << kNone << kNone;
      continue;
    }
    row << said(keys[i].active) << moment(keys[i].created);
    if (const auto use = at.usage.last(keys[i].id)) {
      row << moment(use->when) << use->region << use->service;
    } else {
      row << kNone << kNone << kNone;
    }
  }
}

void add_certificates(Row& row, const std::vector<directory::SigningCertificate>& certificates) {
  for (std::size_t i = 0; i < quotas::kCertificatesPerUser.limit; ++i) {
    if (i < certificates.size()) {
      row << said(certificates[i].active) << moment(certificates[i].uploaded);
    } else {
      row << said(false) << kNone;
    }
  }
}

void add_password(Row& row, const directory::Account& account, const User& user) {
  if (!user.login_profile) {
    row << said(false) << kNone << kNone << kNone;
    return;
  }
  // There is no console to use it at.
  row << said(true) << kUnknown << moment(user.login_profile->changed);
  const std::uint32_t days = account.password_policy ? account.password_policy->max_age_days : 0;
  if (days == 0) {
    row << kNone;
  } else {
    row << moment(user.login_profile->changed + std::chrono::hours(24 * days));
  }
}

}  // namespace

std::string credential_report(const At& at) {
  const AccountState& state = account_of(at);
  const directory::Account& account = state.account;
  std::string out(kHead);
  Row root(out);
  root << "<root_account>" << root_arn(account.id) << moment(account.created) << kUnsupported << kUnknown
       << kUnsupported << kUnsupported << said(false);
  add_keys(root, at, account.root_keys);
  add_certificates(root, account.root_certificates);
  state.users.each([&](const User& user) {
    Row row(out);
    row << user.name << user.arn() << moment(user.created);
    add_password(row, account, user);
    row << said(!user.mfa_devices.empty());
    add_keys(row, at, user.access_keys);
    add_certificates(row, user.signing_certificates);
  });
  return out;
}

}  // namespace deputy::iam
