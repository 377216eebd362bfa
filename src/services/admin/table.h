// Deputy's own administration: accounts. It is reached over the Unix socket of the data folder alone (mode 0600), so
// whoever may open that is the operator; no operation here asks for a permission.
#pragma once

#include <span>

#include "services/operation.h"

namespace deputy::admin {

std::span<const services::Binding> bindings();

}  // namespace deputy::admin
