// What a session tag may be, by whatever way it comes: the call's own parameters, an assertion's attributes, a token's
// claims, an AWS service. The lengths and the pattern are the model's of a tag, so that there is one place that says
// them. https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
#pragma once

#include <string_view>

namespace deputy::sts {

/// Whether a key and a value have the characters and lengths of a tag. Both are well-formed UTF-8.
bool is_tag(std::string_view key, std::string_view value);

}  // namespace deputy::sts
