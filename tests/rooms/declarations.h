// The declarations of a header that others include, and which of them say what they are.
#pragma once

#include <string>
#include <vector>

#include "rooms/source_tree.h"

namespace deputy::rooms {

struct Declaration {
  int line;          ///< From 1: where it begins.
  std::string code;  ///< Its first line.
  bool documented;   ///< A comment stands before it, or behind it on one of its lines.
};

/// Types, functions, members and enumerators; what is private, bodies of functions, and names that are only announced
/// (`struct Impl;`) are none. Reads headers that are formatted as ours are, no others.
std::vector<Declaration> declarations(const SourceFile& header);

}  // namespace deputy::rooms
