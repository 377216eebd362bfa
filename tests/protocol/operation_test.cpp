#include "protocol/operation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/iam/create_role.h"
#include "protocol/s3/list_buckets.h"
#include "protocol/sts/assume_role.h"

namespace deputy::protocol {
namespace {

TEST(OperationTest, EveryOperationIsFoundByItsName) {
  for (const Service* service : services()) {
    EXPECT_EQ(&protocol::service(service->id), service);
    EXPECT_TRUE(std::ranges::is_sorted(service->operations, {}, [](const Operation* op) { return op->name; }));
    for (std::size_t i = 0; i < service->operations.size(); ++i) {
      const Operation& op = *service->operations[i];
      EXPECT_EQ(op.number, i);
      EXPECT_EQ(op.service, service->id);
      EXPECT_EQ(service->find(op.name), &op);
    }
    EXPECT_EQ(service->find("NoSuchOperation"), nullptr);
    EXPECT_EQ(service->find(""), nullptr);
  }
}

TEST(OperationTest, TheServicesHaveAsManyOperationsAsAws) {
  EXPECT_EQ(service(ServiceId::kIam).operations.size(), 181U);
  EXPECT_EQ(service(ServiceId::kSts).operations.size(), 12U);
  EXPECT_EQ(service(ServiceId::kS3).operations.size(), 116U);
  EXPECT_EQ(service(ServiceId::kOrganizations).operations.size(), 63U);
}

TEST(OperationTest, AListedOperationHasNoShapes) {
  EXPECT_TRUE(s3::shapes::ListBuckets::model.is_modelled());
  const Operation* session = service(ServiceId::kS3).find("CreateSession");
  ASSERT_NE(session, nullptr);
  EXPECT_FALSE(session->is_modelled());
}

TEST(OperationTest, TheTablesReachIntoTheStructs) {
  iam::shapes::CreateRole::Input input{.role_name = "R", .max_session_duration = 3600, .tags = {{.key = "k"}}};
  const Structure& table = *iam::shapes::CreateRole::model.input;
  const auto member = [&](std::string_view name) -> const Member& {
    return *std::ranges::find(table.members, name, &Member::name);
  };
  EXPECT_EQ(*static_cast<const std::string*>(member("RoleName").get(&input)), "R");
  EXPECT_EQ(*static_cast<const std::int32_t*>(member("MaxSessionDuration").get(&input)), 3600);
  EXPECT_EQ(member("Description").get(&input), nullptr);
  *static_cast<std::string*>(member("Description").make(&input)) = "d";
  EXPECT_EQ(input.description, "d");
  const Shape& tags = *member("Tags").shape;
  ASSERT_EQ(tags.list->size(member("Tags").get(&input)), 1U);
  const void* tag = tags.list->at(member("Tags").get(&input), 0);
  EXPECT_EQ(*static_cast<const std::string*>(tags.element->structure->members[0].get(tag)), "k");
}

TEST(OperationTest, TheModelsErrorsCarryCodeAndStatus) {
  const ModelError* error = service(ServiceId::kIam).find_error("NoSuchEntity");
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->exception, "NoSuchEntityException");
  EXPECT_EQ(error->status, 404);
}

}  // namespace
}  // namespace deputy::protocol
