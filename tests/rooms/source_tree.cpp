#include "rooms/source_tree.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

namespace deputy::rooms {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> kCode{".h", ".hpp", ".cpp", ".inc", ".c", ".cc"};
const std::set<std::string> kText{".h",  ".cpp", ".inc",  ".c",   ".cc", ".md",    ".py", ".sh",
                                  ".js", ".mjs", ".json", ".txt", ".in", ".cmake", ""};
const std::set<std::string> kNotOurs{"build", ".git", ".tools", "node_modules", "__pycache__", "corpus"};

SourceFile read(const fs::path& path) {
  SourceFile file{fs::relative(path, root()).string(), {}};
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) file.lines.push_back(std::move(line));
  return file;
}

std::vector<SourceFile> files(const fs::path& top, const std::set<std::string>& extensions) {
  std::vector<SourceFile> found;
  if (!fs::exists(top)) return found;
  for (auto at = fs::recursive_directory_iterator(top); at != fs::recursive_directory_iterator(); ++at) {
    if (at->is_directory() && kNotOurs.contains(at->path().filename().string())) at.disable_recursion_pending();
    if (at->is_regular_file() && extensions.contains(at->path().extension().string()))
      found.push_back(read(at->path()));
  }
  std::ranges::sort(found, {}, &SourceFile::path);
  return found;
}

}  // namespace

fs::path root() { return DEPUTY_SOURCE_DIR; }

std::vector<SourceFile> sources(std::string_view folder) { return files(root() / folder, kCode); }

std::vector<SourceFile> text_files() { return files(root(), kText); }

std::vector<Include> includes(const SourceFile& file) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*\"([^\"]+)\")");
  std::vector<Include> found;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (file.lines[i].find("include") == std::string::npos) continue;
    std::smatch match;
    if (std::regex_search(file.lines[i], match, kInclude)) found.push_back({match[1], static_cast<int>(i + 1)});
  }
  return found;
}

Pattern::Pattern(std::vector<std::string> words, const std::string& expression)
    : words_(std::move(words)), expression_(expression) {}

bool Pattern::in(const std::string& line) const {
  const auto holds = [&](const std::string& word) { return line.find(word) != std::string::npos; };
  return std::ranges::any_of(words_, holds) && std::regex_search(line, expression_);
}

std::vector<std::string> code_lines(const SourceFile& file) {
  std::vector<std::string> lines;
  bool in_block = false;
  for (const std::string& line : file.lines) {
    std::string code;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (in_block) {
        if (line.compare(i, 2, "*/") == 0) in_block = false, ++i;
      } else if (line.compare(i, 2, "/*") == 0) {
        in_block = true, ++i;
      } else if (line.compare(i, 2, "//") == 0) {
        break;
      } else {
        code += line[i];
      }
    }
    lines.push_back(std::move(code));
  }
  return lines;
}

}  // namespace deputy::rooms
