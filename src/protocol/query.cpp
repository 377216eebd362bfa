// From sorted parameters to a struct. The names below one prefix are neighbours, so that a structure is a range of them
// and a list's element is a range within that; nothing is ever searched twice, however many a stranger sends.
#include "protocol/query.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "protocol/limits.h"
#include "protocol/scalars.h"
#include "protocol/validate.h"

namespace deputy::protocol {
namespace {

using Range = std::span<const Parameter>;

/// What is sent for one member: its own value, and what lies below it ("Tags." and on).
struct Found {
  const Parameter* exact = nullptr;
  Range below;
};

/// Among names that share their first `depth` characters.
Found find(Range range, std::size_t depth, std::string_view wire) {
  auto at = std::ranges::lower_bound(range, wire, {}, [=](const Parameter& p) { return p.name.substr(depth); });
  Found out;
  if (at != range.end() && at->name.size() == depth + wire.size() && at->name.ends_with(wire)) out.exact = &*at;
  const auto is_before = [&](const Parameter& p) {  // p < wire + '.'
    const std::string_view rest = p.name.substr(depth);
    return rest.starts_with(wire) && (rest.size() == wire.size() || rest[wire.size()] < '.');
  };
  const auto is_below = [&](const Parameter& p) {
    const std::string_view rest = p.name.substr(depth);
    return rest.starts_with(wire) && rest.size() > wire.size() && rest[wire.size()] == '.';
  };
  if (at == range.end() || !at->name.substr(depth).starts_with(wire)) return out;
  const auto first = std::partition_point(at, range.end(), is_before);
  const auto last = std::partition_point(first, range.end(), is_below);
  out.below = Range(first, last);
  return out;
}

struct Element {
  std::uint32_t number;
  Range range;  // the element's own value first, if it has one
};

class Decoder {
 public:
  explicit Decoder(const Service& service) : violations_(service) {}

  Result<void> structure(const Structure& type, Range range, std::size_t depth, void* object, const Path* at) {
    for (const Member& member : type.members) {
      const Path path{.parent = at, .name = member.name};
      const Found found = find(range, depth, member.wire);
      if (found.exact == nullptr && found.below.empty()) {
        if (member.required) violations_.missing(path);
        continue;
      }
      TRY_VOID(this->member(member, found, depth + member.wire.size() + 1, object, path));
    }
    return {};
  }

  [[nodiscard]] Result<void> result() const { return violations_.result(); }

 private:
  Result<void> member(const Member& member, const Found& found, std::size_t depth, void* object, const Path& path) {
    const Shape& shape = *member.shape;
    if (is_scalar(shape)) {
      if (found.exact == nullptr) {
        if (member.required) violations_.missing(path);
        return {};
      }
      return scalar(shape, member.wording, found.exact->value, member.make(object), path);
    }
    void* value = member.make(object);
    if (shape.kind == Kind::kStructure) return structure(*shape.structure, found.below, depth, value, &path);
    TRY_VOID(shape.kind == Kind::kMap ? map(shape, found.below, depth, value, path)
                                      : list(shape, found.below, depth, value, path));
    violations_.check(shape, member.wording, value, path);
    return {};
  }

  Result<void> scalar(const Shape& shape, Wording wording, std::string_view text, void* value, const Path& path) {
    const auto parsed = parse_scalar(shape, text, value);
    if (!parsed) {
      const bool number = shape.kind == Kind::kInteger || shape.kind == Kind::kLong;
      const bool empty = parsed.error() == ScalarFault::kEmpty;
      return Error("MalformedInput", 400, empty && number ? "missing value for decimal type" : "");
    }
    violations_.check(shape, wording, value, path);
    return {};
  }

