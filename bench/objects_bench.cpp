// What reading a bucket costs, over the embedded store with proofs: listings of one of a million keys beside one of ten
// thousand, a key that is remembered beside one that is not, and a start beside a million objects.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>
#include <future>
#include <map>

#include "crypto/digest.h"
#include "directory/codec.h"
#include "objects/index.h"
#include "objects/listing.h"
#include "state/state.h"
#include "store/sqlite/sqlite.h"

namespace deputy::objects {
namespace {

constexpr int kMany = 1'000'000, kFew = 10'000;

store::Prove proof() {
  return [key = crypto::HmacKey("entries")](std::string_view name, store::Revision revision, std::string_view value) {
    return key.sign({name, std::to_string(revision), value}).bytes;
  };
}

std::unique_ptr<store::Store> open(const std::string& folder) {
  auto store = store::open_sqlite({.folder = folder,
                                   .vouch = [](const store::Found&) -> store::Result<store::Prove> { return proof(); },
                                   .uncounted = {directory::kHeldKinds.begin(), directory::kHeldKinds.end()}});
  if (!store) throw std::runtime_error(store.error().message);
  return std::move(store).value();
}

/// A data folder with a bucket of so many keys, "logs/0000000" and so on, with so many bytes each in their entries.
class Folder {
 public:
  explicit Folder(int keys, std::size_t content)
      : path_(std::filesystem::temp_directory_path() / fmt::format("deputy-objects-bench-{}-{}", keys, content)) {
    std::filesystem::remove_all(path_);
    const auto store = open(path_);
    const int kTogether = content == 0 ? 100'000 : 5'000;
    for (int first = 0; first < keys; first += kTogether) {
      store::Commit commit;
      commit.bulk = true;
      for (int i = first; i < std::min(keys, first + kTogether); ++i) commit.changes.push_back(change(i, content));
      if (const auto done = store->commit(std::move(commit)); !done) throw std::runtime_error(done.error().message);
    }
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string path() const { return path_; }

  static std::string key(int i) { return fmt::format("logs/{:07}", i); }

 private:
  static store::Change change(int i, std::size_t content) {
    directory::ObjectVersion version;
    version.bucket = "BUCKETBUCKETBUCKET";
    version.key = key(i);
    version.version = "01J00000000000000000000000000000";
    version.size = 1024;
    version.etag = "d41d8cd98f00b204e9800998ecf8427e";
    version.checksum = {"CRC64NVME", "12345678", false};
    if (content == 0) {
      version.pieces.push_back(
          {.blob = "abcdefghijklmnopqrstuvwxyz012345", .size = 1024, .part = 0, .content = {}, .checksum = {}});
    }
    version.content = std::string(content, 'x');
    version.headers.content_type = "application/octet-stream";
    return {directory::newest_key(version.bucket, version.key), directory::encode(version)};
  }
  std::filesystem::path path_;
};

const Folder& folder(int keys, std::size_t content = 0) {
  static std::map<std::pair<int, std::size_t>, Folder> made;
  return made.try_emplace({keys, content}, keys, content).first->second;
}

/// A state over a folder, and how the server hands its pages on.
struct Site {
  explicit Site(int keys, std::size_t content = 0)
      : state(std::move(state::State::open(open(folder(keys, content).path()), {})).value()) {}
  [[nodiscard]] Read read() const {
    return [this](std::span<const Range> ranges) -> Result<Moment> {
      std::vector<store::Store::Range> wanted;
      for (const Range& range : ranges) wanted.push_back({range.from, range.end, range.limit});
      auto pages = state->pages(wanted);
      if (!pages) return Fault{Fault::Kind::kUnavailable, pages.error().message};
      Moment moment;
      for (store::Store::Page& page : *pages) {
        moment.revision = page.revision;
        Page& as = moment.pages.emplace_back();
        as.more = page.more;
        as.entries.reserve(page.entries.size());
        for (store::Entry& e : page.entries) {
          as.entries.push_back({std::move(e.key), std::move(e.value), e.revision, e.genuine});
        }
      }
      return moment;
    };
  }
  std::unique_ptr<state::State> state;
};

void list(benchmark::State& state, Listing of, bool anywhere) {
  const int keys = static_cast<int>(state.range(0));
  const Site site(keys, static_cast<std::size_t>(state.range(1)));
  const Read read = site.read();
  of.bucket = "BUCKETBUCKETBUCKET";
  int at = 0;
  for (auto _ : state) {
    if (anywhere) of.after_key = Folder::key(at = (at + 7919) % (keys - 1000));
    const auto listed = read_listing(of, read);
    benchmark::DoNotOptimize(listed);
    if (!listed || listed->items.size() + listed->common_prefixes.size() == 0) state.SkipWithError("nothing is listed");
  }
}

void list_a_thousand(benchmark::State& state) { list(state, {}, true); }
BENCHMARK(list_a_thousand)
    ->Args({kFew, 0})
    ->Args({kMany, 0})
    ->Args({kFew, 1024})
    ->Args({kFew, 16 * 1024})
    ->Unit(benchmark::kMicrosecond);

void list_a_common_prefix(benchmark::State& state) {
  Listing of;
  of.delimiter = "/";
  list(state, of, false);
}
BENCHMARK(list_a_common_prefix)->Args({kFew, 0})->Args({kMany, 0})->Unit(benchmark::kMicrosecond);

void read_a_key(benchmark::State& state) {
  const int keys = static_cast<int>(state.range(0));
  const Site site(keys);
  const Read read = site.read();
  int at = 0;
  for (auto _ : state) {
    const auto versions = read_versions({"BUCKETBUCKETBUCKET", Folder::key(at = (at + 7919) % keys), ""}, read);
    if (!versions || versions->newest == nullptr) state.SkipWithError("it is not there");
  }
}
BENCHMARK(read_a_key)->Arg(kFew)->Arg(kMany)->Unit(benchmark::kMicrosecond);

/// As a request that has to wait for it: over a thread of the index.
void ask_for_a_key(benchmark::State& state) {
  const Site site(kMany);
  Index index(site.read());
  const AccountId account = *AccountId::parse("111111111111");
  int at = 0;
  for (auto _ : state) {
    std::promise<bool> answered;
    index.read(account, {OfKey{"BUCKETBUCKETBUCKET", Folder::key(at = (at + 7919) % kMany), ""}},
               [&](const Result<Seen>& seen) { answered.set_value(seen.ok()); });
    if (!answered.get_future().get()) state.SkipWithError("it is not there");
  }
}
BENCHMARK(ask_for_a_key)->Unit(benchmark::kMicrosecond)->UseRealTime();

void remember_a_key(benchmark::State& state) {
  const Site site(kFew);
  Index index(site.read());
  const AccountId account = *AccountId::parse("111111111111");
  std::vector<Looks> looks;
  for (int i = 0; i < 1000; ++i) {
    looks.push_back({OfKey{"BUCKETBUCKETBUCKET", Folder::key(i), ""}});
    std::promise<void> read;
    index.read(account, looks.back(), [&](const Result<Seen>&) { read.set_value(); });
    read.get_future().get();
  }
  std::size_t at = 0;
  for (auto _ : state) {
    const auto seen = index.remembered(looks[at = (at + 7) % looks.size()]);
    if (!seen) state.SkipWithError("it is not remembered");
    benchmark::DoNotOptimize(seen);
  }
}
BENCHMARK(remember_a_key)->Unit(benchmark::kNanosecond);

void start(benchmark::State& state) {
  const std::string path = folder(static_cast<int>(state.range(0))).path();
  for (auto _ : state) {
    const auto opened = state::State::open(open(path), {});
    if (!opened) state.SkipWithError("it does not open");
  }
}
BENCHMARK(start)->Arg(0)->Arg(kFew)->Arg(kMany)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace deputy::objects
