#include "cli/profiles.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "base/visible.h"
#include "host/files.h"

namespace deputy::cli {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMark = "# written by deputy for ";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// The lines of a file, line ends included.
std::vector<std::string_view> lines_of(std::string_view file) {
  std::vector<std::string_view> lines;
  while (!file.empty()) {
    const std::size_t end = std::min(file.find('\n'), file.size() - 1);
    lines.push_back(file.substr(0, end + 1));
    file.remove_prefix(end + 1);
  }
  return lines;
}

/// "profile b" of "[ profile b ]"; nothing if the line opens no section.
std::optional<std::string> header_of(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with('[') || line.find(']') == std::string_view::npos) return std::nullopt;
  std::istringstream words{std::string(line.substr(1, line.find(']') - 1))};
  std::string header;
  for (std::string word; words >> word;) header += (header.empty() ? "" : " ") + word;
  return header;
}

struct Section {
  std::size_t begin = 0, end = 0;  // lines; end: behind the last line that is ours to replace
  bool ours = false;
  std::string owner;
  std::vector<std::pair<std::string, std::string>> settings;
};

std::optional<Section> find_section(const std::vector<std::string_view>& lines, std::string_view header) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (header_of(lines[i]) != header) continue;
    Section section{.begin = i, .end = i + 1, .ours = false, .owner = {}, .settings = {}};
    for (std::size_t l = i + 1; l < lines.size() && !header_of(lines[l]); ++l) {
      const std::string_view line = trimmed(lines[l]);
      if (line.starts_with(kMark)) {
        section.ours = true;
        section.owner = line.substr(kMark.size());
      } else if (line.empty() || line.starts_with('#') || line.starts_with(';')) {
        continue;  // a comment at the end may belong to what follows
      } else if (const std::size_t equals = line.find('='); equals != std::string_view::npos) {
        section.settings.emplace_back(trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
      }
      section.end = l + 1;
    }
    return section;
  }
  return std::nullopt;
}

bool has(const Section& section, std::string_view name) {
  return std::any_of(section.settings.begin(), section.settings.end(), [&](const auto& s) { return s.first == name; });
}

std::string config_header(std::string_view profile) {
  return profile == "default" ? std::string(profile) : fmt::format("profile {}", profile);
}

/// Of the section that a profile of ours names as its `services`.
std::string services_header(std::string_view profile) { return fmt::format("services {}", profile); }

struct Content {
  std::string text;
};

/// A file that is not there is empty.
Result<Content, std::string> read_file(const std::string& name) {
  if (name.empty()) {
    return Failure(std::string(
        "there is no HOME to find ~/.aws in: name the files with AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE"));
  }
  const host::Descriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  Content content;
  char buffer[16 * 1024];
  ssize_t got = file.is_open() ? 1 : -1;
  while (file.is_open() && (got = ::read(file.get(), buffer, sizeof buffer)) > 0) {
    content.text.append(buffer, static_cast<std::size_t>(got));
  }
  if (got < 0 && errno != ENOENT) return Failure(fmt::format("cannot read {}: {}", name, std::strerror(errno)));
  return content;
}

/// Replaces a file in one step; a symbolic link keeps pointing to the file that is replaced.
Result<void, std::string> replace_file(const std::string& name, std::string_view text) {
  std::error_code error;
  fs::path target = name;
  if (fs::is_symlink(target, error)) target = fs::weakly_canonical(target, error);
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), error);
  TRY(const auto place, host::Folder::of_file(target.string()));
  struct stat old {};
  const unsigned mode = ::stat(target.c_str(), &old) == 0 ? old.st_mode & S_IRWXU : 0600;
  return place.first.replace(place.second, text, {.durable = true, .mode = mode});
}

}  // namespace

AwsFiles AwsFiles::of_environment() {
  const auto from = [](const char* variable, const char* otherwise) {
    if (const char* value = std::getenv(variable); value != nullptr && *value != 0) return std::string(value);
    const char* home = std::getenv("HOME");
    return home != nullptr && *home != 0 ? std::string(home) + otherwise : std::string();
  };
  return {from("AWS_CONFIG_FILE", "/.aws/config"), from("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials")};
}

std::string account_owner(std::string_view account) { return fmt::format("account {}", account); }

