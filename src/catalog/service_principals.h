// Names of AWS services as principals: {"Service": "lambda.amazonaws.com"}.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
#pragma once

#include <string_view>

namespace deputy::catalog {

/// Whether a text has the form of a service principal: lower-case labels under amazonaws.com or amazonaws.com.cn
/// ("lambda.amazonaws.com", "states.eu-west-1.amazonaws.com", "delivery.logs.amazonaws.com").
///
/// AWS refuses names that it does not know (W-6); it has no complete list of those that it does, and adds some each
/// month. A list of ours would refuse what AWS takes, which stops people, so form is all that is asked: a mistyped
/// label is taken here, matches no caller, and is a matter for a linter.
bool is_service_principal(std::string_view name);

}  // namespace deputy::catalog
