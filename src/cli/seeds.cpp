#include "cli/seeds.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/json_writer.h"
#include "cli/admin_client.h"
#include "cli/answer.h"
#include "cli/print.h"
#include "cli/profiles.h"
#include "cli/verbs.h"
#include "host/log.h"
#include "seed/seed.h"

namespace deputy::cli {
namespace {

using seed::Fault;
using simdjson::dom::element;

constexpr std::size_t kMostListed = 60;  // changes that people are shown one by one

Result<std::string, seed::Unread> read_file(const std::string& path) {
  std::error_code fault;
  if (std::filesystem::is_directory(path, fault))
    return seed::Unread{fmt::format("cannot read {}: it is a folder", path)};
  std::ifstream file(path, std::ios::binary);
  if (!file) return seed::Unread{fmt::format("cannot read {}: {}", path, std::strerror(errno))};
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) return seed::Unread{fmt::format("cannot read {}", path)};
  return text;
}

seed::Outside outside() {
  return {.file = [](const std::string& path, const std::string& from) -> Result<std::string, seed::Unread> {
            const std::filesystem::path folder = std::filesystem::path(from).parent_path();
            return read_file((folder / path).string());  // an absolute path stays what it is
          },
          .variable = [](const std::string& name) -> std::optional<std::string> {
            const char* value = std::getenv(name.c_str());
            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
          }};
}

/// "Name=value"
std::map<std::string, std::string> parameters_of(const std::vector<std::string>& given) {
  std::map<std::string, std::string> all;
  for (const std::string& each : given) {
    const std::size_t equals = each.find('=');
    all[each.substr(0, equals)] = equals == std::string::npos ? "" : each.substr(equals + 1);
  }
  return all;
}

Result<seed::Seed, std::string> read(const SeedOptions& options) {
  seed::SeedReader reader(outside(), {options.account, parameters_of(options.parameters)});
  for (const std::string& file : options.files) {
    if (file == "-") {
      reader.add(std::string((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>()), "-");
      continue;
    }
    const auto text = read_file(file);
    if (!text) return Failure(text.error().why);
    reader.add(*text, file);
  }
  return std::move(reader).read();
}

std::string request_of(const seed::Seed& seed, const SeedOptions& options, bool dry_run) {
  std::string request = "{" + seed.members + (seed.members.empty() ? "" : ",");
  request += fmt::format("\"DryRun\":{},\"Prune\":{},\"ReuseIds\":{}}}", dry_run, options.prune, options.reuse_ids);
  return request;
}

simdjson::dom::array list(const element& object, std::string_view member) {
  simdjson::dom::array value;
  if (object[member].get(value) != simdjson::SUCCESS) return {};
  return value;
}
bool has(const element& object, std::string_view member) { return !object[member].error(); }

/// What came back, with the faults of both sides where they stand.
struct Applied {
  std::string json;
  simdjson::dom::parser parser;
  element answer;
  std::vector<Fault> faults;
};

void add_faults(const element& answer, const seed::Seed& seed, std::vector<Fault>& faults) {
  if (!has(answer, "Faults")) return;
  for (const element fault : list(answer, "Faults")) {
    const auto place = static_cast<std::size_t>(number(fault, "Place"));
    if (place >= seed.entities.size()) continue;
    faults.push_back({seed.entities[place].mark(text(fault, "Member")),
                      fmt::format("{} ({})", text(fault, "Message"), text(fault, "Code"))});
  }
}

/// In the order of the files as they were given, and of lines.
void sort(std::vector<Fault>& faults, const std::vector<std::string>& files) {
  const auto rank = [&](const Fault& fault) {
    const auto file = std::find(files.begin(), files.end(), fault.mark.file) - files.begin();
    return std::tuple(file, fault.mark.line, fault.mark.column);
  };
  std::stable_sort(faults.begin(), faults.end(), [&](const Fault& a, const Fault& b) { return rank(a) < rank(b); });
}

/// Says how far the server is.
void tell_progress(const SeedOptions& options) {
  const auto status = call_admin(options.data, "GetStatus", "{}");
  simdjson::dom::parser parser;
  element parsed;
  if (!status || parser.parse(*status).get(parsed) != simdjson::SUCCESS) return;
  const std::int64_t done = number(parsed, "SeedDone"), total = number(parsed, "SeedTotal");
  if (done < total) {
    complain("deputy: {} of {} entities\n", done, total);
  } else if (total > 0) {
    complain("deputy: {} entities, writing\n", total);
  }
}

/// Waits for the answer, and says once a second how far it is.
Result<std::string, AdminError> call(const SeedOptions& options, const std::string& request) {
  constexpr int kPatience = 600;  // seconds, for the largest
  auto answer =
      std::async(std::launch::async, [&] { return call_admin(options.data, "ApplySeed", request, kPatience); });
  while (answer.wait_for(std::chrono::seconds(1)) != std::future_status::ready) {
    if (options.output != "json") tell_progress(options);
  }
  return answer.get();
}

/// Sends a request for ApplySeed. Error: a sentence.
using Send = std::function<Result<std::string, AdminError>(const std::string& request)>;

Result<void, std::string> ask(const seed::Seed& seed, const SeedOptions& options, const Send& send, Applied& applied) {
  applied.faults = seed.faults;
  const bool at_fault = !seed.faults.empty();
  auto answer = send(request_of(seed, options, options.dry_run || at_fault));
  if (!answer) {
    if (at_fault) return {};  // those are worth telling though nobody can be asked for the rest
    return Failure(std::move(answer).error().message);
  }
  applied.json = std::move(answer).value();
  if (applied.parser.parse(applied.json).get(applied.answer) != simdjson::SUCCESS) {
    return Failure(std::string("the server's answer was not understood"));
  }
  add_faults(applied.answer, seed, applied.faults);
  sort(applied.faults, options.files);
  return {};
}

std::string count(std::size_t n, std::string_view what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

void show_changes(const element& answer) {
  const simdjson::dom::array changes = list(answer, "Changes");
  if (changes.size() <= kMostListed) {
    for (const element change : changes) {
      const std::string detail = text(change, "Detail");
      say("  {}  {}  {}{}{}\n", text(change, "AccountId"), text(change, "Operation"), text(change, "Resource"),
          detail.empty() ? "" : "  ", detail);
    }
    return;
  }
  std::map<std::string, std::size_t> by_operation;
  for (const element change : changes) ++by_operation[text(change, "Operation")];
  for (const auto& [operation, times] : by_operation) say("  {} x {}\n", times, operation);
}

/// Writes the profiles of keys that have one; what could not be written is shown instead, because nobody shows it again.
int hand_out_keys(const element& answer, const SeedOptions& options, bool shows) {
  if (!has(answer, "Credentials")) return kDone;
  const AwsFiles files = AwsFiles::of_environment();
  int code = kDone;
  bool headed = false;
  for (const element key : list(answer, "Credentials")) {
    const std::string user = text(key, "UserName"), name = text(key, "Profile"), account = text(key, "AccountId");
    bool is_new = false;
    if (key["New"].get(is_new) != simdjson::SUCCESS) is_new = false;
    if (!name.empty()) {
      Profile profile;
      profile.name = name;
      profile.owner = user.empty() ? account_owner(account) : fmt::format("user {} of {}", user, account);
      profile.access_key_id = text(key, "AccessKeyId");
      profile.secret_access_key = text(key, "SecretAccessKey");
      profile.region = "us-east-1";
      profile.endpoint_url = endpoint_of(options.data);
      profile.ca_bundle = ca_bundle_of(options.data);
      const auto written = write_profile(files, profile, options.force);
      if (written) {
        if (shows && is_new) say("Profile {}: {} of account {}\n", name, user.empty() ? "root" : user, account);
        continue;
      }
      code = fail(fmt::format("the profile {} was not written: {}", name, written.error()));
    }
    if (!is_new || !shows) continue;
    if (!std::exchange(headed, true)) {
      say("Access keys, shown this once (AWS_ENDPOINT_URL={}):\n", endpoint_of(options.data));
    }
    say("  {}  {}  {}  {}\n", account, user.empty() ? "root" : user, text(key, "AccessKeyId"),
        text(key, "SecretAccessKey"));
  }
  return code;
}

void show_faults_as_json(const std::vector<Fault>& faults) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("Applied").value(false).key("Faults").begin_array();
  for (const Fault& fault : faults) {
    json.begin_object().key("File").value(std::string_view(fault.mark.file));
    json.key("Line").value(static_cast<std::int64_t>(fault.mark.line));
    json.key("Column").value(static_cast<std::int64_t>(fault.mark.column));
    json.key("Message").value(std::string_view(fault.message)).end_object();
  }
  json.end_array().end_object();
  say_json(out);
}

}  // namespace

int apply_seeds(const SeedOptions& options) {
  auto seed = read(options);
  if (!seed) return fail(seed.error());
  Applied applied;
  const auto send = [&](const std::string& request) { return call(options, request); };
  if (const auto asked = ask(*seed, options, send, applied); !asked) return fail(asked.error());
  if (!applied.faults.empty()) {
    if (options.output == "json") {
      show_faults_as_json(applied.faults);
    } else {
      for (const Fault& fault : applied.faults) complain("{}\n", fault.str());
    }
    return fail(fmt::format("{}; nothing was written", count(applied.faults.size(), "fault")));
  }
  if (options.output == "json") {
    say_json(applied.json);
    return hand_out_keys(applied.answer, options, false);
  }
  const std::size_t changes = list(applied.answer, "Changes").size();
  show_changes(applied.answer);
  if (changes == 0) {
    say("Nothing to change: {} as the seed says.\n", seed->accounts == 1 ? "the account is" : "the accounts are");
  } else {
    say("{} {} in {}.\n", count(changes, "change"), options.dry_run ? "to be made" : "made",
        count(seed->accounts, "account"));
  }
  return hand_out_keys(applied.answer, options, true);
}

namespace {

/// Nobody knows its secret but the server.
bool is_drawn(const element& key) {
  bool chosen = false;
  return key["Chosen"].get(chosen) != simdjson::SUCCESS || !chosen;
}

}  // namespace

Result<void, std::string> apply_seeds_at_start(const SeedOptions& options, const Ask& server) {
  TRY(const seed::Seed seed, read(options));
  Applied applied;
  const auto send = [&](const std::string& request) -> Result<std::string, AdminError> {
    auto answer = server("ApplySeed", request);
    if (!answer) return AdminError{answer.error().code(), answer.error().message()};
    return std::move(answer).value();
  };
  TRY_VOID(ask(seed, options, send, applied));
  if (!applied.faults.empty()) {
    std::string all;
    for (const Fault& fault : applied.faults) all += fault.str() + "\n";
    return Failure(all + count(applied.faults.size(), "fault") + " in the seed; nothing was written");
  }
  log::info("the seed is applied: {}", count(list(applied.answer, "Changes").size(), "change"));
  std::size_t unseen = 0;
  if (has(applied.answer, "Credentials")) {
    for (const element key : list(applied.answer, "Credentials")) unseen += is_drawn(key) ? 1 : 0;
  }
  if (unseen > 0)
    log::warning("{} were drawn and are not shown: choose them in the seed, or use deputy apply",
                 count(unseen, "access key"));
  return {};
}

}  // namespace deputy::cli
