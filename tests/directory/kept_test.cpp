// What an earlier version wrote is read today: the lines of cases/entries.txt are the bytes of entries as they lie in data
// folders. A field whose number or form changes, or that goes, shows here; so does an entry that is damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/encoding.h"
#include "directory/codec.h"
#include "directory/extremes.h"
#include "directory/last_use.h"

namespace deputy::directory {
namespace {

constexpr const char* kFile = DEPUTY_SOURCE_DIR "/tests/directory/cases/entries.txt";

/// The entries of each kind, by its word.
const std::multimap<std::string, std::string>& kept() {
  static const auto kAll = [] {
    std::multimap<std::string, std::string> all;
    std::ifstream file(kFile);
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line.starts_with('#')) continue;
      const std::size_t space = line.find(' ');
      const auto bytes = unhex(line.substr(space + 1));
      EXPECT_TRUE(bytes) << line;
      if (bytes) all.emplace(line.substr(0, space), *bytes);
    }
    return all;
  }();
  return kAll;
}

/// Calls `f` with the word of each kind and an empty one of it.
template <class F>
void each_kind(F f) {
#define DEPUTY_ROW(Entity, map, word) f(word, Entity());
  DEPUTY_KINDS(DEPUTY_ROW)
#undef DEPUTY_ROW
  f("last-use/", LastUse());
  f("object/", ObjectVersion());
  f("upload/", Upload());
  f("part/", Part());
  f("unused-bytes/", UnusedBytes());
}

/// An entity with something in each member, as cases/entries.txt has one of each kind.
template <class Entity>
std::string full() {
  Entity entity;
  Filler filler({.high = true, .text = 3, .items = 1});
  fields(filler, entity);
  return encode(entity);
}

struct Field {
  std::uint64_t number = 0;
  std::string_view payload;
};

std::optional<std::uint64_t> take_varint(std::string_view& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

/// The grammar of codec.cpp, read a second time; nothing if this is no row of fields.
std::optional<std::vector<Field>> fields_of(std::string_view bytes) {
  std::vector<Field> all;
  while (!bytes.empty()) {
    const auto number = take_varint(bytes);
    const auto length = number ? take_varint(bytes) : std::nullopt;
    if (!length || *length > bytes.size()) return std::nullopt;
    all.push_back({*number, bytes.substr(0, *length)});
    bytes.remove_prefix(*length);
  }
  return all;
}

/// Whether `now` says all that `then` said, in its order; it may have fields more.
bool says_all_of(std::string_view then, std::string_view now) {
  if (then == now) return true;
  const auto before = fields_of(then), after = fields_of(now);
  if (!before || !after) return false;
  auto at = after->begin();
  for (const Field& field : *before) {
    at = std::find_if(at, after->end(), [&](const Field& other) {
      return other.number == field.number && says_all_of(field.payload, other.payload);
    });
    if (at == after->end()) return false;
    ++at;
  }
  return true;
}

TEST(KeptTest, WhatWasWrittenIsReadAndMeansTheSame) {
  PolicyPool pool;
  std::size_t read = 0;
  each_kind([&]<class Entity>(const std::string& word, const Entity&) {
    const auto [begin, end] = kept().equal_range(word);
    for (auto at = begin; at != end; ++at, ++read) {
      const auto entity = decode<Entity>(at->second, pool);
      ASSERT_TRUE(entity) << word << ": " << entity.error();
      EXPECT_TRUE(says_all_of(at->second.substr(1), encode(*entity).substr(1)))
          << word << ": " << hex(at->second) << "\nis now " << hex(encode(*entity));
    }
  });
  EXPECT_EQ(read, kept().size()) << "a word in " << kFile << " is no kind's";
}

TEST(KeptTest, EveryMemberOfEveryKindIsKept) {
  each_kind([]<class Entity>(const std::string& word, const Entity&) {
    const auto [begin, end] = kept().equal_range(word);
    EXPECT_TRUE(std::any_of(begin, end, [](const auto& item) { return item.second == full<Entity>(); }))
        << "a member is new: add a line to tests/directory/cases/entries.txt, and leave the old ones\n"
        << word << ' ' << hex(full<Entity>());
  });
}

/// Cut off anywhere, or with any byte another: an error, or an entity that is written and read as itself.
TEST(KeptTest, ADamagedEntryIsAnErrorOrAnotherEntryAndNeverBoth) {
  PolicyPool pool;
  std::size_t refused = 0, read = 0;
  each_kind([&]<class Entity>(const std::string& word, const Entity&) {
    const std::string bytes = full<Entity>();
    const auto see = [&](std::string_view damaged) {
      const auto entity = decode<Entity>(damaged, pool);
      if (!entity) {
        ++refused;
        EXPECT_FALSE(entity.error().empty());
        return;
      }
      ++read;
      const std::string again = encode(*entity);
      const auto same = decode<Entity>(again, pool);
      ASSERT_TRUE(same) << word << ' ' << hex(damaged) << ": " << same.error();
      EXPECT_EQ(encode(*same), again) << word << ' ' << hex(damaged);
    };
    for (std::size_t size = 0; size < bytes.size(); ++size) see(std::string_view(bytes).substr(0, size));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (const unsigned char flip : {0x01, 0x80, 0x7f}) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ flip);
        see(damaged);
      }
    }
    see(bytes + bytes.substr(1));  // every field twice
  });
  EXPECT_GT(refused, 1000U);
  EXPECT_GT(read, 1000U);
}

