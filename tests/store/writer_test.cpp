// The writer's thread outlives whatever those who wait for it throw.
#include "store/writer.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "host/log.h"
#include "store/memory/memory.h"
#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::store {
namespace {

void throws_once_and_goes_on(Store& store) {
  log::set_level(log::Level::kOff);
  store.submit({{}, {{"one", "1"}}}, [](const Result<Revision>&) { throw std::bad_alloc(); });
  const Result<Revision> next = store.commit({{}, {{"two", "2"}}});
  ASSERT_TRUE(next);
  EXPECT_EQ(*next, 2U);
  const auto all = store.scan("");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->first.size(), 2U);
  log::set_level(log::Level::kInfo);
}

TEST(Writer, ADoneThatThrowsCostsNothingElseInMemory) { throws_once_and_goes_on(*open_memory()); }

TEST(Writer, ADoneThatThrowsCostsNothingElseOnDisk) {
  const TemporaryFolder folder;
  const auto store = open_sqlite({.folder = folder.data()});
  ASSERT_TRUE(store);
  throws_once_and_goes_on(**store);
}

}  // namespace
}  // namespace deputy::store
