#include "services/organizations/policy_content.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/encoding.h"
#include "policy/compiled.h"
#include "policy/json.h"
#include "services/organizations/errors.h"
#include "services/organizations/policy_types.h"

namespace deputy::organizations {
namespace {

using directory::PolicyType;
using policy::JsonReader;

constexpr std::string_view kAssign = "@@assign", kAppend = "@@append", kRemove = "@@remove";
constexpr std::string_view kAllowed = "@@operators_allowed_for_child_policies";

/// Types whose pages list every key below the first one, which is the customer's to name.
struct KnownKeys {
  PolicyType type;
  std::array<std::string_view, 4> keys;
  bool only_assign;
};
constexpr KnownKeys kKnownKeys[] = {
    {PolicyType::kTag, {"tag_key", "tag_value", "enforced_for", "report_required_tag_for"}, false},
    {PolicyType::kAiServicesOptOut, {"opt_out_policy", {}, {}, {}}, true},
};

/// Reads a document of settings. Methods say false where it is none.
class SettingsReader {
 public:
  explicit SettingsReader(std::string_view text) : in_(text) {}

  /// The whole text: one object with this one key.
  bool document(std::string_view top_key, Setting& out) {
    std::string_view key;
    if (!in_.enter('{') || !in_.string(key) || key != top_key || !in_.expect(':') || !setting(out)) return false;
    in_.leave();
    return in_.expect('}') && in_.at_end() && !sets(out);
  }

  static bool sets(const Setting& setting) { return setting.assign || setting.append || setting.remove; }

 private:
  bool setting(Setting& out) {
    if (!in_.enter('{')) return false;
    std::unordered_set<std::string> seen;
    if (!in_.accept('}')) {
      do {
        std::string_view text;
        if (!in_.string(text)) return false;
        const bool is_operator = text.starts_with("@@");
        const std::string key = is_operator ? std::string(text) : ascii_lower(text);
        if (!seen.insert(key).second || !in_.expect(':')) return false;
        if (!(is_operator ? operation(key, out) : setting(out.keys.emplace_back(key, Setting()).second))) {
          return false;
        }
      } while (in_.accept(','));
      if (!in_.expect('}')) return false;
    }
    in_.leave();
    return !(sets(out) && !out.keys.empty());
  }

  bool operation(std::string_view name, Setting& out) {
    if (name == kAssign) return value(out.assign.emplace());
    if (name == kAppend) return value(out.append.emplace()) && out.append->is_list;
    if (name == kRemove) return value(out.remove.emplace()) && out.remove->is_list;
    return name == kAllowed && allowed(out.allowed_for_children.emplace());
  }

  bool value(SettingValue& out) {
    out.is_list = in_.peek() == '[';
    if (!out.is_list) return item(out);
    if (!in_.enter('[')) return false;
    if (!in_.accept(']')) {
      do {
        if (!item(out)) return false;
      } while (in_.accept(','));
      if (!in_.expect(']')) return false;
    }
    in_.leave();
    return true;
  }

  bool item(SettingValue& out) {
    const bool is_text = in_.peek() == '"';
    std::string_view text;
    if (!in_.scalar(text)) return false;
    out.items.push_back(is_text ? quoted_json(text) : std::string(text));
    return true;
  }

  bool allowed(Operators& out) {
    SettingValue names;
    if (!value(names) || !names.is_list || names.items.empty()) return false;
    const bool alone = names.items.size() == 1;
    for (const std::string& name : names.items) {
      if (name == R"("@@all")" && alone) {
        out = kAllOperators;
      } else if (name == R"("@@assign")") {
        out.set(static_cast<std::size_t>(Operator::kAssign));
      } else if (name == R"("@@append")") {
        out.set(static_cast<std::size_t>(Operator::kAppend));
      } else if (name == R"("@@remove")") {
        out.set(static_cast<std::size_t>(Operator::kRemove));
      } else if (name != R"("@@none")" || !alone) {
        return false;
      }
    }
    return true;
  }

  JsonReader in_;
};

bool has_known_keys(PolicyType type, const Setting& root) {
  const auto* known = std::find_if(std::begin(kKnownKeys), std::end(kKnownKeys),
                                   [&](const KnownKeys& each) { return each.type == type; });
  if (known == std::end(kKnownKeys)) return true;
  for (const auto& [name, entry] : root.keys) {
    if (SettingsReader::sets(entry)) return false;
    for (const auto& [key, setting] : entry.keys) {
      if (key.empty() || std::ranges::find(known->keys, key) == known->keys.end() || !setting.keys.empty())
        return false;
      if (known->only_assign && (setting.append || setting.remove)) return false;
    }
  }
  return true;
}

Result<void> check_form(PolicyType type, std::string_view content) {
  if (facts_of(type).has_effective()) {
    TRY([[maybe_unused]] const Setting root, read_settings(type, content));
    return {};
  }
  const bool is_scp = type == PolicyType::kServiceControl;
  const auto kind = is_scp ? policy::Kind::kScp : policy::Kind::kRcp;
  const auto document = policy::parse(content, kind);
  if (!document || !policy::validate(*document, kind) || !policy::compile(*document, kind)) {
    return errors::malformed_policy();
  }
  // An RCP that allows is AWS's own, and nobody else's.
  const auto allows = [](const policy::Statement& statement) { return statement.allow; };
  if (!is_scp && std::ranges::any_of(document->statements, allows)) return errors::malformed_policy();
  return {};
}

}  // namespace

std::string quoted_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      append_json_escape(out, static_cast<unsigned char>(c));
      continue;
    }
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

Result<Setting> read_settings(PolicyType type, std::string_view content) {
  Setting root;
  SettingsReader in(content);
  if (!in.document(facts_of(type).top_key, root) || !has_known_keys(type, root)) return errors::malformed_policy();
  return root;
}

Result<void> check_content(PolicyType type, std::string_view content) {
  TRY_VOID(check_form(type, content));
  if (utf8_length(content) > facts_of(type).most_characters) return errors::policy_too_large();
  return {};
}

}  // namespace deputy::organizations
