#include "seed/cloudformation.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/account_id.h"
#include "seed/intrinsics.h"
#include "seed/words.h"

namespace deputy::seed {
namespace {

/// A type of resource, and what a seed calls it and its members.
struct Type {
  std::string_view name;      // "AWS::IAM::Role"
  std::string_view list;      // "Roles"; empty: it adds to others
  std::string_view identity;  // the member that names it in a template
  std::string_view kind;      // in ARNs
  std::string_view arn;       // the attribute that is the ARN
  bool ref_is_arn = false;
  std::vector<std::string_view> members;                                    // taken as they are
  std::vector<std::pair<std::string_view, std::string_view>> renamed = {};  // what a seed calls otherwise
};

const std::vector<Type>& types() {
  static const std::vector<Type> kTypes{
      {"AWS::IAM::User",
       "Users",
       "UserName",
       "user",
       "Arn",
       false,
       {"UserName", "Path", "Groups", "ManagedPolicyArns", "Policies", "PermissionsBoundary", "Tags"}},
      {"AWS::IAM::Group",
       "Groups",
       "GroupName",
       "group",
       "Arn",
       false,
       {"GroupName", "Path", "ManagedPolicyArns", "Policies"}},
      {"AWS::IAM::Role",
       "Roles",
       "RoleName",
       "role",
       "Arn",
       false,
       {"RoleName", "Path", "AssumeRolePolicyDocument", "Description", "MaxSessionDuration", "PermissionsBoundary",
        "ManagedPolicyArns", "Policies", "Tags"}},
      {"AWS::IAM::ManagedPolicy",
       "ManagedPolicies",
       "ManagedPolicyName",
       "policy",
       "PolicyArn",
       true,
       {"Path", "Description", "PolicyDocument", "Users", "Groups", "Roles"},
       {{"ManagedPolicyName", "PolicyName"}}},
      {"AWS::IAM::InstanceProfile",
       "InstanceProfiles",
       "InstanceProfileName",
       "instance-profile",
       "Arn",
       false,
       {"InstanceProfileName", "Path", "Roles"}},
      {"AWS::IAM::OIDCProvider",
       "OpenIDConnectProviders",
       "Url",
       "oidc-provider",
       "Arn",
       true,
       {"Url", "ThumbprintList", "Tags"},
       {{"ClientIdList", "ClientIDList"}}},
      {"AWS::IAM::SAMLProvider",
       "SAMLProviders",
       "Name",
       "saml-provider",
       "Arn",
       true,
       {"Name", "Tags"},
       {{"SamlMetadataDocument", "SAMLMetadataDocument"}}},
      {"AWS::S3::Bucket", "Buckets", "BucketName", "", "Arn", false, {}, {{"BucketName", "Bucket"}}},
      {"AWS::IAM::Policy",
       "",
       "PolicyName",
       "",
       "",
       false,
       {"PolicyName", "PolicyDocument", "Users", "Groups", "Roles"}},
      {"AWS::IAM::AccessKey", "", "", "", "", false, {"UserName", "Status", "Serial"}},
      {"AWS::IAM::UserToGroupAddition", "", "", "", "", false, {"GroupName", "Users"}},
  };
  return kTypes;
}

constexpr std::string_view kIgnored[] = {
    "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Resources", "Outputs"};
constexpr std::string_view kAttributes[] = {"Type",     "Properties",     "DependsOn",
                                            "Metadata", "DeletionPolicy", "UpdateReplacePolicy"};

std::shared_ptr<Node> make(const Node& like, Node::Kind kind) {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->file = like.file;
  node->line = like.line;
  node->column = like.column;
  return node;
}

struct Resource {
  const Type* type;
  std::string id;
  NodePtr at;          // its name in the template
  NodePtr properties;  // without functions
};

class Template {
 public:
  Template(const TemplateOptions& options, std::vector<Fault>& faults) : options_(options), faults_(faults) {}

  NodePtr seed(const Node& document) {
    const Node* resources = document.member("Resources");
    check_sections(document);
    read_parameters(document);
    if (!AccountId::parse(options_.account)) {
      fault(document, "a template is of an account: say which, --account ID");
      return nullptr;
    }
    if (resources->kind != Node::Kind::kMap) {
      fault(*resources, "Resources is a mapping");
      return nullptr;
    }
    for (const auto& [key, value] : resources->members) declare(key, *value);
    name_all();
    for (Resource& resource : resources_) {
      const NodePtr found = resolved(resource.properties, names_, faults_);
      resource.properties = found != nullptr ? found : NodePtr(make(*resource.at, Node::Kind::kMap));
      check_members(resource);
    }
    for (const Resource& resource : resources_) {
      if (!resource.type->list.empty()) add(resource);
    }
    for (const Resource& resource : resources_) attach(resource);
    return finished(document);
  }

 private:
  void fault(const Node& at, std::string message) { faults_.push_back({at.mark(), std::move(message)}); }

