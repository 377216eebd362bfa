#include "identity_provider/running.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace deputy::identity_provider {
namespace {

constexpr const char *kLockFile = "lock", *kIssuersFile = "issuers";
constexpr std::size_t kLongestFile = 64 * 1024;

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

Failure<std::string> trouble(const std::string& folder) {
  return Failure(fmt::format("cannot lock {}/{}: {}", folder, kLockFile, std::strerror(errno)));
}

}  // namespace

host::Outcome<Hold> Hold::take(const std::string& path) {
  TRY(const host::Folder folder, host::Folder::open(path));
  TRY(host::Descriptor file, folder.append(kLockFile));
  struct flock lock = whole_file();
  if (::fcntl(file.get(), F_SETLK, &lock) == 0) return Hold(std::move(file));
  if (errno != EACCES && errno != EAGAIN) return trouble(path);
  return Failure(fmt::format("another identity provider runs with the keys of {}", path));
}

host::Outcome<int> holder_of(const std::string& path) {
  auto folder = host::Folder::open(path);
  if (!folder) return 0;  // no folder, and no provider
  TRY(const host::Descriptor file, folder->append(kLockFile));
  struct flock lock = whole_file();
  if (::fcntl(file.get(), F_GETLK, &lock) != 0) return trouble(path);
  return lock.l_type == F_UNLCK ? 0 : static_cast<int>(lock.l_pid);
}

host::Outcome<void> write_running(const std::string& path, const Running& running) {
  std::string text = running.address + "\n";
  for (const Issuer& issuer : running.issuers) text += issuer.url() + "\n";
  TRY(const host::Folder folder, host::Folder::open(path));
  return folder.replace(kIssuersFile, text);
}

host::Outcome<std::optional<Running>> read_running(const std::string& path) {
  auto folder = host::Folder::open(path);
  if (!folder) return std::optional<Running>();
  TRY(const auto text, folder->read(kIssuersFile, kLongestFile));
  if (!text) return std::optional<Running>();
  Running running;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (running.address.empty()) {
      running.address = line;
      continue;
    }
    auto issuer = Issuer::parse(line);
    if (!issuer) return Failure(fmt::format("{}/{} is damaged: start the provider again", path, kIssuersFile));
    running.issuers.push_back(*std::move(issuer));
  }
  return std::optional(std::move(running));
}

}  // namespace deputy::identity_provider