TEST(KeptTest, NumbersHaveOneForm) {
  PolicyPool pool;
  struct Case {
    const char *what, *hex;
    bool good;
  };
  // TenantAccounts: field 1, a number of 32 bits.
  const Case cases[] = {{"nothing: the default", "01", true},
                        {"zero",
                         "01"
                         "0101"
                         "00",
                         true},
                        {"the largest",
                         "01"
                         "0105"
                         "ffffffff0f",
                         true},
                        {"one more",
                         "01"
                         "0105"
                         "8080808010",
                         false},
                        {"of 64 bits",
                         "01"
                         "010a"
                         "ffffffffffffffffff01",
                         false},
                        {"beyond 64 bits",
                         "01"
                         "010a"
                         "ffffffffffffffffff02",
                         false},
                        {"padded",
                         "01"
                         "0102"
                         "8000",
                         false},
                        {"padded number of a field",
                         "01"
                         "810001"
                         "00",
                         false},
                        {"padded length",
                         "01"
                         "018100"
                         "00",
                         false},
                        {"without its end",
                         "01"
                         "0101"
                         "80",
                         false},
                        {"with more behind it",
                         "01"
                         "0102"
                         "0000",
                         false},
                        {"empty",
                         "01"
                         "0100",
                         false},
                        {"another format",
                         "02"
                         "010100",
                         false},
                        {"no format", "", false}};
  for (const Case& each : cases) {
    EXPECT_EQ(decode<TenantAccounts>(*unhex(each.hex), pool).ok(), each.good) << each.what;
  }
}

TEST(KeptTest, EqualDocumentsAreCompiledOnce) {
  PolicyPool pool;
  const std::string document =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";
  const auto first = pool.share(document, policy::Kind::kIdentity);
  const auto second = pool.share(document, policy::Kind::kIdentity);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->text(), document);
  EXPECT_EQ(&first->text(), &second->text());
  EXPECT_FALSE(pool.share(document, policy::Kind::kTrust));  // of another kind it means something else, or nothing
  EXPECT_FALSE(pool.share("{", policy::Kind::kIdentity));
  // What nobody holds any more is let go, however many there were.
  for (int i = 0; i < 3000; ++i) {
    EXPECT_TRUE(pool.share(R"({"Version":"2012-10-17","Statement":[{"Sid":"s)" + std::to_string(i) +
                               R"(","Effect":"Allow","Action":"*","Resource":"*"}]})",
                           policy::Kind::kIdentity));
  }
  EXPECT_EQ(&pool.share(document, policy::Kind::kIdentity)->text(), &first->text());
}

}  // namespace
}  // namespace deputy::directory
