// Patterns for ARNs: those of Resource elements [M-5 to M-9] and those of the Arn operators [C-16].
//
// An ARN has six fields, split at its first five colons. Where a pattern's first five fields are plain text, as nearly
// always, the whole is one glob. Otherwise it is matched field by field: a wildcard stays in its field, except that in
// a Resource a star that ends a field may run on over any number of fields. The sixth field is everything that is left.
#pragma once

#include <cstring>
#include <span>
#include <string_view>

#include "policy/pattern.h"

namespace deputy::policy {

/// One of the first five fields.
struct FieldPattern {
  Glob glob;
  bool runs_on = false;  // ends with a star that may reach over colons [M-6]
};

/// What stands behind a pattern that is more than literal text and a star.
struct ArnDetails {
  Glob glob;                             // kGlob; kFields: the sixth
  Tokens tokens;                         // kTokens, kDynamic: all; kFields: the sixth, if it has variables
  std::span<const FieldPattern> fields;  // kFields: the first five, or fewer
  bool has_sixth = false;                // kFields: false for "arn:aws:sqs:*"
};

/// The last bytes of a text, up to eight, as a number: equal texts have equal tails.
inline std::uint64_t tail_of(std::string_view text) {
  std::uint64_t tail = 0;
  if (text.size() >= 8) {
    std::memcpy(&tail, text.data() + text.size() - 8, 8);
  } else if (!text.empty()) {
    std::memcpy(&tail, text.data(), text.size());
  }
  return tail;
}

/// Borrows the text that it was compiled from.
struct ArnPattern {
  enum class Form : std::uint8_t {
    kEverything,  // "*"
    kNothing,     // can match no ARN
    kText,        // no wildcards
    kPrefix,      // a star at the end, no other wildcard
    kGlob,        // wildcards in the sixth field only
    kTokens,      // variables in the sixth field, no wildcards before it
    kFields,      // wildcards in the first five fields
    kDynamic,     // a variable in the first five fields: split when it is filled in; only in conditions
  };
  Form form = Form::kNothing;
  std::string_view prefix;  // literal text that every match begins with; kText: all of it
  std::uint64_t tail = 0;   // of the prefix
  const ArnDetails* details = nullptr;
  std::string_view written;  // as it stands in the document

  /// False if the text cannot match: a look at its length and at eight bytes.
  [[nodiscard]] bool may_match(std::string_view text) const {
    return text.size() >= prefix.size() && tail_of(text.substr(0, prefix.size())) == tail;
  }
};

ArnPattern compile_resource(std::string_view text, bool variables, Arena& arena);
ArnPattern compile_arn_value(std::string_view text, bool variables, Arena& arena);

/// Whether a Resource element covers this request resource.
bool matches_resource(const ArnPattern& pattern, std::string_view resource, const Context& context, Work& work);
/// Whether a value of an Arn operator covers this request value.
bool matches_arn(const ArnPattern& pattern, std::string_view value, const Context& context, Work& work);

}  // namespace deputy::policy
