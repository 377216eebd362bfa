#include "server/seed_events.h"

#include <map>

#include "audit/event.h"
#include "base/arn.h"

namespace deputy::server {

using admin::shapes::ApplySeed;

void tell_seed(const Rooms& rooms, const ApplySeed::Output& answer) {
  if (!answer.applied || !answer.changes) return;
  std::map<std::string_view, ApplySeed::Output> by_account;
  for (const auto& change : *answer.changes) {
    ApplySeed::Output& of = by_account[change.account_id];
    of.applied = true;
    if (!of.changes) of.changes.emplace();
    of.changes->push_back(change);
  }
  const std::string request_id = crypto::make_uuid(rooms.entropy);
  std::string line, common;
  for (const auto& [id, changes] : by_account) {
    const AccountId account = *AccountId::parse(id);
    line.clear();
    common.clear();
    audit::write_event(line, common,
                       {.when = rooms.clock.now(),
                        .service = ApplySeed::model.service,
                        .operation = &ApplySeed::model,
                        .by_operator = true,
                        .source_ip = "admin.sock",
                        .region = "us-east-1",
                        .request_id = request_id,
                        .output = &changes,
                        .resources = {{root_arn(account), account, "AWS::Organizations::Account"}}},
                       crypto::make_uuid(rooms.entropy), crypto::make_uuid(rooms.entropy));
    rooms.audit.append(audit::Share::kKnown, line);
  }
}

}  // namespace deputy::server
