#include "protocol/operation.h"

#include <algorithm>

namespace deputy::protocol {

const Service& service(ServiceId id) { return *kAllServices[static_cast<std::size_t>(id)]; }

std::span<const Service* const> services() { return kAllServices; }

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

}  // namespace deputy::protocol
