// How the AWS managed policies lie in the binary: their names in a row, their documents several in a row, packed with zlib.
// Together those are 3.3 MB of JSON, of which a server uses a few; packed they take a seventh of it. For
// managed_policies.cpp alone.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace deputy::catalog {

struct PackedDocuments {
  std::string_view packed;
  std::uint32_t size;  // unpacked
};

/// By AwsManagedPolicy::block; generated with the table of policies.
std::span<const PackedDocuments> packed_documents();

/// Path and name of each policy, one after the other: AwsManagedPolicy::path_and_name() reads them.
std::string_view policy_names();

}  // namespace deputy::catalog
