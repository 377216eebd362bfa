// The query protocol's parameters (docs/wire.md, 1.1): a form body or the query of a GET, decoded once, and from it the
// Input of an operation.
//
//   TRY(Parameters parameters, Parameters::parse(request.query(), request.body));
//   AssumeRole::Input input;
//   TRY_VOID(decode_query(AssumeRole::model, parameters, &input));
//
// The first of equal names wins, unknown ones are ignored, `Tags=` is an empty list. Limits: kMostParameters, nine
// digits for the index of a list's element, kMostElements (limits.h); sizes are limited by http::Limits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "http/message.h"
#include "protocol/operation.h"

namespace deputy::protocol {

struct Parameter {
  std::string_view name;
  std::string_view value;
  std::uint32_t position = 0;  // on the wire
};

/// The decoded parameters, sorted by name, equal names in wire order. Names and values are well-formed UTF-8.
class Parameters {
 public:
  /// `query` stands before `form` on the wire. Errors: MalformedQueryString for a bad escape; MalformedInput for what
  /// is not UTF-8 and for too many, empty ones counted.
  static Result<Parameters> parse(std::string_view query, std::string_view form);

  [[nodiscard]] std::span<const Parameter> all() const { return sorted_; }
  /// The first of that name; null if there is none.
  [[nodiscard]] const std::string_view* find(std::string_view name) const;

 private:
  Result<void> add(std::string_view text);

  std::unique_ptr<char[]> arena_;  // the decoded text, as large as the encoded: views into it stay valid
  std::size_t used_ = 0, pairs_ = 0;
  std::vector<Parameter> sorted_;
};

/// The first parameter of that name in an encoded form, without decoding the rest; nothing if there is none, or if it
/// stands behind more than may be sent.
/// Error: MalformedQueryString if that parameter has a bad escape.
Result<std::optional<std::string>> scan_parameter(std::string_view form, std::string_view name);

/// Whether the body says that it is a form.
bool is_form(const http::Request& request);

/// MalformedQueryString with AWS's wording if any escape in `text` is bad (docs/wire.md, 3.1 row 4).
Result<void> check_escapes(std::string_view text);

/// Fills `input`, an Input of `operation`, and checks it. Errors: MalformedInput, ValidationError.
Result<void> decode_query(const Operation& operation, const Parameters& parameters, void* input);

}  // namespace deputy::protocol
