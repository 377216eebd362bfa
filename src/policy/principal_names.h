// What services and identity providers may be called as principals, where nobody has to have created them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#pragma once

#include <string_view>

namespace deputy::policy {

/// Whether a text has the form of a service principal: lower-case labels under amazonaws.com or amazonaws.com.cn
/// ("lambda.amazonaws.com", "states.eu-west-1.amazonaws.com", "delivery.logs.amazonaws.com"), or one of Alexa's two names,
/// which are under amazon.com.
///
/// AWS refuses names that it does not know (W-6); it has no complete list of those that it does, and adds some each
/// month. A list of ours would refuse what AWS takes, which stops people, so form is all that is asked: a mistyped
/// label is taken here, matches no caller, and is a matter for a linter.
bool is_service_principal(std::string_view name);

inline constexpr std::string_view kCognito = "cognito-identity.amazonaws.com";
/// Whether it is an identity provider that exists in no account: Cognito, Amazon, Facebook, Google. [P-9]
bool is_built_in_provider(std::string_view name);

}  // namespace deputy::policy
