// Whatever any operation can make is there after a restart, or was refused with a reason and is not there at all: every
// entity, with every member at and beyond its ends (tests/directory/extremes.h).
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <typeinfo>

#include "directory/changes.h"
#include "directory/extremes.h"
#include "host/log.h"
#include "state/state.h"
#include "store/sqlite/sqlite.h"
#include "store/temporary_folder.h"

namespace deputy::state {
namespace {

using directory::Extreme;

class Survival : public testing::TestWithParam<Extreme> {
 protected:
  void SetUp() override { log::set_level(log::Level::kOff); }
  void TearDown() override { log::set_level(log::Level::kInfo); }

  std::unique_ptr<State> open() {
    auto store = store::open_sqlite({.folder = folder_.data()});
    EXPECT_TRUE(store);
    return std::move(State::open(std::move(store).value(), {})).value();
  }
  static store::Result<store::Revision> commit(State& state, const directory::Changes& changes) {
    std::promise<store::Result<store::Revision>> outcome;
    state.commit(changes, [&](auto r) { outcome.set_value(std::move(r)); });
    return outcome.get_future().get();
  }

  store::TemporaryFolder folder_;
};

TEST_P(Survival, WhatIsWrittenIsReadAfterARestart) {
  std::map<std::string, std::string> written;
  std::size_t refused = 0;
  {
    const auto state = open();
    for (const char* id : {"999999999999", "000000000000"}) {
      directory::Account owner;
      owner.id = *AccountId::parse(id);
      directory::Changes changes;
      changes.create(owner);
      ASSERT_TRUE(commit(*state, changes));
    }
    directory::each_entity([&](auto entity) {
      if constexpr (std::is_same_v<decltype(entity), directory::Account>) return;  // each belongs to one of the two
      directory::Filler filler(GetParam());
      fields(filler, entity);
      directory::Changes changes;
      changes.create(entity);
      const auto done = commit(*state, changes);
      if (done) {
        written[key_of(entity)] = encode(entity);
        return;
      }
      ++refused;
      EXPECT_FALSE(done.error().message.empty());
      EXPECT_TRUE(done.error().code == store::Error::Code::kUnreadable ||
                  done.error().code == store::Error::Code::kTooLarge)
          << typeid(entity).name() << ": " << done.error().message;
    });
  }
  EXPECT_GT(written.size() + refused, 15U);
  const bool short_enough = GetParam().text < 64 || !GetParam().high;
  if (!GetParam().beyond && short_enough) {
    EXPECT_GT(written.size(), 12U) << "most of it can be kept";
  }
  if (GetParam().beyond) {
    EXPECT_GT(refused, 12U);
  }
  const auto state = open();
  state->snapshot()->unreadable().each([](const directory::Unreadable& entry) {
    // An organization that was refused leaves its membership here alone, as no operation does.
    EXPECT_NE(entry.reason.find("its organization"), std::string::npos) << entry.key << ": " << entry.reason;
  });
  const auto stored = state->stored("");
  ASSERT_TRUE(stored);
  for (const store::Entry& entry : *stored) {
    const auto found = written.find(entry.key);
    if (found != written.end()) {
      EXPECT_EQ(entry.value, found->second);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Ends, Survival,
                         testing::Values(Extreme{.high = true, .text = 40}, Extreme{.high = true, .text = 1},
                                         Extreme{.high = false}, Extreme{.high = true},
                                         Extreme{.high = true, .beyond = true, .text = 40},
                                         Extreme{.high = false, .beyond = true}));

}  // namespace
}  // namespace deputy::state
