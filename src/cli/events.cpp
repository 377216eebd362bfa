#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <thread>

#include "audit/log.h"
#include "base/account_id.h"
#include "cli/event_line.h"
#include "cli/verbs.h"

namespace deputy::cli {
namespace {

struct Options {
  std::string data, output, account;
  bool follow = false, errors = false;
};

/// Reads whole lines from one file of the trail, and goes on where it stopped.
class Tail {
 public:
  explicit Tail(const std::string& name) : file_(::open(name.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Tail() {
    if (file_ >= 0) ::close(file_);
  }
  Tail(const Tail&) = delete;
  Tail& operator=(const Tail&) = delete;

  [[nodiscard]] bool ok() const { return file_ >= 0; }

  template <class See>
  void read(See see) {
    char buffer[64 * 1024];
    for (ssize_t got; (got = ::read(file_, buffer, sizeof buffer)) > 0;) {
      partial_.append(buffer, static_cast<std::size_t>(got));
      std::size_t begin = 0;
      for (std::size_t end; (end = partial_.find('\n', begin)) != std::string::npos; begin = end + 1) {
        see(std::string_view(partial_).substr(begin, end - begin));
      }
      partial_.erase(0, begin);
    }
  }
  /// Whether the name leads to another file by now: the trail was rotated.
  [[nodiscard]] bool rotated(const std::string& name) const {
    struct stat mine {
    }, named{};
    return ::fstat(file_, &mine) == 0 && ::stat(name.c_str(), &named) == 0 && mine.st_ino != named.st_ino;
  }

 private:
  int file_;
  std::string partial_;
};

void print(const Options& options, std::string_view json) {
  const auto line = read_event(json);
  if (!line || (options.errors && !line->failed)) return;
  if (!options.account.empty() && line->recipient != options.account) return;
  fmt::print("{}\n", options.output == "json" ? std::string(json) : line->text);
}

int show(const Options& options) {
  const std::string current = audit::Log::current_file(options.data);
  const auto see = [&](std::string_view json) { print(options, json); };
  for (const std::string& name : audit::Log::files(options.data)) {
    if (name != current) Tail(name).read(see);
  }
  auto tail = std::make_unique<Tail>(current);
  if (!tail->ok()) return fail("there are no events in " + options.data);
  tail->read(see);
  while (options.follow) {
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    tail->read(see);
    if (tail->rotated(current)) {
      tail->read(see);  // what came between the two
      tail = std::make_unique<Tail>(current);
    }
  }
  return kDone;
}

}  // namespace

void add_events(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("events", "Show what happened: the audit trail, a line a request");
  add_data_option(*verb, options->data);
  add_output_option(*verb, options->output);
  verb->add_flag("--follow,-f", options->follow, "Go on with what happens next");
  verb->add_flag("--errors", options->errors, "Only what was refused or failed");
  verb->add_option("--account", options->account, "Only what this account's own trail would show")
      ->type_name("ACCOUNT")
      ->check([](const std::string& id) {
        return AccountId::parse(id) ? std::string() : "an account id has twelve digits: " + id;
      });
  verb->footer(
      "Examples:\n  deputy events --errors\n  deputy events --follow --account 222222222222\n"
      "  deputy events --output json | jq .eventName");
  verb->callback([&run, options] { run = [options] { return show(*options); }; });
}

}  // namespace deputy::cli
