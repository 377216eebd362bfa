// JSON as the metadata service prints it: one member a line, a blank on both sides of the colon.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace deputy::workload {

using Member = std::pair<std::string_view, std::optional<std::string>>;  // nothing: null

std::string pretty_json(std::initializer_list<Member> members);

}  // namespace deputy::workload
