#include "workload/pretty_json.h"

#include "base/json_writer.h"

namespace deputy::workload {

std::string pretty_json(std::initializer_list<Member> members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    out += out.size() == 1 ? "\n  " : ",\n  ";
    JsonWriter(out).value(name);
    out += " : ";
    JsonWriter writer(out);
    value ? writer.value(*value) : writer.null();
  }
  return out + "\n}";
}

}  // namespace deputy::workload
