// The cases of tests/policy/cases/, read and compiled, for all tests that run over them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cases/policy_case.h"

namespace deputy::policy::test {

using cases::PolicyCase;
using Cases = std::vector<std::unique_ptr<PolicyCase>>;

/// All cases of the file, built; fails the test if the file cannot be read or one does not compile.
const Cases& cases_of(const std::string& file);
/// A new case from changed fields, built.
std::unique_ptr<PolicyCase> build(PolicyCase::Source source);

std::string read_file(const std::string& file);  // under tests/policy/cases/

Decision decide(const PolicyCase& c);
/// "Allow", "Deny layer=identity", "Deny explicit layer=scp".
std::string describe(const Decision& decision);
/// The same of what the case expects; a layer that is not to be checked is taken from `decision`.
std::string expected(const PolicyCase& c, const Decision& decision);

}  // namespace deputy::policy::test
