// `deputy serve`: puts the rooms together, listens, and ends gracefully on SIGTERM or SIGINT.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "services/account_limits.h"

namespace deputy::server {

struct ServeOptions {
  std::string listen = "127.0.0.1:4566";     // HOST:PORT; port 0 takes any free one
  std::string data;                          // the data folder, made if it is absent
  std::string key_file;                      // of the key-encryption key; empty: <data>/key
  std::string tls_certificate, tls_key;      // PEM files; both or none
  std::vector<std::string> trusted_proxies;  // addresses and ranges whose X-Forwarded-For counts
  std::vector<std::string> domains;          // sts.<domain>, bucket.s3.<domain> mean what they mean at AWS
  std::string audit_keep;                    // how much of the trail, as audit/keep.h reads it; empty: its default
  std::string audit_file;                    // of known callers, the newest; empty: <data>/events.jsonl
  bool audit_stdout = false;                 // the trail on standard output instead of files
  bool seal_objects = false;                 // seal bytes of objects under the key
  bool allow_core_dumps = false;             // for debugging: a dump holds keys
  std::string public_url;                    // where others reach the server; empty: where it listens
  std::string metrics;                       // HOST:PORT of the listener for metrics; empty: none
  bool encoded_messages = false;             // see Rooms
  services::AccountLimits account_limits = {};
  std::string log_level = "info";
  bool log_json = false;  // the operator's log as lines of JSON
  std::vector<std::string>
      allow_issuers;           // identity providers that may be asked (authn/federation/issuer.h); empty: public ones
  std::string issuer_ca;       // certificate authorities for them, beside the system's
  bool new_server = false;     // begins anew beside a key file that was used
  bool accept_loss = false;    // starts although entries of the store are missing
  bool memory = false;         // keep nothing: a store in memory and a key that nobody keeps
  bool movable_clock = false;  // for tests: the operator may move the clock over the admin socket
  /// Told once the server listens at all its doors, and where.
  std::function<void(const std::string& url)> ready = {};
  /// Called before anybody is let in, with a way to ask as the operator does: a seed is applied here. Error: why the
  /// server does not start.
  using Ask = std::function<Result<std::string, Error>(std::string_view operation, std::string_view json)>;
  std::function<Result<void, std::string>(const Ask&)> before_ready = {};
};

/// Runs until a signal ends it. The exit code of the process: 0 after a graceful end, 1 if it could not start.
int serve(const ServeOptions& options);

}  // namespace deputy::server
