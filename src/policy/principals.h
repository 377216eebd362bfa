// The principals of a document as they stand in its source, and the source with some of them replaced: how unique ids
// get into a stored policy and ARNs out of it again. [P-12]
//
//   std::vector<Replacement> found;
//   for (const PrincipalAt& p : principals_of(document))
//     if (auto id = unique_id(p.element->text.value)) found.push_back({p.element->text, *id});
//   std::string stored = replace(document.source, found);    // everything else as it was, white space included
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/document.h"

namespace deputy::policy {

struct PrincipalAt {
  const Statement* statement;
  const PrincipalElement* element;  // its kind, value and byte range
};
/// Of all statements, NotPrincipal too, in the order of the source. Borrowed from the document.
std::vector<PrincipalAt> principals_of(const Document& document);

struct Replacement {
  Text old;           // a text of the source, by its byte range
  std::string value;  // written as a JSON string in its place
};
/// `source` with the texts replaced; in any order, none twice, none overlapping.
std::string replace(std::string_view source, std::span<const Replacement> replacements);

}  // namespace deputy::policy
