// The few functions per C++ type through which the tables of protocol/shape.h reach into optionals, lists and maps.
// Only generated files include this.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/shape.h"

namespace deputy::protocol {

template <class T>
inline constexpr OptionalAccess kOptional = {
    .get = [](const void* p) -> const void* {
      const auto& optional = *static_cast<const std::optional<T>*>(p);
      return optional ? &*optional : nullptr;
    },
    .emplace = [](void* p) -> void* { return &static_cast<std::optional<T>*>(p)->emplace(); },
};

template <class T>
inline constexpr ListAccess kList = {
    .size = [](const void* p) { return static_cast<const std::vector<T>*>(p)->size(); },
    .at = [](const void* p, std::size_t i) -> const void* { return &(*static_cast<const std::vector<T>*>(p))[i]; },
    .reserve = [](void* p, std::size_t n) { static_cast<std::vector<T>*>(p)->reserve(n); },
    .append = [](void* p) -> void* { return &static_cast<std::vector<T>*>(p)->emplace_back(); },
};

template <class T>
using MapOf = std::vector<std::pair<std::string, T>>;

template <class T>
inline constexpr MapAccess kMap = {
    .size = [](const void* p) { return static_cast<const MapOf<T>*>(p)->size(); },
    .key = [](const void* p, std::size_t i) -> const std::string& {
      return (*static_cast<const MapOf<T>*>(p))[i].first;
    },
    .value = [](const void* p, std::size_t i) -> const void* { return &(*static_cast<const MapOf<T>*>(p))[i].second; },
    .append = [](void* p, std::string key) -> void* {
      return &static_cast<MapOf<T>*>(p)->emplace_back(std::move(key), T{}).second;
    },
};

}  // namespace deputy::protocol
