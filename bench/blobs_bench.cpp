// What bytes of objects cost: checksums while they pass, a durable write, a read, with and without a seal. Files lie in the
// folder that DEPUTY_BENCH_FOLDER names, else in the system's temporary one, which may be no disk.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>

#include "blobs/files.h"
#include "blobs/sealed.h"
#include "crypto/checksums.h"

namespace deputy::blobs {
namespace {

void Checksums(benchmark::State& state) {
  const std::string bytes(1 << 20, 'x');
  crypto::Checksum checksum(static_cast<crypto::ChecksumAlgorithm>(state.range(0)));
  state.SetLabel(std::string(crypto::name_of(checksum.algorithm())));
  for (auto _ : state) checksum.update(bytes);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(Checksums)->DenseRange(0, 5);

struct Place {
  Place() {
    const char* named = ::getenv("DEPUTY_BENCH_FOLDER");
    folder = (named != nullptr ? std::filesystem::path(named) : std::filesystem::temp_directory_path()) /
             "deputy-blobs-bench";
    vault = crypto::Vault::ephemeral(crypto::system_entropy());
    open(plain, Form::kPlain);
    std::unique_ptr<Blobs> inner;
    open(inner, Form::kSealed);
    sealed = std::make_unique<Sealed>(std::move(inner), *vault);
  }
  ~Place() {
    plain = nullptr;
    sealed = nullptr;
    std::filesystem::remove_all(folder);
  }
  void open(std::unique_ptr<Blobs>& where, Form form) const {
    auto files =
        Files::open((folder / std::string(1, static_cast<char>(form))).string(), form, crypto::system_entropy());
    if (!files) std::abort();
    where = std::move(*files);
  }
  Blobs& of(bool is_sealed) { return is_sealed ? *sealed : *plain; }

  std::filesystem::path folder;
  std::unique_ptr<crypto::Vault> vault;
  std::unique_ptr<Blobs> plain, sealed;
};
Place& place() {
  static Place one;
  return one;
}

std::string written(Blobs& blobs, const std::string& bytes) {
  auto draft = blobs.begin();
  if (!draft || !(*draft)->write(bytes) || !(*draft)->finish()) std::abort();
  (*draft)->keep();
  return (*draft)->name();
}

/// On the disk when it returns.
void Write(benchmark::State& state) {
  Blobs& blobs = place().of(state.range(1) != 0);
  const std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    const std::string name = written(blobs, bytes);
    state.PauseTiming();
    if (!blobs.remove(name)) std::abort();
    state.ResumeTiming();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(Write)->ArgNames({"bytes", "sealed"})->ArgsProduct({{64 << 10, 8 << 20}, {0, 1}})->UseRealTime();
BENCHMARK(Write)->ArgNames({"bytes", "sealed"})->Args({64 << 10, 0})->Threads(8)->UseRealTime();

/// From the cache of the system, 256 KiB at a time.
void Read(benchmark::State& state) {
  Blobs& blobs = place().of(state.range(0) != 0);
  const std::string name = written(blobs, std::string(64 << 20, 'x'));
  std::string buffer(256 << 10, '\0');
  for (auto _ : state) {
    const auto content = blobs.open(name);
    if (!content) std::abort();
    for (std::uint64_t at = 0; at < (*content)->size(); at += buffer.size()) {
      if (!(*content)->read(at, buffer)) std::abort();
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * (64 << 20));
  if (!blobs.remove(name)) std::abort();
}
BENCHMARK(Read)->ArgNames({"sealed"})->Arg(0)->Arg(1)->UseRealTime();

void Open(benchmark::State& state) {
  Blobs& blobs = place().of(state.range(0) != 0);
  const std::string name = written(blobs, std::string(100000, 'x'));
  for (auto _ : state) benchmark::DoNotOptimize(blobs.open(name));
  if (!blobs.remove(name)) std::abort();
}
BENCHMARK(Open)->ArgNames({"sealed"})->Arg(0)->Arg(1);

}  // namespace
}  // namespace deputy::blobs
