// The line of a document that is meant, with a caret under what is wrong:
//
//     6 |       "Action": "s3:AssumeRole"
//       |                 ^^^^^^^^^^^^^^^
#pragma once

#include <string>
#include <string_view>

#include "policy/document.h"

namespace deputy::cases {

/// Two lines, each ended. The caret covers the JSON string that starts at the position, else one character. Of a long
/// line the part around the position is shown; hidden characters (base/visible.h) and bytes that are not UTF-8
/// come out as "?", so that a document can do nothing to a terminal.
std::string excerpt(std::string_view source, const policy::Position& at);

}  // namespace deputy::cases
