// What the decoders take of a request, and how much of it an answer repeats. docs/security.md lists them.
#pragma once

#include <cstddef>

namespace deputy::protocol {

/// Parameters of a form or query: more than any list and its members need.
inline constexpr std::size_t kMostParameters = 16'384;
/// Elements of one list in an input, whatever the dialect. AWS's longest lists have 1,000 (S3's DeleteObjects); where a
/// model states no length, no caller of AWS's comes near this.
inline constexpr std::size_t kMostElements = 4'096;
/// Bytes and levels of a JSON body.
inline constexpr std::size_t kLargestJson = 1024 * 1024;
inline constexpr std::size_t kDeepestJson = 32;
/// Bytes of an XML body.
inline constexpr std::size_t kLargestXml = 1024 * 1024;

/// Bytes of a value that an error repeats before anybody has checked its length: an Action, a Version.
inline constexpr std::size_t kLongestEcho = 256;
/// Bytes of a query that a redirection repeats; a longer one is left away.
inline constexpr std::size_t kLongestRedirect = 4'096;
/// Bytes of a value in the message about its constraints, and how many constraints one message tells.
inline constexpr std::size_t kLongestValue = 4'096;
inline constexpr std::size_t kMostClauses = 100;
/// Bytes that one text of an error may have on the wire, escapes counted: its message, each of S3's further elements.
/// AWS's longest are an encoded authorization message of 10,240 characters and a canonical request.
inline constexpr std::size_t kLongestErrorText = 16 * 1024;
/// Bytes of all texts of one error together.
inline constexpr std::size_t kLongestError = 64 * 1024;

}  // namespace deputy::protocol
