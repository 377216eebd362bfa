#include "cli/admin_client.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/encoding.h"
#include "host/files.h"

namespace deputy::cli {
namespace {

constexpr std::size_t kLargestAnswer = 64 * 1024 * 1024;

constexpr std::chrono::milliseconds kBetweenAttempts{20};

/// How long this process still waits for its server to start. Who was answered once waits no more: a server that went is
/// no starting one.
std::atomic<std::chrono::milliseconds> patience_left{kDefaultWait};

AdminError no_server(const std::string& folder) {
  return {"", fmt::format("no server is running on {}; start one with: deputy serve --data {}", folder, folder)};
}

/// Connects through the folder's descriptor: the path of a Unix socket may have 107 bytes only, a folder's path more.
bool connect_to(int socket, const std::string& folder) {
  const host::Descriptor directory(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return false;
  const std::string path = fmt::format("/proc/self/fd/{}/admin.sock", directory.get());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<std::string> receive_all(int socket) {
  std::string bytes;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
    if (got == 0) return bytes;
    if (got < 0 || bytes.size() + static_cast<std::size_t>(got) > kLargestAnswer) return std::nullopt;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
}

AdminError error_in(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element answer;
  std::string_view type, message;
  if (parser.parse(json).get(answer) != simdjson::SUCCESS || answer["__type"].get(type) != simdjson::SUCCESS) {
    return {"", "the server's answer was not understood"};
  }
  if (answer["message"].get(message) != simdjson::SUCCESS && answer["Message"].get(message) != simdjson::SUCCESS)
    message = type;
  return {std::string(type), std::string(message)};
}

}  // namespace

std::optional<HttpAnswer> parse_answer(std::string_view bytes) {
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (!bytes.starts_with("HTTP/1.1 ") || head_end == std::string_view::npos || head_end < 12) return std::nullopt;
  HttpAnswer answer;
  if (std::from_chars(bytes.data() + 9, bytes.data() + 12, answer.status).ptr != bytes.data() + 12) return std::nullopt;
  answer.body = bytes.substr(head_end + 4);
  for (std::string_view head = bytes.substr(0, head_end + 2); !head.empty();) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !equals_ignoring_case(line.substr(0, colon), "content-length")) continue;
    std::size_t length = 0;
    const std::size_t digits = line.find_first_not_of(' ', colon + 1);
    if (digits == std::string_view::npos) return std::nullopt;
    const char* end = line.data() + line.size();
    if (std::from_chars(line.data() + digits, end, length).ptr != end || length != answer.body.size())
      return std::nullopt;
    return answer;
  }
  return std::nullopt;
}

void wait_for_server(std::chrono::milliseconds patience) { patience_left = patience; }

Result<host::Descriptor, AdminError> connect_admin(const std::string& data_folder) {
  const auto deadline = std::chrono::steady_clock::now() + patience_left.load();
  for (;;) {
    host::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.is_open() && connect_to(socket.get(), data_folder)) {
      patience_left = std::chrono::milliseconds(0);
      return socket;
    }
    if (errno == EACCES) {
      return AdminError{"",
                        "you may not open the admin socket in " + data_folder + ": it belongs to who runs the server"};
    }
    if (std::chrono::steady_clock::now() >= deadline) return no_server(data_folder);
    std::this_thread::sleep_for(kBetweenAttempts);
  }
}

std::optional<std::string> get_admin(const std::string& data_folder, const std::string& target) {
  const host::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open() || !connect_to(socket.get(), data_folder)) return std::nullopt;
  constexpr timeval kPatience{30, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  if (!send_all(socket.get(), fmt::format("GET {} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n", target))) {
    return std::nullopt;
  }
  const auto bytes = receive_all(socket.get());
  auto answer = bytes ? parse_answer(*bytes) : std::nullopt;
  if (!answer || answer->status != 200) return std::nullopt;
  return std::move(answer->body);
}

Result<std::string, AdminError> call_admin(const std::string& data_folder, std::string_view operation,
                                           std::string_view json, int patience) {
  TRY(const host::Descriptor socket, connect_admin(data_folder));
  const timeval limit{patience, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const std::string request = fmt::format(
      "POST / HTTP/1.1\r\nHost: admin\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.1\r\n"
      "X-Amz-Target: DeputyAdmin.{}\r\nContent-Length: {}\r\n\r\n{}",
      operation, json.size(), json);
  if (!send_all(socket.get(), request)) return AdminError{"", "the server closed the connection"};
  const auto bytes = receive_all(socket.get());
  const auto answer = bytes ? parse_answer(*bytes) : std::nullopt;
  if (!answer) return AdminError{"", "the server did not answer as expected"};
  if (answer->status != 200) return error_in(answer->body);
  return answer->body;
}

std::string endpoint_of(const std::string& data_folder) {
  std::ifstream file(data_folder + "/endpoint");
  std::string line;
  std::getline(file, line);
  return line;
}

std::string ca_bundle_of(const std::string& data_folder) {
  if (!endpoint_of(data_folder).starts_with("https:")) return {};
  std::error_code fault;
  const std::filesystem::path file = std::filesystem::absolute(data_folder + "/ca.pem", fault).lexically_normal();
  return !fault && std::filesystem::exists(file, fault) ? file.string() : std::string();
}

}  // namespace deputy::cli
