// Text of strangers on its way to a terminal or into the operator's log. What steers a terminal (ESC, U+009B), turns
// the order of what is read (U+202E) or ends a line stands in nothing that people are shown: names, emails, URLs, file
// names and messages of others all come through `visible`. The two places that print do it by themselves (host/log.h
// and cli/print.h take each argument as `Shown`), so that no line can forget it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace deputy {

/// Bytes of one text that a person is shown, if nothing else is said: longer than any name, ARN or URL that AWS allows
/// in places where people look.
inline constexpr std::size_t kMostVisible = 2048;

/// Characters that nobody sees or that do something instead of standing somewhere: controls (C0, DEL, C1), marks,
/// embeddings, overrides and isolates of direction, ends of lines and paragraphs, fillers, tags, noncharacters. The two
/// joiners (U+200C, U+200D) are writing: Persian and emoji need them.
[[nodiscard]] bool is_hidden(char32_t c);

/// Whether there is such a character in it, or a byte that is no UTF-8.
[[nodiscard]] bool has_hidden(std::string_view text);

/// At most that many bytes of the text's beginning; no character is cut in two.
[[nodiscard]] std::string_view cut(std::string_view text, std::size_t at_most);

/// The text with "?" for each hidden character and each byte that is no UTF-8; one that is longer than `at_most` bytes
/// is cut and ends with "…", which counts.
[[nodiscard]] std::string visible(std::string_view text, std::size_t at_most = kMostVisible);

/// JSON of others for a terminal: the same values, and every hidden character is an escape. Ends of lines stay if the
/// JSON has them between its values.
[[nodiscard]] std::string visible_json(std::string_view json);

namespace detail {
template <class T>
auto shown(const T& value) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return visible(value);
  } else {
    static_assert(std::is_arithmetic_v<T>, "only texts and numbers are shown: convert it");
    return value;
  }
}
}  // namespace detail

/// What stands for an argument of that type in a line for people: texts are visible, numbers are as they are.
template <class T>
using Shown = decltype(detail::shown(std::declval<const std::remove_reference_t<T>&>()));

}  // namespace deputy
