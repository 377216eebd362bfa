// `deputy backup` and `deputy restore`: copies of what a server knows.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json_writer.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "host/files.h"
#include "store/sqlite/backup.h"

namespace deputy::cli {
namespace {

struct Options {
  std::string data, output, file, key_file;
  bool with_key = false;
};

constexpr const char* kKey = "key";

/// Of the key file, and of nothing larger.
host::Outcome<void> read(const std::string& file, std::string& text) {
  constexpr std::size_t kMostOfKey = 4096;
  std::ifstream in(file, std::ios::binary);
  text.resize(kMostOfKey + 1);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || in.gcount() == 0) return Failure("cannot read " + file);
  if (in.gcount() > static_cast<std::streamsize>(kMostOfKey)) return Failure(file + " is no key file");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return {};
}

host::Outcome<void> copy_key(const std::string& from, const std::string& to) {
  std::string key;
  TRY_VOID(read(from, key));
  TRY(const auto place, host::Folder::of_file(to));
  return place.first.replace(place.second, key);
}

int tell(const Options& options, const store::Copied& copied, const std::string& for_people) {
  if (options.output != "json") {
    say_lines(for_people);
    return kDone;
  }
  std::string json;
  JsonWriter writer(json);
  writer.begin_object();
  writer.key("Revision").value(static_cast<std::int64_t>(copied.revision));
  writer.key("Entries").value(static_cast<std::int64_t>(copied.entries));
  writer.end_object();
  say_json(json);
  return kDone;
}

int back_up(const Options& options) {
  const std::string key = options.key_file.empty() ? options.data + "/" + kKey : options.key_file;
  const std::string key_copy = options.file + ".key";
  if (options.with_key && std::filesystem::exists(key_copy)) return fail("there is a file " + key_copy + " already");
  const auto copied = store::back_up(options.data, options.file);
  if (!copied) return fail(copied.error().message);
  std::string about_key = fmt::format(
      "Its secrets are sealed with the key in {}, which is not in it: keep a copy of that elsewhere. Without it\n"
      "nobody can use this one.\n",
      key);
  if (options.with_key) {
    if (const auto done = copy_key(key, key_copy); !done) return fail(done.error());
    about_key = fmt::format("The key is in {}: whoever has both has every secret.\n", key_copy);
  }
  return tell(options, *copied,
              fmt::format("{} entries of {}, as of revision {}, are in {}.\n{}", copied->entries, options.data,
                          copied->revision, options.file, about_key));
}

int restore(const Options& options) {
  const std::string key = options.data + "/" + kKey;
  if (!options.key_file.empty()) {
    if (std::filesystem::exists(key))
      return fail("there is a key in " + options.data + " already: leave --key-file out");
    std::string readable;
    if (const auto done = read(options.key_file, readable); !done) return fail(done.error());
  }
  const auto copied = store::restore(options.file, options.data);
  if (!copied) return fail(copied.error().message);
  if (!options.key_file.empty()) {
    if (const auto done = copy_key(options.key_file, key); !done) return fail(done.error());
  }
  const std::string next = std::filesystem::exists(key)
                               ? fmt::format("deputy serve --data {} goes on from there.\n", options.data)
                               : fmt::format(
                                     "Put the key of that time into {} (or name it with deputy serve --key-file) "
                                     "before you start a\nserver there.\n",
                                     key);
  return tell(options, *copied,
              fmt::format("{} entries, as of revision {}, are in {}.\n{}", copied->entries, copied->revision,
                          options.data, next));
}

}  // namespace

void add_backup(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("backup", "Copy what the server knows into a file, while it runs");
  verb->add_option("file", options->file, "Where to; must not be there")->required()->type_name("FILE");
  add_data_option(*verb, options->data);
  verb->add_option("--key-file", options->key_file, "The server's, if it is not key in the data folder")
      ->type_name("FILE")
      ->envname("DEPUTY_KEY_FILE");
  verb->add_flag("--with-key", options->with_key, "Copy the key, too, into FILE.key");
  add_output_option(*verb, options->output);
  verb->footer(
      "One moment, whole, whatever is written meanwhile. The audit trail is not in it.\n\n"
      "Examples:\n"
      "  deputy backup /backups/$(date +%F).db\n"
      "  deputy backup monday.db --with-key");
  verb->callback([&run, options] { run = [options] { return back_up(*options); }; });

  auto restored = std::make_shared<Options>();
  verb = app.add_subcommand("restore", "Make a data folder of a backup");
  verb->add_option("file", restored->file, "What deputy backup wrote")->required()->type_name("FILE");
  add_data_option(*verb, restored->data);
  verb->add_option("--key-file", restored->key_file, "The key of that time, to be copied into the data folder")
      ->type_name("FILE");
  add_output_option(*verb, restored->output);
  verb->footer(
      "The folder must hold no store yet, and no server may run in it.\n\n"
      "Examples:\n"
      "  deputy restore monday.db --key-file monday.db.key --data ./again\n"
      "  deputy serve --data ./again");
  verb->callback([&run, restored] { run = [restored] { return restore(*restored); }; });
}

}  // namespace deputy::cli
