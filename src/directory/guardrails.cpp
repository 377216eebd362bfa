#include "directory/guardrails.h"

#include <unordered_map>

#include "directory/snapshot.h"

namespace deputy::directory {
namespace {

/// Deeper than any unit may be: what goes on longer is a ring, which only damage can make.
constexpr int kDeepest = 16;

/// False: a policy is not there.
bool bind(const OrganizationState& in, const std::vector<AttachedPolicies>& recorded, PolicyType type,
          BoundPolicies& bound) {
  const std::vector<std::string>& ids = attached(in.organization, recorded, type);
  bound.compiled.reserve(ids.size());
  bound.policies.reserve(ids.size());
  for (const std::string& id : ids) {
    auto policy = in.shared_policy(id);
    if (policy == nullptr || policy->compiled() == nullptr) return false;
    bound.compiled.push_back(policy->compiled());
    bound.policies.push_back(std::move(policy));
  }
  return true;
}

/// Null: something of it cannot be read.
std::shared_ptr<const GuardrailLevel> level_of(const OrganizationState& in, const std::string& target,
                                               const std::vector<AttachedPolicies>& recorded) {
  auto level = std::make_shared<GuardrailLevel>();
  level->target = target;
  if (!bind(in, recorded, PolicyType::kServiceControl, level->service_control)) return nullptr;
  if (!bind(in, recorded, PolicyType::kResourceControl, level->resource_control)) return nullptr;
  return level;
}

std::shared_ptr<const Guardrails> below(const OrganizationState& in, const Guardrails::Levels& levels,
                                        const std::string& account, const std::vector<AttachedPolicies>& recorded) {
  if (levels.empty()) return Guardrails::lost();
  auto own = level_of(in, account, recorded);
  if (own == nullptr) return Guardrails::lost();
  Guardrails::Levels all;
  all.reserve(levels.size() + 1);
  all = levels;
  all.push_back(std::move(own));
  return std::make_shared<const Guardrails>(in.organization, std::move(all));
}

/// Binds units after the units that they are in, each once.
class Binder {
 public:
  explicit Binder(OrganizationState& organization) : in_(organization) {}

  void all() {
    in_.places = {};
    in_.bound = {};
    auto root = std::make_shared<OrganizationPlace>();
    root->path = in_.organization.id + "/" + in_.organization.root + "/";
    keep(in_.organization.root, in_.organization.attached, std::move(root), {}, true);
    in_.units.each([&](const OrganizationalUnit& unit) { (void)place(unit, 0); });
    in_.members.each([&](const Membership& member) { rebind_member(in_, nullptr, &member); });
  }

 private:
  using PlacePtr = std::shared_ptr<const OrganizationPlace>;

  PlacePtr place(const OrganizationalUnit& unit, int depth) {
    if (const PlacePtr* known = in_.places.find(unit.id)) return *known;
    const PlacePtr parent = parent_of(unit, depth);
    auto made = std::make_shared<OrganizationPlace>();
    if (parent != nullptr) made->path = parent->path + unit.id + "/";
    return keep(unit.id, unit.attached, std::move(made), parent != nullptr ? parent->levels : Guardrails::Levels(),
                parent != nullptr && !parent->levels.empty());
  }

  PlacePtr parent_of(const OrganizationalUnit& unit, int depth) {
    if (unit.parent.empty()) return *in_.places.find(in_.organization.root);
    const OrganizationalUnit* parent = in_.units.get(unit.parent);
    return parent == nullptr || depth > kDeepest ? nullptr : place(*parent, depth + 1);
  }

  /// Levels stay empty where what is above, or what is attached, cannot be read.
  PlacePtr keep(const std::string& id, const std::vector<AttachedPolicies>& recorded,
                std::shared_ptr<OrganizationPlace> made, const Guardrails::Levels& above, bool is_whole) {
    if (auto own = is_whole ? level_of(in_, id, recorded) : nullptr) {
      made->levels = above;
      made->levels.push_back(std::move(own));
    }
    made->of_accounts = below(in_, made->levels, {}, {});
    in_.places.put(id, made);
    return made;
  }

  OrganizationState& in_;
};

}  // namespace

Guardrails::Guardrails(const Organization& organization, Levels levels) : levels_(std::move(levels)) {
  const bool scps = organization.enabled(PolicyType::kServiceControl) != nullptr;
  const bool rcps = organization.enabled(PolicyType::kResourceControl) != nullptr;
  scp_.reserve(levels_.size());
  rcp_.reserve(levels_.size());
  for (const auto& level : levels_) {
    if (scps) scp_.emplace_back(level->service_control.compiled);
    if (rcps) rcp_.emplace_back(level->resource_control.compiled);
  }
}

std::shared_ptr<const Guardrails> Guardrails::lost() {
  static const std::shared_ptr<const Guardrails> kLost = [] {
    auto made = std::shared_ptr<Guardrails>(new Guardrails());
    made->scp_.emplace_back();
    made->rcp_.emplace_back();
    return made;
  }();
  return kLost;
}

void bind_guardrails(OrganizationState& organization) { Binder(organization).all(); }

void rebind_member(OrganizationState& organization, const Membership* before, const Membership* after) {
  if (before != nullptr && !before->attached.empty()) organization.bound.erase(before->account.view());
  if (after == nullptr || after->attached.empty()) return;
  const OrganizationPlace* in = organization.place_of(*after);
  organization.bound.put(
      after->account.str(),
      in == nullptr ? Guardrails::lost() : below(organization, in->levels, after->account.str(), after->attached));
}

}  // namespace deputy::directory
