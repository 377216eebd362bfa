#include "rooms/declarations.h"

#include <algorithm>
#include <regex>

namespace deputy::rooms {
namespace {

std::string trimmed(std::string text) {
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

/// Neither declares anything: what opens a block around declarations, and what is for others than readers.
bool is_frame(const std::string& code) {
  static const std::regex kFrame(
      R"(#.*|(inline )?namespace .*|extern "C" \{|(public|private|protected):|friend .*|(struct|class) \w+;|\}.*)");
  return std::regex_match(code, kFrame);
}

long braces(const std::string& code) {
  return std::count(code.begin(), code.end(), '{') - std::count(code.begin(), code.end(), '}');
}

}  // namespace

std::vector<Declaration> declarations(const SourceFile& header) {
  std::vector<Declaration> found;
  const std::vector<std::string> lines = code_lines(header);
  bool comment_before = false, open = false, hidden = false;
  long body = 0;  // braces that are open within the body of a function
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string code = trimmed(lines[i]);
    const bool has_comment = header.lines[i].size() > lines[i].size();
    if (code.empty()) {
      comment_before = has_comment;
      continue;
    }
    if (body > 0) {
      body += braces(code);
      continue;
    }
    if (code == "private:") hidden = true;
    if (code == "public:" || code.starts_with("};")) hidden = false;
    if (!open && (hidden || is_frame(code))) {
      if (hidden && code.ends_with('{')) body = std::max(0L, braces(code));
      comment_before = false;
      continue;
    }
    if (!open) found.push_back({static_cast<int>(i + 1), code, comment_before});
    found.back().documented = found.back().documented || has_comment;
    comment_before = false;
    const bool ends = code.ends_with(';') || code.ends_with('{') || code.ends_with('}');
    const bool is_enumerator = code.find('(') == std::string::npos && code.find('<') == std::string::npos;
    open = !ends && !(is_enumerator && !open);
    if (code.ends_with('{') && (open || code.find(')') != std::string::npos)) body = braces(code);
  }
  return found;
}

}  // namespace deputy::rooms
