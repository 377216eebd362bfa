#include "http/outbox.h"

#include <utility>

#include "http/budget.h"

namespace deputy::http {
namespace {

constexpr std::size_t kCopied = 8 * 1024;  // up to here copying a body is cheaper than one more piece

}  // namespace

std::string& Outbox::text() {
  if (!std::exchange(open_, true)) parts_.emplace_back();
  return parts_.back().text;
}

void Outbox::add(std::string body) {
  if (body.size() <= kCopied) {
    text() += body;
    return;
  }
  parts_.push_back({std::move(body), nullptr});
  open_ = false;
}

void Outbox::add(std::shared_ptr<Source> source) {
  if (source->size() == 0) return;
  parts_.push_back({{}, std::move(source)});
  open_ = false;
}

std::uint64_t Outbox::size() const {
  std::uint64_t total = 0;
  for (std::size_t i = first_; i < parts_.size(); ++i) total += parts_[i].size();
  return total - offset_;
}

std::size_t Outbox::held() const {
  std::size_t total = 0;
  for (std::size_t i = first_; i < parts_.size(); ++i) total += parts_[i].text.size();
  return total;
}

std::span<const std::string_view> Outbox::gather(Pieces& pieces) const {
  std::size_t count = 0;
  std::uint64_t offset = offset_;
  for (std::size_t i = first_; i < parts_.size() && count < kPieces && !parts_[i].source; ++i) {
    const std::string_view piece = std::string_view(parts_[i].text).substr(std::exchange(offset, 0));
    if (!piece.empty()) pieces[count++] = piece;
  }
  return {pieces.data(), count};
}

Source* Outbox::source() const {
  for (std::size_t i = first_; i < parts_.size(); ++i) {
    if (parts_[i].source) return parts_[i].source.get();
    if (parts_[i].text.size() > (i == first_ ? offset_ : 0)) break;
  }
  return nullptr;
}

void Outbox::clear() {
  parts_ = {};
  first_ = 0;
  offset_ = 0;
  open_ = false;
}

void Outbox::sent(std::uint64_t count) {
  while (first_ < parts_.size()) {
    const std::uint64_t rest = parts_[first_].size() - offset_;
    if (count < rest) {
      offset_ += count;
      return;
    }
    count -= rest;
    offset_ = 0;
    if (first_ + 1 < parts_.size()) parts_[first_] = {};  // a large body is not needed any more
    ++first_;
  }
  settle();
}

/// All is sent: keep one string for the next answer, unless it is a large body's.
void Outbox::settle() {
  parts_.resize(1);
  parts_.front().source.reset();
  std::string& kept = parts_.front().text;
  kept.clear();
  if (kept.capacity() > kKeptCapacity) kept.shrink_to_fit();
  first_ = 0;
  open_ = true;
}

}  // namespace deputy::http
