#include "cases/validate.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/visible.h"
#include "cases/excerpt.h"
#include "cases/faults.h"
#include "catalog/actions.h"
#include "policy/compiled.h"
#include "policy/wording.h"

namespace deputy::cases {
namespace {

using policy::Document;
using policy::Kind;
using policy::Position;

/// How AWS counts and words the size of a document of this type. [L-15, W-9, W-10, W-12]
struct Limit {
  std::size_t bytes;
  bool white_space_counts;
  const char* message;
};

/// A type as people name it. A boundary is a managed policy [L-19]; a resource policy of no service in particular has
/// the grammar of a key policy, which knows no service's own lists of actions and keys.
struct Type {
  std::string_view name;
  Kind kind;
  bool is_iam;  // IAM and STS take the characters of L-14 only
  Limit limit;
};

constexpr std::array<Type, 11> kTypes = {{
    {"identity", Kind::kIdentity, true, {10240, false, "Maximum policy size of 10240 bytes exceeded for a role"}},
    {"managed", Kind::kManaged, true, {6144, false, "Cannot exceed quota for PolicySize: 6144"}},
    {"boundary", Kind::kManaged, true, {6144, false, "Cannot exceed quota for PolicySize: 6144"}},
    {"session", Kind::kSession, true, {2048, true, "Member must have length less than or equal to 2048"}},
    {"trust", Kind::kTrust, true, {8192, false, "Cannot exceed quota for ACLSizePerRole: 8192"}},
    {"bucket", Kind::kBucket, false, {20480, true, "PolicyTooLarge"}},
    {"key", Kind::kKey, false, {32768, true, "LimitExceededException"}},
    {"generic", Kind::kKey, false, {131072, true, ""}},
    {"vpc-endpoint", Kind::kEndpoint, false, {20480, true, "The policy exceeds the quota of 20480 characters"}},
    {"scp", Kind::kScp, false, {10240, true, "POLICY_CONTENT_LIMIT_EXCEEDED"}},
    {"rcp", Kind::kRcp, false, {5120, true, "POLICY_CONTENT_LIMIT_EXCEEDED"}},
}};

const Type& type_of(std::string_view name) {
  const auto* const found = std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& t) { return t.name == name; });
  return found != kTypes.end() ? *found : kTypes.front();
}

Finding error(std::string message, std::string detail, const Position& at) {
  return {true, std::move(message), std::move(detail), at};
}

/// Line and column of a byte.
Position position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
  const std::string_view on_line = before.substr(before.rfind('\n') + 1);
  const auto column = static_cast<std::uint32_t>(1 + std::count_if(on_line.begin(), on_line.end(), [](char c) {
                                                   return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
                                                 }));
  return {static_cast<std::uint32_t>(offset), line, column};
}

std::string hex4(char32_t c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (int shift = c > 0xffff ? 20 : 12; shift >= 0; shift -= 4)
    out += kDigits[c >> static_cast<unsigned>(shift) & 0xfU];
  return out;
}

/// The first character that IAM does not take: quotes and dashes that a word processor made. [L-14]
std::optional<Finding> foreign_character(std::string_view text) {
  if (!is_utf8(text)) return std::nullopt;  // the parser says where
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t offset = text.size() - rest.size();
    const char32_t c = next_code_point(rest);
    if (c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xff)) continue;
    return error("The document holds a character that IAM does not take.",
                 "U+" + hex4(c) + " stands here; only U+0020 to U+00FF, tabs and line ends may.",
                 position_of(text, offset));
  }
  return std::nullopt;
}

std::optional<Finding> too_long(std::string_view text, const Limit& limit) {
  const std::size_t size = limit.white_space_counts ? text.size() : policy::size_without_white_space(text);
  if (size <= limit.bytes) return std::nullopt;
  return error(limit.message,
               "The document has " + std::to_string(size) + " bytes" +
                   (limit.white_space_counts ? "" : " without white space") + "; " + std::to_string(limit.bytes) +
                   " may stand here.",
               {});
}

