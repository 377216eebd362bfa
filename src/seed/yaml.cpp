#include "seed/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json_writer.h"

namespace deputy::seed {

std::string Fault::str() const {
  if (mark.line == 0) return fmt::format("{}: {}", mark.file, message);
  return fmt::format("{}:{}:{}: {}", mark.file, mark.line, mark.column, message);
}

bool Node::is_null() const { return kind == Kind::kScalar && plain && (text.empty() || text == "~" || text == "null"); }

const Node* Node::member(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key->text == name; });
  return found == members.end() ? nullptr : found->value.get();
}

const Node& Node::nearest(std::string_view path) const {
  const std::size_t dot = path.find('.');
  const std::string_view name = path.substr(0, dot);
  const Node* next = nullptr;
  if (kind == Kind::kMap) next = member(name);
  if (kind == Kind::kList && !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos &&
      name.size() < 9) {
    const auto index = static_cast<std::size_t>(std::stoul(std::string(name)));
    if (index < items.size()) next = items[index].get();
  }
  if (next == nullptr || path.empty()) return *this;
  return dot == std::string_view::npos ? *next : next->nearest(path.substr(dot + 1));
}

namespace {

class Parser {
 public:
  explicit Parser(std::string_view text, const std::string& file) : file_(std::make_shared<const std::string>(file)) {
    ready_ = yaml_parser_initialize(&parser_) != 0;
    if (!ready_) return;
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  }
  Parser(const Parser&) = delete;
  ~Parser() {
    if (ready_) yaml_parser_delete(&parser_);
  }

  Result<std::vector<NodePtr>, Fault> documents() {
    std::vector<NodePtr> all;
    for (;;) {
      TRY(const Event event, next());
      switch (event->type) {
        case YAML_STREAM_END_EVENT:
          return all;
        case YAML_DOCUMENT_START_EVENT:
          anchors_.clear();
          break;
        case YAML_DOCUMENT_END_EVENT:
        case YAML_STREAM_START_EVENT:
          break;
        default: {
          TRY(auto node, value(*event.get(), 1));
          all.push_back(std::move(node));
        }
      }
    }
  }

 private:
  /// One event, which goes with it.
  class Event {
   public:
    Event() : event_(std::make_unique<yaml_event_t>()) {}
    Event(Event&&) = default;
    Event& operator=(Event&&) = delete;
    ~Event() {
      if (event_) yaml_event_delete(event_.get());
    }
    yaml_event_t* operator->() const { return event_.get(); }
    [[nodiscard]] yaml_event_t* get() const { return event_.get(); }

   private:
    std::unique_ptr<yaml_event_t> event_;
  };

  [[nodiscard]] Fault fault(const yaml_mark_t& at, std::string message) const {
    return {{*file_, at.line + 1, at.column + 1}, std::move(message)};
  }

  Result<Event, Fault> next() {
    Event event;
    if (!ready_) return Failure(fault({}, "memory ran out"));
    if (yaml_parser_parse(&parser_, event.get()) != 0) return event;
    std::string why = parser_.problem != nullptr ? parser_.problem : "it cannot be read";
    if (parser_.context != nullptr) why = fmt::format("{} {}", why, parser_.context);
    yaml_mark_t at = parser_.problem_mark;
    if (parser_.error == YAML_READER_ERROR) {
      at = parser_.mark;
      why = fmt::format("{}: a text is UTF-8 without control characters", why);
    }
    return Failure(fault(at, std::move(why)));
  }

  Result<std::shared_ptr<const Node>, Fault> value(const yaml_event_t& event, std::size_t depth) {
    if (event.type == YAML_ALIAS_EVENT) return alias(event);
    if (depth > kDeepest) return Failure(too_deep(event.start_mark));
    auto node = std::make_shared<Node>();
    node->file = file_;
    node->line = event.start_mark.line + 1;
    node->column = event.start_mark.column + 1;
    const char* anchor = nullptr;
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        node->text.assign(reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length);
        node->plain = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        set_tag(*node, event.data.scalar.tag);
        anchor = reinterpret_cast<const char*>(event.data.scalar.anchor);
        break;
      case YAML_SEQUENCE_START_EVENT:
        node->kind = Node::Kind::kList;
        set_tag(*node, event.data.sequence_start.tag);
        anchor = reinterpret_cast<const char*>(event.data.sequence_start.anchor);
        TRY_VOID(list(*node, depth));
        break;
      case YAML_MAPPING_START_EVENT:
        node->kind = Node::Kind::kMap;
        set_tag(*node, event.data.mapping_start.tag);
        anchor = reinterpret_cast<const char*>(event.data.mapping_start.anchor);
        TRY_VOID(map(*node, depth));
        break;
      default:
        return Failure(fault(event.start_mark, "a value should stand here"));
    }
    if (++nodes_ > kMostNodes) return Failure(too_many(event.start_mark));
    if (anchor != nullptr) anchors_[anchor] = node;
    return NodePtr(std::move(node));
  }

