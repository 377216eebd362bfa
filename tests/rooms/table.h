// The table of rooms, as docs/architecture.md states it and as src/CMakeLists.txt builds it.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace deputy::rooms {

/// Room ("policy", "services/sts") to the rooms that it may include.
using Table = std::map<std::string, std::set<std::string>>;

/// The rows between the two `rooms` marks of docs/architecture.md.
Table read_table(const std::filesystem::path& document);

/// The deputy_room(...) lines: a room's FOLDER, or its name, to the folders of its DEPENDS.
Table read_cmake(const std::filesystem::path& lists);

/// What each room reaches by what it depends on: CMake links through.
Table closure(const Table& direct);

/// The room that a path below src/ lies in: the longest row that is a folder of it, or "". A room that has rooms inside
/// owns only the files directly in it, so that a new service cannot do without a row.
std::string room_of(const Table& table, std::string_view path);

}  // namespace deputy::rooms
