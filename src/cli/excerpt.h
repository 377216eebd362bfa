// The line of a document that is meant, with a caret under what is wrong:
//
//     6 |       "Action": "s3:AssumeRole"
//       |                 ^^^^^^^^^^^^^^^
#pragma once

#include <string>
#include <string_view>

#include "policy/document.h"

namespace deputy::cli {

/// Two lines, each ended. The caret covers the JSON string that starts at the position, else one character. Of a long
/// line the part around the position is shown; control characters and bytes that are not UTF-8 come out as "?", so that
/// a document can do nothing to a terminal.
std::string excerpt(std::string_view source, const policy::Position& at);

/// Text that may do something to a terminal, with "?" for what would; on one line.
std::string printable(std::string_view text);

}  // namespace deputy::cli
