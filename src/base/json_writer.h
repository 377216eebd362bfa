// Writes compact JSON into one buffer. The caller says the structure; commas and escapes are the writer's business.
//
//   JsonWriter json(out);
//   json.begin_object().key("Arn").value(arn).key("Tags").begin_array().end_array().end_object();
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace deputy {

/// Appends to `out`, which outlives it. At most 64 levels deep. Strings must be UTF-8; bytes that are not come out as
/// U+FFFD, so that a log line stays valid JSON whatever a client sent.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(bool truth);
  JsonWriter& null();
  /// Text that is JSON already.
  JsonWriter& raw(std::string_view json);

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();
  void quote(std::string_view text, std::string_view behind = {});
  void escape(std::string_view text);

  std::string& out_;
  std::uint64_t nonempty_ = 0;  // bit d: the container at depth d has a member already
  unsigned depth_ = 0;
  bool after_key_ = false;
};

}  // namespace deputy
