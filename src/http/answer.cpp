#include "http/answer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "http/text.h"

namespace deputy::http {
namespace {

/// Reason phrases are for people; an unknown status goes without (RFC 9112, 4).
std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

void append_number(std::string& text, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(digits.data(), end);
}

void append_value(std::string& text, std::string_view value) {
  const std::size_t begin = text.size();
  text += value;
  std::replace_if(
      text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), [](char c) { return !is_value_byte(c); }, ' ');
}

bool is_content_length(std::string_view name) { return equals_ignoring_case(name, "Content-Length"); }

bool belongs_to_server(std::string_view name) {
  switch (name.size()) {  // most names are told apart by their length alone
    case 4:
      return equals_ignoring_case(name, "Date");
    case 10:
      return equals_ignoring_case(name, "Connection");
    case 14:
      return is_content_length(name);
    case 17:
      return equals_ignoring_case(name, "Transfer-Encoding");
    default:
      return false;
  }
}

bool has_body(int status) { return status != 204 && status != 304; }

}  // namespace

void write_answer(Outbox& out, Response&& response, const AnswerContext& context) {
  // An interim status can not end an exchange: a handler that sends one is wrong, and the client must not wait on.
  const int status = response.status >= 200 && response.status <= 999 ? response.status : 500;
  std::string& text = out.text();
  text += "HTTP/1.1 ";
  append_number(text, static_cast<std::size_t>(status));
  text += ' ';
  text += reason(status);
  text += "\r\nDate: ";
  text += context.date;
  text += "\r\n";

  const auto add = [&](std::string_view name, std::string_view value) {
    text += name;
    text += ": ";
    append_value(text, value.substr(0, context.longest_value));
    text += "\r\n";
  };
  bool length_given = false;
  for (const auto& [name, value] : response.headers) {
    if (context.head_request && response.body.empty() && is_content_length(name))
      length_given = true;
    else if (belongs_to_server(name))
      continue;
    add(name, value);
  }
  for (const auto& [name, value] : response.named) {
    if (!name.empty() && std::all_of(name.begin(), name.end(), is_token_byte) && !belongs_to_server(name))
      add(name, value);
  }
  if (has_body(status) && !length_given) {
    text += "Content-Length: ";
    append_number(text, response.source ? response.source->size() : response.body.size());
    text += "\r\n";
  }
  if (context.close)
    text += "Connection: close\r\n";
  else if (context.http10)
    text += "Connection: keep-alive\r\n";
  text += "\r\n";
  if (!has_body(status) || context.head_request) return;
  if (response.source) {
    out.add(std::move(response.source));
  } else {
    out.add(std::move(response.body));
  }
}

}  // namespace deputy::http
