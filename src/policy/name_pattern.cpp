#include "policy/name_pattern.h"

#include "policy/text.h"

namespace deputy::policy {

NamePattern::NamePattern(std::string_view written) {
  for (const char c : written) {
    if (c == '*') {
      builder_.any_run();
    } else if (c == '?') {
      builder_.any_one();
    } else {
      const char lowered = lower(c);
      builder_.text({&lowered, 1});
    }
  }
  glob_ = builder_.borrow(work_);
}

bool NamePattern::matches(std::string_view name) const { return policy::matches(glob_, fold(name)); }

}  // namespace deputy::policy
