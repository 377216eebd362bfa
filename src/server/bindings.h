// The table of operations: which of the modelled ones Deputy does.
#pragma once

#include <array>
#include <vector>

#include "services/cross_origin.h"
#include "services/operation.h"

namespace deputy::server {

class Bindings final : public services::Operations {
 public:
  Bindings();
  /// Null: AWS has the operation, Deputy has not (NotImplemented).
  [[nodiscard]] const services::Binding* find(const protocol::Operation& operation) const override {
    return by_service_[static_cast<std::size_t>(operation.service)][operation.number];
  }
  /// The rules of a service for pages of other origins; null: it has none.
  [[nodiscard]] services::CrossOrigin cross_origin(protocol::ServiceId service) const {
    return cross_origin_[static_cast<std::size_t>(service)];
  }

 private:
  std::array<std::vector<const services::Binding*>, protocol::kServices> by_service_;  // by Operation::number
  std::array<services::CrossOrigin, protocol::kServices> cross_origin_{};
};

}  // namespace deputy::server