std::optional<std::string> why_not(const AwsFiles& files, std::string_view profile, std::string_view owner,
                                   bool force) {
  if (profile.empty() || profile.find_first_of("[]#;=\"' ") != std::string_view::npos || visible(profile) != profile) {
    return fmt::format("\"{}\" is no name for a profile", profile);
  }
  const std::pair<std::string, std::string> places[] = {{files.config, config_header(profile)},
                                                        {files.config, services_header(profile)},
                                                        {files.credentials, std::string(profile)}};
  const auto credentials = read_file(files.credentials);
  const auto old = credentials ? find_section(lines_of(credentials->text), profile) : std::nullopt;
  const bool lasts = !old || !has(*old, "aws_session_token");
  for (const auto& [file, header] : places) {
    const auto text = read_file(file);
    if (!text) return text.error();
    if (force) continue;
    const auto section = find_section(lines_of(text->text), header);
    if (section && !section->ours) {
      return fmt::format(
          "{} has a [{}] that deputy did not write; choose another --profile, or overwrite it with --force", file,
          header);
    }
    if (section && section->owner != owner && lasts) {
      return fmt::format(
          "{} has a [{}] with the credentials of {}; choose another --profile, or overwrite it with --force", file,
          header, section->owner);
    }
  }
  return std::nullopt;
}

std::string with_section(std::string_view file, std::string_view header, std::string_view owner,
                         const std::vector<std::pair<std::string, std::string>>& settings) {
  const std::string_view end = file.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
  std::string section = fmt::format("[{}]{}{}{}{}", header, end, kMark, owner, end);
  for (const auto& [name, value] : settings)
    section += fmt::format("{} ={}{}{}", name, value.empty() ? "" : " ", value, end);

  const std::vector<std::string_view> lines = lines_of(file);
  const auto old = find_section(lines, header);
  std::string text;
  for (std::size_t i = 0; i < (old ? old->begin : lines.size()); ++i) text += lines[i];
  if (!old && !text.empty()) {
    if (!text.ends_with('\n')) text += end;
    text += end;
  }
  text += section;
  for (std::size_t i = old ? old->end : lines.size(); i < lines.size(); ++i) text += lines[i];
  return text;
}

Result<void, std::string> write_profile(const AwsFiles& files, const Profile& p, bool force) {
  if (auto reason = why_not(files, p.name, p.owner, force)) return Failure(*std::move(reason));
  TRY(const Content credentials, read_file(files.credentials));
  TRY(const Content config, read_file(files.config));
  std::vector<std::pair<std::string, std::string>> keys{{"aws_access_key_id", p.access_key_id},
                                                        {"aws_secret_access_key", p.secret_access_key}};
  if (!p.session_token.empty()) keys.emplace_back("aws_session_token", p.session_token);
  TRY_VOID(replace_file(files.credentials, with_section(credentials.text, p.name, p.owner, keys)));
  std::vector<std::pair<std::string, std::string>> settings{{"region", p.region}, {"endpoint_url", p.endpoint_url}};
  if (!p.ca_bundle.empty()) settings.emplace_back("ca_bundle", p.ca_bundle);
  settings.emplace_back("services", p.name);
  // SDKs that assume a role for a profile ask the real STS unless this names another: `endpoint_url` does not count there.
  const std::vector<std::pair<std::string, std::string>> services{{"sts", ""}, {"  endpoint_url", p.endpoint_url}};
  const std::string text = with_section(config.text, config_header(p.name), p.owner, settings);
  return replace_file(files.config, with_section(text, services_header(p.name), p.owner, services));
}

Result<std::optional<Profile>, std::string> find_profile(const AwsFiles& files, std::string_view name_or_account) {
  TRY(const Content credentials, read_file(files.credentials));
  TRY(const Content config_file, read_file(files.config));
  const std::vector<std::string_view> lines = lines_of(credentials.text);
  for (const std::string_view line : lines) {
    const auto header = header_of(line);
    if (!header) continue;
    const auto section = find_section(lines, *header);
    if (*header != name_or_account && !(section->ours && section->owner == account_owner(name_or_account))) continue;
    Profile p;
    p.name = *header;
    p.owner = section->owner;
    auto settings = section->settings;
    if (const auto config = find_section(lines_of(config_file.text), config_header(*header))) {
      settings.insert(settings.end(), config->settings.begin(), config->settings.end());
    }
    for (const auto& [name, value] : settings) {
      if (name == "aws_access_key_id") p.access_key_id = value;
      if (name == "aws_secret_access_key") p.secret_access_key = value;
      if (name == "aws_session_token") p.session_token = value;
      if (name == "region") p.region = value;
      if (name == "endpoint_url") p.endpoint_url = value;
      if (name == "ca_bundle") p.ca_bundle = value;
    }
    return std::optional(std::move(p));
  }
  return std::optional<Profile>();
}

std::string setting_of(const AwsFiles& files, std::string_view profile, std::string_view name) {
  const auto text = read_file(files.config);
  const auto section = text ? find_section(lines_of(text->text), config_header(profile)) : std::nullopt;
  std::string found;
  if (section) {
    for (const auto& [key, value] : section->settings) {
      if (key == name) found = value;
    }
  }
  return found;
}

}  // namespace deputy::cli
