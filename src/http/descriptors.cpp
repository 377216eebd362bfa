#include "http/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace deputy::http {
namespace {

std::size_t as_count(rlim_t limit) { return static_cast<std::size_t>(limit); }

}  // namespace

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return as_count(::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before);
}

std::size_t descriptors_for_connections() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t all = as_count(limit.rlim_cur);
  return all - std::min(kReservedDescriptors, all / 2);
}

}  // namespace deputy::http