/// ` Did you mean "s3:GetObject"?`, or nothing.
std::string action_suggestion(const std::string& written) {
  const std::size_t colon = written.find(':');
  std::vector<std::string> candidates;
  if (colon == std::string::npos) {
    candidates = catalog::actions_named(written);
    if (candidates.size() == 1) return " Did you mean \"" + candidates.front() + "\"?";
    return {};
  }
  if (const catalog::ServiceActions* service = catalog::find_service(written.substr(0, colon))) {
    candidates = catalog::actions_of(*service);
  } else {
    candidates = catalog::actions_named(written.substr(colon + 1));
    // The name is as good as a fingerprint if few services have it.
    if (candidates.size() == 1) return " Did you mean \"" + candidates.front() + "\"?";
  }
  // "s3:GetObjct*" is compared without its star.
  std::string text = written;
  while (text.ends_with('*')) text.pop_back();
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  return policy::suggestion(text, views);
}

/// Looking for what was meant takes a while, and nobody reads more.
constexpr std::size_t kMostWarnings = 100;

/// Actions that nothing has: AWS takes them [W-5], and they allow or deny nothing.
void warn_of_actions(const Document& document, std::vector<Finding>& findings) {
  for (const policy::Statement& s : document.statements) {
    for (const policy::Text& action : s.actions) {
      const std::string written(action.value);
      const std::size_t colon = written.find(':');
      if (colon == std::string::npos || catalog::covers_an_action(written)) continue;
      const std::string prefix = written.substr(0, colon);
      const bool pattern = written.find_first_of("*?") != std::string::npos;
      std::string message = catalog::find_service(prefix) == nullptr
                                ? "No AWS service has the prefix \"" + prefix + "\"."
                            : pattern ? "\"" + written + "\" covers no action that AWS documents."
                                      : "AWS documents no action \"" + written + "\".";
      if (findings.size() == kMostWarnings) {
        findings.push_back({false, "And more of the kind.", "Only the first 100 are shown.", action.position});
        return;
      }
      std::string detail = action_suggestion(written);
      if (!detail.empty()) detail.erase(0, 1);
      findings.push_back({false, std::move(message), std::move(detail), action.position});
    }
  }
}

/// What was written wrong may be an action: the catalog knows what was meant.
void suggest_action(const Document& document, Finding& finding) {
  if (finding.detail.find("Did you mean") != std::string::npos) return;
  for (const policy::Statement& s : document.statements) {
    for (const policy::Text& action : s.actions) {
      if (action.position.offset != finding.position.offset || catalog::covers_an_action(action.value)) continue;
      std::string suggestion = action_suggestion(std::string(action.value));
      if (finding.detail.empty() && !suggestion.empty()) suggestion.erase(0, 1);
      finding.detail += suggestion;
      return;
    }
  }
}

/// A fault of a whole statement that is about one of its elements is shown where that stands.
void point_at_element(const Document& document, Finding& finding) {
  const auto speaks_of = [&](std::string_view word) {
    return finding.message.find(word) != std::string::npos || finding.detail.find(word) != std::string::npos;
  };
  for (const policy::Statement& s : document.statements) {
    if (s.position.offset != finding.position.offset) continue;
    if (!s.principals.empty() && speaks_of("rincipal")) finding.position = s.principals.front().text.position;
    if (!s.resources.empty() && speaks_of("prohibited field Resource")) finding.position = s.resources.front().position;
    return;
  }
}

Finding refused(policy::Problem problem) {
  return error(std::move(problem.message), std::move(problem.detail), problem.position);
}

std::string place(std::string_view file, const Position& at) {
  return visible(file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": ";
}

void write_findings(JsonWriter& json, const Checked& checked, bool errors) {
  json.key(errors ? "errors" : "warnings").begin_array();
  for (const Finding& f : checked.findings) {
    if (f.is_error != errors) continue;
    json.begin_object().key("message").value(f.message);
    if (!f.detail.empty()) json.key("detail").value(f.detail);
    json.key("line").value(static_cast<std::int64_t>(f.position.line));
    json.key("column").value(static_cast<std::int64_t>(f.position.column));
    json.key("offset").value(static_cast<std::int64_t>(f.position.offset)).end_object();
  }
  json.end_array();
}

}  // namespace

