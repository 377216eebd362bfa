// Tag…, Untag… and List…Tags, which every kind of entity has alike. `Tagged` says what differs:
//
//   struct RoleTags {
//     static constexpr TagKeys kKeys = TagKeys::kIgnoreCase;
//     static constexpr auto on = on_role;                                 // the access to it, by name or ARN
//     static constexpr auto find = find_role;                             // to show its tags
//     static constexpr auto find_to_tag = find_describable_role;          // to set some
//     static constexpr auto find_to_untag = find_describable_role;        // to take some away
//     static const std::string& name(const auto& in) { return in.role_name; }
//   };
//   using TagRole = Tagging<shapes::TagRole, RoleTags>;
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
#pragma once

#include <string>
#include <utility>

#include "services/iam/arns.h"
#include "services/iam/tags.h"

namespace deputy::iam {

/// "iam:TagRole" of shapes::TagRole.
template <class Shape>
const policy::Action& action_of() {
  static const std::string kName = "iam:" + std::string(Shape::model.name);
  static const policy::Action kAction{kName};
  return kAction;
}

/// Writes `before` with other tags.
template <class Output, class Entity>
Result<Outcome<Output>> retagged(const Entity& before, Result<directory::Tags> tags) {
  Entity after = before;
  TRY(after.tags, std::move(tags));
  return written<Output>(after);
}

template <class Shape, class Tagged>
struct Tagging : Shape {
  using typename Shape::Input;
  using typename Shape::Output;
  static Accesses access(const At& at, const Input& in) {
    return {with_tags(Tagged::on(action_of<Shape>(), at, Tagged::name(in)), request_tags(in.tags))};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const auto* before, Tagged::find_to_tag(at, Tagged::name(in)));
    return retagged<Output>(*before, merge_tags(before->tags, in.tags, Tagged::kKeys));
  }
};

template <class Shape, class Tagged>
struct Untagging : Shape {
  using typename Shape::Input;
  using typename Shape::Output;
  static Accesses access(const At& at, const Input& in) {
    return {with_tag_keys(Tagged::on(action_of<Shape>(), at, Tagged::name(in)), in.tag_keys)};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const auto* before, Tagged::find_to_untag(at, Tagged::name(in)));
    return retagged<Output>(*before, without_tags(before->tags, in.tag_keys, Tagged::kKeys));
  }
};

template <class Shape, class Tagged>
struct TagListing : Shape {
  using typename Shape::Input;
  using typename Shape::Output;
  static Accesses access(const At& at, const Input& in) {
    return {Tagged::on(action_of<Shape>(), at, Tagged::name(in))};
  }
  static Result<Outcome<Output>> execute(const At& at, const Input& in) {
    TRY(const auto* entity, Tagged::find(at, Tagged::name(in)));
    TRY(Output output, list_tags<Output>(entity->tags, in, Shape::model.name, Tagged::kKeys));
    return Outcome<Output>{std::move(output)};
  }
};

}  // namespace deputy::iam
