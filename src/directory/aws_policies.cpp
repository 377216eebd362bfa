#include "directory/aws_policies.h"

#include <utility>

namespace deputy::directory {
namespace {

constexpr std::string_view kArns = "arn:aws:iam::aws:policy";  // of all of them; a path follows

}  // namespace

AwsPolicies::AwsPolicies(AwsPolicyFacts facts)
    : facts_(std::move(facts)), made_(std::make_unique<std::atomic<const ManagedPolicy*>[]>(facts_.count)) {}

AwsPolicies::~AwsPolicies() {
  for (std::size_t index = 0; index < facts_.count; ++index) delete made_[index].load(std::memory_order_acquire);
}

const ManagedPolicy* AwsPolicies::get(std::string_view arn) const {
  if (!arn.starts_with(kArns)) return nullptr;
  const std::size_t index = first_from(arn);
  if (index == facts_.count || facts_.path_and_name(index) != arn.substr(kArns.size())) return nullptr;
  return &at(index);
}

std::size_t AwsPolicies::first_from(std::string_view arn) const {
  if (!arn.starts_with(kArns)) return arn < kArns ? 0 : facts_.count;
  std::size_t begin = 0, end = facts_.count;
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (facts_.path_and_name(middle) < arn.substr(kArns.size())) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

const ManagedPolicy& AwsPolicies::at(std::size_t index) const {
  std::atomic<const ManagedPolicy*>& made = made_[index];
  const ManagedPolicy* known = made.load(std::memory_order_acquire);
  if (known != nullptr) return *known;
  auto mine = std::make_unique<const ManagedPolicy>(facts_.make(index));
  if (made.compare_exchange_strong(known, mine.get(), std::memory_order_acq_rel)) return *mine.release();
  return *known;  // another thread was first
}

}  // namespace deputy::directory
