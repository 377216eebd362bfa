// What every place of blobs promises (blobs/blobs.h), asked of each of them.
#include "blobs/blobs.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <random>
#include <set>
#include <thread>

#include "blobs/files.h"
#include "blobs/memory.h"
#include "blobs/sealed.h"

namespace deputy::blobs {
namespace {

std::string some_bytes(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(count, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

struct Place {
  const char* name;
  bool on_disk, sealed;
};
std::ostream& operator<<(std::ostream& out, const Place& place) { return out << place.name; }

class BlobsTest : public testing::TestWithParam<Place> {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "deputy-blobs-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    open();
  }
  void TearDown() override {
    blobs_ = nullptr;
    std::filesystem::remove_all(folder_);
  }
  void open() {
    const Form form = GetParam().sealed ? Form::kSealed : Form::kPlain;
    if (GetParam().on_disk) {
      auto files = Files::open(folder_ + "/objects", form, *entropy_);
      ASSERT_TRUE(files.ok()) << files.error();
      blobs_ = std::move(*files);
    } else {
      blobs_ = std::make_unique<Memory>(*entropy_, 64U << 20, form);
    }
    if (GetParam().sealed) blobs_ = std::make_unique<Sealed>(std::move(blobs_), *vault_);
  }
  /// Finished, not kept.
  std::unique_ptr<Draft> finished(const std::string& bytes) {
    auto draft = blobs_->begin();
    EXPECT_TRUE(draft.ok()) << draft.error().message;
    EXPECT_TRUE((*draft)->write(bytes).ok());
    EXPECT_TRUE((*draft)->finish().ok());
    return std::move(*draft);
  }
  std::string kept(const std::string& bytes) {
    const auto draft = finished(bytes);
    draft->keep();
    return draft->name();
  }
  /// "missing" or "broken" if it is.
  std::string read(const std::string& name) {
    const auto content = blobs_->open(name);
    if (!content) return content.error().kind == Fault::Kind::kMissing ? "missing" : "broken";
    std::string bytes((*content)->size(), '\0');
    const auto got = (*content)->read(0, bytes);
    return got && *got == bytes.size() ? bytes : "broken";
  }

  std::string folder_;
  std::unique_ptr<crypto::Entropy> entropy_ = crypto::seeded_entropy(7);
  std::unique_ptr<crypto::Vault> vault_ = crypto::Vault::ephemeral(*entropy_);
  std::unique_ptr<Blobs> blobs_;
};
INSTANTIATE_TEST_SUITE_P(Places, BlobsTest,
                         testing::Values(Place{"Files", true, false}, Place{"Memory", false, false},
                                         Place{"SealedFiles", true, true}, Place{"SealedMemory", false, true}),
                         [](const auto& of) { return std::string(of.param.name); });

TEST_P(BlobsTest, WhatWasKeptIsRead) {
  for (const std::size_t size : {0, 1, 15, 65535, 65536, 65537, 131072, 300000}) {
    const std::string bytes = some_bytes(size, static_cast<unsigned>(size)), name = kept(bytes);
    EXPECT_TRUE(is_name(name)) << name;
    EXPECT_EQ(is_sealed(name), GetParam().sealed);
    EXPECT_TRUE(read(name) == bytes) << size;
  }
}

TEST_P(BlobsTest, AnyPartIsReadWithoutTheRest) {
  const std::string bytes = some_bytes(200000, 1), name = kept(bytes);
  const auto content = blobs_->open(name);
  ASSERT_TRUE(content.ok());
  ASSERT_EQ((*content)->size(), bytes.size());
  std::mt19937 random(2);
  for (int i = 0; i < 200; ++i) {
    const std::size_t from = random() % (bytes.size() + 10);
    std::string part(random() % 70000, '\0');
    const auto got = (*content)->read(from, part);
    ASSERT_TRUE(got.ok());
    const std::string expected = from < bytes.size() ? bytes.substr(from, part.size()) : "";
    ASSERT_EQ(*got, expected.size());
    ASSERT_TRUE(part.substr(0, *got) == expected);
  }
  const int fd = (*content)->descriptor();
  EXPECT_EQ(fd >= 0, GetParam().on_disk && !GetParam().sealed);
}

TEST_P(BlobsTest, HoweverItIsWritten) {
  const std::string bytes = some_bytes(150000, 3);
  std::mt19937 random(4);
  for (int round = 0; round < 10; ++round) {
    auto draft = blobs_->begin();
    ASSERT_TRUE(draft.ok());
    for (std::string_view rest = bytes; !rest.empty();) {
      const std::string_view piece = rest.substr(0, random() % 40000);
      ASSERT_TRUE((*draft)->write(piece).ok());
      rest.remove_prefix(piece.size());
    }
    ASSERT_TRUE((*draft)->finish().ok());
    (*draft)->keep();
    ASSERT_TRUE(read((*draft)->name()) == bytes);
  }
}

TEST_P(BlobsTest, ADraftThatIsNotKeptGoes) {
  std::string name;
  {
    const auto draft = finished("abc");
    name = draft->name();
    EXPECT_EQ(read(name), "abc") << "an entry may name it before keep()";
  }
  EXPECT_EQ(read(name), "missing");
  {
    auto draft = blobs_->begin();
    ASSERT_TRUE(draft.ok());
    name = (*draft)->name();
    ASSERT_TRUE((*draft)->write("abc").ok());
  }
  EXPECT_EQ(read(name), "missing");
  EXPECT_EQ(blobs_->bytes(), 0U);
}

TEST_P(BlobsTest, WhatWasRemovedIsMissing) {
  const std::string name = kept("abc"), other = kept("def");
  EXPECT_TRUE(blobs_->remove(name).ok());
  EXPECT_TRUE(blobs_->remove(name).ok()) << "what is not there counts as removed";
  EXPECT_EQ(read(name), "missing");
  EXPECT_EQ(read(other), "def");
}

TEST_P(BlobsTest, WhatIsOpenStaysReadable) {
  const std::string bytes = some_bytes(100000, 5), name = kept(bytes);
  const auto content = blobs_->open(name);
  ASSERT_TRUE(content.ok());
  ASSERT_TRUE(blobs_->remove(name).ok());
  std::string again(bytes.size(), '\0');
  ASSERT_TRUE((*content)->read(0, again).ok());
  EXPECT_TRUE(again == bytes);
}

TEST_P(BlobsTest, NamesLeadNowhereElse) {
  for (const char* name : {"", ".", "..", "drafts", "../key", "p", "p0123456789abcdef0123456789abcde",
                           "p0123456789ABCDEF0123456789ABCDEF", "x0123456789abcdef0123456789abcdef",
                           "p0123456789abcdef0123456789abcde/", "p0123456789abcdef0123456789abcdef"}) {
    EXPECT_EQ(read(name), "missing") << name;
    EXPECT_TRUE(blobs_->remove(name).ok()) << name;
    blobs_->recover(name, true);
    blobs_->recover(name, false);
    const auto linked = blobs_->link(name);
    EXPECT_FALSE(linked && linked->ok()) << name;
  }
}

TEST_P(BlobsTest, ASecondNameHasTheSameBytes) {
  const std::string name = kept("abc");
  auto linked = blobs_->link(name);
  ASSERT_EQ(linked.has_value(), !GetParam().sealed);
  if (!linked) return;
  ASSERT_TRUE(linked->ok());
  const std::string other = (**linked)->name();
  EXPECT_NE(other, name);
  EXPECT_FALSE((**linked)->write("more").ok());
  EXPECT_TRUE((**linked)->finish().ok());
  (**linked)->keep();
  ASSERT_TRUE(blobs_->remove(name).ok());
  EXPECT_EQ(read(other), "abc");
  {
    auto dropped = blobs_->link(other);
    ASSERT_TRUE(dropped && dropped->ok());
  }
  EXPECT_EQ(read(other), "abc");
}

TEST_P(BlobsTest, ManyThreadsWriteAndReadAtATime) {
  std::mutex mutex;
  std::set<std::string> names;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < 25; ++i) {
        const std::string bytes = some_bytes(1000 + 100 * t, i);
        auto draft = blobs_->begin();
        ASSERT_TRUE(draft.ok() && (*draft)->write(bytes).ok() && (*draft)->finish().ok());
        if (i % 5 != 0) (*draft)->keep();
        ASSERT_TRUE(read((*draft)->name()) == bytes);
        const std::scoped_lock lock(mutex);
        if (i % 5 != 0) names.insert((*draft)->name());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(names.size(), 80U);
  for (const std::string& name : names) EXPECT_NE(read(name), "missing");
}

TEST_P(BlobsTest, OnlyADiskOutlivesItsProcess) {
  const std::string name = kept("abc");
  if (!GetParam().on_disk) return;
  blobs_ = nullptr;
  open();
  EXPECT_EQ(read(name), "abc");
  EXPECT_TRUE(blobs_->left_behind().empty());
}

// ---- Memory

TEST(MemoryBlobs, HaveAnEnd) {
  const auto entropy = crypto::seeded_entropy(1);
  Memory memory(*entropy, 1000);
  auto draft = memory.begin();
  ASSERT_TRUE(draft.ok());
  EXPECT_TRUE((*draft)->write(std::string(900, 'a')).ok());
  const auto full = (*draft)->write(std::string(101, 'a'));
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().kind, Fault::Kind::kFull);
  EXPECT_TRUE((*draft)->write(std::string(100, 'a')).ok()) << "nothing of the other was taken";
  ASSERT_TRUE((*draft)->finish().ok());
  (*draft)->keep();
  EXPECT_EQ(memory.bytes(), 1000U);
  auto other = memory.begin();
  EXPECT_FALSE((*other)->write("a").ok());
  ASSERT_TRUE(memory.remove((*draft)->name()).ok());
  draft = Fault{};
  EXPECT_TRUE((*other)->write("a").ok()) << "what was removed has made room";
}

// ---- Sealed

class SealedBlobs : public testing::Test {
 protected:
  SealedBlobs() {
    auto memory = std::make_unique<Memory>(*entropy_, 1U << 30, Form::kSealed);
    inner_ = memory.get();
    sealed_ = std::make_unique<Sealed>(std::move(memory), *vault_);
  }
  static std::string put(Blobs& where, const std::string& bytes) {
    auto draft = where.begin();
    EXPECT_TRUE(draft.ok() && (*draft)->write(bytes).ok() && (*draft)->finish().ok());
    (*draft)->keep();
    return (*draft)->name();
  }
  static std::string raw(const Blobs& where, const std::string& name) {
    const auto content = where.open(name);
    if (!content) return "cannot be opened";
    std::string bytes((*content)->size(), '\0');
    const auto got = (*content)->read(0, bytes);
    return got ? bytes : "cannot be read";
  }

