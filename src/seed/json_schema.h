// The declaration (declaration.h) as a JSON Schema, for editors and checkers: docs/seed.schema.json is this text.
#pragma once

#include <string>

namespace deputy::seed {

/// Draft 2020-12, indented.
std::string json_schema();

}  // namespace deputy::seed
