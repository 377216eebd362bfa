// What somebody may have meant who wrote a word that there is not.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace deputy::seed {

/// "; did you mean \"Policies\"?", or nothing where none of the words is near.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace deputy::seed
