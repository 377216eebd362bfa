// One request as CloudTrail tells it (docs/wire.md, section 10).
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
//
// Whatever a caller sends, a line is bounded: each text is cut and then ends with "…", and what an operation was given
// or answered is left out as CloudTrail leaves it out when it is too large:
//   "requestParameters": {"omitted": true, "originalSize": …, "reason": "requestParameters too large"}
// originalSize is absent: what is too large is not written to be measured.
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

/// Bytes of one event's parts. CloudTrail has 1 KB for the texts of a client and of an error, 100 KB for what an
/// operation was given and for what it answered, and 256 KB for all.
struct EventLimits {
  static constexpr std::size_t user_agent = 1024;
  static constexpr std::size_t error_message = 1024;
  static constexpr std::size_t error_code = 128;
  static constexpr std::size_t host = 255;
  static constexpr std::size_t region = 64;
  static constexpr std::size_t name = 512;           // a user, a provider, a subject, an id
  static constexpr std::size_t arn = 2048;           // of a caller or a resource
  static constexpr std::size_t request = 90 * 1024;  // of JSON: requestParameters
  static constexpr std::size_t response = 90 * 1024;
  static constexpr std::size_t line = 256 * 1024;  // follows from the others
};

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
  const protocol::Operation* operation = nullptr;  // null: the request names none that there is
  const directory::Caller* caller = nullptr;       // null: nobody was identified
  bool by_operator = false;                        // at the server's own socket; who that is, the system knows
  std::string_view source_ip = {}, user_agent = {}, region = {}, host = {}, request_id = {};
  bool secure = false;                                 // the client used TLS; these say which, if it ended here:
  std::string_view tls_version = {}, tls_cipher = {};  // "TLSv1.3"
  const void* input = nullptr;                         // of operation->input; null if it was not decoded
  const void* output = nullptr;                        // of operation->output; null if it failed
  const Error* error = nullptr;
  std::string_view no_keys = {};  // why an identity provider's keys could not be had; empty: they could, or need not
  std::vector<Resource> resources = {};
};

/// Whether somebody proved who he is: by a signature, or by the word of an identity provider that was believed.
bool has_identity(const Record& record);

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
