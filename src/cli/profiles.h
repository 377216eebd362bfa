// AWS CLI profiles: the sections that Deputy writes into the files that every AWS client reads.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
//
// A section of ours carries the comment "# written by deputy for account …" (or "for user …"). A section without it belongs to somebody
// and is not touched unless forced; everything else in the files stays as it is, byte for byte.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace deputy::cli {

struct Profile {
  std::string name;
  std::string owner;  // whose credentials they are: "account 111111111111", "user dana"; empty: somebody's
  std::string access_key_id, secret_access_key;
  std::string session_token;  // empty: they last
  std::string region, endpoint_url;
  std::string ca_bundle;  // whom to trust over TLS; empty: whom the client trusts anyway
};

/// "account 111111111111": the owner of a root user's credentials.
std::string account_owner(std::string_view account);

/// $AWS_CONFIG_FILE and $AWS_SHARED_CREDENTIALS_FILE, or the files in ~/.aws; empty without a HOME to find those in.
struct AwsFiles {
  std::string config, credentials;
  static AwsFiles of_environment();
};

/// Nothing if the profile may be written for that owner; else the reason, for people. The lasting credentials of another
/// owner are nobody's to overwrite either: they were shown once. Ask before doing what cannot be undone.
std::optional<std::string> why_not(const AwsFiles& files, std::string_view profile, std::string_view owner, bool force);
/// Writes both files, each atomically; the credentials stay readable by their owner alone. Beside the profile there is a
/// section [services NAME], with the address of STS alone.
Result<void, std::string> write_profile(const AwsFiles& files, const Profile& profile, bool force);
/// The profile of that name, or the one that we wrote for that account. Error: a file cannot be read.
Result<std::optional<Profile>, std::string> find_profile(const AwsFiles& files, std::string_view name_or_account);
/// What the config file says of a profile; empty if nothing.
std::string setting_of(const AwsFiles& files, std::string_view profile, std::string_view name);

/// The text of an AWS file with the section `header` ("profile b") replaced or appended: a pure function, for tests.
std::string with_section(std::string_view file, std::string_view header, std::string_view owner,
                         const std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace deputy::cli
