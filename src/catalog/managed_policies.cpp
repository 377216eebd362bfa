#include "catalog/managed_policies.h"

#include <zlib.h>

#include "catalog/packed_documents.h"

namespace deputy::catalog {

std::string_view AwsManagedPolicy::path_and_name() const {
  return policy_names().substr(name_begin, std::size_t{path_size} + name_size);
}

std::string aws_policy_document(const AwsManagedPolicy& policy) {
  const PackedDocuments& block = packed_documents()[policy.block];
  std::string all(block.size, '\0');
  uLongf size = block.size;
  const int done = ::uncompress(reinterpret_cast<Bytef*>(all.data()), &size,
                                reinterpret_cast<const Bytef*>(block.packed.data()), block.packed.size());
  // Only a broken binary gets here: no document, so nothing that compiles, and a policy that does not compile denies.
  if (done != Z_OK || size != block.size || policy.begin > size) return {};
  return all.substr(policy.begin, policy.size);
}

}  // namespace deputy::catalog
