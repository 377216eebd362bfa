#include "seed/seed.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/account_id.h"
#include "base/encoding.h"
#include "base/json_writer.h"
#include "seed/declaration.h"
#include "seed/words.h"

namespace deputy::seed {

Mark Entity::mark(std::string_view member) const {
  std::string path(member);
  const std::size_t dot = path.find('.');
  if (const auto list = kept.find(std::string_view(path).substr(0, dot)); list != kept.end() && dot != path.npos) {
    std::size_t index = 0;
    const char* from = path.data() + dot + 1;
    const auto [end, error] = std::from_chars(from, path.data() + path.size(), index);
    if (error == std::errc() && index < list->second.size()) {
      path = fmt::format("{}.{}{}", list->first, list->second[index],
                         path.substr(static_cast<std::size_t>(end - path.data())));
    }
  }
  return node->nearest(path).mark();
}

namespace {

using Type = Field::Type;

/// Everything that a seed says of one entity: more than one node where several files speak of an account.
using Nodes = std::vector<NodePtr>;

class Checker {
 public:
  Checker(const Outside& outside, Seed& seed) : outside_(outside), seed_(seed) {}

  void document(const NodePtr& node) {
    if (node->kind != Node::Kind::kMap) return fault(*node, "a seed is a mapping with Accounts or Organizations");
    check_names(*node, seed_declaration());
    for (const Field& field : seed_declaration().fields) {
      const Node* list = node->member(field.name);
      if (list == nullptr || list->is_null()) continue;
      if (list->kind != Node::Kind::kList) {
        fault(*list, fmt::format("{} is a list", field.name));
        continue;
      }
      for (const NodePtr& item : list->items) gather(*field.of, item);
    }
  }

  void write() {
    JsonWriter json(seed_.members);
    for (const Field& field : seed_declaration().fields) {
      auto& groups = groups_[field.of];
      if (groups.empty()) continue;
      json.key(field.name).begin_array();
      for (const auto& [identity, nodes] : groups) entity(*field.of, nodes, json);
      json.end_array();
    }
    seed_.accounts = groups_[seed_declaration().fields.front().of].size();
  }

 private:
  void fault(const Node& at, std::string message) { seed_.faults.push_back({at.mark(), std::move(message)}); }

  static bool is_ignored(const Structure& structure, std::string_view name) {
    return &structure == &seed_declaration() && (name == "$schema" || name.starts_with("x-"));
  }

  void check_names(const Node& node, const Structure& structure) {
    for (const Node::Member& member : node.members) {
      const NodePtr& key = member.key;
      const auto is = [&](const Field& field) { return field.name == key->text; };
      if (is_ignored(structure, key->text) || std::any_of(structure.fields.begin(), structure.fields.end(), is))
        continue;
      std::vector<std::string_view> names;
      for (const Field& field : structure.fields) names.push_back(field.name);
      fault(*key, fmt::format("{} has no member \"{}\"{}", structure.name, key->text, suggestion(key->text, names)));
    }
  }

  /// Those of one identity stand together, in the order in which they were first named.
  void gather(const Structure& structure, const NodePtr& item) {
    const auto identity = identity_of(structure, *item);
    if (!identity) return;
    auto& groups = groups_[&structure];
    const auto [at, is_new] = index_[&structure].try_emplace(*identity, groups.size());
    if (is_new) groups.emplace_back(*identity, Nodes());
    groups[at->second].second.push_back(item);
  }

  /// Nothing, and a fault, where there is none to go by.
  std::optional<std::string> identity_of(const Structure& structure, const Node& node) {
    if (node.kind != Node::Kind::kMap) {
      fault(node, fmt::format("{} is a mapping", structure.name));
      return std::nullopt;
    }
    const Node* value = node.member(structure.identity);
    if (value == nullptr) {
      fault(node, fmt::format("{} needs {}", structure.name, structure.identity));
      check_rest(structure, node);
      return std::nullopt;
    }
    const auto field = std::find_if(structure.fields.begin(), structure.fields.end(),
                                    [&](const Field& f) { return f.name == structure.identity; });
    std::string text;
    if (!read_text(*field, *value, text)) {
      check_rest(structure, node);
      return std::nullopt;
    }
    return structure.any_case ? ascii_lower(text) : text;
  }

