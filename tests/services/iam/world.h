// The world of the tests (support/world.h), as IAM's speak of it.
#pragma once

#include <string_view>

#include "support/world.h"

namespace deputy::iam {

using tests::arn;
using tests::kA;
using tests::kAllowAll;
using tests::kB;
using tests::key;
using tests::kTrustsA;
using tests::refused;
using tests::root;
using tests::session;
using tests::user;
using tests::Who;
using tests::World;

template <class T>
testing::AssertionResult missing(const Result<T>& result, std::string_view message) {
  return refused(result, "NoSuchEntity", 404, message);
}

}  // namespace deputy::iam
