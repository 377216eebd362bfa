// Internal to identity_provider/: elements in the form that exclusive canonicalization gives them
// (https://www.w3.org/TR/xml-exc-c14n/), so that what is written is what is digested: namespaces where they are first used,
// attributes in the order of their names (the caller's business), no empty-element tags, and the escapes of Canonical XML.
#pragma once

#include <string>
#include <string_view>

namespace deputy::identity_provider {

/// Whether XML 1.0 can hold it: UTF-8, no control but tab and line ends, none of the characters that are none.
bool can_stand_in_xml(std::string_view text);

std::string escaped_text(std::string_view text);
std::string escaped_attribute(std::string_view text);

}  // namespace deputy::identity_provider
