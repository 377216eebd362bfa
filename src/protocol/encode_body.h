// Structs as XML and JSON, by walking their tables. Internal to protocol/; the doors are encode.h and to_json.h.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "protocol/scalars.h"
#include "protocol/xml_writer.h"

namespace deputy::protocol {

/// The members of `object` that travel in the body, each as an element. Absent ones leave nothing.
void write_xml(XmlWriter& xml, std::string& out, const Structure& type, const void* object, TimeStyle times);

struct JsonStyle {
  bool lower_camel = false;    // names as CloudTrail's: "roleName"
  bool leave_secrets = false;  // sensitive members do not appear at all
  bool trail_times = false;    // "Jul 24, 2026, 11:11:12 AM" instead of a number
  bool percent = false;        // policy documents percent-encoded, as in XML
};

/// `object` as a JSON object.
void write_json(JsonWriter& json, const Structure& type, const void* object, const JsonStyle& style);

}  // namespace deputy::protocol
