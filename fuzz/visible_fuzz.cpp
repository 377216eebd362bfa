// Text of strangers on its way to terminals, logs and the trail: whatever the bytes, what comes out is UTF-8, within its
// bound and shows all that it holds; JSON stays the same value.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "base/visible.h"

using namespace deputy;

namespace {

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void expect_visible(std::string_view text) {
  if (!is_utf8(text)) fail("no UTF-8");
  while (!text.empty()) {
    if (is_hidden(next_code_point(text))) fail("something hidden");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t at_most = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string shown = visible(text, at_most);
  expect_visible(shown);
  if (shown.size() > at_most) fail("too long");
  if (visible(shown, at_most) != shown) fail("not the same a second time");
  if (cut(text, at_most).size() > at_most) fail("cut too long");

  std::string json;
  JsonWriter(json).value(text);
  expect_visible(json);
  if (visible_json(json) != json) fail("the writer leaves something to do");
  if (json.size() > 6 * text.size() + 2) fail("longer than its escapes");

  std::string bounded;
  JsonWriter writer(bounded, at_most);
  writer.begin_array().value(text).value(text).end_array();
  if (bounded.size() > 6 * at_most + 16 + 2 * 300) fail("the bound does not hold");
  return 0;
}
