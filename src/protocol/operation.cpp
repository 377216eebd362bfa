#include "protocol/operation.h"

#include <algorithm>
#include <array>

namespace deputy {
// Each defined in the generated protocol/<service>/tables.cpp.
namespace iam::tables {
extern const protocol::Service kService;
}
namespace sts::tables {
extern const protocol::Service kService;
}
namespace s3::tables {
extern const protocol::Service kService;
}
namespace organizations::tables {
extern const protocol::Service kService;
}
namespace admin::tables {
extern const protocol::Service kService;
}

namespace protocol {
namespace {

constexpr std::array<const Service*, kServices> kAll = {&iam::tables::kService, &sts::tables::kService,
                                                        &s3::tables::kService, &organizations::tables::kService,
                                                        &admin::tables::kService};

}  // namespace

const Service& service(ServiceId id) { return *kAll[static_cast<std::size_t>(id)]; }

std::span<const Service* const> services() { return kAll; }

const Operation* Service::find(std::string_view operation) const {
  const auto at = std::lower_bound(operations.begin(), operations.end(), operation,
                                   [](const Operation* op, std::string_view wanted) { return op->name < wanted; });
  return at != operations.end() && (*at)->name == operation ? *at : nullptr;
}

const ModelError* Service::find_error(std::string_view code) const {
  for (const ModelError& error : errors) {
    if (error.code == code) return &error;
  }
  return nullptr;
}

}  // namespace protocol
}  // namespace deputy
