#include "rooms/table.h"

#include <fstream>
#include <regex>
#include <sstream>

namespace deputy::rooms {
namespace {

std::set<std::string> in_backticks(const std::string& cell) {
  static const std::regex kName("`([^`]+)`");
  std::set<std::string> names;
  for (std::sregex_iterator at(cell.begin(), cell.end(), kName), end; at != end; ++at) names.insert((*at)[1]);
  return names;
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

Table read_table(const std::filesystem::path& document) {
  Table table;
  std::ifstream in(document);
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("<!-- rooms")) inside = true;
    if (line.starts_with("<!-- end of rooms")) break;
    if (!inside || !line.starts_with("| `")) continue;
    const std::size_t name_end = line.find('|', 1);
    const std::size_t allowed_start = line.rfind('|', line.rfind('|') - 1);
    for (const std::string& room : in_backticks(line.substr(0, name_end))) {
      table[room] = in_backticks(line.substr(allowed_start));
    }
  }
  return table;
}

Table read_cmake(const std::filesystem::path& lists) {
  static const std::regex kComment("#[^\n]*");
  static const std::regex kRoom(R"(deputy_room\(([^)]*)\))");
  static const std::set<std::string> kKeywords{"FOLDER", "DEPENDS", "LIBRARIES", "EXCLUDE"};
  const std::string text = std::regex_replace(contents(lists), kComment, "");
  std::map<std::string, std::string> folder_of;
  std::map<std::string, std::set<std::string>> depends_of;
  for (std::sregex_iterator at(text.begin(), text.end(), kRoom), end; at != end; ++at) {
    std::istringstream words((*at)[1].str());
    std::string name, keyword;
    words >> name;
    folder_of[name] = name;
    depends_of[name];
    for (std::string word; words >> word;) {
      if (kKeywords.contains(word)) {
        keyword = word;
      } else if (keyword == "FOLDER") {
        folder_of[name] = word;
      } else if (keyword == "DEPENDS") {
        depends_of[name].insert(word);
      }
    }
  }
  Table table;
  for (const auto& [name, depends] : depends_of) {
    std::set<std::string>& row = table[folder_of[name]];
    for (const std::string& other : depends) row.insert(folder_of.contains(other) ? folder_of[other] : other);
  }
  return table;
}

Table closure(const Table& direct) {
  Table all = direct;
  for (bool grew = true; grew;) {
    grew = false;
    for (auto& [room, reached] : all) {
      const std::set<std::string> before = reached;
      for (const std::string& other : before) {
        if (const auto row = all.find(other); row != all.end()) reached.insert(row->second.begin(), row->second.end());
      }
      grew |= reached.size() != before.size();
    }
  }
  return all;
}

std::string room_of(const Table& table, std::string_view path) {
  const std::string_view parent = path.substr(0, path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/'));
  for (std::string folder(parent); !folder.empty();) {
    if (table.contains(folder)) {
      const auto inner = table.lower_bound(folder + "/");
      const bool has_inner_rooms = inner != table.end() && inner->first.starts_with(folder + "/");
      return folder == parent || !has_inner_rooms ? folder : "";
    }
    const std::size_t slash = folder.rfind('/');
    folder.resize(slash == std::string::npos ? 0 : slash);
  }
  return "";
}

}  // namespace deputy::rooms