  void check_sections(const Node& document) {
    for (const auto& [key, value] : document.members) {
      if (std::find(std::begin(kIgnored), std::end(kIgnored), key->text) != std::end(kIgnored)) continue;
      fault(*key, fmt::format("{} of a template is not understood here", key->text));
    }
  }

  void read_parameters(const Node& document) {
    names_.parameters = {{"AWS::AccountId", options_.account},
                         {"AWS::Partition", "aws"},
                         {"AWS::Region", "us-east-1"},
                         {"AWS::URLSuffix", "amazonaws.com"},
                         {"AWS::StackName", "deputy"}};
    std::set<std::string> known;
    if (const Node* parameters = document.member("Parameters"); parameters != nullptr) {
      for (const auto& [key, value] : parameters->members) {
        known.insert(key->text);
        const auto given = options_.parameters.find(key->text);
        const Node* usual = value->member("Default");
        if (given != options_.parameters.end()) {
          names_.parameters[key->text] = given->second;
        } else if (usual != nullptr) {
          names_.parameters[key->text] = usual->text;
        } else {
          fault(*key, fmt::format("the parameter {0} has no value: --parameter {0}=VALUE", key->text));
          names_.parameters[key->text] = "";
        }
      }
    }
    for (const auto& [name, value] : options_.parameters) {
      if (!known.contains(name)) fault(document, fmt::format("the template has no parameter \"{}\"", name));
    }
  }

  void declare(const NodePtr& key, const Node& value) {
    const Node* type = value.member("Type");
    if (type == nullptr) return fault(*key, fmt::format("the resource {} has no Type", key->text));
    for (const auto& [name, held] : value.members) {
      if (std::find(std::begin(kAttributes), std::end(kAttributes), name->text) != std::end(kAttributes)) continue;
      fault(*name, fmt::format("{} of a resource is not understood here", name->text));
    }
    const auto found =
        std::find_if(types().begin(), types().end(), [&](const Type& t) { return t.name == type->text; });
    if (found == types().end()) {
      std::vector<std::string_view> known;
      for (const Type& each : types()) known.push_back(each.name);
      return fault(*type, fmt::format("{} cannot be made here{}", type->text, suggestion(type->text, known)));
    }
    const auto is = [](const Node::Member& m) { return m.key->text == "Properties"; };
    const auto properties = std::find_if(value.members.begin(), value.members.end(), is);
    resources_.push_back(
        {&*found, key->text, key,
         properties != value.members.end() ? properties->value : NodePtr(make(*key, Node::Kind::kMap))});
  }

  /// Names do not depend on other resources, but for those of parameters.
  void name_all() {
    for (const Resource& resource : resources_) {
      const Type& type = *resource.type;
      Names::Resource& known = names_.resources[resource.id];
      if (type.list.empty()) continue;
      const auto text = [&](std::string_view member, std::string otherwise) {
        const Node* node = resource.properties->member(member);
        if (node == nullptr) return otherwise;
        std::vector<Fault> later;  // told when the properties are worked out
        const NodePtr made = resolved(std::make_shared<Node>(*node), names_, later);
        return made == nullptr ? otherwise : made->text;
      };
      std::string name = text(type.identity, resource.id);
      if (type.list == "Buckets") {
        known.attributes["Arn"] = "arn:aws:s3:::" + name;
        known.ref = name;
        continue;
      }
      if (type.list == "OpenIDConnectProviders" && name.find("://") != std::string::npos) {
        name.erase(0, name.find("://") + 3);
      }
      const bool has_path = type.kind != "oidc-provider" && type.kind != "saml-provider";
      const std::string arn =
          fmt::format("arn:aws:iam::{}:{}{}{}", options_.account, type.kind, has_path ? text("Path", "/") : "/", name);
      known.ref = type.ref_is_arn ? arn : name;
      known.attributes[std::string(type.arn)] = arn;
    }
  }

  void check_members(const Resource& resource) {
    const auto& type = *resource.type;
    for (const Node::Member& member : resource.properties->members) {
      const NodePtr& key = member.key;
      const bool taken = std::find(type.members.begin(), type.members.end(), key->text) != type.members.end();
      const bool renamed = std::any_of(type.renamed.begin(), type.renamed.end(),
                                       [&](const auto& pair) { return pair.first == key->text; });
      if (taken || renamed) continue;
      fault(*key, fmt::format("{} of {} is not understood here{}", key->text, type.name,
                              suggestion(key->text, type.members)));
    }
  }