  /// `depth`: behind "Tags.". Elements come in the order of their numbers; gaps close.
  Result<void> list(const Shape& shape, Range range, std::size_t depth, void* list, const Path& path) {
    const Found members = find(range, depth, shape.element_name);
    depth += shape.element_name.size() + 1;
    TRY(const std::vector<Element> elements, split(members.below, depth));
    shape.list->reserve(list, elements.size());
    std::size_t index = 0;
    for (const Element& element : elements) {
      void* value = shape.list->append(list);
      const Path here{.parent = &path, .name = {}, .index = ++index};
      const Parameter& first = element.range.front();
      const std::size_t end = first.name.find('.', depth);
      const bool has_own = end == std::string_view::npos;
      if (shape.element->kind == Kind::kStructure) {
        const std::size_t inner = depth + std::to_string(element.number).size() + 1;
        const auto below =
            std::ranges::find_if(element.range, [&](const Parameter& p) { return p.name.size() >= inner; });
        const Range fields(below, element.range.end());
        TRY_VOID(structure(*shape.element->structure, fields, inner, value, &here));
      } else if (is_scalar(*shape.element) && has_own) {
        const auto parsed = parse_scalar(*shape.element, first.value, value);
        if (!parsed) return Error("MalformedInput", 400, "");
      } else {
        return Error("MalformedInput", 400, "");
      }
    }
    return {};
  }

  /// `depth`: behind "Properties.". Entries are numbered like elements: entry.1.key, entry.1.value. Of a key that comes
  /// twice the later entry is refused: which of two values would be meant?
  Result<void> map(const Shape& shape, Range range, std::size_t depth, void* map, const Path& path) {
    constexpr std::string_view kEntry = "entry", kKey = "key", kValue = "value";
    const Found entries = find(range, depth, kEntry);
    depth += kEntry.size() + 1;
    TRY(const std::vector<Element> elements, split(entries.below, depth));
    std::set<std::string_view> seen;
    for (const Element& element : elements) {
      const std::size_t inner = depth + std::to_string(element.number).size() + 1;
      const auto below =
          std::ranges::find_if(element.range, [&](const Parameter& p) { return p.name.size() >= inner; });
      const Range fields(below, element.range.end());
      const Found key = find(fields, inner, kKey), found = find(fields, inner, kValue);
      if (key.exact == nullptr || !seen.insert(key.exact->value).second) return Error("MalformedInput", 400, "");
      void* value = shape.map->append(map, std::string(key.exact->value));
      const Path here{.parent = &path, .name = {}, .index = shape.map->size(map)};
      if (shape.element->kind == Kind::kStructure) {
        TRY_VOID(structure(*shape.element->structure, found.below, inner + kValue.size() + 1, value, &here));
      } else if (!is_scalar(*shape.element) || found.exact == nullptr ||
                 !parse_scalar(*shape.element, found.exact->value, value)) {
        return Error("MalformedInput", 400, "");
      }
    }
    return {};
  }

  static Result<std::vector<Element>> split(Range range, std::size_t depth) {
    std::vector<Element> out;
    for (auto at = range.begin(); at != range.end();) {
      const std::string_view rest = at->name.substr(depth);
      const std::string_view digits = rest.substr(0, rest.find('.'));
      std::uint32_t number = 0;
      const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      const bool whole = fault == std::errc() && end == digits.data() + digits.size();
      if (!whole || digits.size() > 9 || digits.front() == '0') return Error("MalformedInput", 400, "");
      const auto next = std::find_if(at, range.end(), [&](const Parameter& p) {
        const std::string_view other = p.name.substr(depth);
        return other.substr(0, other.find('.')) != digits;
      });
      if (out.size() == kMostElements) return Error("MalformedInput", 400, "");
      out.push_back({number, Range(at, next)});
      at = next;
    }
    std::ranges::sort(out, {}, &Element::number);
    return out;
  }

  Violations violations_;
};

}  // namespace

Result<void> decode_query(const Operation& operation, const Parameters& parameters, void* input) {
  Decoder decoder(service(operation.service));
  TRY_VOID(decoder.structure(*operation.input, parameters.all(), 0, input, nullptr));
  return decoder.result();
}

}  // namespace deputy::protocol
