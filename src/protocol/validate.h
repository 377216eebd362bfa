// The constraints of the models, worded as AWS words them (docs/wire.md, section 4). Decoders hand every value here as
// they place it; at the end `result` is either fine or one ValidationError that names all that was wrong.
//
//   Violations violations(service);
//   violations.missing(member, path);                    // a required member that was not sent
//   violations.check(member, *member.shape, value, path);
//   TRY_VOID(violations.result());
//
//   2 validation errors detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy
//   regular expression pattern: [\w+=,.@-]*; Value null at 'roleArn' failed to satisfy constraint: Member must not be
//   null
//
// IAM leaves the value out ("Value at 'roleName' failed …") and has sentences of its own for names and paths (5.2),
// which come only when no clause does. Values that the model calls sensitive are never printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "protocol/operation.h"

namespace deputy::protocol {

/// Where a value stands in the input, chained up the stack of the decoder: costs nothing until it is printed.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;  // of a member; empty: an element of a list
  std::size_t index = 0;  // of an element, from 1

  /// "tags.1.member.key"
  [[nodiscard]] std::string str() const;
};

class Violations {
 public:
  explicit Violations(const Service& service);

  void missing(const Path& at);
  /// `value` is of the C++ type of `shape` (protocol/shape.h); strings are well-formed UTF-8. Elements of lists and
  /// members of structures are checked by their own calls, except the elements of a list of scalars.
  void check(const Shape& shape, Wording wording, const void* value, const Path& at);

  /// Errors: ValidationError; of JSON services ValidationException, but of Organizations InvalidInputException, which
  /// names the first fault alone.
  [[nodiscard]] Result<void> result() const;

 private:
  void check_text(const Shape& shape, Wording wording, const std::string& text, const Path& at);
  void check_number(const Shape& shape, std::int64_t number, const Path& at);
  void check_list(const Shape& shape, const void* list, const Path& at);
  void check_map(const Shape& shape, const void* map, const Path& at);
  /// What is wrong, in the order of the texts of Organizations (validate.cpp).
  enum class Fault : std::uint8_t { kMissing, kPattern, kEnum, kShort, kLong, kSmall, kLarge, kElement };

  void clause(Fault fault, const Shape& shape, const void* value, const Path& at, std::string_view constraint);
  void sentence(Wording wording, const Path& at);

  const Service& service_;
  bool prints_values_;
  unsigned count_ = 0;
  Fault first_ = Fault::kMissing;
  std::string clauses_;
  std::string sentence_;  // the first special one
};

}  // namespace deputy::protocol
