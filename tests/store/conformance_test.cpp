#include "store/conformance.h"

#include "store/memory/memory.h"
#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::store {
namespace {

struct Memory {
  std::unique_ptr<Store> open(Revision history) { return open_memory(history); }
};

struct Sqlite {
  std::unique_ptr<Store> open(Revision history) {
    auto store = open_sqlite({.folder = folder.data(), .history = history, .vfs = ""});
    if (!store) ADD_FAILURE() << store.error().message;
    return std::move(store).value();
  }
  TemporaryFolder folder;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, Conformance, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, Conformance, Sqlite);

}  // namespace
}  // namespace deputy::store
