// Arbitrary bytes as a stream of HTTP/1.1 requests, cut into reads by the first bytes of the input.
//
// What must hold: however the stream is cut, the same requests come out of it, and the same refusal.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "http/parser.h"

namespace {

using namespace deputy::http;  // NOLINT(google-build-using-namespace)

/// Everything that a stream amounts to, as text.
std::string read_all(std::string_view stream, std::string_view cuts) {
  static const Limits limits;
  RequestParser parser(limits);
  std::string seen;
  std::size_t cut = 0;
  while (true) {
    RequestParser::Progress progress;
    while ((progress = parser.next()) == RequestParser::Progress::kComplete) {
      const Request& r = parser.request();
      seen.append(r.method).append(" ").append(r.target).append("\n");
      for (const Header& h : r.headers) seen.append(h.name).append(":").append(h.value).append("\n");
      seen.append(r.body).append("\n--\n");
      parser.finish();
    }
    if (progress == RequestParser::Progress::kRefused) return seen + std::to_string(static_cast<int>(parser.refusal()));
    if (stream.empty()) return seen;
    const std::size_t wanted = cuts.empty() ? stream.size() : 1 + static_cast<unsigned char>(cuts[cut++ % cuts.size()]);
    const auto space = parser.space();
    const std::size_t count = std::min({wanted, space.size(), stream.size()});
    std::memcpy(space.data(), stream.data(), count);
    parser.fed(count);
    stream.remove_prefix(count);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view cuts = input.substr(0, 4), stream = input.substr(4);
  const std::string whole = read_all(stream, {});
  if (read_all(stream, cuts) != whole || read_all(stream, std::string_view("\0", 1)) != whole) {
    std::fputs("the cuts of the stream change what it says\n", stderr);
    std::abort();
  }
  return 0;
}
