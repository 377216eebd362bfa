// The intrinsic functions of CloudFormation's templates, worked out over a tree of nodes. What comes out stands where
// it stood in the template.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seed/yaml.h"

namespace deputy::seed {

/// What names in a template stand for.
struct Names {
  struct Resource {
    std::string ref;                                // what Ref of it gives; empty: nothing that is known before
    std::map<std::string, std::string> attributes;  // of Fn::GetAtt
  };
  std::map<std::string, std::string, std::less<>> parameters;  // AWS's own, too
  std::map<std::string, Resource, std::less<>> resources;
};

/// The value without functions; null: it is AWS::NoValue, or at fault, which was told.
NodePtr resolved(const NodePtr& node, const Names& names, std::vector<Fault>& faults);

/// A text like the one at `like`.
NodePtr text_at(const Node& like, std::string text);

}  // namespace deputy::seed
