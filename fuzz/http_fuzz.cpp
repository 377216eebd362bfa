// Arbitrary bytes as a stream of HTTP/1.1 requests, cut into reads by the first bytes of the input.
//
// What must hold: however the stream is cut, the same requests come out of it, and the same refusal. A request that
// comes out keeps the promises of the room: a target that begins with '/', names that are tokens, values without
// controls, sizes within the limits.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "http/parser.h"
#include "http/text.h"

namespace {

using namespace deputy::http;  // NOLINT(google-build-using-namespace)

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void check(const Request& request, const Limits& limits) {
  require(request.target.starts_with('/'), "the target begins with a slash");
  require(request.body.size() <= limits.body, "the body is within its limit");
  require(request.headers.size() <= limits.headers, "the headers are within their number");
  require(std::all_of(request.method.begin(), request.method.end(), is_token_byte), "the method is a token");
  std::size_t framings = 0;
  for (const Header& h : request.headers) {
    require(!h.name.empty() && std::all_of(h.name.begin(), h.name.end(), is_token_byte), "a name is a token");
    require(std::all_of(h.value.begin(), h.value.end(), is_value_byte), "a value has no controls");
    require(h.value.empty() || (h.value.front() != ' ' && h.value.back() != ' '), "a value is trimmed");
    framings += deputy::equals_ignoring_case(h.name, "Content-Length");
    framings += deputy::equals_ignoring_case(h.name, "Transfer-Encoding");
  }
  require(framings <= 1, "the body is framed in one way");
}

/// Everything that a stream amounts to, as text.
std::string read_all(std::string_view stream, std::string_view cuts) {
  static const Limits limits{.head = 512, .headers = 8, .body = 2048};  // small, so that inputs reach them
  Budget budget(limits.buffers);
  RequestParser parser(limits, budget);
  std::string seen;
  std::size_t cut = 0;
  while (true) {
    RequestParser::Progress progress;
    while ((progress = parser.next()) == RequestParser::Progress::kComplete) {
      const Request& r = parser.request();
      check(r, limits);
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
  require(read_all(stream, cuts) == whole, "some cuts of the stream change nothing");
  require(read_all(stream, std::string_view("\0", 1)) == whole, "a byte at a time changes nothing");
  return 0;
}
