#include "services/organizations/effective_policy.h"

#include <algorithm>
#include <unordered_set>

namespace deputy::organizations {
namespace {

using Items = std::unordered_set<std::string_view>;

/// The value that the first policy assigns, without repetitions; null: none does.
const SettingValue* first_assigned(const std::vector<const Setting*>& written) {
  for (const Setting* setting : written) {
    if (setting->assign) return &*setting->assign;
  }
  return nullptr;
}

void append(SettingValue& to, const std::vector<std::string>& items) {
  // Views of `to` would move with it: those that are there are looked up where they came from.
  const std::vector<std::string> before = to.items;
  Items there(before.begin(), before.end());
  for (const std::string& item : items) {
    if (there.insert(item).second) to.items.push_back(item);
  }
}

}  // namespace

void EffectivePolicy::add_level(std::span<const Setting> policies) {
  Written written;
  written.reserve(policies.size());
  for (const Setting& policy : policies) written.push_back(&policy);
  merge(root_, written);
}

void EffectivePolicy::merge(Node& node, const Written& written) {
  const Operators may = node.allowed;
  merge_value(node, written, may);
  merge_keys(node, written, may);
  for (const Setting* setting : written) {
    if (setting->allowed_for_children) node.allowed &= *setting->allowed_for_children;
  }
}

void EffectivePolicy::merge_value(Node& node, const Written& written, const Operators& may) {
  if (!node.keys.empty()) return;
  if (const SettingValue* assigned = first_assigned(written); assigned != nullptr && has(may, Operator::kAssign)) {
    SettingValue value{assigned->is_list, {}};
    append(value, assigned->items);
    node.value = std::move(value);
  }
  for (const Setting* setting : written) {
    if (!setting->append || !has(may, Operator::kAppend)) continue;
    if (!node.value) node.value = SettingValue{true, {}};
    if (node.value->is_list) append(*node.value, setting->append->items);
  }
  for (const Setting* setting : written) {
    if (!setting->remove || !has(may, Operator::kRemove) || !node.value || !node.value->is_list) continue;
    const Items gone(setting->remove->items.begin(), setting->remove->items.end());
    const bool had_some = !node.value->items.empty();
    std::erase_if(node.value->items, [&](const std::string& item) { return gone.contains(item); });
    if (had_some && node.value->items.empty()) node.value.reset();  // as if it had never been set
  }
}

void EffectivePolicy::merge_keys(Node& node, const Written& written, const Operators& may) {
  if (node.value) return;
  const bool may_add = has(may, Operator::kAssign) || has(may, Operator::kAppend);
  std::map<std::string_view, std::size_t> places;
  std::vector<std::pair<const std::string*, Written>> by_key;  // in the order in which they are written
  for (const Setting* setting : written) {
    for (const auto& [key, under] : setting->keys) {
      const auto [place, is_new] = places.emplace(key, by_key.size());
      if (is_new) by_key.emplace_back(&key, Written());
      by_key[place->second].second.push_back(&under);
    }
  }
  for (const auto& [key, under] : by_key) {
    const auto there = node.places.find(*key);
    if (there != node.places.end()) {
      merge(*node.keys[there->second].second, under);
    } else if (may_add) {
      node.places.emplace(*key, node.keys.size());
      merge(*node.keys.emplace_back(*key, std::make_unique<Node>()).second, under);
    }
  }
}

/// Whether anything is set in it.
bool EffectivePolicy::is_shown(const Node& node) {
  return node.value || std::ranges::any_of(node.keys, [](const auto& under) { return is_shown(*under.second); });
}

void EffectivePolicy::show(const Node& node, std::string& json) {
  bool is_first = true;
  const auto separate = [&] {
    if (!is_first) json.push_back(',');
    is_first = false;
  };
  if (node.value && !node.value->is_list) {
    json += node.value->items.front();
  } else if (node.value) {
    json.push_back('[');
    for (const std::string& item : node.value->items) {
      separate();
      json += item;
    }
    json.push_back(']');
  } else {
    json.push_back('{');
    for (const auto& [key, under] : node.keys) {
      if (!is_shown(*under)) continue;
      separate();
      json += quoted_json(key);
      json.push_back(':');
      show(*under, json);
    }
    json.push_back('}');
  }
}

std::string EffectivePolicy::document(std::string_view top_key) const {
  std::string json = "{" + quoted_json(top_key) + ":";
  show(root_, json);
  json.push_back('}');
  return json;
}

}  // namespace deputy::organizations