  std::unique_ptr<crypto::Entropy> entropy_ = crypto::seeded_entropy(7);
  std::unique_ptr<crypto::Vault> vault_ = crypto::Vault::ephemeral(*entropy_);
  std::unique_ptr<Sealed> sealed_;
  Memory* inner_ = nullptr;
};

/// A place whose blobs can be exchanged, as who may write the disk can.
class Exchanged final : public Blobs {
 public:
  explicit Exchanged(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::unique_ptr<Draft>> begin() override { return Fault{}; }
  Result<std::shared_ptr<const Content>> open(std::string_view) const override {
    struct Text final : Content {
      explicit Text(std::string t) : text(std::move(t)) {}
      [[nodiscard]] std::uint64_t size() const override { return text.size(); }
      Result<std::size_t> read(std::uint64_t offset, std::span<char> into) const override {
        return text.copy(into.data(), into.size(), offset);
      }
      std::string text;
    };
    return std::shared_ptr<const Content>(std::make_shared<Text>(bytes_));
  }
  std::optional<Result<std::unique_ptr<Draft>>> link(std::string_view) override { return std::nullopt; }
  Result<void> remove(std::string_view) override { return {}; }
  [[nodiscard]] std::vector<std::string> left_behind() const override { return {}; }
  void recover(std::string_view, bool) override {}
  [[nodiscard]] std::uint64_t bytes() const override { return 0; }

 private:
  std::string bytes_;
};

TEST_F(SealedBlobs, LookLikeNoise) {
  const std::string bytes(200000, 'a'), name = put(*sealed_, bytes), at_rest = raw(*inner_, name);
  EXPECT_EQ(at_rest.size(), bytes.size() + 4 * 16);
  EXPECT_EQ(at_rest.find("aaaa"), std::string::npos);
  EXPECT_NE(raw(*inner_, put(*sealed_, bytes)), at_rest) << "the same bytes once more";
}

TEST_F(SealedBlobs, EveryChangeIsNoticed) {
  constexpr std::size_t frame = Sealed::kFrame + 16;
  const std::string bytes = some_bytes(150000, 1), name = put(*sealed_, bytes), good = raw(*inner_, name);
  const auto reads = [&](const std::string& at_rest, const std::string& as) {
    return raw(Sealed(std::make_unique<Exchanged>(at_rest), *vault_), as);
  };
  ASSERT_TRUE(reads(good, name) == bytes);
  std::mt19937 random(2);
  for (int i = 0; i < 50; ++i) {
    std::string changed = good;
    changed[random() % changed.size()] ^= static_cast<char>(1 << random() % 8);
    EXPECT_NE(reads(changed, name), bytes);
    EXPECT_EQ(reads(changed, name).substr(0, 6), "cannot");
  }
  EXPECT_EQ(reads(good.substr(frame, frame) + good.substr(0, frame) + good.substr(2 * frame), name), "cannot be read")
      << "frames exchanged";
  EXPECT_EQ(reads(good.substr(0, 2 * frame), name), "cannot be opened") << "a whole frame cut off";
  EXPECT_EQ(reads(good + good.substr(2 * frame), name), "cannot be opened") << "the last frame twice";
  EXPECT_EQ(reads(good.substr(0, good.size() - 1), name), "cannot be opened");
  EXPECT_EQ(reads(good.substr(0, 5), name), "cannot be opened");
  EXPECT_EQ(reads("", name), "cannot be opened");
  EXPECT_EQ(reads(good, put(*sealed_, bytes)), "cannot be opened") << "another blob's";
  const auto other = crypto::Vault::ephemeral(*entropy_);
  EXPECT_EQ(raw(Sealed(std::make_unique<Exchanged>(good), *other), name), "cannot be opened") << "another vault";
}

TEST_F(SealedBlobs, WhatWasNotSealedIsReadAsItIs) {
  const auto plain = crypto::seeded_entropy(9);
  auto memory = std::make_unique<Memory>(*plain, 1U << 20, Form::kPlain);
  const std::string before = put(*memory, "written before");
  Sealed sealed(std::move(memory), *vault_);
  EXPECT_EQ(raw(sealed, before), "written before");
  EXPECT_EQ(raw(sealed, put(sealed, "in the form of its place")), "in the form of its place");
}

}  // namespace
}  // namespace deputy::blobs
