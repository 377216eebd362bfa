#include "seed/intrinsics.h"

#include <fmt/format.h>

#include <algorithm>

namespace deputy::seed {

NodePtr text_at(const Node& like, std::string text) {
  auto node = std::make_shared<Node>();
  node->file = like.file;
  node->line = like.line;
  node->column = like.column;
  node->text = std::move(text);
  return node;
}

namespace {

/// A function and what it is applied to: "!Sub x", or {"Fn::Sub": x}.
struct Applied {
  std::string name;  // "Ref", "Fn::Sub"
  NodePtr to;
};

std::optional<Applied> function_of(const NodePtr& node) {
  if (node->tag.starts_with('!') && node->tag.size() > 1) {
    const std::string name = node->tag.substr(1);
    auto bare = std::make_shared<Node>(*node);
    bare->tag.clear();
    return Applied{name == "Ref" || name == "Condition" ? name : "Fn::" + name, std::move(bare)};
  }
  if (node->kind != Node::Kind::kMap || node->members.size() != 1) return std::nullopt;
  const std::string& name = node->members.front().key->text;
  if (name != "Ref" && name != "Condition" && !name.starts_with("Fn::")) return std::nullopt;
  // A statement's Condition is a mapping; CloudFormation's names one.
  if (name == "Condition" && node->members.front().value->kind != Node::Kind::kScalar) return std::nullopt;
  return Applied{name, node->members.front().value};
}

class Resolver {
 public:
  Resolver(const Names& names, std::vector<Fault>& faults) : names_(names), faults_(faults) {}

  NodePtr value(const NodePtr& node) {
    if (const auto function = function_of(node)) return apply(*node, *function);
    if (node->kind == Node::Kind::kScalar) return node;
    auto out = std::make_shared<Node>(*node);
    out->items.clear();
    out->members.clear();
    for (const NodePtr& item : node->items) {
      if (NodePtr made = value(item)) out->items.push_back(std::move(made));
    }
    for (const auto& [key, held] : node->members) {
      if (NodePtr made = value(held)) out->members.push_back({key, std::move(made)});
    }
    return out;
  }

 private:
  NodePtr fault(const Node& at, std::string message) {
    faults_.push_back({at.mark(), std::move(message)});
    return nullptr;
  }

  NodePtr apply(const Node& at, const Applied& function) {
    if (function.name == "Ref") return reference(at, *function.to);
    if (function.name == "Fn::GetAtt") return attribute(at, *function.to);
    if (function.name == "Fn::Sub") return substitute(at, function.to);
    if (function.name == "Fn::Join") return join(at, function.to);
    return fault(at,
                 fmt::format("{} is not understood here; Ref, Fn::GetAtt, Fn::Sub and Fn::Join are", function.name));
  }

  NodePtr reference(const Node& at, const Node& to) {
    if (to.kind != Node::Kind::kScalar) return fault(at, "Ref names a parameter or a resource");
    if (to.text == "AWS::NoValue") return nullptr;
    auto text = referred(at, to.text);
    return text ? text_at(at, *std::move(text)) : nullptr;
  }

  std::optional<std::string> referred(const Node& at, const std::string& name) {
    if (const auto found = names_.parameters.find(name); found != names_.parameters.end()) return found->second;
    const auto found = names_.resources.find(name);
    if (found != names_.resources.end() && !found->second.ref.empty()) return found->second.ref;
    fault(at, found == names_.resources.end() ? fmt::format("the template has no parameter or resource \"{}\"", name)
                                              : fmt::format("what {} refers to is known only when it was made", name));
    return std::nullopt;
  }

  std::optional<std::string> attribute_of(const Node& at, const std::string& resource, const std::string& name) {
    const auto found = names_.resources.find(resource);
    if (found == names_.resources.end()) {
      fault(at, fmt::format("the template has no resource \"{}\"", resource));
      return std::nullopt;
    }
    const auto attribute = found->second.attributes.find(name);
    if (attribute != found->second.attributes.end()) return attribute->second;
    fault(at, fmt::format("the attribute {} of {} is not known before it is made", name, resource));
    return std::nullopt;
  }

  NodePtr attribute(const Node& at, const Node& to) {
    std::string resource, name;
    if (to.kind == Node::Kind::kScalar) {
      const std::size_t dot = to.text.find('.');
      resource = to.text.substr(0, dot);
      if (dot != std::string::npos) name = to.text.substr(dot + 1);
    } else if (to.kind == Node::Kind::kList && to.items.size() == 2) {
      resource = to.items[0]->text;
      name = to.items[1]->text;
    }
    if (name.empty()) return fault(at, "Fn::GetAtt names a resource and an attribute");
    auto text = attribute_of(at, resource, name);
    return text ? text_at(at, *std::move(text)) : nullptr;
  }

  NodePtr substitute(const Node& at, const NodePtr& to) {
    NodePtr pattern = to;
    std::map<std::string, std::string, std::less<>> own;
    if (to->kind == Node::Kind::kList && to->items.size() == 2 && to->items[1]->kind == Node::Kind::kMap) {
      pattern = to->items[0];
      for (const auto& [key, held] : to->items[1]->members) {
        const NodePtr made = value(held);
        if (made == nullptr) return nullptr;
        own[key->text] = made->text;
      }
    }
    if (pattern->kind != Node::Kind::kScalar) return fault(at, "Fn::Sub takes a text, or a text and a mapping");
    std::string out;
    for (std::string_view rest = pattern->text; !rest.empty();) {
      const std::size_t open = rest.find("${");
      out += rest.substr(0, open);
      if (open == std::string_view::npos) break;
      const std::size_t close = rest.find('}', open);
      if (close == std::string_view::npos) return fault(at, "a ${ has no }");
      const std::string name(rest.substr(open + 2, close - open - 2));
      rest.remove_prefix(close + 1);
      if (name.starts_with('!')) {  // as it stands, as IAM's policy variables do
        out += "${" + name.substr(1) + "}";
        continue;
      }
      const auto given = own.find(name);
      const std::size_t dot = name.find('.');
      const auto text = given != own.end()         ? std::optional<std::string>(given->second)
                        : dot == std::string::npos ? referred(at, name)
                                                   : attribute_of(at, name.substr(0, dot), name.substr(dot + 1));
      if (!text) return nullptr;
      out += *text;
    }
    return text_at(at, std::move(out));
  }

  NodePtr join(const Node& at, const NodePtr& to) {
    const bool is_one = to->kind == Node::Kind::kList && to->items.size() == 2;
    if (!is_one || to->items[0]->kind != Node::Kind::kScalar) {
      return fault(at, "Fn::Join takes a text and a list");
    }
    const NodePtr list = value(to->items[1]);
    if (list == nullptr) return nullptr;
    if (list->kind != Node::Kind::kList) return fault(at, "Fn::Join takes a text and a list");
    std::string out;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      if (list->items[i]->kind != Node::Kind::kScalar) return fault(at, "Fn::Join joins texts");
      out += (i == 0 ? "" : to->items[0]->text) + list->items[i]->text;
    }
    return text_at(at, std::move(out));
  }

  const Names& names_;
  std::vector<Fault>& faults_;
};

}  // namespace

NodePtr resolved(const NodePtr& node, const Names& names, std::vector<Fault>& faults) {
  return Resolver(names, faults).value(node);
}

}  // namespace deputy::seed
