// The project's files as text, for checks that read them.
#pragma once

#include <filesystem>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace deputy::rooms {

struct SourceFile {
  std::string path;  ///< From the project's root.
  std::vector<std::string> lines;
};

struct Include {
  std::string path;
  int line;
};

std::filesystem::path root();

/// Every .h, .cpp and .inc below a folder of the project, in order of their paths.
std::vector<SourceFile> sources(std::string_view folder);

/// Every text file of the project that people write: no build output, no installed packages.
std::vector<SourceFile> text_files();

/// The `#include "..."` lines.
std::vector<Include> includes(const SourceFile& file);

/// A regular expression that is searched only in lines which hold one of `words`, as every line that it fits does:
/// std::regex takes a microsecond a character, and there are 100,000 lines.
class Pattern {
 public:
  Pattern(std::vector<std::string> words, const std::string& expression);
  [[nodiscard]] bool in(const std::string& line) const;

 private:
  std::vector<std::string> words_;
  std::regex expression_;
};

/// The lines with comments blanked out, so that prose may name what code must not.
std::vector<std::string> code_lines(const SourceFile& file);

}  // namespace deputy::rooms