  /// What else is wrong with something that has no name.
  void check_rest(const Structure& structure, const Node& node) {
    std::string nowhere;
    JsonWriter json(nowhere);
    const std::size_t before = seed_.faults.size();
    json.begin_object();
    Entity entity{std::make_shared<Node>(node)};
    members(structure, {entity.node}, entity, json);
    // What it needs and has not was told already.
    std::erase_if(seed_.faults, [&, n = std::size_t{0}](const Fault& f) mutable {
      return n++ >= before &&
             (f.message == fmt::format("{} needs {}", structure.name, structure.identity) || is_told(f, before));
    });
  }
  [[nodiscard]] bool is_told(const Fault& fault, std::size_t before) const {
    return std::any_of(seed_.faults.begin(), seed_.faults.begin() + static_cast<std::ptrdiff_t>(before),
                       [&](const Fault& other) {
                         return other.mark.line == fault.mark.line && other.mark.column == fault.mark.column &&
                                other.mark.file == fault.mark.file;
                       });
  }

  void entity(const Structure& structure, const Nodes& nodes, JsonWriter& json) {
    const std::size_t place = seed_.entities.size();
    seed_.entities.push_back({nodes.front()});
    json.begin_object().key("Place").value(static_cast<std::int64_t>(place));
    Entity described{nodes.front()};
    const bool whole = members(structure, nodes, described, json);
    if (!whole && structure.identity != "AccountId") json.key("Broken").value(true);
    json.end_object();
    seed_.entities[place] = std::move(described);
  }

  /// Whether all that it needs is there.
  bool members(const Structure& structure, const Nodes& nodes, Entity& entity, JsonWriter& json) {
    bool whole = true;
    for (const NodePtr& node : nodes) check_names(*node, structure);
    for (const Field& field : structure.fields) {
      Nodes given;
      for (const NodePtr& node : nodes) {
        for (const auto& [key, value] : node->members) {
          if (key->text == field.name) given.push_back(value);
        }
      }
      if (given.empty()) {
        if (!field.required) continue;
        fault(*nodes.front(), fmt::format("{} needs {}", structure.name, field.name));
        whole = false;
      } else if (!this->field(field, given, entity, json) && field.required) {
        whole = false;
      }
    }
    return whole;
  }

  bool field(const Field& field, const Nodes& given, Entity& entity, JsonWriter& json) {
    switch (field.type) {
      case Type::kTexts:
      case Type::kAccountIds:
        texts(field, given, entity, json);
        return true;
      case Type::kStructures:
        structures(field, given, entity, json);
        return true;
      default:
        break;
    }
    std::string text;
    if (!read_text(field, *given.front(), text)) return false;
    for (std::size_t i = 1; i < given.size(); ++i) {
      std::string other;
      if (read_text(field, *given[i], other) && other != text) {
        fault(*given[i],
              fmt::format("{} is another one at {}:{}", field.name, *given.front()->file, given.front()->line));
      }
    }
    json.key(field.name);
    field.type == Type::kInteger ? json.raw(text) : json.value(std::string_view(text));
    return true;
  }

  /// One value that is a text on the wire, or a number.
  bool read_text(const Field& field, const Node& node, std::string& text) {
    const bool may_be_file =
        field.type == Type::kDocument || field.type == Type::kLongText || field.type == Type::kSecret;
    if (may_be_file && node.kind == Node::Kind::kMap && node.members.size() == 1) {
      const Node& value = *node.members.front().value;
      const std::string& name = node.members.front().key->text;
      if (name == "File" && value.kind == Node::Kind::kScalar) return read_file(field, value, text);
      if (name == "Env" && field.type == Type::kSecret && value.kind == Node::Kind::kScalar) {
        return read_variable(value, text);
      }
    }
    if (field.type == Type::kDocument && node.kind == Node::Kind::kMap) {
      text = json_of(node);
      return true;
    }
    if (node.kind != Node::Kind::kScalar || node.is_null()) {
      fault(node, fmt::format("{} is {}", field.name, kind_of(field.type)));
      return false;
    }
    text = node.text;
    return check_text(field, node, text);
  }

  bool check_text(const Field& field, const Node& node, const std::string& text) {
    if (field.type == Type::kAccountId || field.type == Type::kAccountIds) {
      if (AccountId::parse(text)) return true;
      fault(node, fmt::format("\"{}\" is no account id: they have twelve digits", text));
      return false;
    }
    if (field.type == Type::kInteger) {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc() && end == text.data() + text.size()) return true;
      fault(node, fmt::format("{} is a number", field.name));
      return false;
    }
    if (!field.values.empty() && std::find(field.values.begin(), field.values.end(), text) == field.values.end()) {
      fault(node, fmt::format("{} is {}", field.name, fmt::join(field.values, " or ")));
      return false;
    }
    return true;
  }

