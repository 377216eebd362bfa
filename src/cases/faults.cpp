#include "cases/faults.h"

#include <vector>

namespace deputy::cases {
namespace {

/// A member of an object or an element of a list.
struct Part {
  std::size_t begin = 0, end = 0;  // with the member's name, without commas
  std::string_view name;           // of the member; empty: an element
  std::size_t level = 0;           // of the container: 0 is the document
  std::size_t siblings = 0;        // how many parts the container has
};

/// Finds the parts that hold an offset, the outermost first. Reads well-formed JSON; gives up on everything else.
class Parts {
 public:
  Parts(std::string_view text, std::size_t offset) : text_(text), offset_(offset) {}

  std::optional<std::vector<Part>> find() {
    if (!value(0)) return std::nullopt;
    blanks();
    if (at_ != text_.size()) return std::nullopt;
    return std::vector<Part>(found_.rbegin(), found_.rend());
  }

 private:
  static constexpr std::size_t kDeepest = 64;

  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool string(std::string_view& inside) {
    if (!take('"')) return false;
    const std::size_t begin = at_;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) return false;
    inside = text_.substr(begin, at_++ - begin);
    return true;
  }
  bool scalar() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
    return at_ > begin;
  }
  bool value(std::size_t level) {
    blanks();
    if (at_ >= text_.size() || level > kDeepest) return false;
    if (text_[at_] == '{') return container(level, '}', true);
    if (text_[at_] == '[') return container(level, ']', false);
    std::string_view inside;
    return text_[at_] == '"' ? string(inside) : scalar();
  }
  bool container(std::size_t level, char close, bool named) {
    ++at_;
    if (take(close)) return true;
    std::optional<Part> mine;
    std::size_t count = 0;
    do {
      blanks();
      Part part{.begin = at_, .end = 0, .name = {}, .level = level, .siblings = 0};
      if (named && (!string(part.name) || !take(':'))) return false;
      if (!value(level + 1)) return false;
      part.end = at_;
      ++count;
      if (offset_ >= part.begin && offset_ < part.end) mine = part;
    } while (take(','));
    if (!take(close)) return false;
    if (mine) {
      mine->siblings = count;
      found_.push_back(*mine);
    }
    return true;
  }

  const std::string_view text_;
  const std::size_t offset_;
  std::size_t at_ = 0;
  std::vector<Part> found_;  // the innermost first
};

/// Whether the rest is as complete as before. Members of the document (level 0) and of a statement, which is an element of
/// the list at level 1 or the one object there, are mostly needed.
bool can_be_missing(const Part& part, std::size_t statement_level) {
  if (part.name == "Sid" || part.name == "Condition" || part.name == "Id") return true;
  if (part.siblings < 2) return false;
  return part.name.empty() || part.level > statement_level;
}

}  // namespace

std::optional<std::string> without_part_at(std::string_view text, std::size_t offset) {
  const auto parts = Parts(text, offset).find();
  if (!parts || parts->empty() || parts->front().name != "Statement") return std::nullopt;
  const bool listed = parts->size() > 1 && (*parts)[1].name.empty();
  const std::size_t statement_level = listed ? 2 : 1;
  for (auto part = parts->rbegin(); part != parts->rend(); ++part) {
    if (!can_be_missing(*part, statement_level)) continue;
    std::string rest(text);
    std::size_t begin = part->begin, end = part->end;
    // With one comma: the one behind it, or of the last part the one before.
    const std::size_t next = text.find_first_not_of(" \t\r\n", end);
    if (next != std::string_view::npos && text[next] == ',') {
      end = next + 1;
    } else if (const std::size_t before = text.find_last_not_of(" \t\r\n", begin - 1); text[before] == ',') {
      begin = before;
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (rest[i] != '\n' && rest[i] != '\r') rest[i] = ' ';
    }
    return rest;
  }
  return std::nullopt;
}

}  // namespace deputy::cases
