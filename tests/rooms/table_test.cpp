// The check is checked: a table that is read wrongly would allow everything.
#include "rooms/table.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "rooms/source_tree.h"

namespace deputy::rooms {
namespace {

const Table kSmall{{"base", {}}, {"services", {"base"}}, {"services/sts", {"base", "services"}}};

std::filesystem::path write(const std::string& name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / name;
  std::ofstream(path) << text;
  return path;
}

TEST(RoomsTableTest, OnlyTheRowsBetweenTheMarksCount) {
  const Table table =
      read_table(write("rooms_table.md",
                       "| `no` | | `yes` |\n<!-- rooms -->\n| room | concept | may |\n| --- | --- | --- |\n"
                       "| `base` | words: `Arn` | |\n| `policy` | the `language` | `base` |\n"
                       "<!-- end of rooms -->\n| `after` | | `base` |\n"));
  EXPECT_EQ(table, (Table{{"base", {}}, {"policy", {"base"}}}));
}

TEST(RoomsTableTest, CMakeRoomsAreKnownByTheirFolders) {
  const Table table = read_cmake(write("rooms_lists.txt",
                                       "deputy_room(base LIBRARIES fmt::fmt)  # deputy_room(not this)\n"
                                       "deputy_room(sts FOLDER services/sts\n  DEPENDS base\n  LIBRARIES x::y)\n"
                                       "deputy_room(server DEPENDS base sts EXCLUDE main)\n"));
  EXPECT_EQ(table, (Table{{"base", {}}, {"services/sts", {"base"}}, {"server", {"base", "services/sts"}}}));
}

TEST(RoomsTableTest, ARoomReachesWhatItsRoomsReach) {
  EXPECT_EQ(closure({{"a", {}}, {"b", {"a"}}, {"c", {"b"}}}).at("c"), (std::set<std::string>{"a", "b"}));
}

TEST(RoomsTableTest, TheInnermostRoomOwnsAFile) {
  EXPECT_EQ(room_of(kSmall, "services/sts/assume_role.h"), "services/sts");
  EXPECT_EQ(room_of(kSmall, "services/operation.h"), "services");
  EXPECT_EQ(room_of(kSmall, "services/ec2/run.h"), "");
  EXPECT_EQ(room_of(kSmall, "base/deep/arn.h"), "base");
  EXPECT_EQ(room_of(kSmall, "based/arn.h"), "");
  EXPECT_EQ(room_of(kSmall, "arn.h"), "");
}

TEST(RoomsTableTest, CommentsAreNotCode) {
  const SourceFile file{"x.cpp",
                        {"int a;  // system_clock", "/* system_clock", "system_clock */ int b;", "#include \"x/y.h\""}};
  EXPECT_EQ(code_lines(file), (std::vector<std::string>{"int a;  ", "", " int b;", "#include \"x/y.h\""}));
  ASSERT_EQ(includes(file).size(), 1U);
  EXPECT_EQ(includes(file)[0].path, "x/y.h");
  EXPECT_EQ(includes(file)[0].line, 4);
}

}  // namespace
}  // namespace deputy::rooms