  Result<NodePtr, Fault> alias(const yaml_event_t& event) {
    const char* name = reinterpret_cast<const char*>(event.data.alias.anchor);
    const auto found = anchors_.find(name);
    if (found == anchors_.end())
      return Failure(fault(event.start_mark, fmt::format("no anchor &{} is before it", name)));
    return found->second;
  }

  /// What goes through the tree later follows aliases, and counts what they multiply to.
  Result<void, Fault> grow(Node& node, const Node& by, const yaml_mark_t& at) const {
    node.weight += by.weight;
    node.height = std::max(node.height, by.height + 1);
    if (node.weight > kMostNodes) return Failure(too_many(at));
    if (node.height > kDeepest) return Failure(too_deep(at));
    return {};
  }

  [[nodiscard]] Fault too_deep(const yaml_mark_t& at) const {
    return fault(at, fmt::format("more than {} values within each other", kDeepest));
  }

  [[nodiscard]] Fault too_many(const yaml_mark_t& at) const {
    return fault(at, fmt::format("more than {} values, aliases counted as what they stand for", kMostNodes));
  }

  static void set_tag(Node& node, const unsigned char* tag) {
    if (tag != nullptr) node.tag = reinterpret_cast<const char*>(tag);
    if (node.tag.starts_with("tag:yaml.org,2002:")) {
      if (node.tag.ends_with(":str")) node.plain = false;
      node.tag.clear();
    }
  }

  Result<void, Fault> list(Node& node, std::size_t depth) {
    for (;;) {
      TRY(const Event event, next());
      if (event->type == YAML_SEQUENCE_END_EVENT) return {};
      TRY(NodePtr item, value(*event.get(), depth + 1));
      TRY_VOID(grow(node, *item, event->start_mark));
      node.items.push_back(std::move(item));
    }
  }

  Result<void, Fault> map(Node& node, std::size_t depth) {
    std::set<std::string_view> names;
    for (;;) {
      TRY(const Event event, next());
      if (event->type == YAML_MAPPING_END_EVENT) return {};
      if (event->type != YAML_SCALAR_EVENT) {
        return Failure(fault(event->start_mark, "the name of a member should stand here, a text"));
      }
      TRY(NodePtr key, value(*event.get(), depth + 1));
      if (key->plain && key->text == "<<") {
        return Failure(fault(event->start_mark, "merge keys (<<) are not taken: write the members out"));
      }
      if (!names.insert(key->text).second) {
        return Failure(fault(event->start_mark, fmt::format("\"{}\" is there twice", key->text)));
      }
      TRY(const Event content, next());
      TRY(NodePtr held, value(*content.get(), depth + 1));
      TRY_VOID(grow(node, *held, event->start_mark));
      node.members.push_back({std::move(key), std::move(held)});
    }
  }

  const std::shared_ptr<const std::string> file_;
  yaml_parser_t parser_{};
  bool ready_ = false;
  std::size_t nodes_ = 0;
  std::map<std::string, NodePtr, std::less<>> anchors_;
};

/// As JSON writes numbers.
bool is_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - from;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const std::size_t whole = at;
  if (digits() == 0 || (text[whole] == '0' && at - whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

void write(const Node& node, JsonWriter& json) {
  switch (node.kind) {
    case Node::Kind::kList:
      json.begin_array();
      for (const NodePtr& item : node.items) write(*item, json);
      json.end_array();
      return;
    case Node::Kind::kMap:
      json.begin_object();
      for (const auto& [key, value] : node.members) {
        json.key(std::string_view(key->text));
        write(*value, json);
      }
      json.end_object();
      return;
    case Node::Kind::kScalar:
      break;
  }
  if (node.is_null()) {
    json.null();
  } else if (node.plain && (node.text == "true" || node.text == "false")) {
    json.value(node.text == "true");
  } else if (node.plain && node.text.size() != 12 && is_number(node.text)) {
    json.raw(node.text);
  } else {
    json.value(std::string_view(node.text));
  }
}

}  // namespace

Result<std::vector<NodePtr>, Fault> parse_yaml(std::string_view text, const std::string& file) {
  if (text.size() > kLargestText) {
    return Failure(Fault{{file, 0, 0}, fmt::format("the file has more than {} MiB", kLargestText >> 20)});
  }
  return Parser(text, file).documents();
}

std::string json_of(const Node& node) {
  std::string out;
  JsonWriter json(out);
  write(node, json);
  return out;
}

}  // namespace deputy::seed
