#include "cli/event_line.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/visible.h"
#include "cli/answer.h"

namespace deputy::cli {
namespace {

/// "user/alice" of arn:aws:iam::111111111111:user/alice.
std::string short_arn(const std::string& arn) {
  std::size_t at = 0;
  for (int colons = 0; colons < 5 && at != std::string::npos; ++colons) at = arn.find(':', at == 0 ? 0 : at + 1);
  return at == std::string::npos ? arn : arn.substr(at + 1);
}

}  // namespace

std::optional<EventLine> read_event(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element event;
  if (parser.parse(json.data(), json.size()).get(event) != simdjson::SUCCESS || !event.is_object()) return std::nullopt;
  std::string when = text(event, "/eventTime"), error = text(event, "/errorCode");
  if (when.empty()) return std::nullopt;
  const std::string arn = text(event, "/userIdentity/arn"), type = text(event, "/userIdentity/type");
  std::string who = short_arn(arn);
  if (who.empty()) who = text(event, "/userIdentity/principalId");
  if (who.empty()) who = text(event, "/userIdentity/invokedBy");
  if (who.empty()) {
    const bool unsigned_request = text(event, "/userIdentity/accountId") == "anonymous";
    who = type == "Operator" ? "operator" : unsigned_request ? "(unsigned)" : "(unknown)";
  }
  std::string source = text(event, "/eventSource"), name = text(event, "/eventName");
  source = source.substr(0, source.find('.'));
  if (std::int64_t lost = 0; event["lostEvents"].get(lost) == simdjson::SUCCESS) {
    error = fmt::format("{} events are lost", lost);
  }
  EventLine line;
  line.when = when;
  line.recipient = text(event, "/recipientAccountId");
  if (line.recipient.empty() && type == "Operator") {  // whose it is, is what the operator asked for
    line.recipient = text(event, "/requestParameters/accountId");
    if (line.recipient.empty()) line.recipient = text(event, "/responseElements/account/accountId");
  }
  line.failed = !error.empty();
  line.why = visible(text(event, "/errorMessage"));
  line.action = source + ":" + name;
  line.who = {who, arn, who.substr(who.rfind('/') + 1)};
  for (const char* pointer :
       {"/userIdentity/userName", "/userIdentity/accessKeyId", "/userIdentity/sessionContext/sessionIssuer/userName"}) {
    line.who.push_back(text(event, pointer));
  }
  line.text =
      visible(fmt::format("{}  {:<12}  {:<40}  {:<32}  {:<24}  {}", when, line.recipient.empty() ? "-" : line.recipient,
                          who, source + ":" + (name.empty() ? "?" : name), error.empty() ? "ok" : error,
                          short_arn(text(event, "/resources/0/ARN"))));
  while (line.text.ends_with(' ')) line.text.pop_back();
  return line;
}

}  // namespace deputy::cli
