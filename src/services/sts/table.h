// The STS operations that Deputy binds. https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
#pragma once

#include <span>

#include "services/operation.h"

namespace deputy::sts {

std::span<const services::Binding> bindings();

}  // namespace deputy::sts
