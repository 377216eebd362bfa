#include "cases/faults.h"

#include <algorithm>
#include <span>
#include <vector>

namespace deputy::cases {
namespace {

/// A member of an object or an element of a list.
struct Part {
  std::size_t begin = 0, end = 0;  // with the member's name, without commas
  std::size_t value = 0;           // where the value begins, maybe with blanks
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
      Part part{.begin = at_, .end = 0, .value = 0, .name = {}, .level = level, .siblings = 0};
      if (named && (!string(part.name) || !take(':'))) return false;
      part.value = at_;
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

/// The parts that hold an offset of a statement, the outermost first, and which level its members have.
struct Found {
  std::vector<Part> parts;
  std::size_t statement_level = 0;
};
std::optional<Found> find_in_statement(std::string_view text, std::size_t offset) {
  auto parts = Parts(text, offset).find();
  if (!parts || parts->empty() || parts->front().name != "Statement") return std::nullopt;
  const bool listed = parts->size() > 1 && (*parts)[1].name.empty();
  return Found{*std::move(parts), listed ? std::size_t{2} : std::size_t{1}};
}

/// What a member may say in most policies, as JSON.
struct Good {
  std::string_view name;
  std::span<const std::string_view> values;
};
constexpr std::string_view kEffects[] = {R"("Allow")", R"("Deny")"};
constexpr std::string_view kActions[] = {R"("*")", R"("sts:*")", R"("sts:AssumeRole")", R"("s3:*")"};
constexpr std::string_view kResources[] = {R"("*")"};
constexpr std::string_view kPrincipals[] = {R"("*")", R"({"AWS":"*"})"};
constexpr Good kGood[] = {{"Effect", kEffects},         {"Action", kActions},        {"NotAction", kActions},
                          {"Resource", kResources},     {"NotResource", kResources}, {"Principal", kPrincipals},
                          {"NotPrincipal", kPrincipals}};

void blank_out(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (text[i] != '\n' && text[i] != '\r') text[i] = ' ';
  }
}

}  // namespace

std::optional<std::string> without_part_at(std::string_view text, std::size_t offset) {
  const auto found = find_in_statement(text, offset);
  if (!found) return std::nullopt;
  for (auto part = found->parts.rbegin(); part != found->parts.rend(); ++part) {
    if (!can_be_missing(*part, found->statement_level)) continue;
    std::string rest(text);
    std::size_t begin = part->begin, end = part->end;
    // With one comma: the one behind it, or of the last part the one before.
    const std::size_t next = text.find_first_not_of(" \t\r\n", end);
    if (next != std::string_view::npos && text[next] == ',') {
      end = next + 1;
    } else if (const std::size_t before = text.find_last_not_of(" \t\r\n", begin - 1); text[before] == ',') {
      begin = before;
    }
    blank_out(rest, begin, end);
    return rest;
  }
  return std::nullopt;
}

std::vector<Mended> mended_at(std::string_view text, std::size_t offset) {
  std::vector<Mended> all;
  const auto found = find_in_statement(text, offset);
  if (!found || found->parts.size() <= found->statement_level) return all;
  const Part& member = found->parts[found->statement_level];
  for (std::size_t i = found->statement_level; i < found->parts.size(); ++i) {
    if (can_be_missing(found->parts[i], found->statement_level)) return all;
  }
  const auto* const good = std::ranges::find(kGood, member.name, &Good::name);
  if (good == std::end(kGood)) return all;
  for (const std::string_view value : good->values) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n", member.value);
    if (text.substr(begin, member.end - begin).find_first_of("\r\n") < value.size()) continue;  // lines stay lines
    if (begin + value.size() > member.end) continue;
    Mended mended{.text = std::string(text), .begin = member.begin, .end = member.end};
    blank_out(mended.text, begin, member.end);
    mended.text.replace(begin, value.size(), value);
    all.push_back(std::move(mended));
  }
  return all;
}

}  // namespace deputy::cases
