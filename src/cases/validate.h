// `deputy validate`: what AWS would say of a policy document, and what people want to know of it beside that.
//
//   Checked checked = check(type, text);
//   out = for_people("trust.json", text, checked);      // errors with file, line, column and a caret
//
// An error is a refusal by AWS: its words first, then what was written. A warning is something that AWS takes and that
// does nothing: an action that no service has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "policy/document.h"

namespace deputy::cases {

/// "identity", "trust", …: the values of --type.
std::vector<std::string> policy_types();

struct Finding {
  bool is_error = true;
  std::string message;  // AWS's words for an error
  std::string detail;   // for people; may be empty
  policy::Position position;
};

struct Checked {
  std::vector<Finding> findings;  // the errors first, then the warnings in the order of the document
  [[nodiscard]] bool valid() const { return findings.empty() || !findings.front().is_error; }
};

/// `type` is one of policy_types(). AWS's manner: the first error alone, and warnings only where there is none.
Checked check(std::string_view type, std::string_view text);
/// All errors that can be told apart: after each, what it is about is left out or made good (cases/faults.h), and the rest
/// is checked.
Checked check_all(std::string_view type, std::string_view text);

/// "file:line:column: error: …", the line with its caret, and the detail; one line if all is well.
std::string for_people(std::string_view file, std::string_view text, const Checked& checked);
/// {"file":…,"valid":…,"errors":[…],"warnings":[…]}
void write_json(JsonWriter& json, std::string_view file, const Checked& checked);

}  // namespace deputy::cases
