#include "cli/help.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <set>

#include "base/visible.h"
#include "policy/wording.h"

namespace deputy::cli {
namespace {

constexpr std::size_t kShortHeading = 24;  // "Examples:", "Exit codes:": no prose

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

/// Where what describes an option or a command begins; 0 if the line is none of these.
std::size_t description_of(std::string_view line) {
  const std::size_t indent = indent_of(line);
  if (indent != 2 || line.size() < indent + 2) return 0;
  const std::size_t gap = line.find("  ", indent);
  if (gap == std::string_view::npos) return 0;
  const std::size_t begin = line.find_first_not_of(' ', gap);
  return begin == std::string_view::npos ? 0 : begin;
}

void append_wrapped(std::string& out, std::string_view line, std::size_t columns, std::size_t indent) {
  std::size_t before = 0;  // blanks that stand before what is left of the line
  while (before + line.size() > columns) {
    std::size_t end = line.rfind(' ', columns - before);
    if (end == std::string_view::npos || before + end <= indent) end = line.find(' ', columns - before);
    const std::size_t next = line.find_first_not_of(' ', end);
    if (end == std::string_view::npos || next == std::string_view::npos) break;
    out.append(before, ' ').append(line.substr(0, end)).append("\n");
    line.remove_prefix(next);
    before = indent;
  }
  out.append(before, ' ').append(line).append("\n");
}

bool is_prose(std::string_view line) {
  return !line.empty() && line.front() != ' ' && !(line.ends_with(':') && line.size() <= kShortHeading) &&
         !line.starts_with("Usage:");
}

/// The verb that was named, and all above it.
const CLI::App& deepest(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

std::string meant(std::string_view written, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  return policy::suggestion(written, views);
}

void collect_variables(const CLI::App& app, std::set<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_envname().empty()) names.insert(option->get_envname());
  }
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    collect_variables(*verb, names);
}

}  // namespace

std::string wrapped(std::string_view help, std::size_t columns) {
  std::string out, paragraph;
  const auto end_paragraph = [&] {
    if (!paragraph.empty()) append_wrapped(out, paragraph, columns, 0);
    paragraph.clear();
  };
  while (!help.empty()) {
    const std::size_t end = std::min(help.find('\n'), help.size());
    const std::string_view line = help.substr(0, end);
    help.remove_prefix(std::min(end + 1, help.size()));
    if (is_prose(line)) {
      paragraph.append(paragraph.empty() ? "" : " ").append(line);
      continue;
    }
    end_paragraph();
    const std::size_t description = description_of(line);
    append_wrapped(out, line, columns, description != 0 ? description : indent_of(line));
  }
  end_paragraph();
  return out;
}

std::string explained(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& verb = deepest(app);
  const std::string name = full_name(verb);
  std::string sentence = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    for (const std::string& word : app.remaining(true)) {
      if (!word.starts_with('-')) continue;
      std::vector<std::string> options;
      for (const CLI::Option* option : verb.get_options()) {
        for (const std::string& known : option->get_lnames()) options.push_back("--" + known);
      }
      const std::string written = word.substr(0, word.find('='));
      sentence = fmt::format("there is no option {} of {}.{}", written, name, meant(written, options));
      break;
    }
  }
  while (sentence.ends_with('\n')) sentence.pop_back();
  if (!sentence.ends_with('.') && !sentence.ends_with('?')) sentence += '.';
  return fmt::format("{} See: {} --help", sentence, name);
}

std::string unknown_command(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  for (const std::string& word : words) {
    if (at->get_require_subcommand_min() == 0 || word.starts_with('-')) return {};
    const CLI::App* next = nullptr;
    std::string known;
    std::vector<std::string> names;
    for (const CLI::App* command : at->get_subcommands([](const CLI::App*) { return true; })) {
      if (command->check_name(word)) next = command;
      known += (known.empty() ? "" : ", ") + command->get_name();
      names.push_back(command->get_name());
    }
    if (next == nullptr) {
      const std::string suggestion = meant(word, names);
      return fmt::format("there is no command \"{}\" {} {}{}: {}", word, at == &app ? "of" : "under", at->get_name(),
                         suggestion.empty() ? "; there are" : "." + suggestion + " There are", known);
    }
    at = next;
  }
  return {};
}

std::vector<std::string> unknown_variables(const CLI::App& app, const std::vector<std::string>& names) {
  std::set<std::string> known{"DEPUTY_DATA", "DEPUTY_WAIT", "DEPUTY_AWS"};
  collect_variables(app, known);
  const std::vector<std::string> candidates(known.begin(), known.end());
  constexpr std::array kOfKubernetes = {"DEPUTY_SERVICE_", "DEPUTY_PORT"};
  std::vector<std::string> sentences;
  for (const std::string& name : names) {
    if (!name.starts_with("DEPUTY_") || known.contains(name)) continue;
    if (std::any_of(kOfKubernetes.begin(), kOfKubernetes.end(), [&](auto p) { return name.starts_with(p); })) continue;
    sentences.push_back(
        fmt::format("{} is no variable of Deputy's, and nothing heeds it.{}", visible(name), meant(name, candidates)));
  }
  return sentences;
}

}  // namespace deputy::cli
