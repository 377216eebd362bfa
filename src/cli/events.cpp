#include <fcntl.h>
#include <fmt/format.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "audit/log.h"
#include "base/account_id.h"
#include "base/time.h"
#include "base/time_range.h"
#include "cli/admin_client.h"
#include "cli/event_line.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "host/clock.h"
#include "host/files.h"

namespace deputy::cli {
namespace {

struct Options {
  std::string data, file, output, account, user, action;
  std::string since;      // as the trail writes times; empty: from the beginning
  std::size_t limit = 0;  // 0: all
  bool follow = false, errors = false;
};

/// "10m", "2h", "7d": so long ago; or a time. In the trail's way, which sorts as text.
std::optional<std::string> read_since(const std::string& text) {
  if (const auto time = parse_iso8601(text)) return iso8601(*time);
  std::uint32_t count = 0;
  const auto [unit, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (fault != std::errc() || unit + 1 != text.data() + text.size()) return std::nullopt;
  constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 86400;
  const std::int64_t seconds = *unit == 's'   ? 1
                               : *unit == 'm' ? kMinute
                               : *unit == 'h' ? kHour
                               : *unit == 'd' ? kDay
                                              : 0;
  if (seconds == 0) return std::nullopt;
  return iso8601(std::max(kFirstTime, SystemClock().now() - std::chrono::seconds(seconds * count)));
}

/// Whether one of the texts is like the pattern: * and ?, in either case.
bool is_like(const std::string& pattern, std::initializer_list<std::string> texts) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return !text.empty() && ::fnmatch(pattern.c_str(), text.c_str(), FNM_CASEFOLD | FNM_NOESCAPE) == 0;
  });
}

/// The lines of one share of the trail, and afterwards what is appended.
class Lines {
 public:
  Lines() = default;
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  virtual ~Lines() = default;
  /// The next line; nothing: there is none now.
  virtual std::optional<std::string> next() = 0;
};

/// Of a server that keeps its trail in memory.
class Memory final : public Lines {
 public:
  Memory(std::string data, std::string share) : data_(std::move(data)), share_(std::move(share)) {}

  /// Whether there is such a server.
  static bool is_there(const std::string& data) { return get_admin(data, "/events/known?0").has_value(); }

  std::optional<std::string> next() override {
    if (begin_ >= text_.size() && !more()) return std::nullopt;
    const std::size_t end = std::min(text_.find('\n', begin_), text_.size());
    std::string line = text_.substr(begin_, end - begin_);
    begin_ = end + 1;
    return line;
  }

 private:
  bool more() {
    const auto answer = get_admin(data_, fmt::format("/events/{}?{}", share_, place_));
    const std::size_t head = answer ? answer->find('\n') : std::string::npos;
    if (head == std::string::npos) return false;
    std::from_chars(answer->data(), answer->data() + head, place_);
    text_ = answer->substr(head + 1);
    begin_ = 0;
    return !text_.empty();
  }

  const std::string data_, share_;
  std::uint64_t place_ = 0;
  std::string text_;
  std::size_t begin_ = 0;
};

/// In files: the whole lines, file by file.
class Tail final : public Lines {
 public:
  Tail(std::string trail, audit::Share share) : trail_(std::move(trail)), share_(share) {}

  std::optional<std::string> next() override {
    for (;;) {
      if (const std::size_t end = partial_.find('\n', begin_); end != std::string::npos) {
        std::string line = partial_.substr(begin_, end - begin_);
        begin_ = end + 1;
        return line;
      }
      partial_.erase(0, std::exchange(begin_, 0));
      if (!more() && !next_file()) return std::nullopt;
    }
  }

 private:
  static constexpr std::size_t kLongestLine = 1024 * 1024;  // bytes; what is longer is none of ours

