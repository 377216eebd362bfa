// Arbitrary bytes as a document of every type through `deputy validate`.
//
// What must hold: every finding has a sentence and stands in the document; what is shown to people is UTF-8 without
// control characters, whatever the document holds, and the JSON is one line of it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/encoding.h"
#include "cases/validate.h"

namespace {

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace deputy;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string& type : cases::policy_types()) {
    const cases::Checked checked = cases::check(type, text);
    for (const cases::Finding& f : checked.findings) {
      if (f.message.empty()) fail("a finding without a sentence");
      if (f.position.offset > size || f.position.line == 0 || f.position.column == 0)
        fail("a finding outside of the text");
    }
    std::string json;
    JsonWriter writer(json);
    cases::write_json(writer, "f", checked);
    if (!is_utf8(json) || json.find('\n') != std::string::npos) fail("JSON that is none");
    const std::string shown = cases::for_people("f", text, checked);
    const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f; };
    if (std::any_of(shown.begin(), shown.end(), is_control)) fail("a control character for the terminal");
    if (!is_utf8(shown)) fail("bytes that are no UTF-8 for the terminal");
  }
  return 0;
}
