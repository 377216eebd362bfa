// What verbs have in common that serve an endpoint themselves, beside a program or until they are ended.
#pragma once

#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/environment.h"
#include "http/server.h"

namespace deputy::cli {

/// HOST:PORT, the host of an address of version 6 without its brackets. Nothing for any other text.
struct Place {
  std::string host;
  std::uint16_t port = 0;
};
std::optional<Place> parse_place(const std::string& text);
bool is_loopback(const std::string& host);
/// "127.0.0.1:4567", "[::1]:4567".
std::string authority_of(const http::Endpoint& endpoint);

/// SIGTERM, SIGINT and SIGCHLD, which come to whoever waits for them. Before any thread is started.
sigset_t block_ending_signals();
/// Until SIGTERM or SIGINT.
int run_until_told(const sigset_t& ending);
/// Runs the command beside the endpoint, hands it the signals that come, and ends as it ended.
int run_beside(const std::vector<std::string>& command, const Variables& variables, const sigset_t& ending);

}  // namespace deputy::cli
