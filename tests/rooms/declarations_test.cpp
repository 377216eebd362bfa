// What embedders include says of each declaration what it is; and the check is checked.
#include "rooms/declarations.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace deputy::rooms {
namespace {

TEST(DeclarationsTest, WhatEmbeddersIncludeIsDocumented) {
  std::size_t all = 0, documented = 0;
  std::string missing;
  for (const SourceFile& header : sources("include/deputy")) {
    for (const Declaration& declaration : declarations(header)) {
      ++all;
      if (declaration.documented) {
        ++documented;
      } else {
        missing += header.path + ":" + std::to_string(declaration.line) + ": " + declaration.code + "\n";
      }
    }
  }
  EXPECT_GT(all, 150U) << "the headers are not read at all";
  EXPECT_GE(documented * 100, all * 95) << documented << " of " << all << "; say what these are:\n" << missing;
}

TEST(DeclarationsTest, ADeclarationIsReadWithItsComment) {
  const SourceFile header{"x.hpp",
                          {"#pragma once",
                           "namespace a {",
                           "/// What it is.",
                           "enum class E : std::uint8_t {",
                           "  kOne,  ///< the first",
                           "  kTwo",
                           "};",
                           "",
                           "class C {",
                           " public:",
                           "  /// Makes one.",
                           "  C(int a,",
                           "    int b);",
                           "  int f() const;  ///< what it counts",
                           "  int g() const {",
                           "    return 1;",
                           "  }",
                           "  struct Impl;",
                           "",
                           " private:",
                           "  int hidden_;",
                           "};",
                           "/* In C. */",
                           "API int h(int a,",
                           "          int b);",
                           "}  // namespace a"}};
  std::vector<std::string> documented, missing;
  for (const Declaration& declaration : declarations(header)) {
    (declaration.documented ? documented : missing).push_back(declaration.code);
  }
  EXPECT_EQ(documented, (std::vector<std::string>{"enum class E : std::uint8_t {", "kOne,", "C(int a,",
                                                  "int f() const;", "API int h(int a,"}));
  EXPECT_EQ(missing, (std::vector<std::string>{"kTwo", "class C {", "int g() const {"}));
}

}  // namespace
}  // namespace deputy::rooms