  bool more() {
    char buffer[64 * 1024];
    const ssize_t got = file_.is_open() ? ::read(file_.get(), buffer, sizeof buffer) : 0;
    if (got <= 0) return false;
    if (partial_.size() > kLongestLine) partial_.clear();
    partial_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  /// Opens the file behind the one that was read to its end. Files get other names and go while they are read: what
  /// counts is the list after it was opened.
  bool next_file() {
    constexpr int kAttempts = 10;
    for (int i = 0; i < kAttempts; ++i) {
      const auto files = audit::Log::files(trail_, share_);
      if (!files) return false;
      const std::size_t at = behind_mine(*files);
      if (at == files->size()) return false;
      host::Descriptor next(::open((*files)[at].c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
      const auto after = audit::Log::files(trail_, share_);
      if (!next.is_open() || !after || *after != *files || inode(next.get()) != inode((*files)[at])) continue;
      if (more()) return true;  // what came between the two
      file_ = std::move(next);
      return true;
    }
    return false;
  }

  /// Where the list goes on; at its beginning if the file that was read is gone: it was the oldest.
  [[nodiscard]] std::size_t behind_mine(const std::vector<std::string>& files) const {
    for (std::size_t i = 0; file_.is_open() && i < files.size(); ++i) {
      if (inode(files[i]) == inode(file_.get())) return i + 1;
    }
    return 0;
  }

  static ino_t inode(int file) {
    struct stat status {};
    return ::fstat(file, &status) == 0 ? status.st_ino : 0;
  }
  static ino_t inode(const std::string& name) {
    struct stat status {};
    return ::stat(name.c_str(), &status) == 0 ? status.st_ino : 0;
  }

  const std::string trail_;
  const audit::Share share_;
  host::Descriptor file_;
  std::string partial_;
  std::size_t begin_ = 0;  // in partial_, of the next line
};

/// An event and where it was read.
struct Next {
  std::string json;
  EventLine line;
};

/// The next event of a share, whatever else stands there.
std::optional<Next> next_of(Lines& lines) {
  while (auto json = lines.next()) {
    if (auto line = read_event(*json)) return Next{*std::move(json), *std::move(line)};
  }
  return std::nullopt;
}

bool is_wanted(const Options& options, const EventLine& line) {
  if (options.errors && !line.failed) return false;
  if (!options.account.empty() && line.recipient != options.account) return false;
  if (line.when < options.since) return false;
  if (!options.action.empty() &&
      !is_like(options.action, {line.action, line.action.substr(line.action.find(':') + 1)})) {
    return false;
  }
  return options.user.empty() ||
         std::any_of(line.who.begin(), line.who.end(), [&](const auto& name) { return is_like(options.user, {name}); });
}

void print(const Options& options, const Next& event) {
  if (options.output == "json") return say_json(event.json);
  say("{}\n", event.line.text);
  if (!event.line.why.empty()) say("    {}\n", event.line.why);
}

/// Prints what is wanted: as it comes, or the last of it once all has come.
class Printer {
 public:
  explicit Printer(const Options& options) : options_(options), limit_(options.limit) {}
  void take(Next event) {
    if (!is_wanted(options_, event.line)) return;
    if (limit_ == 0) return print(options_, event);
    last_.push_back(std::move(event));
    if (last_.size() > limit_) last_.pop_front();
  }
  void all_came() {
    for (const Next& event : last_) print(options_, event);
    last_.clear();
    limit_ = 0;  // what follows is shown
  }

 private:
  const Options& options_;
  std::size_t limit_;
  std::deque<Next> last_;
};

/// Everything that is there, by time.
void print_all(Printer& printer, const std::vector<std::unique_ptr<Lines>>& shares) {
  std::vector<std::optional<Next>> heads;
  heads.reserve(shares.size());
  for (const auto& share : shares) heads.push_back(next_of(*share));
  for (;;) {
    std::size_t first = heads.size();
    for (std::size_t i = 0; i < heads.size(); ++i) {
      if (heads[i] && (first == heads.size() || heads[i]->line.when < heads[first]->line.when)) first = i;
    }
    if (first == heads.size()) return;
    printer.take(*std::move(heads[first]));
    heads[first] = next_of(*shares[first]);
  }
}

int show(const Options& options) {
  const std::string trail = options.file.empty() ? audit::Log::default_file(options.data) : options.file;
  std::vector<std::unique_ptr<Lines>> shares;
  bool any = false;
  for (const audit::Share share : {audit::Share::kKnown, audit::Share::kStrangers}) {
    auto files = audit::Log::files(trail, share);
    if (!files) return fail(files.error());
    any = any || !files->empty();
    shares.push_back(std::make_unique<Tail>(trail, share));
  }
  if (options.file.empty() && Memory::is_there(options.data)) {
    shares.clear();
    for (const char* share : {"known", "strangers"}) shares.push_back(std::make_unique<Memory>(options.data, share));
    any = true;
  }
  if (!any) return fail("there are no events in " + (options.file.empty() ? options.data : options.file));
  Printer printer(options);
  print_all(printer, shares);
  printer.all_came();
  while (options.follow) {
    flush_output();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    print_all(printer, shares);
  }
  return kDone;
}

}  // namespace

void add_events(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("events", "Show what happened: the audit trail, a line a request");
  add_data_option(*verb, options->data);
  verb->add_option("--audit-file", options->file, "The trail, if the server has it elsewhere (as its --audit-file)")
      ->type_name("FILE")
      ->envname("DEPUTY_AUDIT_FILE");
  add_output_option(*verb, options->output);
  verb->add_flag("--follow,-f", options->follow, "Go on with what happens next");
  verb->add_flag("--errors", options->errors, "Only what was refused or failed");
  verb->add_option("--account", options->account, "Only what this account's own trail would show")
      ->type_name("ACCOUNT")
      ->check([](const std::string& id) {
        return AccountId::parse(id) ? std::string() : "an account id has twelve digits: " + id;
      });
  verb->add_option("--user", options->user,
                   "Only of this caller: a name, an ARN, an access key id; * and ? as elsewhere")
      ->type_name("WHO");
  verb->add_option("--action", options->action, "Only this: sts:AssumeRole, AssumeRole, iam:*")->type_name("ACTION");
  verb->add_option("--since", options->since,
                   "Only what came later: 10m, 2h, 7d ago, or a time as 2026-07-24T10:11:12Z")
      ->type_name("WHEN")
      ->transform([](const std::string& text) {
        const auto since = read_since(text);
        if (!since)
          throw CLI::ValidationError("--since", "wants 10m, 2h, 7d or a time as 2026-07-24T10:11:12Z: " + text);
        return *since;
      });
  constexpr std::size_t kMost = 1'000'000;
  verb->add_option("--limit,-n", options->limit, "Only the last so many")
      ->type_name("COUNT")
      ->check(CLI::Range(std::size_t{1}, kMost));
  verb->footer(
      "What was refused has the reason on a line below. What operators change is there too, as deputy:CreateAccount.\n"
      "Examples:\n  deputy events --errors\n  deputy events --since 10m --user dana --action 'sts:*' --limit 20\n  "
      "deputy events --follow --account 222222222222\n"
      "  deputy events --output json | jq .eventName");
  verb->callback([&run, options] { run = [options] { return show(*options); }; });
}

}  // namespace deputy::cli