  static std::string_view kind_of(Type type) {
    switch (type) {
      case Type::kDocument:
        return "a policy document, a text of JSON, or {File: path}";
      case Type::kLongText:
        return "a text, or {File: path}";
      case Type::kSecret:
        return "a text, {Env: NAME} or {File: path}";
      case Type::kInteger:
        return "a number";
      default:
        return "a text";
    }
  }

  bool read_file(const Field& field, const Node& node, std::string& text) {
    auto read = outside_.file(node.text, *node.file);
    if (!read) {
      fault(node, read.error().why);
      return false;
    }
    text = std::move(read).value();
    if (field.type == Type::kSecret) {
      while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    }
    return true;
  }

  bool read_variable(const Node& node, std::string& text) {
    auto value = outside_.variable(node.text);
    if (!value || value->empty()) {
      fault(node, fmt::format("the environment variable {} is not set", node.text));
      return false;
    }
    text = *std::move(value);
    return true;
  }

  /// The elements of a list that may stand in several files, or nothing where it is none.
  std::vector<NodePtr> items_of(const Field& field, const Nodes& given) {
    std::vector<NodePtr> items;
    for (const NodePtr& list : given) {
      if (list->is_null()) continue;
      if (list->kind != Node::Kind::kList) {
        fault(*list, fmt::format("{} is a list", field.name));
        continue;
      }
      items.insert(items.end(), list->items.begin(), list->items.end());
    }
    return items;
  }

  void texts(const Field& field, const Nodes& given, Entity& entity, JsonWriter& json) {
    const auto items = items_of(field, given);
    std::vector<std::size_t> kept;
    json.key(field.name).begin_array();
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::string text;
      if (!read_text(field, *items[i], text)) continue;
      kept.push_back(i);
      json.value(std::string_view(text));
    }
    json.end_array();
    if (kept.size() != items.size()) entity.kept[std::string(field.name)] = std::move(kept);
  }

  void structures(const Field& field, const Nodes& given, Entity& entity, JsonWriter& json) {
    const auto items = items_of(field, given);
    std::map<std::string, const Node*> named;
    std::vector<std::size_t> kept;
    json.key(field.name).begin_array();
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Node& item = *items[i];
      if (field.of->is_entity) {
        const auto identity = identity_of(*field.of, item);
        if (!identity) continue;
        if (const auto [first, is_new] = named.try_emplace(*identity, &item); !is_new) {
          fault(item, fmt::format("{} {} is there already, at {}:{}", field.of->name,
                                  item.member(field.of->identity)->text, *first->second->file, first->second->line));
          continue;
        }
        this->entity(*field.of, {items[i]}, json);
      } else if (part(*field.of, items[i], json)) {
        kept.push_back(i);
      }
    }
    json.end_array();
    if (!field.of->is_entity && kept.size() != items.size()) entity.kept[std::string(field.name)] = std::move(kept);
  }

  /// A tag, an inline policy, a key: it is there whole, or not at all.
  bool part(const Structure& structure, const NodePtr& item, JsonWriter& json) {
    if (item->kind != Node::Kind::kMap) {
      fault(*item, fmt::format("{} is a mapping", structure.name));
      return false;
    }
    std::string text;
    JsonWriter inner(text);
    Entity nowhere{item};
    inner.begin_object();
    const std::size_t before = seed_.faults.size();
    const bool whole = members(structure, {item}, nowhere, inner) && seed_.faults.size() == before;
    inner.end_object();
    if (whole) json.raw(text);
    return whole;
  }

  const Outside& outside_;
  Seed& seed_;
  std::map<const Structure*, std::vector<std::pair<std::string, Nodes>>> groups_;
  std::map<const Structure*, std::map<std::string, std::size_t>> index_;
};

}  // namespace

void SeedReader::add(std::string_view text, const std::string& file) {
  auto parsed = parse_yaml(text, file);
  if (!parsed) return faults_.push_back(std::move(parsed).error());
  for (NodePtr& document : *parsed) {
    if (is_template(*document)) document = seed_of_template(document, templates_, faults_);
    if (document != nullptr) documents_.push_back(std::move(document));
  }
}

Seed SeedReader::read() && {
  Seed seed;
  seed.faults = std::move(faults_);
  Checker checker(outside_, seed);
  for (const NodePtr& document : documents_) {
    if (!document->is_null()) checker.document(document);
  }
  checker.write();
  return seed;
}

}  // namespace deputy::seed
