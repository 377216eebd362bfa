// Seeds as operators write them, to what the server takes (services/admin/seed.h): checked member by member against
// declaration.h, with every fault and its place.
//
//   SeedReader reader(outside);
//   reader.add(text, "team.yaml");         // each file; an account may stand in several, and a template is a seed too
//   const Seed seed = std::move(reader).read();
//   if (seed.faults.empty()) … "{" + seed.members + "}" … ApplySeed
//
// What is at fault is left out of `members`, and what cannot be without it is marked as broken: so the server can be
// asked for the rest, and says what else is wrong.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "seed/cloudformation.h"
#include "seed/yaml.h"

namespace deputy::seed {

/// Why a file could not be read: a sentence.
struct Unread {
  std::string why;
};

/// What a seed may name outside of itself.
struct Outside {
  /// The text of a file; `path` as it stands in the seed `from`.
  std::function<Result<std::string, Unread>(const std::string& path, const std::string& from)> file;
  /// Nothing: it is not set.
  std::function<std::optional<std::string>(const std::string& name)> variable;
};

/// Where an entity stands, for whoever knows it by its number.
struct Entity {
  NodePtr node;
  /// Of lists from which something was left out: for each element that stayed, which one it was.
  std::map<std::string, std::vector<std::size_t>, std::less<>> kept = {};

  /// Of a member as the server names it: "Policies.0.PolicyDocument".
  [[nodiscard]] Mark mark(std::string_view member) const;
};

struct Seed {
  std::string members;           // of the input of ApplySeed, without braces
  std::vector<Entity> entities;  // by Place
  std::vector<Fault> faults;     // in the order of files and lines
  std::size_t accounts = 0;
};

class SeedReader {
 public:
  explicit SeedReader(Outside outside, TemplateOptions templates = {})
      : outside_(std::move(outside)), templates_(std::move(templates)) {}
  void add(std::string_view text, const std::string& file);
  Seed read() &&;

 private:
  Outside outside_;
  TemplateOptions templates_;
  std::vector<NodePtr> documents_;
  std::vector<Fault> faults_;
};

}  // namespace deputy::seed
