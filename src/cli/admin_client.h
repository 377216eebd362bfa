// Talks to a running server as its operator: over the Unix socket in its data folder, which only its owner may open.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/files.h"

namespace deputy::cli {

struct AdminError {
  std::string code;     // "AccountAlreadyExistsException"; empty if no answer came
  std::string message;  // for people
};

/// Who starts a server in the background and goes on at once is early: the first call of a process waits for the server,
/// this long or as long as wait_for_server() says (0: not at all).
inline constexpr std::chrono::milliseconds kDefaultWait{3000};
void wait_for_server(std::chrono::milliseconds patience);

/// A connection to the operator's socket in that folder, which is open once the server listens everywhere else.
Result<host::Descriptor, AdminError> connect_admin(const std::string& data_folder);

/// Calls one operation of the admin service with a JSON body and returns the JSON of its answer. Answers are limited to
/// 64 MiB, silence to `patience` seconds.
Result<std::string, AdminError> call_admin(const std::string& data_folder, std::string_view operation,
                                           std::string_view json, int patience = 30);

/// GET of that target at the operator's socket; nothing if no server is there or it answers anything but 200.
std::optional<std::string> get_admin(const std::string& data_folder, const std::string& target);

/// The status and body of a whole HTTP/1.1 answer with a Content-Length; nothing if it is not one.
struct HttpAnswer {
  int status = 0;
  std::string body;
};
std::optional<HttpAnswer> parse_answer(std::string_view bytes);

/// "http://127.0.0.1:4566": where the server of that data folder listens. Empty if none runs.
std::string endpoint_of(const std::string& data_folder);
/// The certificates that a client of that server has to trust (<data>/ca.pem). Empty: it speaks plain HTTP, or its
/// certificate comes from an authority that is not in its file.
std::string ca_bundle_of(const std::string& data_folder);

}  // namespace deputy::cli
