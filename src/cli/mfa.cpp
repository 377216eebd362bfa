// `deputy mfa code`: the code of a virtual MFA device, for scripts and tests that have no phone.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <optional>
#include <thread>

#include "authn/totp.h"
#include "base/encoding.h"
#include "base/time.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "crypto/secret.h"
#include "host/clock.h"

namespace deputy::cli {
namespace {

constexpr std::size_t kMaxSeed = 1024;

struct Options {
  std::string seed;
  std::optional<std::string> at;  // absent: now
  bool next = false;              // waits for the code that comes after the present one
};

/// The seed from standard input, where no list of processes shows it. One that is too long stays so: of its beginning alone
/// the codes would be others.
std::string read_seed() {
  std::string text(kMaxSeed + 1, '\0');
  std::size_t size = 0;
  for (ssize_t got; size < text.size() && (got = ::read(STDIN_FILENO, &text[size], text.size() - size)) > 0;) {
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

/// Base32 as people copy it: in either case, in groups, perhaps padded.
std::optional<std::string> seed_bytes(std::string_view text) {
  if (text.size() > kMaxSeed) return std::nullopt;
  std::string plain;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0 || c == '-') continue;
    plain.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  while (plain.ends_with('=')) plain.pop_back();
  if (plain.empty()) return std::nullopt;
  return unbase32(plain);
}

/// Until the present code is over.
void wait_for_next_code() {
  const SystemClock clock;
  for (const std::int64_t present = authn::totp_period(clock.now()); authn::totp_period(clock.now()) == present;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

int print_code(Options& options) {
  if (options.seed == "-") options.seed = read_seed();
  std::optional<std::string> seed = seed_bytes(options.seed);
  crypto::wipe(options.seed);
  if (!seed) return fail("the seed is not base32: letters A to Z and digits 2 to 7");
  if (options.next) wait_for_next_code();
  const std::optional<Time> at = options.at ? parse_time(*options.at) : SystemClock().now();
  if (!at) return fail("--at wants a time as 2026-07-24T10:11:12Z, or seconds since 1970");
  say("{}\n", authn::hotp(*seed, static_cast<std::uint64_t>(authn::totp_period(*at))));
  crypto::wipe(*seed);
  return kDone;
}

}  // namespace

void add_mfa(CLI::App& app, Run& run) {
  CLI::App* verb = app.add_subcommand("mfa", "Codes of virtual MFA devices");
  verb->require_subcommand(1);

  auto options = std::make_shared<Options>();
  CLI::App* code = verb->add_subcommand("code", "Print the six digits that a device with this seed shows");
  code->add_option("seed", options->seed, "The device's Base32StringSeed; - reads it from standard input")
      ->type_name("SEED")
      ->required();
  code->add_option("--at", options->at, "When, instead of now: 2026-07-24T10:11:12Z, or seconds since 1970")
      ->type_name("TIME");
  code->add_flag("--next", options->next, "Wait for the next code: each works once, so the present one may be used up")
      ->excludes("--at");
  code->footer(
      "A seed on the command line can be read in the list of processes: give it by standard input.\n"
      "Example:\n  deputy mfa code - < phone.seed");
  code->callback([&run, options] { run = [options] { return print_code(*options); }; });
}

}  // namespace deputy::cli
