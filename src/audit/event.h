// One request as CloudTrail tells it (docs/wire.md, section 10).
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
//
// INVARIANT: no secret gets in: members that the model marks as sensitive are left out by protocol/to_json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "directory/caller.h"
#include "protocol/operation.h"

namespace deputy::audit {

/// What the request was about, in the account that owns it.
struct Resource {
  std::string arn;
  AccountId account;
  std::string_view type;  // "AWS::IAM::Role"
};

/// Borrowed for the time of the call.
struct Record {
  Time when;
  protocol::ServiceId service;
  const protocol::Operation* operation = nullptr;  // null: the request got no further than its service
  const directory::Caller* caller = nullptr;       // null: nobody was identified
  std::string_view source_ip, user_agent, region, host, request_id;
  bool secure = false;                       // the client used TLS; these say which, if it ended here:
  std::string_view tls_version, tls_cipher;  // "TLSv1.3"
  const void* input = nullptr;               // of operation->input; null if it was not decoded
  const void* output = nullptr;              // of operation->output; null if it failed
  const Error* error = nullptr;
  std::string_view no_keys = {};  // why an identity provider's keys could not be had; empty: they could, or need not
  std::vector<Resource> resources;
};

/// The event as the caller's account sees it, without newline. `event_id` is a fresh UUID; `shared_event_id` is not
/// empty if `write_other_side` tells the same event to another account. What both tell is written once, into `common`.
void write_event(std::string& out, std::string& common, const Record& record, std::string_view event_id,
                 std::string_view shared_event_id);

/// The same event as the account that owns the resource sees it: the caller is only an account and an id. `common` is
/// what write_event left there.
void write_other_side(std::string& out, std::string_view common, const Record& record, const Resource& resource,
                      std::string_view event_id, std::string_view shared_event_id);

/// Whether the resource's account gets an event of its own: an AssumeRole across accounts that its account allowed.
bool has_other_side(const Record& record);

}  // namespace deputy::audit
