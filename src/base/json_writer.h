// Writes compact JSON into one buffer. The caller says the structure; commas and escapes are the writer's business.
//
//   JsonWriter json(out);
//   json.begin_object().key("Arn").value(arn).key("Tags").begin_array().end_array().end_object();
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace deputy {

/// Appends to `out`, which outlives it. Strings must be UTF-8; bytes that are not come out as U+FFFD, so that a log
/// line stays valid JSON whatever a client sent. Hidden characters (base/visible.h) come out as escapes: readers get
/// what was sent, and a terminal on which the JSON is shown does not obey it.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  /// Writes no text that would come to stand behind `most` bytes of `out`. Ask full() at the end: what is there then is
  /// no JSON, and is to be taken away.
  JsonWriter(std::string& out, std::size_t most) : out_(out), most_(most) {}
  [[nodiscard]] bool full() const { return out_.size() > most_; }

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name) { return quote(name, true); }
  /// A name that stands in the source, where nobody writes what needs an escape.
  template <std::size_t N>
  JsonWriter& key(const char (&name)[N]) {
    assert(std::string_view(name, N - 1).find_first_of("\"\\") == std::string_view::npos);
    char text[N + 3];  // instead of the terminating zero: a comma, two quotation marks and a colon
    char* to = text;
    *to = ',';
    to += comma_;
    *to++ = '"';
    std::memcpy(to, name, N - 1);
    to += N - 1;
    *to++ = '"';
    *to++ = ':';
    out_.append(text, static_cast<std::size_t>(to - text));
    comma_ = false;
    return *this;
  }
  JsonWriter& value(std::string_view text) { return quote(text, false); }
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
  JsonWriter& quote(std::string_view text, bool is_key);
  void separate();
  void escape(std::string_view text);
  void escape_one(std::string_view& text);

  std::string& out_;
  const std::size_t most_ = SIZE_MAX;
  bool comma_ = false;  // what comes next is not the first in its container, nor a value behind its key
};

}  // namespace deputy
