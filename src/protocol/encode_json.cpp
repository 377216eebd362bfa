#include <array>
#include <chrono>

#include "base/encoding.h"
#include "protocol/encode_body.h"
#include "protocol/to_json.h"

namespace deputy::protocol {
namespace {

/// Epoch seconds, with a fraction only if there is one.
std::string epoch_number(Time time) {
  const std::int64_t millis = time.time_since_epoch().count();
  std::string out = std::to_string(epoch_seconds(time));
  const std::int64_t rest = millis - epoch_seconds(time) * 1000;
  if (rest == 0) return out;
  std::string digits = std::to_string(1000 + rest);
  digits[0] = '.';
  return out + digits;
}

class Writer {
 public:
  Writer(JsonWriter& json, const JsonStyle& style) : json_(json), style_(style) {}

  void structure(const Structure& type, const void* object) {
    json_.begin_object();
    for (const Member& member : type.members) {
      if (skips(member)) continue;
      const void* value = member.get(object);
      if (value == nullptr || is_empty_plain_list(member, value)) continue;
      style_.lower_camel ? json_.key(lower_camel(member.name)) : json_.key(member.wire);
      this->value(*member.shape, value, member.percent && style_.percent);
    }
    json_.end_object();
  }

  /// Whether `structure` would write an empty object.
  bool tells_nothing(const Structure& type, const void* object) const {
    for (const Member& member : type.members) {
      if (skips(member)) continue;
      const void* value = member.get(object);
      if (value != nullptr && !is_empty_plain_list(member, value)) return false;
    }
    return true;
  }

 private:
  bool skips(const Member& member) const { return style_.leave_secrets && member.sensitive; }

  /// An operation's own lists are not optional: there, empty is absent.
  static bool is_empty_plain_list(const Member& member, const void* value) {
    if (member.optional != nullptr || member.required) return false;
    return member.shape->kind == Kind::kList  ? member.shape->list->size(value) == 0
           : member.shape->kind == Kind::kMap ? member.shape->map->size(value) == 0
                                              : false;
  }

  void value(const Shape& shape, const void* value, bool percent) {
    switch (shape.kind) {
      case Kind::kStructure:
        return structure(*shape.structure, value);
      case Kind::kList:
        return list(shape, value);
      case Kind::kMap:
        return map(shape, value);
      case Kind::kString: {
        const auto& text = *static_cast<const std::string*>(value);
        percent ? json_.value(percent_encode(text)) : json_.value(text);
        return;
      }
      case Kind::kInteger:
        json_.value(*static_cast<const std::int32_t*>(value));
        return;
      case Kind::kLong:
        json_.value(*static_cast<const std::int64_t*>(value));
        return;
      case Kind::kBoolean:
        json_.value(*static_cast<const bool*>(value));
        return;
      case Kind::kTime: {
        const Time time = *static_cast<const Time*>(value);
        style_.trail_times ? json_.value(trail_time(time)) : json_.raw(epoch_number(time));
        return;
      }
      case Kind::kBlob:
        json_.value(base64(*static_cast<const std::string*>(value)));
        return;
    }
  }

  void list(const Shape& shape, const void* list) {
    json_.begin_array();
    const bool secret = style_.leave_secrets && shape.element->sensitive;
    for (std::size_t i = 0; !secret && i < shape.list->size(list); ++i) {
      value(*shape.element, shape.list->at(list, i), false);
    }
    json_.end_array();
  }

  void map(const Shape& shape, const void* map) {
    json_.begin_object();
    const bool secret = style_.leave_secrets && shape.element->sensitive;
    for (std::size_t i = 0; !secret && i < shape.map->size(map); ++i) {
      json_.key(shape.map->key(map, i));
      value(*shape.element, shape.map->value(map, i), false);
    }
    json_.end_object();
  }

  JsonWriter& json_;
  const JsonStyle& style_;
};

}  // namespace

void write_json(JsonWriter& json, const Structure& type, const void* object, const JsonStyle& style) {
  Writer(json, style).structure(type, object);
}

void to_json(JsonWriter& json, const Structure& type, const void* object) {
  const JsonStyle style{.lower_camel = true, .leave_secrets = true, .trail_times = true};
  Writer writer(json, style);
  if (writer.tells_nothing(type, object)) {
    json.null();
  } else {
    writer.structure(type, object);
  }
}

std::string trail_time(Time time) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  const auto two = [](long n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const long hour = clock.hours().count();
  return std::string(kMonths[static_cast<unsigned>(date.month()) - 1]) + " " +
         std::to_string(static_cast<unsigned>(date.day())) + ", " + std::to_string(static_cast<int>(date.year())) +
         ", " + std::to_string(hour % 12 == 0 ? 12 : hour % 12) + ":" + two(clock.minutes().count()) + ":" +
         two(clock.seconds().count()) + (hour < 12 ? " AM" : " PM");
}

}  // namespace deputy::protocol
