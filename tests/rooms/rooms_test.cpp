// The rules of the house that no compiler checks: which room may include which (the table of docs/architecture.md),
// where time and randomness come from, and that documents name files that exist.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "rooms/source_tree.h"
#include "rooms/table.h"

namespace deputy::rooms {
namespace {

const Table& table() {
  static const Table kTable = read_table(root() / "docs/architecture.md");
  return kTable;
}

std::string list(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "nothing" : text;
}

TEST(RoomsTest, TheTableIsReadAtAll) {
  EXPECT_TRUE(table().contains("base"));
  EXPECT_TRUE(table().contains("policy"));
  EXPECT_TRUE(table().at("base").empty());
}

TEST(RoomsTest, ARowNamesOnlyRoomsThatHaveRowsThemselves) {
  for (const auto& [room, allowed] : table()) {
    for (const std::string& other : allowed) {
      EXPECT_TRUE(table().contains(other)) << room << " may include '" << other << "', which has no row";
      EXPECT_NE(other, room);
    }
  }
}

TEST(RoomsTest, TheTableHasNoCycle) {
  for (const auto& [room, allowed] : table()) {
    for (const std::string& other : allowed) {
      if (!table().contains(other)) continue;
      EXPECT_FALSE(table().at(other).contains(room)) << room << " and " << other << " include each other";
    }
  }
}

TEST(RoomsTest, EveryFileOfSrcLivesInARoomOfTheTable) {
  for (const SourceFile& file : sources("src")) {
    EXPECT_NE(room_of(table(), file.path.substr(4)), "") << file.path << " is in no room of docs/architecture.md";
  }
}

TEST(RoomsTest, EveryIncludeIsAllowedByTheTable) {
  for (const SourceFile& file : sources("src")) {
    const std::string room = room_of(table(), file.path.substr(4));
    if (room.empty()) continue;  // told by EveryFileOfSrcLivesInARoomOfTheTable
    for (const Include& include : includes(file)) {
      const std::string other = room_of(table(), include.path);
      if (other.empty()) {
        ADD_FAILURE() << file.path << ":" << include.line << " includes \"" << include.path
                      << "\", which is in no room; paths start at src/";
        continue;
      }
      EXPECT_TRUE(other == room || table().at(room).contains(other))
          << file.path << ":" << include.line << " includes \"" << include.path << "\", but " << room
          << "/ may include only: " << list(table().at(room));
    }
  }
}

TEST(RoomsTest, CMakeLinksOnlyWhatTheTableAllows) {
  for (const auto& [room, depends] : read_cmake(root() / "src/CMakeLists.txt")) {
    ASSERT_TRUE(table().contains(room)) << "src/CMakeLists.txt has a room " << room << " without a row";
    for (const std::string& other : depends) {
      EXPECT_TRUE(table().at(room).contains(other))
          << "src/CMakeLists.txt lets " << room << " depend on " << other << "; allowed: " << list(table().at(room));
    }
  }
}

TEST(RoomsTest, EveryIncludedRoomIsLinked) {
  const Table linked = closure(read_cmake(root() / "src/CMakeLists.txt"));
  for (const SourceFile& file : sources("src")) {
    const std::string room = room_of(table(), file.path.substr(4));
    if (!linked.contains(room)) continue;  // not a target yet
    for (const Include& include : includes(file)) {
      const std::string other = room_of(table(), include.path);
      if (!linked.contains(other) || other == room) continue;  // headers alone need no target
      EXPECT_TRUE(linked.at(room).contains(other))
          << file.path << " includes \"" << include.path << "\", but " << room << " does not DEPEND on " << other;
    }
  }
}

/// What has one place, so that nobody can forget what that place does.
struct OnePlace {
  Pattern pattern;
  std::vector<std::string> places;  ///< Files that may, and folders, which end with '/'.
  const char* instead;
  const char* within = "src/";
};

/// Steady clocks are no matter here: they measure how long something took, and nobody decides anything by them.
const OnePlace kOnePlaces[] = {
    {{{"system_clock", "gettimeofday", "clock_gettime", "localtime", "mktime"},
      R"(\bsystem_clock\b|\b(gettimeofday|clock_gettime|localtime(_r)?|mktime)\s*\()"},
     {"src/host/"},
     "take a Clock (host/clock.h)"},
    {{{"time"}, R"((\bstd::|[^\w.>:])time\s*\(\s*(NULL|nullptr|0|&))"}, {"src/host/"}, "take a Clock (host/clock.h)"},
    {{{"random", "rand", "mt19937", "RAND_", "getentropy"},
      R"(\b(random_device|mt19937(_64)?|default_random_engine|RAND_(priv_)?bytes|getrandom|getentropy|arc4random)\b)"
      R"(|\bs?rand\s*\()"},
     {"src/crypto/"},
     "draw from crypto/"},
    {{{"std", "print", "perror"},
      R"((^|[^\w-])(stdout|stderr|std::cout|std::cerr|std::clog|std::print|fmt::print|std::puts|perror|v?printf)\b)"},
     {"src/host/log.cpp", "src/cli/print.cpp"},
     "texts of others go to terminals and logs through host/log.h and cli/print.h, which make them visible"},
    {{{"O_", "ofstream", "open", "mkstemp", "creat"},
      R"(\b(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|ofstream|fopen|freopen|mkstemp|creat)\b)"},
     {"src/host/", "src/store/sqlite/"},
     "files are written through host/files.h, which follows no link and leaves no half a file"},
    {{{"Error(", "{\"", "errors::"}, R"(\bError\(\s*("|$)|\{"[A-Z]\w+", [45]\d\d,|\berrors::\w+\(("[^"]* |.*\+ "|$))"},
     {"src/services/iam/errors.cpp", "src/services/sts/errors.cpp", "src/services/s3/errors.cpp",
      "src/services/s3/object_errors.cpp", "src/services/organizations/errors.cpp", "src/services/admin/errors.cpp"},
     "every sentence of a service stands in its errors.cpp, so that one file can be held against AWS's",
     "src/services/"},
};

TEST(RoomsTest, WhatHasOnePlaceIsDoneThere) {
  for (const SourceFile& file : sources("src")) {
    const std::vector<std::string> lines = code_lines(file);
    for (const OnePlace& rule : kOnePlaces) {
      const bool home = std::ranges::any_of(rule.places, [&](const std::string& place) {
        return place.ends_with('/') ? file.path.starts_with(place) : file.path == place;
      });
      if (home || !file.path.starts_with(rule.within)) continue;
      for (std::size_t i = 0; i < lines.size(); ++i) {
        EXPECT_FALSE(rule.pattern.in(lines[i]))
            << file.path << ":" << i + 1 << ": " << rule.instead << "\n  " << lines[i];
      }
    }
  }
}

TEST(RoomsTest, NoSourceFileGrowsOutOfLine) {
  for (const char* folder : {"src", "tests", "fuzz", "bench"}) {
    for (const SourceFile& file : sources(folder)) {
      EXPECT_LE(file.lines.size(), 650U) << file.path << " holds more than one concept";
    }
  }
}

TEST(RoomsTest, NoFileNamesTheMachineItWasWrittenOn) {
  const std::string here = root().string() + "/";
  const Pattern somebodys_home({"/home/", "/root/", "/Users/"}, R"((^|[\s"'(=:])/(home|root|Users)/\w)");
  for (const SourceFile& file : text_files()) {
    int number = 0;
    for (const std::string& line : file.lines) {
      ++number;
      EXPECT_EQ(line.find(here), std::string::npos) << file.path << ":" << number;
      EXPECT_FALSE(somebodys_home.in(line)) << file.path << ":" << number << ": " << line;
    }
  }
}

/// A comment that says which test watches over it must not outlive the test.
TEST(RoomsTest, CommentsNameTestsThatExist) {
  const std::regex declared(R"(\bTEST(_F|_P)?\((\w+),\s*(\w+)\))"), named(R"(\b([A-Z]\w*Test)\.([A-Z]\w*)\b)");
  std::set<std::string> tests;
  for (const SourceFile& file : sources("tests")) {
    std::string text;  // a long declaration stands on two lines
    for (const std::string& line : file.lines) text += line + "\n";
    for (std::sregex_iterator at(text.begin(), text.end(), declared), end; at != end; ++at) {
      tests.insert((*at)[2].str() + "." + (*at)[3].str());
    }
  }
  for (const SourceFile& file : text_files()) {
    if (file.path.starts_with("tests/")) continue;
    int number = 0;
    for (const std::string& line : file.lines) {
      ++number;
      if (line.find("Test.") == std::string::npos) continue;
      for (std::sregex_iterator at(line.begin(), line.end(), named), end; at != end; ++at) {
        EXPECT_TRUE(tests.contains(at->str())) << file.path << ":" << number << " names " << at->str();
      }
    }
  }
}

TEST(RoomsTest, DocumentsNameFilesThatExist) {
  const std::regex in_code(R"(`((src|docs|tests|scripts|fuzz|bench|models|tools|examples)/[\w./-]+)`)");
  const std::regex in_link(R"(\]\(([\w./-]+)(#[\w-]*)?\))");
  for (const SourceFile& file : text_files()) {
    if (!file.path.ends_with(".md")) continue;
    for (const std::string& line : file.lines) {
      if (line.find('/') == std::string::npos && line.find("](") == std::string::npos) continue;
      for (std::sregex_iterator at(line.begin(), line.end(), in_code), end; at != end; ++at) {
        EXPECT_TRUE(std::filesystem::exists(root() / (*at)[1].str())) << file.path << " names " << (*at)[1];
      }
      for (std::sregex_iterator at(line.begin(), line.end(), in_link), end; at != end; ++at) {
        const std::filesystem::path target = (root() / file.path).parent_path() / (*at)[1].str();
        EXPECT_TRUE(std::filesystem::exists(target)) << file.path << " links to " << (*at)[1];
      }
    }
  }
}

}  // namespace
}  // namespace deputy::rooms
