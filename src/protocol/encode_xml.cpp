#include "base/encoding.h"
#include "protocol/encode_body.h"

namespace deputy::protocol {
namespace {

class Writer {
 public:
  Writer(XmlWriter& xml, std::string& out, TimeStyle times) : xml_(xml), out_(out), times_(times) {}

  void structure(const Structure& type, const void* object) {
    for (const Member& member : type.members) {
      if (member.place != Place::kBody || member.attribute) continue;
      if (const void* value = member.get(object)) element(member.wire, *member.shape, value, member.percent);
    }
  }

 private:
  void element(std::string_view name, const Shape& shape, const void* value, bool percent) {
    switch (shape.kind) {
      case Kind::kStructure:
        return container(name, shape, value);
      case Kind::kList:
        if (shape.flattened) return elements(name, shape, value);
        if (shape.list->size(value) == 0) return void(xml_.empty(name));
        xml_.open(name);
        elements(shape.element_name, shape, value);
        xml_.close(name);
        return;
      case Kind::kMap:
        return map(name, shape, value);
      case Kind::kString:
        xml_.begin_text(name);
        if (percent) {
          percent_encode_to(out_, *static_cast<const std::string*>(value));
        } else {
          escape_xml(out_, *static_cast<const std::string*>(value));
        }
        xml_.end_text(name);
        return;
      default:
        xml_.begin_text(name);
        print_scalar(out_, shape, value, times_);  // digits, letters and punctuation that need no escapes
        xml_.end_text(name);
    }
  }

  /// The attribute that a structure has, with its namespace: S3's grantees say of what type they are.
  void open(std::string_view name, const Structure& type, const void* object) {
    for (const Member& member : type.members) {
      const void* value = member.attribute ? member.get(object) : nullptr;
      if (value == nullptr) continue;
      xml_.open(name, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance", member.wire,
                *static_cast<const std::string*>(value));
      return;
    }
    xml_.open(name);
  }

  void container(std::string_view name, const Shape& shape, const void* value) {
    const std::size_t before = out_.size();
    open(name, *shape.structure, value);
    const std::size_t opened = out_.size();
    structure(*shape.structure, value);
    if (out_.size() != opened) return void(xml_.close(name));
    xml_.close(name);
    out_.resize(before);  // nothing inside: <RoleLastUsed/>
    xml_.empty(name);
  }

  void elements(std::string_view name, const Shape& shape, const void* list) {
    const std::size_t size = shape.list->size(list);
    for (std::size_t i = 0; i < size; ++i) element(name, *shape.element, shape.list->at(list, i), false);
  }

  void map(std::string_view name, const Shape& shape, const void* map) {
    const std::size_t size = shape.map->size(map);
    if (size == 0) return void(xml_.empty(name));
    xml_.open(name);
    for (std::size_t i = 0; i < size; ++i) {
      xml_.open("entry").text("key", shape.map->key(map, i));
      element("value", *shape.element, shape.map->value(map, i), false);
      xml_.close("entry");
    }
    xml_.close(name);
  }

  XmlWriter& xml_;
  std::string& out_;
  TimeStyle times_;
};

}  // namespace

void write_xml(XmlWriter& xml, std::string& out, const Structure& type, const void* object, TimeStyle times) {
  Writer(xml, out, times).structure(type, object);
}

}  // namespace deputy::protocol
