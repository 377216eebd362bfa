// What the policies of one type that an account inherits come to together: settings are merged from the root down, by
// the operators that they are written with. Pure.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html
//
//   EffectivePolicy effective;
//   effective.add_level(policies_of_the_root);     // what is attached to one place, in the order of attachment
//   effective.add_level(policies_of_the_unit);     // … down to the account
//   effective.document("tags");                    // {"tags":{"costcenter":{"tag_key":"CostCenter"}}}
//
// Within a level: the first policy that assigns a setting wins, all append, then all remove; what they allow to the
// levels below is what each of them allows. What an operator may not do is passed over, as is an operator that does not
// fit what is there: a list to a single value, a key to a value.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/organizations/policy_content.h"

namespace deputy::organizations {

class EffectivePolicy {
 public:
  void add_level(std::span<const Setting> policies);
  /// Compact JSON, without operators; keys in the order in which they were first set.
  [[nodiscard]] std::string document(std::string_view top_key) const;

 private:
  /// A key as far as it has been merged.
  struct Node {
    Operators allowed = kAllOperators;  // to the levels that come
    std::optional<SettingValue> value;
    std::map<std::string, std::size_t, std::less<>> places;  // of `keys`, by name
    std::vector<std::pair<std::string, std::unique_ptr<Node>>> keys;
  };
  using Written = std::vector<const Setting*>;  // of one key, by the policies of one level

  static void merge(Node& node, const Written& written);
  static void merge_value(Node& node, const Written& written, const Operators& may);
  static void merge_keys(Node& node, const Written& written, const Operators& may);
  static bool is_shown(const Node& node);
  static void show(const Node& node, std::string& json);

  Node root_;
};

}  // namespace deputy::organizations
