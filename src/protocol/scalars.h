// Scalars as text: the one place that knows how forms, headers, XML and JSON strings spell numbers, truths, times and
// bytes. Internal to protocol/.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "protocol/shape.h"

namespace deputy::protocol {

enum class ScalarFault : std::uint8_t { kEmpty, kMalformed };

/// Reads `text` into `value`, a field of the shape's scalar type. 32-bit integers may have a sign and leading zeros
/// (docs/wire.md, 1.1).
Result<void, ScalarFault> parse_scalar(const Shape& shape, std::string_view text, void* value);

/// How times are written in a body of text.
enum class TimeStyle : std::uint8_t { kSeconds, kMillis, kHttpDate };

/// Appends the value of a scalar as text, unescaped.
void print_scalar(std::string& out, const Shape& shape, const void* value, TimeStyle times);

inline bool is_scalar(const Shape& shape) {
  return shape.kind != Kind::kList && shape.kind != Kind::kMap && shape.kind != Kind::kStructure;
}

}  // namespace deputy::protocol
