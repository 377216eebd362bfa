#include "server/origin.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"

namespace deputy::server {
namespace {

/// The address of one hop: some proxies write a port behind it, or an IPv4 address in IPv6 form. Empty if it is none.
std::string_view address_in(std::string_view hop) {
  if (hop.starts_with('[')) {
    const std::size_t end = hop.find(']');
    hop = end == std::string_view::npos ? std::string_view{} : hop.substr(1, end - 1);
  } else if (std::ranges::count(hop, ':') == 1) {
    hop = hop.substr(0, hop.find(':'));
  }
  if (const std::size_t v4 = hop.rfind(':'); v4 != std::string_view::npos && hop.find('.') != std::string_view::npos) {
    if (equals_ignoring_case(hop.substr(0, v4 + 1), "::ffff:")) hop = hop.substr(v4 + 1);
  }
  return policy::read_address(hop) ? hop : std::string_view{};
}

/// The last of the comma-separated values of all headers of that name, taken off the end of `rest`.
std::string_view take_last(std::string_view& rest) {
  const std::size_t comma = rest.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
  rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
  return without_blanks_around(last);
}

}  // namespace

Result<TrustedProxies, std::string> TrustedProxies::parse(const std::vector<std::string>& ranges) {
  TrustedProxies proxies;
  for (const std::string& text : ranges) {
    const auto range = policy::read_range(text);
    if (!range) return Failure(fmt::format("\"{}\" is no address and no range of addresses such as 10.0.0.0/8", text));
    proxies.ranges_.push_back(*range);
  }
  return proxies;
}

bool TrustedProxies::trusts(std::string_view text) const {
  const auto address = policy::read_address(text);
  return address && std::ranges::any_of(ranges_, [&](const policy::Range& range) { return range.holds(*address); });
}

Origin TrustedProxies::origin_of(const http::Request& request) const {
  Origin origin{request.remote_address, request.secure};
  if (ranges_.empty() || !trusts(request.remote_address)) return origin;

  // The nearest proxy's word on how its client came; several headers are one list (RFC 9110, 5.3).
  for (const http::Header& header : request.headers) {
    if (!equals_ignoring_case(header.name, "x-forwarded-proto")) continue;
    std::string_view rest = header.value;
    origin.secure = equals_ignoring_case(take_last(rest), "https");
  }
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!equals_ignoring_case(header->name, "x-forwarded-for")) continue;
    for (std::string_view rest = header->value; !rest.empty();) {
      origin.address = address_in(take_last(rest));
      if (origin.address.empty() || !trusts(origin.address)) return origin;
    }
  }
  return origin;
}

}  // namespace deputy::server
