// `deputy aws`: the AWS CLI, whichever there is, speaking to Deputy and to nobody else.
#pragma once

#include <string>
#include <vector>

namespace deputy::cli {

/// Becomes the `aws` on the PATH ($DEPUTY_AWS names another), with these words. Returns only if it cannot.
///
/// Every version is told where to go, also those that know neither AWS_ENDPOINT_URL nor a profile's endpoint_url; and
/// whatever else it would call (the STS of a profile's role, a login) meets a proxy that is not there.
int run_aws(const std::vector<std::string>& words);

/// Whether this program was called as `aws`: by a link of that name to it.
bool is_called_aws(const char* program);

/// For a person at a terminal to whom a profile was just given: that the `aws` on the PATH would not heed its address,
/// if so.
void warn_of_old_aws();

}  // namespace deputy::cli
