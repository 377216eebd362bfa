#include "host/clock.h"

namespace deputy {

Time SystemClock::now() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Time MovableClock::now() const {
  return base_.now() + std::chrono::milliseconds{offset_.load(std::memory_order_relaxed)};
}

}  // namespace deputy
