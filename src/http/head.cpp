#include "http/head.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>

namespace deputy::http {
namespace {

namespace beast = boost::beast;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// Bytes of `host [":" port]` (RFC 3986, 3.2.2), brackets of IPv6 addresses included, '@' of user names not.
bool is_host_byte(char c) {
  static constexpr std::string_view kMarks = "-._~%!$&'()*+;=:[]";
  const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alphanumeric || kMarks.find(c) != std::string_view::npos;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Beast's parser, told that there is no body: it ends with the head, and the body is framed by RequestParser.
class HeadParser final : public beast::http::basic_parser<true> {
 public:
  HeadParser(const Limits& limits, Request& request, Framing& framing)
      : limits_(limits), request_(request), framing_(framing) {
    skip(true);
    header_limit(std::numeric_limits<std::uint32_t>::max());  // RequestParser counts, to the byte
  }

  Refusal parse(std::string_view head) {
    beast::error_code error;
    const std::size_t used = put(boost::asio::const_buffer(head.data(), head.size()), error);
    if (refusal_ != Refusal::kNone) return refusal_;
    if (error || !is_done() || used != head.size()) return Refusal::kBadRequest;
    return judge();
  }

 private:
  using Field = beast::http::field;

  void on_request_impl(beast::http::verb /*verb*/, beast::string_view method, beast::string_view target, int version,
                       beast::error_code& /*error*/) override {
    request_.method = view(method);
    request_.target = view(target);
    framing_.http10 = version == 10;
  }

  void on_field_impl(Field field, beast::string_view name, beast::string_view value,
                     beast::error_code& error) override {
    if (request_.headers.size() == limits_.headers) return refuse(Refusal::kBadRequest, error);
    request_.headers.push_back({view(name), view(value)});
    switch (field) {
      case Field::host:
        return on_host(view(value), error);
      case Field::content_length:
        return on_content_length(view(value), error);
      case Field::transfer_encoding:
        return on_transfer_encoding(view(value), error);
      case Field::expect:
        return on_expect(view(value));
      default:
        return;
    }
  }

  void on_host(std::string_view value, beast::error_code& error) {
    const bool valid = std::all_of(value.begin(), value.end(), is_host_byte);
    if (++hosts_ > 1 || !valid) return refuse(Refusal::kBadRequest, error);
    host_ = value;
  }

  /// Beast would take "3, 3" and repeats that agree; a proxy before us may not have.
  void on_content_length(std::string_view value, beast::error_code& error) {
    if (++lengths_ > 1 || !is_digits(value)) return refuse(Refusal::kBadRequest, error);
  }

  void on_transfer_encoding(std::string_view value, beast::error_code& error) {
    if (++codings_ > 1) return refuse(Refusal::kBadRequest, error);
    framing_.chunked = equals_ignoring_case(value, "chunked");
  }

  void on_expect(std::string_view value) {
    expectations_ += !equals_ignoring_case(value, "100-continue");
    framing_.expects_continue = true;
  }

  /// What can only be said of the whole head. Doubtful framing first: it must never look merely "not implemented".
  Refusal judge() {
    if (hosts_ == 0 && !framing_.http10) return Refusal::kBadRequest;
    if (codings_ > 0 && (lengths_ > 0 || framing_.http10)) return Refusal::kBadRequest;
    if (codings_ > 0 && !framing_.chunked) return Refusal::kNotImplemented;
    if (request_.method == "CONNECT") return Refusal::kNotImplemented;
    if (!take_target()) return Refusal::kBadRequest;
    if (expectations_ > 0 && !framing_.http10) return Refusal::kExpectationFailed;
    if (framing_.http10) framing_.expects_continue = false;  // RFC 9110, 10.1.1
    if (lengths_ > 0) framing_.content_length = *content_length();
    framing_.keep_alive = keep_alive();
    return Refusal::kNone;
  }

  /// Origin form as it is. Absolute form (RFC 9112, 3.2.2) only if its authority repeats the Host, so that nobody
  /// downstream can take another host than the one that was signed; what follows the authority becomes the target.
  bool take_target() {
    std::string_view& target = request_.target;
    if (target.front() == '/') return true;
    for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
      if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
      const std::string_view rest = target.substr(scheme.size());
      const std::size_t slash = rest.find('/');
      if (slash == std::string_view::npos || slash == 0) return false;
      target = rest.substr(slash);
      return equals_ignoring_case(rest.substr(0, slash), host_);
    }
    return false;
  }

  void refuse(Refusal why, beast::error_code& error) {
    refusal_ = why;
    error = beast::http::error::bad_field;
  }

  // Nothing of a body comes here: the parser skips it.
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override { return 0; }
  void on_finish_impl(beast::error_code&) override {}

  const Limits& limits_;
  Request& request_;
  Framing& framing_;
  std::string_view host_;
  unsigned hosts_ = 0, lengths_ = 0, codings_ = 0;
  unsigned expectations_ = 0;  // those that we do not know
  Refusal refusal_ = Refusal::kNone;
};

}  // namespace

Refusal parse_head(std::string_view head, const Limits& limits, Request& request, Framing& framing) {
  request.headers.clear();
  framing = {};
  return HeadParser(limits, request, framing).parse(head);
}

}  // namespace deputy::http
