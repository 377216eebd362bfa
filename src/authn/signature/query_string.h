// The query of a request target, decoded once for everybody who checks a signature. Keeps its memory between requests.
//
//   QueryString query;
//   if (!query.parse(request.query())) return malformed(query.fault());
//   if (const auto* algorithm = query.first("X-Amz-Algorithm")) ...
//
// '+' and %20 are both a blank (docs/wire.md, 1.1). Empty parts ("a=1&&b=2") count as nothing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deputy::authn {

class QueryString {
 public:
  struct Parameter {
    std::string_view name, value;
  };
  static constexpr std::size_t kMaxParameters = 1000;

  /// False if it cannot be decoded; fault() then says why, in AWS's words where AWS has any.
  bool parse(std::string_view query);
  [[nodiscard]] const std::string& fault() const { return fault_; }

  /// In wire order, decoded; they live until the next parse().
  [[nodiscard]] std::span<const Parameter> all() const { return parameters_; }
  /// The first of several on the wire wins. Null if there is none.
  [[nodiscard]] const std::string_view* first(std::string_view name) const;

 private:
  bool decode_to(std::string_view text, std::string_view& out);

  std::string bytes_;  // all names and values
  std::vector<Parameter> parameters_;
  std::string fault_;
};

}  // namespace deputy::authn
