#include "audit/memory.h"

#include <gtest/gtest.h>

namespace deputy::audit {
namespace {

std::string all(const Memory& memory, std::uint64_t& place) {
  std::string text;
  for (;;) {
    const Memory::Lines lines = memory.from(place);
    place = lines.next;
    if (lines.text.empty()) return text;
    text += lines.text;
  }
}

TEST(MemoryTest, LinesAreReadFromWhereOneWas) {
  Memory memory;
  std::string why;
  std::uint64_t place = 0;
  EXPECT_EQ(all(memory, place), "");
  EXPECT_EQ(memory.write("one\ntwo\n", why), 8U);
  EXPECT_EQ(all(memory, place), "one\ntwo\n");
  EXPECT_EQ(all(memory, place), "");
  memory.write("three\n", why);
  EXPECT_EQ(all(memory, place), "three\n");
  EXPECT_EQ(memory.from(1000).next, place) << "a place that never was";
}

TEST(MemoryTest, TheOldestGoAndLinesStayWhole) {
  constexpr std::size_t kMost = 100;
  Memory memory(kMost);
  std::string why;
  for (char c = 'a'; c <= 'z'; ++c) memory.write(std::string(9, c) + "\n", why);
  std::uint64_t place = 0;
  const std::string kept = all(memory, place);
  EXPECT_LE(kept.size(), kMost);
  EXPECT_EQ(kept.size() % 10, 0U);
  EXPECT_TRUE(kept.ends_with("zzzzzzzzz\n"));
  EXPECT_EQ(place, 260U);
}

TEST(MemoryTest, AnAnswerIsBounded) {
  Memory memory;
  std::string why, line(1000, 'x');
  line += '\n';
  for (int i = 0; i < 3000; ++i) memory.write(line, why);
  const auto first = memory.from(0);
  EXPECT_LE(first.text.size(), Memory::kMostTold);
  EXPECT_EQ(first.text.size() % line.size(), 0U);
  std::uint64_t place = 0;
  EXPECT_EQ(all(memory, place).size(), 3000 * line.size());
  Memory large;
  large.write(std::string(2 * Memory::kMostTold, 'y') + "\n", why);
  EXPECT_EQ(large.from(0).text.size(), 2 * Memory::kMostTold + 1);
}

}  // namespace
}  // namespace deputy::audit
