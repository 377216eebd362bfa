// Seeds: whatever an operator's file holds, it becomes members of a request that are JSON, or faults that have places.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "seed/seed.h"

using namespace deputy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  seed::SeedReader reader(
      {.file = [](const std::string& path, const std::string&) -> Result<std::string, seed::Unread> {
         if (path.empty()) return seed::Unread{"there is none"};
         return path;
       },
       .variable = [](const std::string& name) { return std::optional<std::string>(name); }},
      {.account = "111111111111", .parameters = {{"P", "value"}}});
  reader.add(text, "f");
  const seed::Seed read = std::move(reader).read();
  for (const seed::Fault& fault : read.faults) {
    if (fault.mark.file != "f" || fault.message.empty()) std::abort();
  }
  const auto again = seed::parse_yaml("{" + read.members + "}", "again");
  if (!again) {
    std::fprintf(stderr, "what goes to the server is no JSON: %s\n", again.error().str().c_str());
    std::abort();
  }
  for (const seed::Entity& entity : read.entities) {
    if (entity.mark("Policies.0.PolicyDocument").line == 0) std::abort();
  }
  return 0;
}
