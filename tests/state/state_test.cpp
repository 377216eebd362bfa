#include "state/state.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "store/memory/memory.h"

namespace deputy::state {
namespace {

directory::Account account(const char* id) {
  directory::Account a;
  a.id = *AccountId::parse(id);
  a.name = "An account";
  return a;
}

directory::Role role(const AccountId& owner, std::string name) {
  directory::Role r;
  r.account = owner;
  r.id = UniqueId("AROAAAAAAAAAAAAAAAAAA");
  r.path = "/";
  r.name = std::move(name);
  r.trust = directory::PolicyText(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}})");
  return r;
}

store::Result<store::Revision> commit(State& state, const directory::Changes& changes) {
  std::promise<store::Result<store::Revision>> outcome;
  state.commit(changes, [&](auto r) { outcome.set_value(std::move(r)); });
  return outcome.get_future().get();
}

std::unique_ptr<State> open() { return std::move(State::open(store::open_memory(), {})).value(); }

TEST(StateTest, EveryoneReadsTheirOwnWrites) {
  const auto state = open();
  const auto owner = account("111111111111");
  directory::Changes first;
  first.create(owner);
  ASSERT_TRUE(commit(*state, first));

  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < 50; ++i) {
        const std::string name = "role-" + std::to_string(w) + "-" + std::to_string(i);
        directory::Changes changes;
        changes.create(role(owner.id, name));
        const auto done = commit(*state, changes);
        ASSERT_TRUE(done);
        const auto* found = state->snapshot()->role(owner.id, name);
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->revision, *done);
        EXPECT_GE(state->snapshot()->revision(), *done);
      }
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(state->snapshot()->account(owner.id)->roles.size(), 200U);
}

TEST(StateTest, TheSecondOfTwoWritersConflicts) {
  const auto state = open();
  const auto owner = account("111111111111");
  directory::Changes first;
  first.create(owner);
  first.create(role(owner.id, "Deploy"));
  ASSERT_TRUE(commit(*state, first));

  directory::Role mine = *state->snapshot()->role(owner.id, "Deploy");
  directory::Changes one, two, same_name;
  one.update(mine);
  two.update(mine);
  same_name.create(role(owner.id, "DEPLOY"));
  EXPECT_TRUE(commit(*state, one));
  EXPECT_EQ(commit(*state, two).error().code, store::Error::Code::kConflict);
  EXPECT_EQ(commit(*state, same_name).error().code, store::Error::Code::kConflict);
}

}  // namespace
}  // namespace deputy::state
