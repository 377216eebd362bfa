#include "server/limits_page.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace deputy::server {
namespace {

using Kind = Figure::Kind;

struct Unit {
  Kind kind;
  double factor;
};

Unit unit(const std::string& word) {
  static const std::map<std::string, Unit> kUnits{{"byte", {Kind::kBytes, 1}},
                                                  {"bytes", {Kind::kBytes, 1}},
                                                  {"KB", {Kind::kBytes, 1e3}},
                                                  {"MB", {Kind::kBytes, 1e6}},
                                                  {"GB", {Kind::kBytes, 1e9}},
                                                  {"KiB", {Kind::kBytes, 1024}},
                                                  {"MiB", {Kind::kBytes, 1048576}},
                                                  {"GiB", {Kind::kBytes, 1073741824}},
                                                  {"ms", {Kind::kMilliseconds, 1}},
                                                  {"milliseconds", {Kind::kMilliseconds, 1}},
                                                  {"s", {Kind::kMilliseconds, 1e3}},
                                                  {"second", {Kind::kMilliseconds, 1e3}},
                                                  {"seconds", {Kind::kMilliseconds, 1e3}},
                                                  {"minute", {Kind::kMilliseconds, 6e4}},
                                                  {"minutes", {Kind::kMilliseconds, 6e4}},
                                                  {"hour", {Kind::kMilliseconds, 36e5}},
                                                  {"hours", {Kind::kMilliseconds, 36e5}},
                                                  {"day", {Kind::kMilliseconds, 864e5}},
                                                  {"days", {Kind::kMilliseconds, 864e5}}};
  const auto found = kUnits.find(word);
  return found == kUnits.end() ? Unit{Kind::kCount, 1} : found->second;
}

/// Since 1970-01-01.
std::uint64_t days(const std::string& year, const std::string& month, const std::string& day) {
  const std::chrono::year_month_day date{std::chrono::year(std::stoi(year)),
                                         std::chrono::month(static_cast<unsigned>(std::stoi(month))),
                                         std::chrono::day(static_cast<unsigned>(std::stoi(day)))};
  return static_cast<std::uint64_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> all;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), pattern); at != std::sregex_iterator(); ++at) {
    all.push_back((*at)[1]);
  }
  return all;
}

std::string read(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Row {
  std::string input, limit, where;
};

/// The rows below every heading `| input | limit | where |`.
std::vector<Row> rows(std::string_view page) {
  static const std::regex kRow(R"(^\|\s*(.*?)\s*\|\s*(.*?)\s*\|\s*(.*?)\s*\|\s*$)");
  std::vector<Row> all;
  bool inside = false;
  std::istringstream lines{std::string(page)};
  for (std::string line; std::getline(lines, line);) {
    std::smatch cells;
    if (!std::regex_match(line, cells, kRow)) {
      inside = false;
    } else if (cells[1] == "input" && cells[2] == "limit" && cells[3] == "where") {
      inside = true;
    } else if (inside && cells[1].str().find_first_not_of("-: ") != std::string::npos) {
      all.push_back({cells[1], cells[2], cells[3]});
    }
  }
  return all;
}

class Comparison {
 public:
  Comparison(const std::vector<Limit>& limits, std::string root) : root_(std::move(root)) {
    for (const Limit& limit : limits) limits_.emplace(limit.name, limit.figure);
  }

  void compare(const Row& row) {
    static const std::regex kName(R"(`(?:deputy::)?((?:\w+::)*\w+(?:\.\w+)?)`)");
    static const std::regex kFile(R"(`((?:src|models)/[\w/.]+)`)");
    const auto names = matches(row.where, kName);
    const auto files = matches(row.where, kFile);
    const auto said = figures(row.limit);
    if (names.empty() || files.size() != 1) return wrong(row, "names no constant, or not the one file where it stands");
    if (names.size() != said.size()) return wrong(row, "has not one figure a constant");
    const bool is_model = files.front().starts_with("models/");
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (auto what = is_model ? of_model(names[i], said[i], files[0]) : of_code(names[i], said[i], files[0]);
          !what.empty()) {
        wrong(row, names[i] + what);
      }
    }
  }

  /// After all rows.
  std::vector<std::string> outcome() {
    for (const auto& [name, figure] : limits_) {
      if (!named_.contains(name)) wrong_.push_back(name + " is not in the page");
    }
    return std::move(wrong_);
  }

 private:
  void wrong(const Row& row, const std::string& what) { wrong_.push_back("\"" + row.input + "\": " + what); }

  /// What is wrong with a constant; empty: nothing.
  std::string of_code(const std::string& name, const Figure& said, const std::string& header) {
    named_.insert(name);
    const auto known = limits_.find(name);
    if (known == limits_.end()) return " is not in the table of this test";
    if (known->second != said) return " is another in the code: " + std::to_string(known->second.value);
    const std::regex declared("\\b" + name.substr(name.find_last_of(":.") + 1) + R"(\s*[={])");
    return std::regex_search(read(root_ + "/" + header), declared) ? "" : " is not declared in that header";
  }

  /// The longest that a shape may be: the model itself is the table.
  [[nodiscard]] std::string of_model(const std::string& name, const Figure& said, const std::string& model) const {
    const std::regex shape("\"" + name + R"("\s*:\s*\{[^{}]*"max"\s*:\s*(\d+))");
    const auto found = matches(read(root_ + "/" + model), shape);
    if (found.empty()) return " has no greatest length in that model";
    return std::stoull(found.front()) == said.value ? "" : " is another in the model: " + found.front();
  }

  std::string root_;
  std::map<std::string, Figure, std::less<>> limits_;
  std::set<std::string> named_;
  std::vector<std::string> wrong_;
};

}  // namespace

std::vector<Figure> figures(std::string_view cell) {
  static const std::regex kAside(R"(\([^)]*\))");
  static const std::regex kFigure(
      R"((?:^|[\s;,:])(?:(\d{4})-(\d\d)-(\d\d)|(\d[\d,]*\d|\d)(\.\d+)?(?:\s*([A-Za-z]+))?))");
  const std::string text = std::regex_replace(std::string(cell), kAside, "");
  std::vector<Figure> all;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), kFigure); at != std::sregex_iterator(); ++at) {
    if ((*at)[1].matched) {
      all.push_back({Kind::kDays, days((*at)[1], (*at)[2], (*at)[3])});
      continue;
    }
    std::string number = (*at)[4];
    std::erase(number, ',');
    const Unit in = unit((*at)[6]);
    const double value = std::stod(number + (*at)[5].str()) * in.factor;
    all.push_back({in.kind, static_cast<std::uint64_t>(std::llround(value))});
  }
  return all;
}

std::vector<std::string> disagreements(std::string_view page, const std::vector<Limit>& limits,
                                       const std::string& root) {
  Comparison comparison(limits, root);
  for (const Row& row : rows(page)) comparison.compare(row);
  return comparison.outcome();
}

}  // namespace deputy::server
