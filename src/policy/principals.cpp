#include "policy/principals.h"

#include <algorithm>

#include "base/json_writer.h"

namespace deputy::policy {

std::vector<PrincipalAt> principals_of(const Document& document) {
  std::vector<PrincipalAt> found;
  for (const Statement& statement : document.statements) {
    for (const PrincipalElement& element : statement.principals) found.push_back({&statement, &element});
  }
  return found;
}

std::string replace(std::string_view source, std::span<const Replacement> replacements) {
  std::vector<const Replacement*> ordered;
  for (const Replacement& replacement : replacements) ordered.push_back(&replacement);
  std::sort(ordered.begin(), ordered.end(),
            [](const auto* a, const auto* b) { return a->old.position.offset < b->old.position.offset; });
  std::string out;
  std::size_t copied = 0;
  for (const Replacement* replacement : ordered) {
    out.append(source.substr(copied, replacement->old.position.offset - copied));
    JsonWriter(out).value(replacement->value);
    copied = replacement->old.end;
  }
  return out.append(source.substr(copied));
}

}  // namespace deputy::policy