std::vector<std::string> policy_types() {
  std::vector<std::string> names;
  names.reserve(std::size(kTypes));
  for (const Type& type : kTypes) names.emplace_back(type.name);
  return names;
}

Checked check(std::string_view name, std::string_view text) {
  const Type& type = type_of(name);
  Checked checked;
  // The parser first: of a document that is far too long it says so, and a quote that is none breaks the JSON.
  const auto document = policy::parse(text, type.kind);
  if (type.is_iam) {
    if (auto found = foreign_character(text)) return {{*std::move(found)}};
  }
  if (!document) return {{refused(document.error())}};
  if (auto saved = policy::check_text(text, type.kind); !saved) return {{refused(saved.error())}};
  auto valid = policy::validate(*document, type.kind);
  if (!valid) {
    checked.findings.push_back(refused(std::move(valid).error()));
    suggest_action(*document, checked.findings.front());
    point_at_element(*document, checked.findings.front());
  } else if (auto compiled = policy::compile(*document, type.kind); !compiled) {
    checked.findings.push_back(refused(std::move(compiled).error()));
  } else if (auto found = too_long(text, type.limit)) {
    checked.findings.push_back(*std::move(found));
  } else {
    warn_of_actions(*document, checked.findings);
  }
  return checked;
}

namespace {

/// The document without its first fault, and what is said of the rest.
struct Rest {
  std::string text;
  Checked checked;
};
std::optional<Rest> without_fault(std::string_view name, const std::string& text, const Finding& fault) {
  const std::size_t offset = fault.position.offset;
  // What is wrong with an Effect is told of its statement.
  const bool of_effect =
      fault.message.find("ffect") != std::string::npos || fault.detail.find("ffect") != std::string::npos;
  const std::size_t effect = of_effect ? text.find("\"Effect\"", offset) : std::string::npos;
  for (Mended& mended : mended_at(text, effect != std::string::npos ? effect : offset)) {
    Checked checked = check(name, mended.text);
    if (!checked.valid()) {
      const Finding& next = checked.findings.front();
      const bool inside = next.position.offset >= mended.begin && next.position.offset < mended.end;
      const bool same = next.position.offset == offset && next.message == fault.message && next.detail == fault.detail;
      if (inside || same) continue;  // no good value in this place
    }
    return Rest{std::move(mended.text), std::move(checked)};
  }
  auto without = without_part_at(text, offset);
  if (!without) return std::nullopt;
  Checked checked = check(name, *without);
  return Rest{*std::move(without), std::move(checked)};
}

}  // namespace

Checked check_all(std::string_view name, std::string_view text) {
  constexpr std::size_t kMostErrors = 100;
  Checked all = check(name, text);
  std::string rest(text);
  Finding fault = all.valid() ? Finding() : all.findings.front();
  for (bool failed = !all.valid(); failed && all.findings.size() < kMostErrors;) {
    auto next = without_fault(name, rest, fault);
    if (!next) break;
    rest = std::move(next->text);
    failed = !next->checked.valid();
    if (failed) fault = next->checked.findings.front();
    for (Finding& f : next->checked.findings) all.findings.push_back(std::move(f));
  }
  std::stable_sort(all.findings.begin(), all.findings.end(), [](const Finding& a, const Finding& b) {
    return a.is_error != b.is_error ? a.is_error : a.is_error && a.position.offset < b.position.offset;
  });
  return all;
}

std::string for_people(std::string_view file, std::string_view text, const Checked& checked) {
  if (checked.findings.empty()) return visible(file) + ": valid\n";
  std::string out;
  for (const Finding& f : checked.findings) {
    out += place(file, f.position) + (f.is_error ? "error: " : "warning: ") + visible(f.message) + "\n";
    out += excerpt(text, f.position);
    if (!f.detail.empty()) out += "  " + visible(f.detail) + "\n";
  }
  return out;
}

void write_json(JsonWriter& json, std::string_view file, const Checked& checked) {
  json.begin_object().key("file").value(file).key("valid").value(checked.valid());
  write_findings(json, checked, true);
  write_findings(json, checked, false);
  json.end_object();
}

}  // namespace deputy::cases
