// `deputy evaluate`: decides cases that come as lines of JSON, one line each out.
//
//   in:   the schema of docs/policy-evaluation.md, section 0; `expect` may be there and is not looked at
//   out:  {"name":…,"decision":"Allow"|"Deny","explicit":bool,"layer":…|null,"statement":…|null}
//         the same with "trace":…, if `trace` is asked for
//         {"name":…|null,"error":…} for a line that is no case
//
// A line that is no case does not stop the stream; empty lines are passed over.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace deputy::cases {

/// 0 if every line was decided, else 1.
int evaluate(std::istream& in, std::ostream& out, bool trace);

/// Appends the answer to one line, without line end; false if the line is no case.
bool evaluate_line(std::string_view line, bool trace, std::string& out);

}  // namespace deputy::cases
