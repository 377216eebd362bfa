#include "http/outbox.h"

#include <utility>

#include "http/budget.h"

namespace deputy::http {
namespace {

constexpr std::size_t kCopied = 8 * 1024;  // up to here copying a body is cheaper than one more piece

}  // namespace

std::string& Outbox::text() {
  if (!std::exchange(open_, true)) parts_.emplace_back();
  return parts_.back();
}

void Outbox::add(std::string body) {
  if (body.size() <= kCopied) {
    text() += body;
    return;
  }
  parts_.push_back(std::move(body));
  open_ = false;
}

std::size_t Outbox::size() const {
  std::size_t total = 0;
  for (std::size_t i = first_; i < parts_.size(); ++i) total += parts_[i].size();
  return total - offset_;
}

std::span<const std::string_view> Outbox::gather(Pieces& pieces) const {
  std::size_t count = 0, offset = offset_;
  for (std::size_t i = first_; i < parts_.size() && count < kPieces; ++i) {
    const std::string_view piece = std::string_view(parts_[i]).substr(std::exchange(offset, 0));
    if (!piece.empty()) pieces[count++] = piece;
  }
  return {pieces.data(), count};
}

void Outbox::clear() {
  parts_ = {};
  first_ = offset_ = 0;
  open_ = false;
}

void Outbox::sent(std::size_t count) {
  while (first_ < parts_.size()) {
    const std::size_t rest = parts_[first_].size() - offset_;
    if (count < rest) {
      offset_ += count;
      return;
    }
    count -= rest;
    offset_ = 0;
    if (first_ + 1 < parts_.size()) std::string().swap(parts_[first_]);  // a large body is not needed any more
    ++first_;
  }
  settle();
}

/// All is sent: keep one string for the next answer, unless it is a large body's.
void Outbox::settle() {
  parts_.resize(1);
  parts_.front().clear();
  if (parts_.front().capacity() > kKeptCapacity) parts_.front().shrink_to_fit();
  first_ = 0;
  open_ = true;
}

}  // namespace deputy::http
