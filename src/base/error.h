// An error as AWS answers it: code, HTTP status, wording. Rooms build it, protocol/ puts it on the wire in the form of
// the service that was called, audit/ records it.
//
// The code is the wire code of the query services ("NoSuchEntity"); protocol/ knows how a service's dialect differs.
// `details` are the extra elements that S3 puts between Message and RequestId, in wire order (docs/wire.md, 3.3 and 7).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace deputy {

class [[nodiscard]] Error {
 public:
  using Details = std::vector<std::pair<std::string, std::string>>;

  Error(std::string code, int status, std::string message)
      : code_(std::move(code)), message_(std::move(message)), status_(status) {}

  [[nodiscard]] const std::string& code() const { return code_; }
  /// Empty: AWS sends no Message element at all (docs/wire.md, 1.1).
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] const Details& details() const { return details_; }
  [[nodiscard]] bool is(std::string_view code) const { return code_ == code; }
  /// Of REST services: headers of the answer. Names are string literals.
  using Headers = std::vector<std::pair<std::string_view, std::string>>;
  [[nodiscard]] const Headers& headers() const { return headers_; }

  Error&& with_header(std::string_view name, std::string value) && {
    headers_.emplace_back(name, std::move(value));
    return std::move(*this);
  }
  Error&& with(std::string name, std::string value) && {
    details_.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }

 private:
  std::string code_;
  std::string message_;
  Details details_;
  Headers headers_;
  int status_;
};

}  // namespace deputy