  /// As an entity of the seed, under its name.
  void add(const Resource& resource) {
    auto entity = make(*resource.at, Node::Kind::kMap);
    std::string_view identity = resource.type->identity;
    for (const auto& [from, to] : resource.type->renamed) identity = from == identity ? to : identity;
    for (const auto& [key, value] : resource.properties->members) {
      std::string name = key->text;
      for (const auto& [from, to] : resource.type->renamed) {
        if (from == name) name = to;
      }
      const bool is_place = resource.type->list == "ManagedPolicies" &&
                            (name == "Users" || name == "Groups" || name == "Roles");  // attach() looks at them
      const auto& taken = resource.type->members;
      const bool is_known = name != key->text || std::find(taken.begin(), taken.end(), key->text) != taken.end();
      if (!is_place && is_known) entity->members.push_back({text_at(*key, name), copied(*value)});
    }
    if (entity->member(identity) == nullptr) {
      entity->members.push_back({text_at(*resource.at, std::string(identity)), text_at(*resource.at, resource.id)});
    }
    lists_[std::string(resource.type->list)].push_back(entity);
  }

  /// A list of a node of its own, so that others can be added to it.
  static NodePtr copied(const Node& node) { return std::make_shared<Node>(node); }

  /// What belongs to others: an inline policy, an attachment, a membership, a key.
  void attach(const Resource& resource) {
    const Node& of = *resource.properties;
    const auto each = [&](std::string_view member, std::string_view list, std::string_view identity, auto&& item) {
      const Node* names = of.member(member);
      if (names == nullptr) return;
      for (const NodePtr& name : names->items) extend(*name, list, identity, item);
    };
    const auto everywhere = [&](std::string_view into, const NodePtr& item) {
      const auto pair = std::pair(into, item);
      each("Users", "Users", "UserName", pair);
      each("Groups", "Groups", "GroupName", pair);
      each("Roles", "Roles", "RoleName", pair);
    };
    if (resource.type->name == "AWS::IAM::ManagedPolicy") {
      everywhere("ManagedPolicyArns", text_at(*resource.at, names_.resources[resource.id].ref));
    } else if (resource.type->name == "AWS::IAM::Policy") {
      auto policy = make(*resource.at, Node::Kind::kMap);
      for (const auto& [key, value] : of.members) {
        if (key->text == "PolicyName" || key->text == "PolicyDocument") policy->members.push_back({key, value});
      }
      everywhere("Policies", policy);
    } else if (resource.type->name == "AWS::IAM::UserToGroupAddition") {
      const Node* group = of.member("GroupName");
      if (group == nullptr) return fault(*resource.at, "AWS::IAM::UserToGroupAddition needs GroupName");
      each("Users", "Users", "UserName", std::pair(std::string_view("Groups"), text_at(*group, group->text)));
    } else if (resource.type->name == "AWS::IAM::AccessKey") {
      const Node* user = of.member("UserName");
      if (user == nullptr) return fault(*resource.at, "AWS::IAM::AccessKey needs UserName");
      extend(*user, "Users", "UserName",
             std::pair(std::string_view("AccessKeys"), NodePtr(make(*resource.at, Node::Kind::kMap))));
    }
  }

  /// Adds to a list of an entity of this template.
  void extend(const Node& name, std::string_view list, std::string_view identity,
              const std::pair<std::string_view, NodePtr>& item) {
    for (const auto& entity : lists_[std::string(list)]) {
      const Node* called = entity->member(identity);
      if (called == nullptr || called->text != name.text) continue;
      for (auto& [key, value] : entity->members) {
        if (key->text != item.first) continue;
        auto longer = std::make_shared<Node>(*value);
        longer->items.push_back(item.second);
        value = std::move(longer);
        return;
      }
      auto made = make(name, Node::Kind::kList);
      made->items.push_back(item.second);
      entity->members.push_back({text_at(name, std::string(item.first)), std::move(made)});
      return;
    }
    fault(name, fmt::format("\"{}\" is none of the {} of this template", name.text, list));
  }

  NodePtr finished(const Node& document) {
    auto account = make(document, Node::Kind::kMap);
    account->members.push_back({text_at(document, "AccountId"), text_at(document, options_.account)});
    for (const auto& [list, entities] : lists_) {
      auto node = make(document, Node::Kind::kList);
      node->items.assign(entities.begin(), entities.end());
      account->members.push_back({text_at(document, list), std::move(node)});
    }
    auto accounts = make(document, Node::Kind::kList);
    accounts->items.push_back(std::move(account));
    auto seed = make(document, Node::Kind::kMap);
    seed->members.push_back({text_at(document, "Accounts"), std::move(accounts)});
    return seed;
  }

  const TemplateOptions& options_;
  std::vector<Fault>& faults_;
  Names names_;
  std::vector<Resource> resources_;
  std::map<std::string, std::vector<std::shared_ptr<Node>>> lists_;
};

}  // namespace

bool is_template(const Node& document) {
  return document.kind == Node::Kind::kMap && document.member("Resources") != nullptr;
}

NodePtr seed_of_template(const NodePtr& document, const TemplateOptions& options, std::vector<Fault>& faults) {
  return Template(options, faults).seed(*document);
}

}  // namespace deputy::seed
